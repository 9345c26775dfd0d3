"""From checked tables to student-years, the table that every indicator over records is counted from."""

from evenground.sources.roster.student_years.write import (
    EVENTS,
    covered_periods,
    measured_columns,
    write_student_years,
)

__all__ = ["EVENTS", "covered_periods", "measured_columns", "write_student_years"]

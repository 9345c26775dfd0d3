"""The one query that puts the parts together, written as Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from evenground.definitions import load
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.courses import courses, exams
from evenground.sources.roster.student_years.members import members
from evenground.sources.roster.student_years.outcomes import answers, discipline, learning, programs
from evenground.sources.roster.student_years.part import Part
from evenground.sources.roster.student_years.people import people, people_view
from evenground.sources.roster.student_years.schools import money, staff
from evenground.sources.roster.student_years.sections import sections
from evenground.sources.roster.typing import quoted

EVENTS = ("courses", "incidents", "graduates")
"""Tables in which a student without a row is a 0, in years that the table tells of."""


def write_student_years(engine: duckdb.DuckDBPyConnection, into: Path, form: Format) -> Path:
    """Writes `student_years.parquet` (zstd; by district, school, period, student); returns its path.

    Needs the view of every table and the tables of school years. One row a student, school year and school
    that counts the student: what is told of census day counts at the school of that day (of two, at the one
    of the longer stay), what is told of the whole year at the school of the longest stay, graduation at the
    school that counts the student in its cohort. Most students have one row.
    """
    engine.execute(f"CREATE VIEW people AS {people_view(form)}")
    parts = _parts(form)
    for part in parts:
        for name, query in part.tables.items():
            engine.execute(f"CREATE TABLE {name} AS {query}")
    path = into / "student_years.parquet"
    engine.execute(
        f"COPY ({_student_years(parts)} ORDER BY district_id, school_id, period, student_id)"
        f" TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return path


def _parts(form: Format) -> tuple[Part, ...]:
    return (
        members(form),
        people(form),
        courses(form),
        exams(form),
        learning(form),
        discipline(),
        answers(form),
        programs(),
        staff(form),
        sections(),
        money(),
    )


def _student_years(parts: tuple[Part, ...]) -> str:
    """Every column of definitions/student_year.yaml, in its order."""
    columns = {name: query for part in parts for name, query in part.columns.items()}
    selected = ",\n".join(f"{columns[name]} AS {name}" for name in load().student_year)
    joins = "".join(part.joins for part in parts)
    return f"SELECT {selected}\nFROM members m\n{joins}"


def covered_periods(engine: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """School years about which a table says anything at all."""
    query = f"SELECT DISTINCT period FROM {table} WHERE period IS NOT NULL ORDER BY 1"
    return [period for (period,) in engine.execute(query).fetchall()]


def measured_columns(engine: duckdb.DuckDBPyConnection, path: Path) -> Mapping[str, bool]:
    """Column of the student-years -> whether any row knows a value (`unknown` is none)."""
    source = f"read_parquet({quoted(str(path))})"
    types = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    values = [f"nullif({name}, 'unknown')" if kind == "VARCHAR" else name for name, kind in types.items()]
    known = ", ".join(f"count({value}) > 0" for value in values)
    row = engine.execute(f"SELECT {known} FROM {source}").fetchone() or ()
    return dict(zip(types, row, strict=True))

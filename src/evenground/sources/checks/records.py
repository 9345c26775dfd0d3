"""Every check of records that looks across rows: students, schools and years of a checked roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.remark import Remark


@dataclass(frozen=True)
class Records:
    """A roster that has been read: a view a table (its columns, `row`, `period`, `aside`), the table
    `placements` (student_id, period, school_id, grade), `several` (student_id, period of those with more than
    one stay) and `years` (period, first_day, last_day), and the student-years as Parquet."""

    engine: duckdb.DuckDBPyConnection
    files: Mapping[str, str]  # table -> its file
    student_years: Path
    dimensions: tuple[str, ...]  # columns of the student-years that tell students apart, as they are known

    def ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        return self.engine.execute(query).fetchall()

    @property
    def people(self) -> str:
        return f"(SELECT * FROM read_parquet('{str(self.student_years).replace(chr(39), chr(39) * 2)}'))"


def check_records(records: Records) -> Iterator[Remark]:
    """two_schools, two_grades, grade_jump, ids_break, calendar, grade_sizes, one_value_school, unknown_share,
    school_without_rows."""
    yield from _stays(records)
    yield from _grades(records)
    yield from _calendar(records)
    yield from _sizes(records)
    yield from _one_value(records)
    yield from _unknown(records)
    yield from _without_rows(records)


def _grade(column: str) -> str:
    return f"CASE {column} WHEN 'kg' THEN 0 ELSE TRY_CAST(SUBSTR({column}, 2) AS INTEGER) END"


def _year(column: str) -> str:
    return f"LEFT({column}, 4)::INTEGER"


def _stays(records: Records) -> Iterator[Remark]:
    """Two stays of one student in one year: days they share, grades they are in."""
    shared = checks()["two_schools"].parameters["shared_days"]
    apart = checks()["two_grades"].parameters["most_apart"]
    rows = records.ask(f"""
        WITH stays AS (
            SELECT student_id, period, school_id, row, {_grade("grade")} AS g,
                   COALESCE(entry_date, first_day) AS enters, COALESCE(exit_date, last_day) AS leaves
            FROM enrollments SEMI JOIN several USING (student_id, period) WHERE NOT aside
        ), pairs AS (
            SELECT GREATEST(a.row, b.row) AS row, ABS(a.g - b.g) > {apart} AS grades,
                   a.school_id <> b.school_id AND DATEDIFF('day', GREATEST(a.enters, b.enters),
                                                           LEAST(a.leaves, b.leaves)) + 1 > {shared} AS days
            FROM stays AS a JOIN stays AS b USING (student_id, period) WHERE a.row < b.row
        )
        SELECT COUNT(DISTINCT row) FILTER (days), MIN(row) FILTER (days),
               COUNT(DISTINCT row) FILTER (grades), MIN(row) FILTER (grades) FROM pairs""")
    days, first_day, grades, first_grade = rows[0]
    if days:
        yield Remark("two_schools", records.files["enrollments"], first_day, "entry_date", days)
    if grades:
        yield Remark("two_grades", records.files["enrollments"], first_grade, "grade", grades)


def _grades(records: Records) -> Iterator[Remark]:
    """The same student in the next year: the grade, and whether there is one at all."""
    jump, breaks = checks()["grade_jump"].parameters, checks()["ids_break"].parameters
    records.engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE following AS
        SELECT a.student_id, a.period AS before, b.period, b.school_id, {_grade("a.grade")} AS g0,
               {_grade("b.grade")} AS g
        FROM placements AS a
        JOIN (SELECT x.period, y.period AS after FROM years AS x JOIN years AS y
              ON {_year("y.period")} = {_year("x.period")} + 1) AS next ON next.period = a.period
        LEFT JOIN placements AS b ON b.student_id = a.student_id AND b.period = next.after
        WHERE a.grade IS NOT NULL""")
    count, row = records.ask(f"""
        SELECT COUNT(DISTINCT (f.student_id, f.period)), MIN(e.row) FROM following AS f
        JOIN enrollments AS e ON e.student_id = f.student_id AND e.period = f.period
                              AND e.school_id = f.school_id AND {_grade("e.grade")} = f.g
        WHERE g - g0 > {jump["most_up"]} OR g0 - g > {jump["most_down"]}""")[0]
    if count:
        yield Remark("grade_jump", records.files["enrollments"], row, "grade", count)
    rows = records.ask(f"""
        WITH years AS (SELECT DISTINCT period FROM placements)
        SELECT before, next.period, COUNT(following.period) / COUNT(*) AS share FROM following
        JOIN years AS next ON {_year("next.period")} = {_year("before")} + 1
        WHERE g0 < 12 GROUP BY 1, 2 HAVING COUNT(*) >= {breaks["least_n"]} AND share < {breaks["least"]}
        ORDER BY 1""")
    for before, after, share in rows:
        words = {"before": before, "after": after, "share": share}
        yield Remark("ids_break", records.files["enrollments"], None, "student_id", 1, words)


def _calendar(records: Records) -> Iterator[Remark]:
    if "attendance" not in records.files:
        return
    rules = checks()["calendar"].parameters
    rows = records.ask(f"""
        WITH usual AS (SELECT period, MODE(days_enrolled) AS most FROM attendance GROUP BY 1)
        SELECT COUNT(*), MIN(row), ARG_MIN(days_enrolled, row), ARG_MIN(most, row)
        FROM attendance JOIN usual USING (period)
        WHERE days_enrolled > {rules["most_days"]} OR days_enrolled > {rules["most_times"]} * most""")
    count, row, value, usual = rows[0]
    if count:
        words = {"value": value, "usual": usual}
        yield Remark("calendar", records.files["attendance"], row, "days_enrolled", count, words)


def _sizes(records: Records) -> Iterator[Remark]:
    rules = checks()["grade_sizes"].parameters
    rows = records.ask(f"""
        WITH sizes AS (
            SELECT district_id, period, {_grade("grade")} AS g, COUNT(*) AS n FROM {records.people}
            WHERE on_census_day = 1 GROUP BY ALL
        )
        SELECT b.period, b.g, b.n, a.n FROM sizes AS a JOIN sizes AS b
            ON a.district_id = b.district_id AND b.g = a.g + 1
           AND {_year("b.period")} = {_year("a.period")} + 1
        WHERE GREATEST(a.n, b.n) >= {rules["least_n"]}
          AND b.n NOT BETWEEN {rules["least"]} * a.n AND {rules["most"]} * a.n
        ORDER BY ABS(LN(b.n / a.n)) DESC""")
    if rows:
        period, grade, after, before = rows[0]
        words = {"period": period, "grade": f"g{grade:02d}", "after": after, "before": before}
        yield Remark("grade_sizes", records.files["enrollments"], None, "grade", len(rows), words)


def _one_value(records: Records) -> Iterator[Remark]:
    rules = checks()["one_value_school"].parameters
    for column in _columns(records):
        rows = records.ask(f"""
            WITH people AS (
                SELECT district_id, school_id, period, "{column}" AS v FROM {records.people}
                WHERE on_census_day = 1 AND "{column}" <> 'unknown'
            ), wholes AS (
                SELECT district_id, period, COUNT(*) AS n, COUNT(DISTINCT school_id) AS schools FROM people
                GROUP BY ALL
            ), common AS (
                SELECT district_id, period, v, COUNT(*) AS n FROM people GROUP BY ALL
            )
            SELECT v, COUNT(DISTINCT school_id) FROM (
                SELECT district_id, school_id, period, MIN(v) AS v FROM people GROUP BY 1, 2, 3
                HAVING COUNT(*) >= {rules["least_n"]} AND MIN(v) = MAX(v)
            ) JOIN common USING (district_id, period, v) JOIN wholes USING (district_id, period)
            WHERE common.n <= {rules["most_common"]} * wholes.n GROUP BY 1 ORDER BY 1""")
        for value, schools in rows:
            words = {"column": column, "value": value}
            yield Remark("one_value_school", records.files["students"], None, column, schools, words)


def _unknown(records: Records) -> Iterator[Remark]:
    most = checks()["unknown_share"].parameters["most"]
    columns = _columns(records, ("race_ethnicity",))
    if not columns:
        return
    shares = ", ".join(f"AVG((\"{column}\" = 'unknown')::TINYINT)" for column in columns)
    rows = records.ask(
        f"SELECT period, {shares} FROM {records.people} WHERE on_census_day = 1 GROUP BY 1 ORDER BY 1"
    )
    for place, column in enumerate(columns, 1):
        for period, share in ((row[0], row[place]) for row in rows):
            if share > most:
                words = {"column": column, "share": share, "period": period}
                yield Remark("unknown_share", records.files["students"], None, column, 1, words)


def _columns(records: Records, more: tuple[str, ...] = ()) -> list[str]:
    """Columns of students that are no part of how schools are made up."""
    others = {"grade", "grade_band", "race_ethnicity", "program"} - set(more)
    return [column for column in records.dimensions if column not in others]


def _without_rows(records: Records) -> Iterator[Remark]:
    """Expected is what students of the same grade and year have at other schools."""
    rules = checks()["school_without_rows"].parameters
    for table in ("attendance", "assessments", "courses"):
        if table not in records.files:
            continue
        rows = records.ask(f"""
            WITH cells AS (
                SELECT school_id, period, grade, SUM(n)::BIGINT AS n, SUM(k)::BIGINT AS k FROM (
                    SELECT school_id, period, grade, COUNT(*) AS n, 0 AS k FROM placements GROUP BY ALL
                    UNION ALL
                    SELECT school_id, period, grade, 0, COUNT(*)
                    FROM placements SEMI JOIN {table} USING (student_id, period) GROUP BY ALL
                ) GROUP BY ALL
            ), beside AS (
                SELECT school_id, period, n, k,
                       COALESCE((SUM(k) OVER peers - k) / NULLIF(SUM(n) OVER peers - n, 0), 0) AS share
                FROM cells WINDOW peers AS (PARTITION BY period, grade)
            )
            SELECT period, COUNT(*) FROM (
                SELECT school_id, period FROM beside GROUP BY ALL
                HAVING SUM(k) < {rules["most"]} * SUM(n * share) AND SUM(n) >= {rules["least_n"]}
                   AND SUM(n * share) >= {rules["usual"]} * SUM(n)
            ) GROUP BY 1 ORDER BY 1""")
        for period, schools in rows:
            yield Remark(
                "school_without_rows", records.files[table], None, "student_id", schools, {"period": period}
            )

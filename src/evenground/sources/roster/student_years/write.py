"""The one query that puts the parts together, written as Parquet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb

from evenground.definitions import load
from evenground.engine import literal
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.courses import courses, exams
from evenground.sources.roster.student_years.growth import compare, growth
from evenground.sources.roster.student_years.members import STAYS, cohort, members
from evenground.sources.roster.student_years.outcomes import (
    answers,
    attendance,
    discipline,
    programs,
    tests,
)
from evenground.sources.roster.student_years.part import Part
from evenground.sources.roster.student_years.people import people, people_view
from evenground.sources.roster.student_years.schools import money, staff, students
from evenground.sources.roster.student_years.sections import sections

EVENTS = ("courses", "incidents", "graduates")
"""Tables in which a student without a row is a 0, in years that the table tells of."""


def write_student_years(
    engine: duckdb.DuckDBPyConnection, into: Path, form: Format, tables: Collection[str]
) -> Path:
    """Writes `student_years.parquet` (zstd; by district, school, period, student); returns its path.

    Needs the view of every table and the tables of school years; `tables` are those that the roster has. One
    row a student, school year and school that counts the student: what is told of census day counts at the
    school of that day (of two, at the one of the longer stay), what is told of the whole year at the school
    of the longest stay, graduation at the school that counts the student in its cohort. Most students have
    one row.
    """
    engine.execute(f"CREATE VIEW people AS {people_view(form)}")
    engine.execute(f"CREATE VIEW stays AS {STAYS}")
    parts = _parts(form)
    for part in parts:
        for name, query in part.tables.items():
            engine.execute(f"CREATE TABLE {name} AS {query}")
    compare(engine, form)
    path = into / "student_years.parquet"
    query = _student_years(engine, parts, tables)
    engine.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    return path


def _parts(form: Format) -> tuple[Part, ...]:
    return (
        members(form),
        cohort(),
        people(form),
        courses(form),
        exams(form),
        attendance(form),
        tests(),
        growth(),
        discipline(),
        answers(form),
        programs(),
        students(form),
        staff(form),
        sections(),
        money(),
    )


def _student_years(
    engine: duckdb.DuckDBPyConnection, parts: tuple[Part, ...], tables: Collection[str]
) -> str:
    """Every column of definitions/student_year.yaml, in its order; the rows sorted.

    Sorting costs by the width of a row: what is unknown in all of them, or follows from other columns, is
    added to the sorted rows.
    """
    columns = {name: query for part in parts for name, query in part.columns.items()}
    words = {name: query for part in parts for name, query in part.words.items()}
    unknown = {name for part in parts if part.of and not set(part.of) & set(tables) for name in part.columns}
    joins = "".join(part.joins for part in parts)

    def rows(names: Iterable[str]) -> str:
        return f"SELECT {', '.join(f'{columns[name]} AS {name}' for name in names)} FROM members m {joins}"

    kinds = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE {rows(columns)}").fetchall()}
    sql = {
        name: words.get(name, f"NULL::{kinds[name]}" if name in unknown else name)
        for name in [*columns, *words]
    }
    selected = ", ".join(f"{sql[name]} AS {name}" for name in load().student_year)
    known = rows(name for name in columns if name not in unknown)
    return f"SELECT {selected} FROM ({known} ORDER BY district_id, school_id, period, student_id)"


def covered_periods(engine: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """School years about which a table says anything at all."""
    query = f"SELECT DISTINCT period FROM {table} WHERE period IS NOT NULL ORDER BY 1"
    return [period for (period,) in engine.execute(query).fetchall()]


def measured_columns(engine: duckdb.DuckDBPyConnection, path: Path) -> Mapping[str, bool]:
    """Column of the student-years -> whether any row knows a value (`unknown` is none)."""
    source = f"read_parquet({literal(str(path))})"
    types = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    values = [f"nullif({name}, 'unknown')" if kind == "VARCHAR" else name for name, kind in types.items()]
    known = ", ".join(f"count({value}) > 0" for value in values)
    row = engine.execute(f"SELECT {known} FROM {source}").fetchone() or ()
    return dict(zip(types, row, strict=True))

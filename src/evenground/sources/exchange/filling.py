"""students.csv beside an export: what the export leaves empty is filled from it."""

from __future__ import annotations

import duckdb

from evenground.engine import literal
from evenground.model import ERROR, NOTE, Problem
from evenground.sources.exchange.checks import Check, check_rows
from evenground.sources.exchange.handover import Origin
from evenground.sources.exchange.staged import Staged
from evenground.sources.roster import roster_format
from evenground.sources.roster.format import Column


def fill_students(
    engine: duckdb.DuckDBPyConnection, side: Staged, origin: Origin, problems: list[Problem]
) -> Origin:
    """What the export leaves empty is filled, and never overruled.

    A row about a year in which the student is not enrolled is added: a member of a graduation cohort may
    have left before. What `known_students` (student_id and columns of students) knows of them is put there.
    """
    if "school_year" not in side.columns:
        found, allowed = "no such column", "school_year, where the export holds more than one"
        problems.append(Problem(ERROR, side.files[0], found, allowed, "add the column", 1, "school_year"))
        return origin
    columns = roster_format().tables["students"].columns
    given = [name for name in columns if name in side.columns and name not in ("student_id", "school_year")]
    checks = [check for name in given for check in _checks(name, columns[name])]
    problems.extend(check_rows(engine, side, checks))
    problems.extend(_other_years(engine, side))
    for name in given:
        engine.execute(f"ALTER TABLE roster_students ADD COLUMN IF NOT EXISTS {name} VARCHAR")
    engine.execute(
        "CREATE TABLE side_years AS SELECT * FROM side_students"
        f" WHERE student_id IS NOT NULL AND {_IN_EXPORT}"
        " QUALIFY row_number() OVER (PARTITION BY student_id, school_year ORDER BY row) = 1"
    )
    if given:
        values = ", ".join(f"{name} = coalesce(roster_students.{name}, s.{name})" for name in given)
        engine.execute(f"UPDATE roster_students SET {values} FROM side_years s WHERE {_SAME}")
    known = {row[0] for row in engine.execute("DESCRIBE known_students").fetchall()} - {"student_id"}
    both = [f"coalesce(k.{name}, s.{name}) AS {name}" if name in known else f"s.{name}" for name in given]
    names = ", ".join(["s.student_id", "s.school_year", *both, *(f"k.{name}" for name in known - set(given))])
    engine.execute(
        f"INSERT INTO roster_students BY NAME SELECT {len(origin.files)} AS part, s.row, {names}"
        " FROM side_years s LEFT JOIN known_students k ON k.student_id = s.student_id"
        f" WHERE NOT EXISTS (SELECT 1 FROM roster_students WHERE {_SAME})"
    )
    return Origin((*origin.files, *side.files), origin.columns)


_SAME = "roster_students.student_id = s.student_id AND roster_students.school_year = s.school_year"
_IN_EXPORT = "school_year IN (SELECT DISTINCT school_year FROM roster_enrollments)"


def _other_years(engine: duckdb.DuckDBPyConnection, side: Staged) -> list[Problem]:
    engine.execute(f"UPDATE side_students SET school_year = {_PERIOD}")
    count, row = engine.execute(
        f"SELECT count(*), min(row) FROM side_students WHERE school_year IS NOT NULL AND NOT ({_IN_EXPORT})"
    ).fetchone() or (0, None)
    if not count:
        return []
    found, allowed = "a school year that the export does not hold", "a school year of the export"
    todo = "nothing; the row was not read"
    return [Problem(NOTE, side.files[0], found, allowed, todo, row, "school_year", count)]


# A year as people write it, as the export's periods are written: 2024 -> 2023-24, 2023-2024 -> 2023-24.
_PERIOD = (
    "CASE WHEN regexp_full_match(school_year, '\\d{4}')"
    " THEN printf('%d-%02d', CAST(school_year AS INT) - 1, CAST(school_year AS INT) % 100)"
    " WHEN regexp_full_match(school_year, '\\d{4}-\\d{4}') THEN school_year[:5] || school_year[8:]"
    " ELSE replace(school_year, '/', '-') END"
)


def _checks(name: str, column: Column) -> list[Check]:
    form = roster_format()
    if column.type in ("code", "flag"):
        spelled = form.spellings(column)
        known = ", ".join(map(literal, spelled))
        allowed = "yes or no (1 or 0); empty: unknown" if column.type == "flag" else ", ".join(column.codes)
        wrong = f"lower({name}) NOT IN ({known})"
        return [Check(name, wrong, "", allowed, "write one of the codes", known=tuple(spelled))]
    if column.type in ("number", "whole"):
        number = f"TRY_CAST({name} AS DOUBLE)"
        limits = [f"{number} < {column.minimum}"] if column.minimum is not None else []
        limits += [f"{number} > {column.maximum}"] if column.maximum is not None else []
        wrong = " OR ".join([f"({name} IS NOT NULL AND {number} IS NULL)", *limits])
        return [Check(name, wrong, "", column.meaning, "write a number, or leave the cell empty")]
    return []

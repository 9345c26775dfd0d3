"""Checks across rows and tables: keys that occur twice, ids that have no partner, ids that lost their leading zeros."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from evenground.model import ERROR, WARNING, Problem
from evenground.sources.roster.format import Format
from evenground.sources.roster.table import Loaded


@dataclass(frozen=True)
class Link:
    """Rows of `table` need a partner in `target` with the same `keys`; `zeros` is the id that may have lost zeros."""

    table: str
    target: str
    keys: tuple[str, ...]
    zeros: str
    found: str
    allowed: str
    severity: str
    consequence: str


_STUDENT_YEAR = ("student_id", "period")
_SCHOOL = "a school_id that schools does not have"
_NOT_ENROLLED = "a student without enrollment in that school year"
LINKS = (
    Link("enrollments", "schools", ("school_id",), "school_id", _SCHOOL, "the school_id of a row of schools", ERROR, "add the school to schools or correct the id"),
    Link("graduates", "schools", ("school_id",), "school_id", _SCHOOL, "the school_id of a row of schools", ERROR, "add the school to schools or correct the id"),
    Link("staff", "schools", ("school_id",), "school_id", _SCHOOL, "the school_id of a row of schools", ERROR, "add the school to schools or correct the id"),
    Link("finance", "schools", ("school_id",), "school_id", _SCHOOL, "the school_id of a row of schools", ERROR, "add the school to schools or correct the id"),
    Link("enrollments", "students", _STUDENT_YEAR, "student_id", "an enrolled student whom students does not have in that school year",
         "a row of students for every enrolled student and school year", WARNING, "add the row; until then every group of the student is unknown"),
    Link("students", "enrollments", _STUDENT_YEAR, "student_id", _NOT_ENROLLED, "a row of enrollments for every student and school year", WARNING,
         "add the enrollment; until then the student is not counted"),
    Link("courses", "enrollments", _STUDENT_YEAR, "student_id", _NOT_ENROLLED, "a row of enrollments for every student and school year", WARNING,
         "add the enrollment; until then the row is not counted"),
    Link("assessments", "enrollments", _STUDENT_YEAR, "student_id", _NOT_ENROLLED, "a row of enrollments for every student and school year", WARNING,
         "add the enrollment; until then the row is not counted"),
    Link("attendance", "enrollments", _STUDENT_YEAR, "student_id", _NOT_ENROLLED, "a row of enrollments for every student and school year", WARNING,
         "add the enrollment; until then the row is not counted"),
    Link("incidents", "enrollments", _STUDENT_YEAR, "student_id", _NOT_ENROLLED, "a row of enrollments for every student and school year", WARNING,
         "add the enrollment; until then the row is not counted"),
    Link("graduates", "enrollments", ("student_id",), "student_id", "a student without school_id who was never enrolled", "a school_id, or a row of enrollments in some year",
         WARNING, "add the school_id; until then the student is not counted"),
)  # fmt: skip
_EXCEPT = {
    # Who left before the year of the cohort is in students for that year, and rightly nowhere enrolled.
    (
        "students",
        "enrollments",
    ): " AND (a.student_id, a.period) NOT IN (SELECT (student_id, period) FROM graduates)",
    ("graduates", "enrollments"): " AND a.school_id IS NULL",
}


def check_keys(engine: duckdb.DuckDBPyConnection, part: Loaded, form: Format) -> Iterator[Problem]:
    """Rows that repeat the key of an earlier row."""
    columns = form.tables[part.table].columns
    key = [name for name in form.tables[part.table].key if name in part.columns]
    needed = [name for name in form.tables[part.table].key if columns[name].required]
    if not key or not set(needed) <= part.columns:
        return
    names = ["period" if columns[name].type == "school_year" else name for name in key]
    known = " AND ".join(
        f"{name} IS NOT NULL" for name, column in zip(names, key, strict=True) if columns[column].required
    )
    keys = ", ".join(names)
    repeated = f"SELECT {keys} FROM {part.table} WHERE {known} GROUP BY {keys} HAVING count(*) > 1"
    if engine.execute(f"SELECT count(*) FROM ({repeated})").fetchone() == (0,):
        return
    query = (
        f"SELECT sum(n - 1), min(again) FROM (SELECT count(*) AS n, min(row, 2)[2] AS again FROM {part.table}"
        f" WHERE {known} GROUP BY {keys} HAVING n > 1)"
    )
    count, row = engine.execute(query).fetchone() or (None, None)
    if count and row:
        named = ", ".join(key)
        yield Problem(ERROR, part.file, "a row with the key of an earlier row", f"{form.tables[part.table].grain} ({named})",
                      "keep one of the rows", int(row), key[0], int(count))  # fmt: skip


def check_links(
    engine: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], form: Format
) -> Iterator[Problem]:
    """Ids without a partner. Those that would have one with zeros in front are an error of their own."""
    for link in LINKS:
        if link.table not in loaded or link.target not in loaded or not _has(loaded, link):
            continue
        part, target = loaded[link.table], loaded[link.target]
        unmatched, rows, lost, first, first_lost = _unmatched(engine, link)
        if lost:
            yield Problem(ERROR, part.file, f"a {link.zeros} that {target.file} has with other zeros in front", f"the {link.zeros} as in {target.file}",
                          f"export {link.zeros} as text in both files, so that zeros in front stay", first_lost, link.zeros, lost)  # fmt: skip
        if alone := unmatched - lost:
            most = alone > form.rule("mostly_unmatched") * rows
            severity = ERROR if most else link.severity
            todo = (
                f"check that {part.file} and {target.file} are about the same students and use the same ids"
                if most
                else link.consequence
            )
            if link.severity == ERROR:
                severity, todo = ERROR, link.consequence
            yield Problem(severity, part.file, link.found, link.allowed, todo, first, link.zeros, alone)


def _has(loaded: Mapping[str, Loaded], link: Link) -> bool:
    """Both tables have the columns; a target without any row is told about elsewhere."""
    names = {"cohort_year" if link.table == "graduates" and key == "period" else key for key in link.keys}
    names = {"school_year" if name == "period" else name for name in names}
    return names <= loaded[link.table].columns and names <= loaded[link.target].columns


def _unmatched(engine: duckdb.DuckDBPyConnection, link: Link) -> tuple[int, int, int, int | None, int | None]:
    """Rows without a partner, all rows with the keys, those that only zeros keep apart, and the first row of each kind."""
    given = " AND ".join(["NOT a.aside", *(f"a.{key} IS NOT NULL" for key in link.keys)])
    given += _EXCEPT.get((link.table, link.target), "")
    same = " AND ".join(f"a.{key} = b.{key}" for key in link.keys)
    alone = f"SELECT a.row, ltrim(a.{link.zeros}, '0') AS bare FROM {link.table} a ANTI JOIN {link.target} b ON {same} WHERE {given}"
    count = engine.execute(f"SELECT count(*) FROM ({alone})").fetchone()
    if not count or not count[0]:
        return 0, 0, 0, None, None
    bare = f"SELECT DISTINCT ltrim({link.zeros}, '0') AS bare FROM {link.target} WHERE {link.zeros} NOT IN (SELECT DISTINCT {link.zeros} FROM {link.table} WHERE {link.zeros} IS NOT NULL)"
    query = (
        f"SELECT count(*), count(*) FILTER (b.bare IS NOT NULL), min(row) FILTER (b.bare IS NULL), min(row) FILTER (b.bare IS NOT NULL)"
        f" FROM ({alone}) a LEFT JOIN ({bare}) b USING (bare)"
    )
    unmatched, lost, first, first_lost = engine.execute(query).fetchone() or (0, 0, None, None)
    rows = engine.execute(f"SELECT count(*) FROM {link.table} a WHERE {given}").fetchone() or (0,)
    return unmatched, rows[0], lost, first, first_lost

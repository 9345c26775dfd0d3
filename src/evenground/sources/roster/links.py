"""Checks across rows and tables: keys that occur twice, ids without a partner, ids that lost zeros."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from evenground.model import ERROR, WARNING, Problem
from evenground.sources.roster.format import Format
from evenground.sources.roster.table import Loaded

_STUDENT_YEAR = ("student_id", "period")


@dataclass(frozen=True)
class Link:
    """Rows of `table` need a partner in `target` with the same `keys`; `id` may have lost zeros."""

    table: str
    target: str
    keys: tuple[str, ...]
    id: str
    found: str
    allowed: str
    severity: str
    todo: str


def _to_school(table: str) -> Link:
    found, allowed = "a school_id that schools does not have", "the school_id of a row of schools"
    todo = "add the school to schools or correct the id"
    return Link(table, "schools", ("school_id",), "school_id", found, allowed, ERROR, todo)


def _to_enrollment(table: str, what: str = "row") -> Link:
    found = "a student without enrollment in that school year"
    allowed = "a row of enrollments for every student and school year"
    todo = f"add the enrollment; until then the {what} is not counted"
    return Link(table, "enrollments", _STUDENT_YEAR, "student_id", found, allowed, WARNING, todo)


_OF_STUDENTS = (
    "courses", "assessments", "attendance", "incidents", "section_students", "course_requests", "exams",
    "survey_answers", "programs",
)  # fmt: skip
LINKS = (
    *(_to_school(table) for table in ("enrollments", "graduates", "staff", "finance", "sections", "budgets")),
    Link(
        "enrollments",
        "students",
        _STUDENT_YEAR,
        "student_id",
        "an enrolled student whom students does not have in that school year",
        "a row of students for every enrolled student and school year",
        WARNING,
        "add the row; until then every group of the student is unknown",
    ),
    _to_enrollment("students", what="student"),
    *(_to_enrollment(table) for table in _OF_STUDENTS),
    Link(
        "section_students",
        "sections",
        ("section_id", "period"),
        "section_id",
        "a section that sections does not have in that school year",
        "a row of sections for every section",
        WARNING,
        "add the section; until then the seat is not counted",
    ),
    Link(
        "graduates",
        "enrollments",
        ("student_id",),
        "student_id",
        "a student without school_id who was never enrolled",
        "a school_id, or a row of enrollments in some year",
        WARNING,
        "add the school_id; until then the student is not counted",
    ),
)
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
    count, row = engine.execute(query).fetchone() or (0, None)
    allowed = f"{form.tables[part.table].grain} ({', '.join(key)})"
    found = "a row with the key of an earlier row"
    yield Problem(ERROR, part.file, found, allowed, "keep one of the rows", row, key[0], int(count))


def check_links(
    engine: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], form: Format
) -> Iterator[Problem]:
    """Ids without a partner. Those that would have one with zeros in front are an error of their own."""
    for link in LINKS:
        part, target = loaded.get(link.table), loaded.get(link.target)
        if part is None or target is None or not (_has(part, link) and _has(target, link)):
            continue
        alone = _alone(engine, link)
        if alone.lost:
            found = f"a {link.id} that {target.file} has with other zeros in front"
            allowed = f"the {link.id} as in {target.file}"
            todo = f"export {link.id} as text in both files, so that zeros in front stay"
            yield Problem(ERROR, part.file, found, allowed, todo, alone.first_lost, link.id, alone.lost)
        if alone.others:
            severity, todo = link.severity, link.todo
            if severity != ERROR and alone.others > form.rule("mostly_unmatched") * alone.rows:
                severity = ERROR
                todo = (
                    f"check that {part.file} and {target.file} are about the same students, with the same ids"
                )
            yield Problem(
                severity, part.file, link.found, link.allowed, todo, alone.first, link.id, alone.others
            )


def _has(part: Loaded, link: Link) -> bool:
    names = {"school_year" if key == "period" else key for key in link.keys}
    return names <= part.columns


@dataclass(frozen=True)
class _Alone:
    """Rows in all, those without a partner that only zeros keep apart (`lost`), and the others."""

    rows: int
    lost: int = 0
    others: int = 0
    first_lost: int | None = None
    first: int | None = None


def _alone(engine: duckdb.DuckDBPyConnection, link: Link) -> _Alone:
    given = " AND ".join(["NOT a.aside", *(f"a.{key} IS NOT NULL" for key in link.keys)])
    given += _EXCEPT.get((link.table, link.target), "")
    same = " AND ".join(f"a.{key} = b.{key}" for key in link.keys)
    alone = (
        f"SELECT a.row, ltrim(a.{link.id}, '0') AS bare FROM {link.table} a"
        f" ANTI JOIN {link.target} b ON {same} WHERE {given}"
    )
    (rows,) = engine.execute(f"SELECT count(*) FROM {link.table} a WHERE {given}").fetchone() or (0,)
    if engine.execute(f"SELECT count(*) FROM ({alone})").fetchone() == (0,):
        return _Alone(rows)
    # Ids of the target that nobody uses as they are: only those can have been meant.
    unused = (
        f"SELECT DISTINCT ltrim({link.id}, '0') AS bare FROM {link.target} WHERE {link.id} NOT IN"
        f" (SELECT DISTINCT {link.id} FROM {link.table} WHERE {link.id} IS NOT NULL)"
    )
    found = engine.execute(
        "SELECT count(*) FILTER (b.bare IS NOT NULL), count(*) FILTER (b.bare IS NULL),"
        " min(row) FILTER (b.bare IS NOT NULL), min(row) FILTER (b.bare IS NULL)"
        f" FROM ({alone}) a LEFT JOIN ({unused}) b USING (bare)"
    ).fetchone()
    return _Alone(rows, *(found or ()))

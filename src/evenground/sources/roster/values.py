"""Checks of single values: what is missing, no code, no number, no date or outside its range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb
import pyarrow as pa

from evenground.engine import literal
from evenground.model import ERROR, NOTE, Problem, parse_period
from evenground.sources.roster.format import Column, Format
from evenground.sources.roster.settings import Settings
from evenground.sources.roster.table import Loaded
from evenground.sources.roster.typing import ASIDE, sql_type

_FEW = 3
_DIFFERENT_VALUES = 5
_DIFFERENT_YEARS = 10_000


@dataclass(frozen=True)
class Check:
    """A predicate over a table's view that is true for rows with a problem; `shown`: SQL of the value."""

    column: str
    predicate: str
    found: str
    allowed: str
    todo: str
    severity: str = ERROR
    shown: str | None = None


def make_periods(
    engine: duckdb.DuckDBPyConnection, loaded: Sequence[Loaded], form: Format, settings: Settings
) -> None:
    """The tables `periods` (every spelling of a school year -> its name and days) and `years` (each year)."""
    spelled: dict[str, str] = {}
    for part in loaded:
        for name in school_years(part, form):
            given = f"FROM rows_{part.table} WHERE {name} IS NOT NULL"
            query = f"SELECT DISTINCT {name} {given} LIMIT {_DIFFERENT_YEARS}"
            for (text,) in engine.execute(query).fetchall():
                try:
                    spelled[text] = parse_period(text)
                except ValueError:
                    continue
    periods = list(spelled.values())
    table = pa.table(
        {
            "spelled": pa.array(spelled, pa.string()),
            "period": pa.array(periods, pa.string()),
            "first_day": pa.array([settings.start(period) for period in periods], pa.date32()),
            "last_day": pa.array([settings.end(period) for period in periods], pa.date32()),
            "census": pa.array([settings.census(period) for period in periods], pa.date32()),
        }
    )
    engine.register("spelled_periods", table)
    engine.execute("CREATE TABLE periods AS SELECT * FROM spelled_periods")
    engine.execute("CREATE TABLE years AS SELECT DISTINCT period, first_day, last_day, census FROM periods")
    engine.unregister("spelled_periods")


def school_years(part: Loaded, form: Format) -> list[str]:
    """The columns of a table that hold a school year (at most one)."""
    columns = form.tables[part.table].columns
    return [name for name in columns if columns[name].type == "school_year" and name in part.columns]


def make_view(engine: duckdb.DuckDBPyConnection, table: str, part: Loaded | None, form: Format) -> None:
    """The view `<table>`: every column of the format, `period` and `aside`. Absent tables are empty."""
    columns = form.tables[table].columns
    have = part.columns if part else frozenset()
    chosen = ["r.*" if part else "NULL::BIGINT AS row"]
    chosen += [f"NULL::{sql_type(column)} AS {name}" for name, column in columns.items() if name not in have]
    aside = [
        f"r.{name} = {literal(ASIDE)}"
        for name, column in columns.items()
        if column.set_aside and name in have
    ]
    chosen.append(f"coalesce({' OR '.join(aside)}, false) AS aside" if aside else "false AS aside")
    years = school_years(part, form) if part else []
    days = ("period::VARCHAR", "first_day::DATE", "last_day::DATE")
    chosen += (
        ["p.period", "p.first_day", "p.last_day"]
        if years
        else [f"NULL::{day.split('::')[1]} AS {day.split('::')[0]}" for day in days]
    )
    join = f"LEFT JOIN periods p ON p.spelled = r.{years[0]}" if years else ""
    source = f"FROM rows_{table} r {join}" if part else "WHERE false"
    engine.execute(f"CREATE VIEW {table} AS SELECT {', '.join(chosen)} {source}")


def check_values(engine: duckdb.DuckDBPyConnection, part: Loaded, form: Format) -> Iterator[Problem]:
    """Every problem with single values of one table, after one scan."""
    columns = form.tables[part.table].columns
    checks = [
        check
        for name in columns
        if name in part.columns
        for check in _checks(name, columns[name], part, form)
    ]
    checks.extend(_order_checks(part))
    counted = ", ".join(f"count(*) FILTER ({check.predicate})" for check in checks)
    counts = engine.execute(f"SELECT {counted} FROM {part.table}").fetchone() or ()
    for check, count in zip(checks, counts, strict=True):
        if count and check.shown is None:
            first = engine.execute(
                f"SELECT min(row, {_FEW}) FROM {part.table} WHERE {check.predicate}"
            ).fetchone() or ([],)
            yield _problem(part, check, check.found, count, first[0])
        elif count:
            yield from _by_value(engine, part, check, columns[check.column], form)


def _checks(name: str, column: Column, part: Loaded, form: Format) -> Iterator[Check]:
    wrong = f"{name}_wrong" if part.has_wrong else "NULL::VARCHAR"
    is_wrong = f"{wrong} IS NOT NULL"
    if column.required:
        empty = (
            f"{name} IS NULL"
            if column.type in ("id", "text", "school_year")
            else f"{name} IS NULL AND {wrong} IS NULL"
        )
        yield Check(name, empty, "an empty cell", column.meaning, "fill it in or remove the row")
    if column.type in ("code", "flag"):
        allowed = "yes or no (1 or 0); empty: unknown" if column.type == "flag" else ", ".join(column.codes)
        yield Check(name, is_wrong, "", allowed, "write one of the codes", shown=wrong)
        if column.set_aside:
            yield Check(name, f"{name} = {literal(ASIDE)}", "a code that a review leaves out", allowed,
                        "nothing; the rows were not counted", NOTE)  # fmt: skip
    elif column.type in ("number", "whole"):
        yield from _number_checks(name, column, wrong)
    elif column.type == "date":
        yield Check(name, is_wrong, "", "a date such as 2024-01-31", "write year-month-day", shown=wrong)
        if column.within_year and school_years(part, form):
            yield Check(name, f"{name} NOT BETWEEN first_day AND last_day", "a date outside the school year",
                        "a day of the row's school year", "correct the date or the school year")  # fmt: skip
    elif column.type == "school_year":
        yield Check(
            name,
            f"{name} IS NOT NULL AND period IS NULL",
            "",
            "a school year such as 2023-24",
            "correct the year",
            shown=name,
        )


def _number_checks(name: str, column: Column, wrong: str) -> Iterator[Check]:
    kind = "a whole number" if column.type == "whole" else "a number"
    span = " to ".join(f"{limit:g}" for limit in (column.minimum, column.maximum) if limit is not None)
    limits = f" from {span}" if column.maximum is not None else f" of at least {span}" if span else ""
    allowed = f"{kind}{limits}; empty: unknown"
    todo = "write a number, or leave the cell empty where it is not known"
    yield Check(name, f"{wrong} IS NOT NULL", "", allowed, todo, shown=wrong)
    outside = [f"{name} < {column.minimum}"] if column.minimum is not None else []
    outside += [f"{name} > {column.maximum}"] if column.maximum is not None else []
    if outside:
        text = f"regexp_replace({name}::VARCHAR, '\\.0$', '')"
        yield Check(name, " OR ".join(outside), "", allowed, todo, shown=text)


def _order_checks(part: Loaded) -> Iterator[Check]:
    todo = "correct one of the two"
    if part.table == "attendance" and {"days_enrolled", "days_absent"} <= part.columns:
        found = "more days absent than enrolled"
        yield Check("days_absent", "days_absent > days_enrolled", found, "at most days_enrolled", todo)
    if part.table == "enrollments" and {"entry_date", "exit_date"} <= part.columns:
        found = "an exit before the entry"
        yield Check("exit_date", "exit_date < entry_date", found, "a day on or after entry_date", todo)


def _by_value(
    engine: duckdb.DuckDBPyConnection, part: Loaded, check: Check, column: Column, form: Format
) -> Iterator[Problem]:
    """One problem a wrong value (the most frequent ones), so that a list of codes can be mended at once."""
    known = tuple(form.spellings(column)) if column.type in ("code", "flag") else ()
    query = (
        f"SELECT {check.shown} AS value, count(*), min(row, {_FEW}),"
        " value IN (SELECT student_id FROM students)"
        f" FROM {part.table} WHERE {check.predicate} GROUP BY value ORDER BY 2 DESC, 3"
    )
    values: dict[str, tuple[int, list[int]]] = {}
    others, first_other = 0, 0
    for value, count, rows, is_student in engine.execute(query).fetchall():
        words = _shape(value) if is_student else _shown(value, known)
        if words in values:
            before = values[words]
            values[words] = (before[0] + count, sorted([*before[1], *rows])[:_FEW])
        elif len(values) < _DIFFERENT_VALUES:
            values[words] = (count, rows)
        else:
            others, first_other = others + count, min(first_other or rows[0], rows[0])
    for words, (count, rows) in values.items():
        yield _problem(part, check, words, count, rows)
    if others:
        yield _problem(part, check, "further values of this kind", others, [first_other])


def _problem(part: Loaded, check: Check, found: str, count: int, rows: Sequence[int]) -> Problem:
    more = (
        f" (also row{'s' if len(rows) > 2 else ''} {', '.join(map(str, rows[1:]))})" if len(rows) > 1 else ""
    )
    return Problem(
        check.severity, part.file, found + more, check.allowed, check.todo, rows[0], check.column, count
    )


def _shown(value: str, known: Sequence[str]) -> str:
    """A value in the wrong place may be a name or an id: only short ones and near misses are literal."""
    near = get_close_matches(value.lower(), known, n=1, cutoff=0.8)
    return repr(value) if len(value) <= _FEW or near else _shape(value)


def _shape(value: str) -> str:
    shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
    return f"a value of the shape {shape[:20]}{'...' if len(shape) > 20 else ''}"

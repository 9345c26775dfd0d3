"""Checks of single values: what is missing, no code, no number, no date or outside its range; and the typed views."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb
import pyarrow as pa

from evenground.model import ERROR, NOTE, Problem, parse_period
from evenground.sources.roster.format import Column, Format
from evenground.sources.roster.settings import Settings
from evenground.sources.roster.table import Loaded, quoted

_FEW = 3
_DIFFERENT_VALUES = 5
_DIFFERENT_YEARS = 10_000


@dataclass(frozen=True)
class Check:
    """A predicate over `raw_<table>` that is true for rows with a problem."""

    column: str
    predicate: str
    found: str | None  # None: show the values
    allowed: str
    todo: str
    severity: str = ERROR


def make_periods(engine: duckdb.DuckDBPyConnection, loaded: Sequence[Loaded], form: Format, settings: Settings) -> None:
    """The table `periods`: every spelling of a school year in the files -> period, first day, last day and census day."""
    spelled: dict[str, str] = {}
    for part in loaded:
        for name in _years(part, form):
            query = f"SELECT DISTINCT {name} FROM raw_{part.table} WHERE {name} IS NOT NULL LIMIT {_DIFFERENT_YEARS}"
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
    engine.unregister("spelled_periods")


def _years(part: Loaded, form: Format) -> list[str]:
    columns = form.tables[part.table].columns
    return [name for name in columns if columns[name].type == "school_year" and name in part.columns]


def make_typed_view(engine: duckdb.DuckDBPyConnection, table: str, part: Loaded | None, form: Format) -> None:
    """The view `<table>`: every column of the format with its type; a school year as `period`. Absent tables have no row."""
    columns = form.tables[table].columns
    have = part.columns if part else frozenset()
    chosen = ["r.row" if part else "NULL::BIGINT AS row"]
    join = ""
    for name, column in columns.items():
        if column.type == "school_year":
            chosen.append("p.period" if name in have else "NULL::VARCHAR AS period")
            join = f"LEFT JOIN periods p ON p.spelled = r.{name}" if name in have else ""
        else:
            chosen.append(f"{_typed(column, f'r.{name}' if name in have else 'NULL', form)} AS {name}")
    aside = [f"lower(r.{name}) IN ({_texts(column.set_aside)})" for name, column in columns.items() if column.set_aside and name in have]
    chosen.append(f"coalesce({' OR '.join(aside)}, false) AS aside" if aside else "false AS aside")
    source = f"FROM raw_{table} r {join}" if part else "WHERE false"
    engine.execute(f"CREATE VIEW {table} AS SELECT {', '.join(chosen)} {source}")


def _typed(column: Column, name: str, form: Format) -> str:
    if column.type in ("code", "flag"):
        cases = " ".join(f"WHEN {quoted(text)} THEN {quoted(code)}" for text, code in form.spellings(column).items())
        return f"CASE lower({name}::VARCHAR) {cases} END"
    if column.type in ("number", "whole"):
        return f"TRY_CAST({name} AS DOUBLE)"
    if column.type == "date":
        return _date(name)
    return f"{name}::VARCHAR"


def _date(name: str) -> str:
    return f"CAST(try_strptime({name}::VARCHAR, ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S']) AS DATE)"


def _texts(texts: Sequence[str]) -> str:
    return ", ".join(quoted(text.lower()) for text in texts)


def check_values(engine: duckdb.DuckDBPyConnection, part: Loaded, form: Format) -> Iterator[Problem]:
    """Every problem with single values of one table, after one scan."""
    columns = form.tables[part.table].columns
    checks = [check for name in columns if name in part.columns for check in _checks(name, columns[name], part, form)]
    checks.extend(_order_checks(part))
    source = f"(SELECT r.*{_period_columns(part, form)})"
    counted = ", ".join(f"count(*) FILTER ({check.predicate}), min(row, {_FEW}) FILTER ({check.predicate})" for check in checks)
    result = engine.execute(f"SELECT {counted} FROM {source} r").fetchone() or ()
    for place, check in enumerate(checks):
        count, rows = result[2 * place], result[2 * place + 1]
        if not count:
            continue
        if check.found is not None:
            yield Problem(check.severity, part.file, check.found + _also(rows), check.allowed, check.todo, rows[0], check.column, count)
        else:
            yield from _by_value(engine, part, check, columns[check.column], form)


def _period_columns(part: Loaded, form: Format) -> str:
    years = _years(part, form)
    if not years:
        return f" FROM raw_{part.table} r"
    return f", p.period, p.first_day, p.last_day FROM raw_{part.table} r LEFT JOIN periods p ON p.spelled = r.{years[0]}"


def _checks(name: str, column: Column, part: Loaded, form: Format) -> Iterator[Check]:
    if column.required:
        yield Check(name, f"{name} IS NULL", "an empty cell", column.meaning, "fill it in or remove the row")
    if column.type in ("code", "flag"):
        known = [*form.spellings(column), *column.set_aside]
        allowed = "yes or no (1 or 0); empty: unknown" if column.type == "flag" else ", ".join(column.codes)
        yield Check(name, f"lower({name}) NOT IN ({_texts(known)})", None, allowed, "write one of the codes")
        if column.set_aside:
            yield Check(name, f"lower({name}) IN ({_texts(column.set_aside)})", "a code that a review leaves out", allowed,
                        "nothing; the rows were not counted", NOTE)  # fmt: skip
    elif column.type in ("number", "whole"):
        yield from _number_checks(name, column)
    elif column.type == "date":
        yield Check(name, f"{name} IS NOT NULL AND {_date(name)} IS NULL", None, "a date such as 2024-01-31", "write year-month-day")
        if column.within_year and _years(part, form):
            yield Check(name, f"{_date(name)} NOT BETWEEN first_day AND last_day", "a date outside the school year",
                        "a day of the row's school year", "correct the date or the school year")  # fmt: skip
    elif column.type == "school_year":
        yield Check(name, f"{name} IS NOT NULL AND period IS NULL", None, "a school year such as 2023-24", "correct the year")


def _number_checks(name: str, column: Column) -> Iterator[Check]:
    number = f"TRY_CAST({name} AS DOUBLE)"
    wrong = f"{number} IS NULL OR NOT isfinite({number})"
    if column.type == "whole":
        wrong += f" OR {number} <> floor({number})"
    kind = "a whole number" if column.type == "whole" else "a number"
    span = " to ".join(f"{limit:g}" for limit in (column.minimum, column.maximum) if limit is not None)
    allowed = f"{kind}{' from ' + span if span else ''}; empty: unknown"
    yield Check(name, f"{name} IS NOT NULL AND ({wrong})", None, allowed, "write a number, or leave it empty where it is not known")
    outside = [f"{number} < {column.minimum}"] if column.minimum is not None else []
    outside += [f"{number} > {column.maximum}"] if column.maximum is not None else []
    if outside:
        predicate = f"({' OR '.join(outside)}) AND NOT ({wrong})"
        yield Check(name, predicate, None, allowed, "correct the number, or leave it empty where it is not known")


def _order_checks(part: Loaded) -> Iterator[Check]:
    if part.table == "attendance" and {"days_enrolled", "days_absent"} <= part.columns:
        yield Check("days_absent", "TRY_CAST(days_absent AS DOUBLE) > TRY_CAST(days_enrolled AS DOUBLE)",
                    "more days absent than enrolled", "at most days_enrolled", "correct one of the two")  # fmt: skip
    if part.table == "enrollments" and {"entry_date", "exit_date"} <= part.columns:
        yield Check("exit_date", f"{_date('exit_date')} < {_date('entry_date')}", "an exit before the entry",
                    "a day on or after entry_date", "correct one of the two")  # fmt: skip


def _by_value(
    engine: duckdb.DuckDBPyConnection, part: Loaded, check: Check, column: Column, form: Format
) -> Iterator[Problem]:
    """One problem a wrong value (the most frequent ones), so that a list of codes can be mended at once."""
    known = tuple(form.spellings(column)) if column.type in ("code", "flag") else ()
    values: dict[str, tuple[int, list[int]]] = {}
    source = f"(SELECT r.*{_period_columns(part, form)})"
    query = (
        f"SELECT {check.column}, count(*), min(row, {_FEW}), {check.column} IN (SELECT student_id FROM students)"
        f" FROM {source} r WHERE {check.predicate} GROUP BY ALL ORDER BY 2 DESC, 3"
    )
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
        yield Problem(check.severity, part.file, words + _also(rows), check.allowed, check.todo, rows[0], check.column, count)
    if others:
        yield Problem(check.severity, part.file, "further values of this kind", check.allowed, check.todo, first_other, check.column, others)


def _shown(value: str, known: Sequence[str]) -> str:
    """A value in the wrong place may be a name or an id: only short ones and near misses are quoted."""
    near = get_close_matches(value.lower(), known, n=1, cutoff=0.8)
    return repr(value) if len(value) <= _FEW or near else _shape(value)


def _shape(value: str) -> str:
    shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
    return f"a value of the shape {shape[:20]}{'...' if len(shape) > 20 else ''}"


def _also(rows: Sequence[int]) -> str:
    return f" (also row{'s' if len(rows) > 2 else ''} {', '.join(map(str, rows[1:]))})" if len(rows) > 1 else ""

"""Academic sessions -> the school year and the days of every term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from evenground.model import WARNING, Problem, period_ending
from evenground.sources.exchange import Staged
from evenground.sources.oneroster.format import OneRoster

_YEAR = "schoolYear"
_TERMS = pa.schema(
    {"term": pa.string(), "period": pa.string(), "first_day": pa.date32(), "last_day": pa.date32()}
)


@dataclass(frozen=True)
class _Session:
    id: str
    kind: str
    first: date
    last: date
    above: str | None
    written: int
    part: int
    row: int


def make_terms(
    engine: duckdb.DuckDBPyConnection, sessions: Staged, form: OneRoster, problems: list[Problem]
) -> None:
    """The table `terms`: term (sourcedId), period, first_day, last_day.

    A session belongs to the school year above it; else to the one whose days hold its first day; else to the
    year that it names. A school year is the year in which it ends, whatever its `schoolYear` says.
    """
    found = _sessions(engine, sessions, form)
    years = {one.id: period_ending(one.last.year) for one in found.values() if one.kind == _YEAR}
    problems.extend(_misnamed(found, sessions))
    rows = [(one.id, _period(one, found, years), one.first, one.last) for one in found.values()]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    engine.register("found_terms", pa.table(columns, schema=_TERMS))
    engine.execute("CREATE OR REPLACE TABLE terms AS SELECT * FROM found_terms")
    engine.unregister("found_terms")


def _sessions(engine: duckdb.DuckDBPyConnection, sessions: Staged, form: OneRoster) -> Mapping[str, _Session]:
    after = timedelta(days=form.days("enrollment_end_exclusive"))
    rows = engine.execute(
        'SELECT "sourcedId", type, CAST("startDate" AS DATE), CAST("endDate" AS DATE), "parentSourcedId",'
        f' CAST("schoolYear" AS INTEGER), part, row FROM {sessions.name} ORDER BY part, row'
    ).fetchall()
    return {row[0]: _Session(row[0], row[1], row[2], max(row[2], row[3] - after), *row[4:]) for row in rows}


def _period(one: _Session, found: Mapping[str, _Session], years: Mapping[str, str]) -> str:
    above: str | None = one.id
    for _ in range(len(found)):  # a session that is its own ancestor ends here
        if above is None or above not in found:
            break
        if above in years:
            return years[above]
        above = found[above].above
    for year, period in years.items():
        if found[year].first <= one.first <= found[year].last:
            return period
    return period_ending(one.written)


def _misnamed(held: Mapping[str, _Session], sessions: Staged) -> list[Problem]:
    wrong = [one for one in held.values() if one.kind == _YEAR and one.written != one.last.year]
    by_part: dict[int, list[_Session]] = {}
    for one in wrong:
        by_part.setdefault(one.part, []).append(one)
    said = "a school year that is named after another year than it ends in"
    allowed, todo = "schoolYear: the year of the last day", "correct schoolYear; the year of endDate counts"
    return [
        Problem(WARNING, sessions.files[part], said, allowed, todo, ones[0].row, "schoolYear", len(ones))
        for part, ones in by_part.items()
    ]

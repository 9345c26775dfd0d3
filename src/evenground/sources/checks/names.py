"""Units whose name changes while the id stays, or whose id changes while the name stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenground.model import period_end
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Column, Raw, name, period_of, says
from evenground.sources.checks.remark import Remark, Word


def check_names_together(tables: Sequence[Raw]) -> Iterator[Remark]:
    """name_changes, id_changes: of files with the same column, the one in which most units do."""
    most: dict[tuple[str, str | None], Remark] = {}
    for raw in tables:
        for remark in _in_one(raw):
            key = remark.check, remark.column
            if key not in most or most[key].count < remark.count:
                most[key] = remark
    yield from most.values()


def _in_one(raw: Raw) -> Iterator[Remark]:
    """For every column of ids and the column of names that goes with it."""
    words = checks()["name_changes"].words["name"]
    names = [
        column
        for column in raw.columns
        if says(column.name, words) and column.numbers < column.filled / 2 and column.distinct > 1
    ]
    for identity in raw.columns:
        if not names or not identity.is_id or identity.is_year or identity.distinct < 2:
            continue
        _pairs(raw, identity, names)
        partner = _partner(raw, identity, names)
        if partner:
            yield from _name_changes(raw, partner)
            if raw.year:
                yield from _id_changes(raw, identity, partner)


def _pairs(raw: Raw, identity: Column, names: list[Column]) -> None:
    """The table `pairs`: each id with its names and years once, and the first row of each."""
    year = f"TRIM({name(raw.year)})" if raw.year else "NULL"
    plain = ", ".join(f"{_plain(column)} AS plain{column.place}" for column in names)
    columns = ", ".join(map(name, names))
    raw.connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE pairs AS SELECT *, {plain} FROM (
            SELECT TRIM({name(identity)}) AS id, {year} AS year, {columns}, MIN("row") AS first
            FROM {raw.relation} WHERE TRIM({name(identity)}) <> '' GROUP BY ALL)""")


def _plain(column: Column) -> str:
    return f"NULLIF(regexp_replace(LOWER(strip_accents({name(column)})), '[^a-z0-9]', '', 'g'), '')"


def _partner(raw: Raw, identity: Column, names: list[Column]) -> Column | None:
    """The column of names of which the fewest ids have several."""
    most, found = checks()["name_changes"].parameters["most_share"], []
    for column in names:
        ids, several = raw.ask(f"""
            SELECT COUNT(*), COUNT(*) FILTER (n > 1)
            FROM (SELECT COUNT(DISTINCT plain{column.place}) AS n FROM pairs GROUP BY id)""")[0]
        if several <= most * ids and column.distinct >= identity.distinct / 2:
            found.append((several, column.place, column))
    return min(found)[2] if found else None


def _name_changes(raw: Raw, partner: Column) -> Iterator[Remark]:
    count, row, first, second = raw.ask(f"""
        SELECT COUNT(*), MIN(changed), ARG_MIN(a, changed), ARG_MIN(b, changed) FROM (
            SELECT MAX(first) AS changed, ARG_MIN({name(partner)}, first) AS a,
                   ARG_MAX({name(partner)}, first) AS b
            FROM (SELECT id, plain{partner.place} AS plain,
                         ARG_MIN({name(partner)}, first) AS {name(partner)}, MIN(first) AS first
                  FROM pairs WHERE plain IS NOT NULL GROUP BY 1, 2)
            GROUP BY id HAVING COUNT(*) > 1)""")[0]
    if count:
        words = {"first": raw.told(first), "second": raw.told(second)}
        yield Remark("name_changes", raw.file, row, partner.name, count, words)


def _id_changes(raw: Raw, identity: Column, partner: Column) -> Iterator[Remark]:
    start = int(checks()["id_changes"].parameters["same_start"])
    rows = raw.ask(f"""
        SELECT plain{partner.place} AS plain, id, LIST(DISTINCT year), MIN(first), FIRST({name(partner)})
        FROM pairs WHERE plain IS NOT NULL GROUP BY 1, 2
        QUALIFY COUNT(*) OVER (PARTITION BY plain, LEFT(id, {start})) = 2 ORDER BY 1, 2""")
    pairs: dict[tuple[str, str], list[tuple[int, int, str, int, str]]] = {}
    for plain, unit, years, row, shown in rows:
        ends = [period_end(period) for each in years if (period := period_of(each or ""))]
        if ends:
            entry = min(ends), max(ends), unit, row, shown
            pairs.setdefault((plain, unit[:start]), []).append(entry)
    changed = []
    for pair in pairs.values():
        if len(pair) == 2:
            earlier, later = sorted(pair)
            if later[0] == earlier[1] + 1:
                changed.append((later[3], later[4], earlier[2], later[2], earlier[1]))
    if changed:
        row, shown, first, second, end = min(changed)
        words: dict[str, Word] = {
            "name": raw.told(shown),
            "first": raw.told(first),
            "second": raw.told(second),
            "year": end,
        }
        yield Remark("id_changes", raw.file, row, identity.name, len(changed), words)

"""Released cells of two reviews: what came, what went, which numbers and states differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import ALL, KEYS, VALUE, Released
from evenground.model.together import is_rest_group, is_rest_place

Key = tuple[str, str, str, str, str]
_SIDE = "side"
_TOLERANCE = 1e-9
_NUMBERS = ("n", "value", "low", "high", "state")
_SCOPES = ("years", "places", "indicators", "groups")


def cell_changes(old: Released, new: Released) -> Iterator[dict[str, Any]]:
    """Years, places, indicators and groups that only one review has; then, cell by cell, what differs."""
    names = _names(old), _names(new)
    scopes = _scopes(old.cells), _scopes(new.cells)
    yield from _scope_changes(scopes, names)
    yield from _renamed(scopes, names)
    before, after = (_by_key(table) for table in apart(old.cells, new.cells, (*KEYS, *_NUMBERS)))
    shared = _shared(scopes)
    for key in sorted(set(before) | set(after)):
        if key in before and key in after:
            yield from _cell(key, before[key], after[key], names)
        elif all(part in both for part, both in zip(_parts(key), shared, strict=True)):
            yield {"kind": "rows", "way": "new" if key in after else "gone", **_place(key, names)}


def apart(old: pa.Table, new: pa.Table, columns: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """The rows of two tables, in `columns`, that only one of them has exactly so. Most rows of two large
    reviews are the same; what follows need not look at them."""
    sides = [
        _columns(table, columns).append_column(_SIDE, _constant(at, table))
        for at, table in ((1, old), (2, new))
    ]
    found = pa.concat_tables(sides).group_by(list(columns)).aggregate([(_SIDE, "sum")])
    one, two = (found.filter(pc.equal(found[f"{_SIDE}_sum"], at)).select(columns) for at in (1, 2))
    return one, two


def shown_by_both(old: Released, new: Released) -> int:
    """How many cells have a number in both reviews."""
    told = [one.cells.filter(pc.equal(one.cells["state"], VALUE)).select(KEYS) for one in (old, new)]
    return int(told[0].join(told[1], keys=list(KEYS), join_type="left semi").num_rows)


def same(first: float | None, second: float | None) -> bool:
    """Whether two numbers are the same but for the last digits of a float; None is no number."""
    if first is None or second is None:
        return first is second
    return math.isclose(first, second, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _cell(
    key: Key, before: Sequence[Any], after: Sequence[Any], names: Sequence[Mapping[tuple[str, str], str]]
) -> Iterator[dict[str, Any]]:
    (n, value, low, high, state), (n_now, value_now, low_now, high_now, state_now) = before, after
    counted = {"n_before": n, "n_after": n_now}
    if state != state_now:
        yield {"kind": "state", "way": "other", **_place(key, names), "before": state, "after": state_now}
    elif state == VALUE:
        if not (same(n, n_now) and same(value, value_now)):
            told = {"before": value, "after": value_now, **counted}
            rest = is_rest_group(key[4]) or is_rest_place(key[2])
            yield {"kind": "together" if rest else "number", "way": "other", **_place(key, names), **told}
    elif not (same(low, low_now) and same(high, high_now)):
        told = {"before": _range(low, high), "after": _range(low_now, high_now)}
        yield {"kind": "range", "way": "other", **_place(key, names), **told}


def _range(low: float | None, high: float | None) -> str:
    return "–".join("" if bound is None else f"{bound:g}" for bound in (low, high))


def _columns(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Some columns of a table; one that an earlier contract did not have is empty."""
    nothing = pa.nulls(table.num_rows, pa.float64())
    return pa.table({name: table[name] if name in table.column_names else nothing for name in columns})


def _constant(value: int, table: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.int8()), table.num_rows)


def _by_key(cells: pa.Table) -> dict[Key, tuple[Any, ...]]:
    keys, there = (
        zip(*(cells[name].to_pylist() for name in names), strict=True) for names in (KEYS, _NUMBERS)
    )
    return dict(zip(keys, there, strict=True))


def _names(released: Released) -> dict[tuple[str, str], str]:
    columns = (released.units[name].to_pylist() for name in ("unit_level", "unit_id", "unit_name"))
    return {(level, identity): name for level, identity, name in zip(*columns, strict=True)}


def _parts(key: Key) -> tuple[str, tuple[str, str], str, str]:
    """The year, place, indicator and group of a cell."""
    indicator, level, identity, period, group = key
    return period, (level, identity), indicator, group


def _scopes(cells: pa.Table) -> list[set[Any]]:
    places = cells.select(["unit_level", "unit_id"]).group_by(["unit_level", "unit_id"]).aggregate([])
    pairs = set(zip(places["unit_level"].to_pylist(), places["unit_id"].to_pylist(), strict=True))
    years, indicators, groups = (
        set(cells[name].unique().to_pylist()) for name in ("period", "indicator", "group")
    )
    return [years, pairs, indicators, groups]


def _shared(scopes: tuple[list[set[Any]], list[set[Any]]]) -> list[set[Any]]:
    return [before & after for before, after in zip(*scopes, strict=True)]


def _scope_changes(
    scopes: tuple[list[set[Any]], list[set[Any]]], names: Sequence[Mapping[tuple[str, str], str]]
) -> Iterator[dict[str, Any]]:
    for kind, before, after in zip(_SCOPES, *scopes, strict=True):
        for part in sorted(before ^ after):
            change = {"kind": kind, "way": "new" if part in after else "gone"}
            if kind == "years":
                yield {**change, "period": part}
            elif kind == "places":
                yield {**change, **_unit(part, names)}
            elif part != ALL:
                yield {**change, kind.removesuffix("s"): part}


def _renamed(
    scopes: tuple[list[set[Any]], list[set[Any]]], names: Sequence[Mapping[tuple[str, str], str]]
) -> Iterator[dict[str, Any]]:
    """Places that stayed and are called otherwise."""
    _, places, _, _ = _shared(scopes)
    for place in sorted(places):
        before, after = (known.get(place, place[1]) for known in names)
        if before != after:
            told = {**_unit(place, names), "unit_name": "", "before": before, "after": after}
            yield {"kind": "renamed", "way": "other", **told}


def _unit(place: tuple[str, str], names: Sequence[Mapping[tuple[str, str], str]]) -> dict[str, str]:
    """A place, by the name that the newer review gives it, or the earlier one where it is only there."""
    name = next((known[place] for known in reversed(names) if place in known), place[1])
    return {"unit_level": place[0], "unit_id": place[1], "unit_name": name}


def _place(key: Key, names: Sequence[Mapping[tuple[str, str], str]]) -> dict[str, Any]:
    indicator, level, identity, period, group = key
    return {"indicator": indicator, **_unit((level, identity), names), "period": period, "group": group}

"""Protection: cells in, cells with `hidden` where a count must not be seen, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.attack import Attack, attack
from evenground.disclosure.earlier import Earlier, Judged, judge, told_again
from evenground.disclosure.hidden import conceal
from evenground.disclosure.hiding import exposure
from evenground.disclosure.hiding.hide import (
    CHANGED,
    PROTECTS,
    SOURCE,
    TABLE,
    Hiding,
    Tables,
    as_released,
    hide,
)
from evenground.disclosure.hiding.linked import Ints, Objects
from evenground.disclosure.hiding.pattern import FEW_NOT_REACHED, FEW_REACHED, FEW_STUDENTS
from evenground.disclosure.hiding.years import latest_years, over_years
from evenground.model import CELLS, HIDDEN, VALUE, group_dimensions, is_several, years_of

_THREADS = 2
_FEWER_YEARS = 5
"""How often less is told of years together because the attack could use it, before nothing is."""
_MOST_CELLS = 60_000
"""Cells of the years that may be told together; more are not attacked as one, and so not told."""


@dataclass(frozen=True)
class Protection:
    """Protected cells (model.CELLS, in the order they came in) and what was done, in numbers of cells only.

    `report`: cells, published, hidden_by_source, hidden_first, hidden_to_protect, withheld,
    students_to_protect (sum of the n of the cells hidden to protect others). `tried`: the attacks on these
    cells, one a period; none where the policy only follows. `why`, a row each and private: empty for a cell
    that is shown, SOURCE, FEW_STUDENTS, FEW_REACHED, FEW_NOT_REACHED, CHANGED, PROTECTS or TABLE.
    `over_years`: rows (model.CELLS) that tell several school years together where each is hidden.
    """

    cells: pa.Table
    report: Mapping[str, Any]
    tried: tuple[Attack, ...] = ()
    why: tuple[str, ...] = ()
    over_years: pa.Table = field(default_factory=CELLS.empty_table)


def protect(
    cells: pa.Table,
    units: pa.Table,
    policy: Policy,
    definitions: Definitions,
    earlier: Earlier | None = None,
) -> Protection:
    """Hides what the policy hides, and what must go with it so that no hidden count can be worked out from
    the rest, nor from what `earlier` releases told.

    `follow` policies keep the states as their publisher set them. `suppress` policies see each period as one
    linked problem (see linked.py), hide first what the thresholds name, then complements, then prove every
    hidden count safe; then the outsider attacks (see attack.py), and what it finds is hidden further. Years
    that are hidden one by one are then told together where the policy allows it, and where the attack on all
    years at once finds nothing by it.
    """
    if policy.kind == "follow":
        theirs = tuple(SOURCE if state == HIDDEN else "" for state in cells["state"].to_pylist())
        return Protection(cells, _report(cells, cells), why=theirs)
    if policy.kind == "noise":
        raise ValueError("a policy that adds chance hides nothing: histogram.noised takes the place of this")
    judged = judge(cells, earlier, policy, definitions)
    tables = _tables(cells, judged)
    units = units if earlier is None else _both(units, earlier.units)
    parts = _linked_years(tables.cells)
    with ThreadPoolExecutor(_THREADS) as threads:
        done = list(threads.map(lambda rows: hide(tables.take(rows), units, policy, definitions), parts))
    why, shown = _merged(len(tables.cells), parts, done)
    tried, told = [one.tried for one in done], CELLS.empty_table()
    if "years" in policy.roll_up:
        told, tried = _over_years(tables, why, shown, tried, units, policy, definitions)
        changed = judge(told, earlier, policy, definitions).changed
        told = pa.concat_tables([told.filter(pa.array(~changed)), told_again(cells, judged)])
    why, shown = why[: len(cells)], shown[: len(cells)]
    protected = conceal(exposure.rounded(cells, shown), why != "")
    return Protection(protected, _report(cells, protected, why), tuple(tried), tuple(why.tolist()), told)


def _tables(cells: pa.Table, judged: Judged) -> Tables:
    """The cells, and below them those that only earlier releases hold."""
    beside = len(judged.beside)
    first = np.full(len(cells) + beside, "", dtype=object)
    first[: len(cells)][judged.changed | judged.kept] = CHANGED
    first[len(cells) :][~judged.told] = PROTECTS
    return Tables(
        pa.concat_tables([cells.select(CELLS.names).cast(CELLS), judged.beside]),
        np.concatenate([judged.public, judged.told]),
        np.concatenate([judged.value, np.full(beside, np.nan)]),
        first,
    )


def _both(units: pa.Table, more: pa.Table) -> pa.Table:
    """The units, and those of the others that are not among them."""
    known = set(zip(units["unit_level"].to_pylist(), units["unit_id"].to_pylist(), strict=True))
    rows = zip(more["unit_level"].to_pylist(), more["unit_id"].to_pylist(), strict=True)
    new = more.filter(pa.array([row not in known for row in rows], type=pa.bool_()))
    return pa.concat_tables([units, new.select(units.column_names)])


def _linked_years(cells: pa.Table) -> list[Ints]:
    """The rows of each school year; of several where a period tells them together."""
    period = np.asarray(cells["period"].to_pylist(), dtype=object)
    groups: list[set[str]] = [{one, *years_of(one)} for one in sorted(set(period.tolist()))]
    for one in [group for group in groups if len(group) > 1]:
        touching = [group for group in groups if group & one]
        groups = [group for group in groups if not group & one] + [set().union(*touching)]
    rows = [np.flatnonzero(np.isin(period, sorted(group))) for group in groups]
    return sorted((one for one in rows if len(one)), key=lambda one: str(min(period[one])))


def _merged(size: int, parts: Sequence[Ints], done: Sequence[Hiding]) -> tuple[Objects, Ints]:
    why, shown = np.full(size, "", dtype=object), np.full(size, -1)
    for rows, one in zip(parts, done, strict=True):
        why[rows], shown[rows] = one.why, one.shown
    return why, shown


def _over_years(
    tables: Tables,
    why: Objects,
    shown: Ints,
    tried: list[Attack],
    units: pa.Table,
    policy: Policy,
    definitions: Definitions,
) -> tuple[pa.Table, list[Attack]]:
    """Years told together, without those that the attack on all years at once could use; the attacks then."""
    years = latest_years(tables.cells, policy)
    period = np.asarray(tables.cells["period"].to_pylist(), dtype=object)
    if not years or any(is_several(one) for one in period):
        return CELLS.empty_table(), tried
    told = over_years(tables.cells, (why != "") & ~tables.known, years, policy, definitions)
    rows = np.flatnonzero(np.isin(period, years))
    if len(rows) > _MOST_CELLS:
        return CELLS.empty_table(), tried
    released = as_released(tables.take(rows), (why[rows] != "") & ~tables.known[rows], shown[rows])
    true = tables.take(rows).cells
    for _ in range(_FEWER_YEARS if len(told) else 0):
        inside = pa.concat_tables([true, told]) if policy.attacker == "own_school" else None
        found = attack(pa.concat_tables([released, told]), units, policy, definitions, inside=inside)
        if not found.derivable:
            apart = len(set(period.tolist()) - set(years))
            return told, [*tried[:apart], found]
        told = _without(told, found)
    return CELLS.empty_table(), tried


def _without(told: pa.Table, found: Attack) -> pa.Table:
    """Less told together: nothing of the tables (an indicator at a place) in which the attack found a count;
    where that leaves all, nothing of these places by these dimensions, then of these places, then by these
    dimensions anywhere.
    """
    keys = [
        (indicator, (level, place), group_dimensions(group))
        for indicator, level, place, group in zip(
            *(told[name].to_pylist() for name in ("indicator", "unit_level", "unit_id", "group")), strict=True
        )
    ]
    leaks = [(one[1], one[2:4], group_dimensions(one[5])) for one in found.derivable]
    for parts in ((0, 1), (1, 2), (1,), (2,)):
        told_of = [tuple(key[part] for part in parts) for key in keys]
        endangered = {tuple(leak[part] for part in parts) for leak in leaks}
        if not endangered.isdisjoint(told_of):
            return told.filter(pa.array([key not in endangered for key in told_of]))
    return told.slice(0, 0)


def _report(before: pa.Table, after: pa.Table, why: Objects | None = None) -> dict[str, Any]:
    def count(table: pa.Table, state: str) -> int:
        return int(pc.sum(pc.equal(table["state"], state)).as_py() or 0)

    report = {
        "cells": len(after),
        "published": count(after, VALUE),
        "hidden_by_source": count(before, HIDDEN),
    }
    if why is None:
        return report
    protects, tables = why == PROTECTS, why == TABLE
    n = before["n"].to_numpy(zero_copy_only=False).astype(float)
    return report | {
        "hidden_first": int(np.isin(why, (FEW_STUDENTS, FEW_REACHED, FEW_NOT_REACHED, CHANGED)).sum()),
        "hidden_to_protect": int(protects.sum()),
        "withheld": int(tables.sum()),
        "students_to_protect": int(np.nansum(n[protects | tables])),
    }

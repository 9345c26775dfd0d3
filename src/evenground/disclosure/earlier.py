"""Earlier releases of the same system: what an outsider still has in hand when the next one appears.

Whoever keeps an old release can subtract it from a new one. Three things follow for the cells that are about
to be released, and `judge` tells all three:

* a cell that was published before with the same counts is *public*: to hide it now protects nothing;
* a cell whose counts have *changed* by few students since it was published would give those few away;
* cells that only an earlier release holds stand *beside* the present ones, published or hidden, as long as
  they are of the same data: with other groups or indicators they are one problem with the present cells.

How the hider uses it: `judged = judge(cells, earlier, policy, definitions)`. The linked problem is that of
`pa.concat_tables([cells, judged.beside])`, with the units of `earlier.units` added. Rows of `judged.public`,
and rows beside that are `judged.told`, are known to the outsider whatever we do, so they never serve to
protect others. `judged.changed` (private reason "changed") and `judged.kept` are hidden first. Rows beside
that are not told are hidden and have to stay safe. The attack is made on what is released now with all
that was told before. Without earlier releases of these school years all of it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.vintage import MEAN, RATE, Vintage, vintages
from evenground.model import CELLS, HIDDEN, KEYS, VALUE, is_several, years_of

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PAST = pa.schema([CELLS.field(name) for name in (*KEYS, "n", "total", "value", "state")])
"""Cells of an earlier release, published or not: true `n` and `total`; `value` and `state` as released."""
_NONE = 1e-6


@dataclass(frozen=True)
class Past:
    """One earlier release: its `cells` (PAST) and the `rules` of its policy, as disclosure.json has them."""

    id: str
    rules: Mapping[str, Any]
    cells: pa.Table


@dataclass(frozen=True)
class Earlier:
    """The releases of a workspace, oldest first, and the `units` (model.UNITS) that appear in them."""

    releases: tuple[Past, ...]
    units: pa.Table


@dataclass(frozen=True)
class Judged:
    """What earlier releases mean for the present cells.

    A flag a row of these: `public`, published before with the same counts (then `value` is the value as it
    was published, else NaN); `changed`, published before with counts that differ by fewer than the policy's
    minimums; `kept`, hidden before with the same counts, and to be hidden again: to publish it would tell of
    the numbers of that time, since others of its year have changed; or nothing has changed, rules and cells
    included, so that the same release has to look the same. `beside`: rows (model.CELLS) that only earlier
    releases hold; `told`: which of them were published.
    """

    public: Bools
    value: Floats
    changed: Bools
    kept: Bools
    beside: pa.Table
    told: Bools


def judge(cells: pa.Table, earlier: Earlier | None, policy: Policy, definitions: Definitions) -> Judged:
    """What `earlier` means for `cells` (model.CELLS with true counts, of one or more school years)."""
    public, changed, hidden = (np.zeros(len(cells), dtype=bool) for _ in range(3))
    value = np.full(len(cells), np.nan)
    pasts = _of_years(earlier, sorted(set(cells["period"].to_pylist())))
    if not pasts:
        return Judged(public, value, changed, hidden, CELLS.empty_table(), np.zeros(0, dtype=bool))
    now, *then = vintages([cells, *(past.cells for past in pasts)], definitions)
    for past, old in zip(pasts, then, strict=True):
        at, published = old.find(now.cell), _published(past.cells)
        same = now.same_in(old) & (at >= 0)
        was = same & published[at]
        public |= was
        value[was] = _as_published(past.cells, old)[at[was]]
        changed |= _changed_by_few(now, old, published, policy)
        hidden |= same & ~published[at] & _stays(now, old, _same_rules(policy, past.rules))
    public &= ~changed
    beside, told = _beside(pasts, then, now)
    return Judged(public, value, changed, hidden & ~public, beside, told)


def told_again(cells: pa.Table, judged: Judged) -> pa.Table:
    """Of the groups of `cells`, the years that an earlier release told together: they are public already."""
    names = [name for name in KEYS if name != "period"]
    present = set(zip(*(cells[name].to_pylist() for name in names), strict=True))
    beside = zip(*(judged.beside[name].to_pylist() for name in (*names, "period")), strict=True)
    again = [is_several(period) and tuple(place) in present for *place, period in beside]
    return judged.beside.filter(pa.array(np.array(again, dtype=bool) & judged.told))


def _published(cells: pa.Table) -> Bools:
    return np.asarray(pc.equal(cells["state"], VALUE).to_numpy(zero_copy_only=False), dtype=bool)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False).astype(float))


# --- school years ---


def _of_years(earlier: Earlier | None, present: list[str]) -> list[Past]:
    """The releases with what they hold of the present school years and of all that was told together with
    them; those that hold none are left out.
    """
    if earlier is None:
        return []
    told = {period for past in earlier.releases for period in past.cells["period"].unique().to_pylist()}
    years = {year for period in present for year in years_of(period)}
    while (
        together := {year for period in told if set(years_of(period)) & years for year in years_of(period)}
        - years
    ):
        years |= together
    wanted = pa.array(sorted({period for period in told if set(years_of(period)) & years}), pa.string())
    pasts = [
        Past(past.id, past.rules, past.cells.filter(pc.is_in(past.cells["period"], wanted)))
        for past in earlier.releases
    ]
    return [past for past in pasts if len(past.cells)]


# --- what has changed ---


def _same_rules(policy: Policy, rules: Mapping[str, Any]) -> bool:
    """Whether two policies do the same, whatever is said about them."""
    told = policy.model_dump(mode="json", exclude={"name", "note", "source", "date", "confidence"})
    return all(rules.get(key) == value for key, value in told.items())


def _changed_by_few(now: Vintage, old: Vintage, published: Bools, policy: Policy) -> Bools:
    """Present cells whose public counts differ by fewer students than the policy lets stand alone: students,
    those who reached, those who did not.

    n counts as known where any indicator over the same students published it.
    """
    at = old.find(now.cell)
    was = (at >= 0) & published[at]
    n_before = np.where(was, old.n[at], np.nan)
    students = now.n - np.where(np.isnan(n_before), _public_n(now, old, published), n_before)
    reached = np.where(was, now.total - old.total[at], np.nan)
    others = np.where(was & (now.kind == RATE), students - reached, np.nan)
    moved = np.abs(students) > _NONE
    few = _few(students, policy.minimum_n)
    few |= (now.kind == MEAN) & ~moved & (np.abs(reached) > _NONE) & was
    rate = now.kind == RATE
    few |= rate & _few(reached, policy.minimum_numerator)
    few |= rate & _few(others, policy.minimum_complement)
    if policy.zero_numerator == "hidden":
        few |= rate & was & moved & (np.abs(reached) <= _NONE)
    if policy.zero_complement == "hidden":
        few |= rate & was & moved & (np.abs(others) <= _NONE)
    return np.asarray(few)


def _few(change: Floats, minimum: int) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(change) > _NONE) & (np.abs(change) < minimum - _NONE))


def _public_n(now: Vintage, old: Vintage, published: Bools) -> Floats:
    """For each present cell the n that an earlier release published of the same population, where it is one
    number in both releases; else NaN.
    """
    counts, n, told = _population_n(old, published)
    mine, mine_n, _ = _population_n(now, np.ones(len(now.n), dtype=bool))
    if not len(counts):
        return np.full(len(now.n), np.nan)
    at = np.minimum(np.searchsorted(counts, now.count), len(counts) - 1)
    own = np.searchsorted(mine, now.count)
    found = (counts[at] == now.count) & told[at] & ~np.isnan(mine_n[own])
    return np.where(found, n[at], np.nan)


def _population_n(vintage: Vintage, published: Bools) -> tuple[Ints, Floats, Bools]:
    """The counts of populations, their n (NaN where indicators disagree), whether any was published."""
    counts, row = np.unique(vintage.count, return_inverse=True)
    least, most, told = np.full(len(counts), np.inf), np.full(len(counts), -np.inf), np.zeros(len(counts))
    np.fmin.at(least, row, vintage.n)
    np.fmax.at(most, row, vintage.n)
    np.maximum.at(told, row, published.astype(float))
    with np.errstate(invalid="ignore"):
        return counts, np.where(most - least <= _NONE, least, np.nan), told > 0


@dataclass(frozen=True)
class _Differences:
    """Tables, places and periods of which two releases tell different counts."""

    tables: Ints
    places: Ints
    periods: Ints


def _differences(one: Vintage, other: Vintage) -> _Differences:
    mine, theirs = one.differs_in(other), other.differs_in(one)
    every = np.ones(len(one.n), dtype=bool)
    shared = _public_n(one, other, np.ones(len(other.n), dtype=bool))
    mine |= every & ~np.isnan(shared) & (np.abs(one.n - np.nan_to_num(shared)) > _NONE)
    parts = [(one, mine), (other, theirs)]
    tables, places, periods = (
        np.unique(np.concatenate([getattr(side, name)[rows] for side, rows in parts]))
        for name in ("table", "place", "period")
    )
    return _Differences(tables, places, periods)


def _stays(now: Vintage, old: Vintage, same_rules: bool) -> Bools:
    """Present cells of school years in which something has changed since, or nothing at all."""
    moved = np.isin(now.period, _differences(now, old).periods)
    if not same_rules:
        return np.asarray(moved)
    other = np.concatenate([now.period[old.find(now.cell) < 0], old.period[now.find(old.cell) < 0]])
    return np.asarray(moved | ~np.isin(now.period, other))


# --- what stands beside the present cells ---


def _beside(pasts: list[Past], then: list[Vintage], now: Vintage) -> tuple[pa.Table, Bools]:
    """The rows of earlier releases that the present one does not hold and that are of the same data, the
    newest release first; and which of them were published.
    """
    held, tables, told = now, [CELLS.empty_table()], np.zeros(0, dtype=bool)
    for past, old in zip(reversed(pasts), reversed(then), strict=True):
        published, new = _published(past.cells), held.find(old.cell) < 0
        added = held.rows(np.arange(len(held.n)) >= len(now.n))
        at = old.find(added.cell)
        told |= (at >= 0) & added.same_in(old) & published[at]
        new &= _fits(past, old, held)
        tables.append(_as_cells(past.cells, old).filter(pa.array(new)))
        told = np.concatenate([told, published[new]])
        held = held.with_rows(old.rows(new))
    return pa.concat_tables(tables), told


def _fits(past: Past, old: Vintage, held: Vintage) -> Bools:
    """Rows of an earlier release whose table tells the same as the present cells, as far as both tell it; a
    table that only one of them has goes by its place, a place by its school year.
    """
    differ = _differences(held, old)
    moved_place, moved_period = np.isin(old.place, differ.places), np.isin(old.period, differ.periods)
    for period in past.cells["period"].unique().to_pylist():
        if len(years_of(period)) > 1:
            _by_its_years(period, past.cells, moved_place, moved_period)
    here, known = np.isin(old.place, held.place), np.isin(old.table, held.table)
    by_place = ~moved_place & (here | ~moved_period)
    return np.asarray(~np.isin(old.table, differ.tables) & (known | by_place))


def _by_its_years(period: str, cells: pa.Table, moved_place: Bools, moved_period: Bools) -> None:
    """Years told together have changed where one of them has."""
    rows = np.asarray(pc.equal(cells["period"], period).to_numpy(zero_copy_only=False), dtype=bool)
    single = np.isin(np.asarray(cells["period"].to_pylist(), dtype=object), years_of(period))
    places = np.asarray(
        pc.binary_join_element_wise(cells["unit_level"], cells["unit_id"], ":").to_pylist(), dtype=object
    )
    moved = set(places[single & moved_place])
    moved_place[rows] |= np.array([place in moved for place in places[rows]], dtype=bool)
    moved_period[rows] |= bool(moved_period[single].any())


def _as_cells(past: pa.Table, old: Vintage) -> pa.Table:
    """Rows of PAST as model.CELLS: true counts, and the value as it was published, else the true one."""
    value = _as_published(past, old)
    columns = {name: past[name] for name in KEYS}
    columns |= {name: pa.nulls(len(past), pa.float64()) for name in ("total_sq", "weight_sq")}
    columns |= {"n": past["n"], "total": past["total"], "value": pa.array(value, mask=np.isnan(value))}
    columns["state"] = pc.if_else(pc.is_valid(past["n"]), VALUE, HIDDEN)
    return pa.table([columns[name] for name in CELLS.names], schema=CELLS)


def _as_published(past: pa.Table, old: Vintage) -> Floats:
    """The value of each row: of means as published, since their digits matter; of rates the true one, which
    is at most what a coarser number told; and the true one where none was published.
    """
    told = _floats(past["value"])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((old.kind == RATE) | np.isnan(told), old.total / old.n, told)

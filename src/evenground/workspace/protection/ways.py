"""Other ways to ask for the same review: less, wider, a little more, by another rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from evenground.disclosure.account import FIRST
from evenground.model import CELLS, HIDDEN, LEVELS, VALUE, group_dimensions, group_key, parse_group
from evenground.workspace.counted import Counted
from evenground.workspace.made import Made

_SUMS = ("n", "total", "total_sq", "weight_sq")


class Way(NamedTuple):
    """One way to ask: its words (`key`, about `what`), its true cells of one year, another policy where it
    has one, and `fresh` group keys, which do not hold the students that they hold now.
    """

    key: str
    what: tuple[str, ...]
    cells: pa.Table
    policy: str | None = None
    fresh: frozenset[str] = frozenset()


class NotTried(NamedTuple):
    key: str
    what: tuple[str, ...]
    why: str


def ways(counts: Counted, made: Made, period: str) -> Iterator[Way | NotTried]:
    """Every way, or why there is none of its kind."""
    cells = counts.cells.filter(pc.equal(counts.cells["period"], period))
    yield _without_crossings(cells)
    yield _without_schools(cells)
    yield _without_dimension(cells, made, period)
    yield from _fewer_groups(counts, cells)
    yield _years_together(counts.cells, period)
    yield _more(counts, cells, period, _other_dimensions(counts), "more_dimension", "no_more")
    yield _more(counts, cells, period, _other_crossings(counts), "more_crossing", "no_crossing")
    yield from _other_policies(counts, cells)


def _without_crossings(cells: pa.Table) -> Way | NotTried:
    key = "without_crossings"
    kept = [len(group_dimensions(group)) < 2 for group in cells["group"].to_pylist()]
    return NotTried(key, (), "no_crossings") if all(kept) else Way(key, (), cells.filter(pa.array(kept)))


def _without_schools(cells: pa.Table) -> Way | NotTried:
    kept = cells.filter(pc.not_equal(cells["unit_level"], LEVELS[-1]))
    key = "without_schools"
    return Way(key, (), kept) if 0 < len(kept) < len(cells) else NotTried(key, (), "no_schools")


def _without_dimension(cells: pa.Table, made: Made, period: str) -> Way | NotTried:
    """Without the dimension that has the most cells hidden for themselves."""
    key = "without_dimension"
    groups, when = (made.protection.cells[name].to_pylist() for name in ("group", "period"))
    small = Counter(
        name
        for group, year, why in zip(groups, when, made.protection.why, strict=True)
        if year == period and why in FIRST
        for name in group_dimensions(group)
    )
    held = {name for group in set(cells["group"].to_pylist()) for name in group_dimensions(group)}
    if len(held) < 2 or not small:
        return NotTried(key, (), "no_dimension")
    name = min(small, key=lambda one: (-small[one], one))
    kept = [name not in group_dimensions(group) for group in cells["group"].to_pylist()]
    return Way(key, (name,), cells.filter(pa.array(kept)))


def _fewer_groups(counts: Counted, cells: pa.Table) -> Iterator[Way | NotTried]:
    """By each wider list of groups that the definitions know, where it makes one group of two."""
    groups = cells["group"].to_pylist()
    held = {pair for group in set(groups) for pair in parse_group(group)}
    found = False
    for name, dimension in counts.definitions.dimensions.items():
        for rollup in dimension.rollups.values():
            into = {value: wide for wide, values in rollup.values.items() for value in values}
            parts = Counter(into.get(value, value) for one, value in held if one == name)
            merged = {wide for wide, number in parts.items() if number > 1}
            if not merged:
                continue
            wider = [
                group_key((one, into.get(value, value) if one == name else value) for one, value in pairs)
                for pairs in map(parse_group, groups)
            ]
            fresh = frozenset(
                key for key in set(wider) if any(one == name and v in merged for one, v in parse_group(key))
            )
            column = cells.schema.get_field_index("group")
            found = True
            summed = _summed(cells.set_column(column, "group", pa.array(wider, pa.string())))
            yield Way("fewer_groups", (name,), summed, None, fresh)
    if not found:
        yield NotTried("fewer_groups", (), "no_fewer_groups")


def _years_together(cells: pa.Table, period: str) -> Way | NotTried:
    """All years as if they were one."""
    key, years = "years_together", cells["period"].unique().to_pylist()
    if len(years) < 2:
        return NotTried(key, (), "no_years")
    column = cells.schema.get_field_index("period")
    return Way(key, (), _summed(cells.set_column(column, "period", pa.array([period] * len(cells)))))


def _summed(cells: pa.Table) -> pa.Table:
    """Cells with the same key made one. A sum with a part that has no number has none."""
    keys = [name for name in CELLS.names if name not in (*_SUMS, "value", "state")]
    known = pc.equal(cells["state"], VALUE)
    marked = cells.append_column("known", pc.cast(known, pa.int8()))
    wanted = [*((name, "sum") for name in _SUMS), ("known", "min"), ("state", "max")]
    sums = marked.group_by(keys).aggregate(wanted)
    whole = pc.equal(sums["known_min"], 1)
    columns = {name: sums[name] for name in keys}
    for name in _SUMS:
        columns[name] = pc.if_else(whole, sums[f"{name}_sum"], pa.scalar(None, pa.float64()))
    students = pc.if_else(pc.equal(columns["n"], 0.0), pa.scalar(None, pa.float64()), columns["n"])
    columns["value"] = pc.divide(columns["total"], students)
    state = sums["state_max"]  # `value` where one part has a number: then what is missing hides the sum
    columns["state"] = pc.if_else(whole, VALUE, pc.if_else(pc.equal(state, VALUE), HIDDEN, state))
    return pa.table({name: columns[name] for name in CELLS.names}, schema=CELLS)


def _other_dimensions(counts: Counted) -> list[tuple[str, ...]]:
    held = {name for cut in counts.cuts for name in cut}
    return [(name,) for name in _plain(counts) if name not in held]


def _other_crossings(counts: Counted) -> list[tuple[str, ...]]:
    held = {name for cut in counts.cuts for name in cut}
    plain = sorted(name for name in _plain(counts) if name in held)
    return [cut for cut in combinations(plain, 2) if cut not in counts.cuts]


def _plain(counts: Counted) -> list[str]:
    known = counts.definitions.dimensions
    return [name for name in counts.dataset.dimensions if not known[name].overlapping]


def _more(
    counts: Counted, cells: pa.Table, period: str, cuts: Sequence[tuple[str, ...]], key: str, none: str
) -> Way | NotTried:
    """With the first of some cuts more, at the place in focus alone."""
    if not cuts or counts.focus.level == LEVELS[-1]:
        return NotTried(key, (), none)
    more = counts.more((cuts[0],), (period,))
    focus = pc.and_(
        pc.equal(more["unit_level"], counts.focus.level), pc.equal(more["unit_id"], counts.focus.id)
    )
    return Way(key, cuts[0], pa.concat_tables([cells, more.filter(focus).select(cells.column_names)]))


def _other_policies(counts: Counted, cells: pa.Table) -> Iterator[Way | NotTried]:
    """The next looser and the next stricter rule of the same kind."""
    policies = {key: one for key, one in counts.definitions.policies.items() if one.kind == "suppress"}
    order = sorted(policies, key=lambda key: (policies[key].minimum_n, policies[key].minimum_numerator))
    if counts.policy not in order or len(order) < 2:
        yield NotTried("other_policy", (), "no_policy")
        return
    place = order.index(counts.policy)
    for near in (place - 1, place + 1):
        if 0 <= near < len(order):
            yield Way("other_policy", (order[near],), cells, order[near])

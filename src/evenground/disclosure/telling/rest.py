"""Told together: what is hidden one by one but may be told as one number.

Everybody less the groups that are shown is a number that every reader can work out. It is said, where the
policy allows it: as a group with the value `not_shown`, and for the schools of a district (the districts of a
state) as a unit of its own. Nothing here reads a number of a hidden row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.telling.coarse import extreme
from evenground.model import (
    CELLS,
    HIDDEN,
    LEVELS,
    NOT_SHOWN,
    UNITS,
    VALUE,
    group_dimensions,
    group_key,
    parse_group,
)

Place = tuple[str, str, str, str]  # indicator, period, unit level, unit id

_FEWEST = 2
"""One hidden part alone would be told, not told together with others."""
_NEAR = 1e-6
_DIGITS = 4
"""A mean of at most so many digits may have been rounded (see exposure.py): a remainder of it says nothing.
"""


class Cell(NamedTuple):
    """The released statistics of one cell; nothing of a hidden one."""

    n: float | None
    total: float | None
    total_sq: float | None
    state: str

    @property
    def shown(self) -> bool:
        return self.state == VALUE and self.n is not None and self.total is not None


def with_rest(
    cells: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions
) -> tuple[pa.Table, pa.Table]:
    """The protected cells (model.CELLS) with rows for what is told together, and the units with theirs.

    * `groups`: where the values of a complete dimension without overlaps are partly hidden, and the wider
      group is shown, the hidden ones together (`race_ethnicity:not_shown`, `race_ethnicity:not_shown+sex:x`).
    * `schools`: the schools of a district that hide a group, and the districts of a state: a unit of that
      level with the id `PARENT/not_shown`, which no unit of a file has. Which schools it holds differs from
      group to group.

    A row is there only where at least two parts are hidden, at least one is shown, none is unknown for
    another reason, and what is left passes the policy's minimums. The rows are for tables: nothing may be
    ranked, compared or followed over the years by them.
    """
    if policy.kind != "suppress" or not policy.roll_up:
        return cells, units
    tables = _tables(cells)
    found: list[dict[str, object]] = []
    if "groups" in policy.roll_up:
        found.extend(_groups_together(tables, policy, definitions))
    if "schools" in policy.roll_up:
        found.extend(_units_together(tables, units, policy, definitions))
    if not found:
        return cells, units
    rows = pa.Table.from_pylist(found, schema=CELLS)
    return pa.concat_tables([cells.select(CELLS.names), rows]), _with_units(units, found)


def _tables(cells: pa.Table) -> dict[Place, dict[str, Cell]]:
    """Place -> group -> cell."""
    tables: defaultdict[Place, dict[str, Cell]] = defaultdict(dict)
    names = ("indicator", "period", "unit_level", "unit_id", "group", "n", "total", "total_sq", "state")
    for *place, group, n, total, total_sq, state in zip(
        *(cells[name].to_pylist() for name in names), strict=True
    ):
        tables[tuple(place)][group] = (
            Cell(n, total, total_sq, state) if state == VALUE else Cell(None, None, None, state)
        )
    return dict(tables)


def _groups_together(
    tables: Mapping[Place, Mapping[str, Cell]], policy: Policy, definitions: Definitions
) -> Iterator[dict[str, object]]:
    margins: dict[str, list[tuple[str, str]]] = {}
    for place, groups in sorted(tables.items()):
        if sum(cell.state == HIDDEN for cell in groups.values()) < _FEWEST:
            continue
        families: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
        for group, cell in groups.items():
            if group not in margins:
                margins[group] = list(_margins(group, definitions))
            for margin in margins[group]:
                families[margin].append(cell)
        for (whole, together), parts in sorted(families.items()):
            if whole in groups:
                yield from _remainder(groups[whole], parts, place, together, policy, definitions)


def _margins(group: str, definitions: Definitions) -> Iterator[tuple[str, str]]:
    """(wider group, key of the rest) for each dimension whose values add up."""
    pairs = parse_group(group)
    for dimension, _ in pairs:
        entry = definitions.dimensions.get(dimension)
        if entry is not None and entry.complete and not entry.overlapping:
            others = [pair for pair in pairs if pair[0] != dimension]
            yield group_key(others), group_key([*others, (dimension, NOT_SHOWN)])


def _units_together(
    tables: Mapping[Place, Mapping[str, Cell]], units: pa.Table, policy: Policy, definitions: Definitions
) -> Iterator[dict[str, object]]:
    children = _children(units)
    cuts = {place: {group_dimensions(group) for group in groups} for place, groups in tables.items()}
    for (indicator, period, *above), groups in sorted(tables.items()):
        below = [
            place
            for child in children.get((above[0], above[1]), [])
            if (place := (indicator, period, *child)) in tables
        ]
        if not below:
            continue
        together = (indicator, period, below[0][2], f"{above[1]}/{NOT_SHOWN}")
        for group, whole in groups.items():
            parts = [tables[place][group] for place in below if group in tables[place]]
            if all(group_dimensions(group) in cuts[place] for place in below):
                yield from _remainder(whole, parts, together, group, policy, definitions)


def _children(units: pa.Table) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(level, id) -> the units right below it."""
    found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for level, identity, parent in sorted(
        zip(*(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True),
        key=str,
    ):
        if parent is not None and level != LEVELS[0]:
            found[LEVELS[LEVELS.index(level) - 1], parent].append((level, identity))
    return dict(found)


def _remainder(
    whole: Cell, parts: list[Cell], place: Place, group: str, policy: Policy, definitions: Definitions
) -> Iterator[dict[str, object]]:
    """The row of what a shown whole leaves beside its shown parts, where it may and can be told."""
    shown = [part for part in parts if part.shown]
    hidden = sum(part.state == HIDDEN for part in parts)
    if not whole.shown or not shown or hidden < _FEWEST or len(shown) + hidden < len(parts):
        return
    indicator, period, level, unit = place
    kind = definitions.indicators[indicator].kind
    if kind == "exposure" and any(_rounded(cell) for cell in (whole, *shown)):
        return
    n, total = _less(whole.n, [part.n for part in shown]), _less(whole.total, [part.total for part in shown])
    assert n is not None, "the whole is shown"
    assert total is not None, "the whole is shown"
    if n < hidden or not _allowed(n, total, kind, policy):
        return
    yield {
        "indicator": indicator,
        "unit_level": level,
        "unit_id": unit,
        "period": period,
        "group": group,
        "n": n,
        "total": total,
        "total_sq": total if kind == "rate" else _squares(whole, shown, n, total, kind),
        "weight_sq": None,
        "value": total / n,
        "state": VALUE,
    }


def _less(whole: float | None, parts: list[float | None]) -> float | None:
    """The whole less its parts; whole numbers stay whole."""
    if whole is None or any(part is None for part in parts):
        return None
    left = whole - sum(part for part in parts if part is not None)
    return float(round(left)) if abs(left - round(left)) < _NEAR else left


def _squares(whole: Cell, shown: list[Cell], n: float, total: float, kind: str) -> float | None:
    """The sum of squares of a mean's remainder; none for what schools have, whose students are not
    independent of each other, so that no interval is told.
    """
    left = _less(whole.total_sq, [part.total_sq for part in shown]) if kind == "mean" else None
    return left if left is not None and left >= total**2 / n else None


def _rounded(cell: Cell) -> bool:
    value = (cell.total or 0.0) / (cell.n or 1.0)
    return abs(float(f"{value:.{_DIGITS - 1}e}") - value) <= 1e-12 * abs(value)


def _allowed(n: float, total: float, kind: str, policy: Policy) -> bool:
    """Whether the policy shows a group of these numbers."""
    if n < max(policy.minimum_n, 1):
        return False
    if kind != "rate":
        return True
    return (
        0 <= total <= n
        and not _few(total, policy.minimum_numerator, policy.zero_numerator)
        and not _few(n - total, policy.minimum_complement, policy.zero_complement)
        and not extreme(n, total, policy).item()
    )


def _few(count: float, minimum: int, zero: str) -> bool:
    return count < minimum if count > 0 else zero == "hidden"


def _with_units(units: pa.Table, found: list[dict[str, object]]) -> pa.Table:
    """The units with those that are told together, each below the unit whose rest it is."""
    held = {
        (row["unit_level"], row["unit_id"]) for row in found if str(row["unit_id"]).endswith(f"/{NOT_SHOWN}")
    }
    rows = [
        {
            "unit_level": level,
            "unit_id": identity,
            "unit_name": NOT_SHOWN,
            "parent_id": str(identity).removesuffix(f"/{NOT_SHOWN}"),
        }
        for level, identity in sorted(held, key=str)
    ]
    return pa.concat_tables([units.select(UNITS.names), pa.Table.from_pylist(rows, schema=UNITS)])

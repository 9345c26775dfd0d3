"""Whole tables: what to hide where single cells do not help."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenground.disclosure.hiding.linked import Ints, Linked
from evenground.disclosure.hiding.margin import Place
from evenground.model import ALL, LEVELS, group_dimensions, group_key, parse_group


def whole_tables(problem: Linked, cells: Ints, units: pa.Table) -> list[int]:
    """The cells of the tables to hide with means that cannot be shown, so that none follows from the others:
    their cut and every finer one, at their unit, those beside it (above, where there is none) and all below.
    """
    counts = problem.counts
    indicator, unit, group = np.unravel_index(counts.place[counts.rows], counts.n.shape)
    cut = [set(group_dimensions(key)) if key != ALL else set() for key in counts.groups]
    above = _above(counts.places, units)
    chosen: set[int] = set()
    for cell in cells.tolist():
        mine = int(unit[cell])
        family = {
            one for one in range(len(counts.places)) if above[one] == above[mine] and above[mine] is not None
        } | {mine}
        if len(family) == 1 and above[mine] is not None:
            family |= {one for one in (above[mine],) if one is not None}
        for _ in LEVELS:
            family |= {one for one in range(len(counts.places)) if above[one] in family}
        finer = [number for number, names in enumerate(cut) if cut[group[cell]] <= names]
        rows = (indicator == indicator[cell]) & np.isin(unit, list(family)) & np.isin(group, finer)
        chosen.update(np.flatnonzero(rows).tolist())
    return sorted(chosen - _told_by_wider(problem, chosen))


def _told_by_wider(problem: Linked, chosen: set[int]) -> set[int]:
    """Cells whose group has all the students of a group with one dimension less that stays public: to hide
    them would hide nothing.
    """
    counts = problem.counts
    indicator, unit, group = np.unravel_index(counts.place[counts.rows], counts.n.shape)
    keys = [(int(i), int(u), counts.groups[g]) for i, u, g in zip(indicator, unit, group, strict=True)]
    named = {key: cell for cell, key in enumerate(keys)}
    n = problem.value[problem.n_of]
    told: set[int] = set()
    for cell in sorted(chosen, key=lambda cell: len(parse_group(keys[cell][2]))):
        i, u, key = keys[cell]
        pairs = parse_group(key)
        for pair in pairs:
            wider = named.get((i, u, group_key(other for other in pairs if other != pair)))
            if wider is not None and n[wider] == n[cell] and (wider not in chosen or wider in told):
                told.add(cell)
    return told


def _above(places: tuple[Place, ...], units: pa.Table) -> list[int | None]:
    """For each place the number of the one above it in the same period, None where that is not among them."""
    number = {place: index for index, place in enumerate(places)}
    parents = {
        (level, unit): (LEVELS[LEVELS.index(level) - 1], parent)
        for level, unit, parent in zip(
            *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
        )
        if level != LEVELS[0]
    }
    return [number.get((*parents[place[:2]], place[2])) if place[:2] in parents else None for place in places]

"""Hiding one linked problem: what the thresholds name, what is cheapest beside it, what the attack finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.attack import Attack, attack
from evenground.disclosure.hidden import conceal
from evenground.disclosure.hiding import exact, exposure
from evenground.disclosure.hiding.linked import Bools, Floats, Ints, Linked, Objects, link
from evenground.disclosure.hiding.pattern import (
    FEW_NOT_REACHED,
    FEW_REACHED,
    FEW_STUDENTS,
    Pattern,
    cell_cost,
    primary,
)
from evenground.disclosure.hiding.proof import Proofs
from evenground.disclosure.hiding.settle import settle
from evenground.disclosure.hiding.surroundings import Surroundings
from evenground.disclosure.hiding.whole import whole_tables
from evenground.model import CELLS, NOT_REPORTED

SOURCE, PROTECTS, TABLE, CHANGED = "source", "protects", "table", "changed"
_ATTACKS = 12
"""How often the outsider's attack is answered by hiding more."""
_WIDENINGS = 4
"""The first answers hide single counts, the later ones whole tables."""


@dataclass(frozen=True)
class Tables:
    """Cells (model.CELLS, true) that are one problem, and what is known of each row beforehand.

    `known`: an outsider has it already; `told`: the value that was published of it (NaN: its own). `first`:
    why it is hidden whatever its numbers are, empty where it is not.
    """

    cells: pa.Table
    known: Bools
    told: Floats
    first: Objects

    def take(self, rows: Ints) -> Tables:
        return Tables(
            self.cells.take(pa.array(rows)),
            self.known[rows],
            self.told[rows],
            self.first[rows],
        )


@dataclass(frozen=True)
class Hiding:
    """Per row why it is hidden (empty: it is not) and how many digits its mean keeps (see exposure.py); the
    last attack.
    """

    why: Objects
    shown: Ints
    tried: Attack


def hide(tables: Tables, units: pa.Table, policy: Policy, definitions: Definitions) -> Hiding:
    """Hides further until no hidden count can be worked out, as far as proofs and the outsider's attack say.

    The caller has to look at `tried`: after some answers the attack may still find something.
    """
    problem = link(tables.cells, units, definitions, policy.attacker)
    mine = problem.counts.rows
    cost = cell_cost(problem, policy.weights, definitions)
    pattern = Pattern(problem, cost, policy, tables.known[mine])
    few = primary(problem, policy)
    for variable in np.flatnonzero(np.any(list(few.values()), axis=0)).tolist():
        pattern.hide_count(variable)
    for cell in np.flatnonzero(tables.first[mine] != "").tolist():
        pattern.hide_cell(cell)
    first = pattern.cells
    exact.hide_cheapest(problem, pattern, cost, policy)
    withheld = np.zeros(len(mine), dtype=bool)
    proofs, near = Proofs(problem, policy), Surroundings(problem)
    inside = tables.cells if policy.attacker == "own_school" else None
    for attempt in range(_ATTACKS):
        withheld |= settle(problem, pattern, proofs, near)
        hidden = _hidden_rows(problem, pattern, tables.cells)
        while 0 in (shown := exposure.digits(tables.cells, hidden, units, definitions)):
            for cell in whole_tables(problem, np.flatnonzero(shown[mine] == 0), units):
                pattern.hide_cell(cell)
            withheld |= settle(problem, pattern, proofs, near)
            hidden = _hidden_rows(problem, pattern, tables.cells)
        released = as_released(tables, hidden, shown)
        tried = attack(released, units, policy, definitions, inside=inside)
        if not tried.derivable:
            break
        withheld |= _answer(problem, pattern, tried, attempt)
    why = _reasons(problem, few, hidden, pattern.cells & ~first, withheld)
    small = _reasons(problem, few, tables.known, np.zeros(len(mine), dtype=bool), withheld)
    why = np.where(tables.known & (small != PROTECTS) & (small != SOURCE), small, why)
    return Hiding(np.where(hidden & (tables.first != ""), tables.first, why), shown, tried)


def as_released(tables: Tables, hidden: Bools, shown: Ints) -> pa.Table:
    """What an outsider has in hand: the cells without what is hidden, and what was published before."""
    cells = conceal(exposure.rounded(tables.cells, shown), hidden)
    before = tables.known & ~np.isnan(tables.told)
    value = np.where(before, tables.told, cells["value"].to_numpy(zero_copy_only=False).astype(float))
    column = pa.array(value, pa.float64(), mask=np.isnan(value))
    return cells.set_column(cells.schema.get_field_index("value"), CELLS.field("value"), column)


def _reasons(
    problem: Linked, few: Mapping[str, Bools], hidden: Bools, later: Bools, withheld: Bools
) -> Objects:
    """Per row why it is hidden: what the thresholds say of its own counts, else what was said at first."""
    cells = np.full(len(problem.n_of), PROTECTS, dtype=object)
    cells[later & withheld] = TABLE
    sides = {
        pair: problem.base + place
        for place, pair in enumerate(
            zip(
                problem.first[problem.base : problem.levels].tolist(),
                problem.second[problem.base : problem.levels].tolist(),
                strict=True,
            )
        )
    }
    pairs = zip(problem.n_of.tolist(), problem.numerator_of.tolist(), strict=True)
    complement = np.array([sides.get(pair, -1) for pair in pairs], dtype=np.int64)
    for kind, variable in (
        (FEW_NOT_REACHED, complement),
        (FEW_REACHED, problem.numerator_of),
        (FEW_STUDENTS, problem.n_of),
    ):
        cells[(variable >= 0) & few[kind][variable]] = kind
    reasons = np.where(hidden, SOURCE, "").astype(object)
    mine = hidden[problem.counts.rows]
    reasons[problem.counts.rows[mine]] = cells[mine]
    return reasons


def _hidden_rows(problem: Linked, pattern: Pattern, cells: pa.Table) -> Bools:
    """The rows to hide: the pattern's, and counts that we were not given, unless nobody reported them."""
    hidden = np.zeros(len(cells), dtype=bool)
    hidden[problem.counts.rows[pattern.cells]] = True
    hidden[problem.counts.blank] = True
    hidden[np.asarray(cells["state"].to_pylist(), dtype=object) == NOT_REPORTED] = False
    return hidden


def _answer(problem: Linked, pattern: Pattern, tried: Attack, attempt: int) -> Bools:
    """Hides further where the attack found a count: single counts near it first, then whole tables; which
    cells were withheld as tables.
    """
    counts = problem.counts
    indicator, unit, group = np.unravel_index(counts.place[counts.rows], counts.n.shape)
    named = {
        (counts.indicators[i], *counts.places[u], counts.groups[g]): cell
        for cell, (i, u, g) in enumerate(zip(indicator.tolist(), unit.tolist(), group.tolist(), strict=True))
    }
    found = [
        named[key]
        for _, name, level, unit_id, period, group_key in tried.derivable
        if (key := (name, level, unit_id, period, group_key)) in named
    ]
    before = pattern.cells
    if attempt < _WIDENINGS:
        numerators = problem.numerator_of[found]
        pattern.widen(sorted({*problem.n_of[found].tolist(), *numerators[numerators >= 0].tolist()}))
        if not np.array_equal(before, pattern.cells):
            return np.zeros(len(before), dtype=bool)
    table = indicator * len(counts.places) + unit
    concerned = np.isin(table, table[found]) & ~before
    if not concerned.any():
        concerned = np.isin(unit, unit[found]) & ~before
    if not concerned.any():
        concerned = np.isin(indicator, indicator[found]) & ~before
    for cell in np.flatnonzero(concerned).tolist():
        pattern.hide_cell(cell)
    return np.asarray(pattern.cells & ~before)

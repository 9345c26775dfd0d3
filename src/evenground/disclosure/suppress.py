"""Protection: cells in, cells with `hidden` where a count must not be seen, out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.loader import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure import exact, exposure
from evenground.disclosure.attack import Attack, attack
from evenground.disclosure.hidden import conceal
from evenground.disclosure.linked import ZERO, Bools, Ints, Linked, Objects, link
from evenground.disclosure.mend import Mender
from evenground.disclosure.pattern import (
    FEW_NOT_REACHED,
    FEW_REACHED,
    FEW_STUDENTS,
    Pattern,
    cell_cost,
    primary,
)
from evenground.disclosure.proof import pinned
from evenground.model import (
    ALL,
    HIDDEN,
    LEVELS,
    NOT_REPORTED,
    VALUE,
    group_dimensions,
    group_key,
    parse_group,
)

SOURCE, PROTECTS, TABLE = "source", "protects", "table"
_THREADS = 2
_REPAIRS = 25
_ATTACKS = 12
"""How often the outsider's attack is answered by hiding more."""
_WIDENINGS = 4
"""The first answers hide single counts, the later ones whole tables."""


@dataclass(frozen=True)
class Protection:
    """Protected cells (model.CELLS, in the order they came in) and what was done, in numbers of cells only.

    `report`: cells, published, hidden_by_source, hidden_first, hidden_to_protect, withheld,
    students_to_protect (sum of the n of the cells hidden to protect others). `tried`: the attacks on these
    cells, one a period; none where the policy only follows. `why`, a row each and private: empty for a cell
    that is shown, SOURCE, FEW_STUDENTS, FEW_REACHED, FEW_NOT_REACHED, PROTECTS or TABLE.
    """

    cells: pa.Table
    report: Mapping[str, Any]
    tried: tuple[Attack, ...] = ()
    why: tuple[str, ...] = ()


def protect(cells: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions) -> Protection:
    """Hides what the policy hides, and what must go with it so that no hidden count can be worked out from
    the rest.

    `follow` policies keep the states as their publisher set them. `suppress` policies see each period as one
    linked problem (see linked.py), hide first what the thresholds name, then complements, then prove every
    hidden count safe; then the outsider attacks (see attack.py), and what it finds is hidden further.
    """
    if policy.kind == "follow":
        theirs = tuple(SOURCE if state == HIDDEN else "" for state in cells["state"].to_pylist())
        return Protection(cells, _report(cells, cells), why=theirs)
    period = np.asarray(cells["period"].to_pylist(), dtype=object)
    hidden, shown = np.zeros(len(cells), dtype=bool), np.full(len(cells), -1)
    why = np.full(len(cells), "", dtype=object)
    tried = []
    years = [np.flatnonzero(period == name) for name in sorted(set(period.tolist()))]
    with ThreadPoolExecutor(_THREADS) as threads:
        parts = threads.map(
            lambda rows: _protect_period(cells.take(pa.array(rows)), units, policy, definitions), years
        )
    for rows, (reasons, few, last) in zip(years, parts, strict=True):
        why[rows], hidden[rows], shown[rows] = reasons, reasons != "", few
        tried.append(last)
    protected = conceal(exposure.rounded(cells, shown), hidden)
    return Protection(protected, _report(cells, protected, why), tuple(tried), tuple(why.tolist()))


def _protect_period(
    cells: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions
) -> tuple[Objects, Ints, Attack]:
    """Why each row of one period is hidden (empty: it is not), how many digits the means keep (see
    exposure.py), and the attack that found nothing.
    """
    problem = link(cells, units, definitions, policy.attacker)
    cost = cell_cost(problem, policy.weights, definitions)
    pattern = Pattern(problem, cost, policy)
    few = primary(problem, policy)
    for variable in np.flatnonzero(np.any(list(few.values()), axis=0)).tolist():
        pattern.hide_count(variable)
    first = pattern.cells
    exact.hide_cheapest(problem, pattern, cost, policy)
    withheld = np.zeros(len(problem.n_of), dtype=bool)
    mender, safe = Mender(problem, policy.smallest_range), np.zeros(len(problem.value), dtype=bool)
    for attempt in range(_ATTACKS):
        withheld |= _settle(problem, pattern, mender, safe)
        hidden = _hidden_rows(problem, pattern, cells)
        while 0 in (shown := exposure.digits(cells, hidden, units, definitions)):
            for cell in _whole_tables(problem, np.flatnonzero(shown[problem.counts.rows] == 0), units):
                pattern.hide_cell(cell)
            withheld |= _settle(problem, pattern, mender, safe)
            hidden = _hidden_rows(problem, pattern, cells)
        tried = attack(conceal(exposure.rounded(cells, shown), hidden), units, policy, definitions)
        if not tried.derivable:
            break
        withheld |= _answer(problem, pattern, tried, attempt)
    return _reasons(problem, few, hidden, pattern.cells & ~first, withheld), shown, tried


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


def _whole_tables(problem: Linked, cells: Ints, units: pa.Table) -> list[int]:
    """The cells of the tables to hide with means that cannot be shown, so that none follows from the others:
    their cut and every finer one, at their unit, those beside it (above, where there is none) and all below.
    """
    counts = problem.counts
    indicator, unit, group = np.unravel_index(counts.place[counts.rows], counts.n.shape)
    cut = [set(group_dimensions(key)) if key != ALL else set() for key in counts.groups]
    above = _above(counts.units, units)
    chosen: set[int] = set()
    for cell in cells.tolist():
        mine = int(unit[cell])
        family = {
            one for one in range(len(counts.units)) if above[one] == above[mine] and above[mine] is not None
        } | {mine}
        if len(family) == 1 and above[mine] is not None:
            family |= {one for one in (above[mine],) if one is not None}
        for _ in LEVELS:
            family |= {one for one in range(len(counts.units)) if above[one] in family}
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


def _above(places: tuple[tuple[str, str], ...], units: pa.Table) -> list[int | None]:
    """For each unit the number of the one above it, None where that is not among them."""
    number = {place: index for index, place in enumerate(places)}
    found: list[int | None] = [None] * len(places)
    for level, place, parent in zip(
        *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
    ):
        if (level, place) in number and level != LEVELS[0]:
            found[number[level, place]] = number.get((LEVELS[LEVELS.index(level) - 1], parent))
    return found


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
        (counts.indicators[i], *counts.units[u], counts.groups[g]): cell
        for cell, (i, u, g) in enumerate(zip(indicator.tolist(), unit.tolist(), group.tolist(), strict=True))
    }
    found = [
        named[key] for _, *place, _, group_key in tried.derivable if (key := (*place, group_key)) in named
    ]
    before = pattern.cells
    if attempt < _WIDENINGS:
        numerators = problem.numerator_of[found]
        pattern.widen(sorted({*problem.n_of[found].tolist(), *numerators[numerators >= 0].tolist()}))
        if not np.array_equal(before, pattern.cells):
            return np.zeros(len(before), dtype=bool)
    table = indicator * len(counts.units) + unit
    concerned = np.isin(table, table[found]) & ~before
    if not concerned.any():
        concerned = np.isin(unit, unit[found]) & ~before
    if not concerned.any():
        concerned = np.isin(indicator, indicator[found]) & ~before
    for cell in np.flatnonzero(concerned).tolist():
        pattern.hide_cell(cell)
    return np.asarray(pattern.cells & ~before)


def _settle(problem: Linked, pattern: Pattern, mender: Mender, safe: Bools) -> Bools:
    """Hides until every hidden count is proved `safe`, which keeps the proofs: hiding more does not undo
    them.

    Returns which cells had to be withheld as whole tables.
    """
    withheld = np.zeros(len(problem.n_of), dtype=bool)
    attempt = 0
    while True:
        pattern.restore()
        if _hide_alike(problem, pattern):
            continue
        unproved = pinned(problem, pattern.variables, safe, mender.smallest_range, 2 + attempt)
        if not len(unproved):
            return withheld
        attempt += 1
        before = pattern.cells
        if before.all():
            return withheld
        if attempt <= _REPAIRS and not mender.mend(pattern, unproved, safe):
            pattern.widen(unproved.tolist())
        if attempt > _REPAIRS and np.array_equal(before, pattern.cells):
            _withhold(problem, pattern, unproved)
            withheld |= pattern.cells & ~before


def _hide_alike(problem: Linked, pattern: Pattern) -> bool:
    """Gives two populations of a unit the same hidden groups where all that is public of them agrees.

    An outsider may take them for the same students; with the same groups hidden, that belief adds nothing.
    True: more was hidden.
    """
    counts = problem.counts
    variable = np.full(counts.n.shape, ZERO)
    variable.ravel()[counts.place[counts.rows]] = problem.n_of
    hidden = np.where(variable >= 0, pattern.variables[variable], False)
    if ALL not in counts.groups:
        return False
    everybody = counts.groups.index(ALL)
    changed = False
    for one, other in combinations(range(len(counts.indicators)), 2):
        both = ~np.isnan(counts.n[one]) & ~np.isnan(counts.n[other])
        seen = both & ~hidden[one] & ~hidden[other]
        agree = ((counts.n[one] == counts.n[other]) | ~seen).all(axis=1) & (
            ((variable[one] >= 0) == (variable[other] >= 0)) | ~both
        ).all(axis=1)
        agree &= seen[:, everybody] & (variable[one][:, everybody] >= 0)
        for unit, group in np.argwhere(agree[:, None] & both & (hidden[one] != hidden[other])).tolist():
            pattern.hide_count(int(variable[one, unit, group]))
            pattern.hide_count(int(variable[other, unit, group]))
            changed = True
    return changed


def _withhold(problem: Linked, pattern: Pattern, unproved: Ints) -> None:
    """Hides all groups of an indicator at a unit where a count of its could not be made safe; once that is
    done, the whole table.
    """
    indicator, unit, _ = np.unravel_index(problem.counts.place[problem.counts.rows], problem.counts.n.shape)
    parts = np.concatenate([unproved, problem.first[unproved], problem.second[unproved]])
    unproved = parts[parts >= 0]
    concerned = np.isin(problem.n_of, unproved) | np.isin(problem.numerator_of, unproved)
    block = indicator * len(problem.counts.units) + unit
    chosen = np.isin(block, block[concerned])
    if pattern.cells[chosen].all():
        chosen = np.isin(indicator, indicator[concerned])
    if pattern.cells[chosen].all():
        chosen[:] = True
    for cell in np.flatnonzero(chosen & ~pattern.cells).tolist():
        pattern.hide_cell(cell)


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
        "hidden_first": int(np.isin(why, (FEW_STUDENTS, FEW_REACHED, FEW_NOT_REACHED)).sum()),
        "hidden_to_protect": int(protects.sum()),
        "withheld": int(tables.sum()),
        "students_to_protect": int(np.nansum(n[protects | tables])),
    }

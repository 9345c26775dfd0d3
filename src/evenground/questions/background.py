"""How much does background predict: what the group of a student alone would tell of an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evenground.measures import Estimate, change, predictability
from evenground.model import ALL, VALUE, parse_group
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import MOVED, verdicts

QUESTION = "background"
POVERTY = "economic_disadvantage:disadvantaged"
# Rounding of the shares that publishers give moves a count by less than this part of everybody.
_ROUNDING = 0.005


@dataclass(frozen=True)
class _Sets:
    """Students of the place in focus by group: a set for each dimension and year, a row for each group, and
    one for all whose group is not shown."""

    row: np.ndarray  # of everybody, one a set
    dimension: np.ndarray  # one a set
    period: np.ndarray  # one a set
    groups: np.ndarray  # one a set: which groups are shown, in one text
    stratum: np.ndarray  # one a group
    n: np.ndarray
    total: np.ndarray


def background(findings: Findings, scope: Scope) -> None:
    """Adds, for each outcome that is counted in students: how often a group alone would point the right way,
    and which share of the differences it tells, by dimension and year; which share lies between schools; and
    how school poverty and outcome go together."""
    findings = findings.under(QUESTION)
    for key in scope.indicators:
        block = scope.block(key)
        if is_outcome(scope, block):
            _by_group(findings, scope, block)
            _by_school(findings, scope, block)


def is_outcome(scope: Scope, block: Block) -> bool:
    """Counted in students, better one way, and no chance was added to it."""
    known = block.indicator
    people = known.kind == "rate" and scope.definitions.populations[known.over].thing is None
    return people and known.direction != "neutral" and block.sums.noise is None


def _by_group(findings: Findings, scope: Scope, block: Block) -> None:
    sets = _sets_of(scope, block)
    if not len(sets.row):
        return
    confidence = scope.definitions.parameter("confidence")
    order = predictability.order_of_groups(sets.stratum, sets.n, sets.total, confidence)
    share = predictability.eta_squared(sets.stratum, sets.n, sets.total, confidence=confidence)
    for dimension in sorted(set(sets.dimension.tolist())):
        at = np.flatnonzero((sets.dimension == dimension) & ~np.isnan(order.value))
        against = Against(f"dimension:{dimension}")
        findings.add(block, sets.row[at], "background_order", order.take(at), against)
        findings.add(block, sets.row[at], "background_share", share.take(at), against)
        at = at[np.argsort(sets.period[at])]
        # Years that show other groups do not tell of a change.
        at = at[sets.groups[at] == sets.groups[at[-1:]]] if len(at) else at
        if len(at) > 1:
            _moved(findings, block, sets, order, at[[0]], at[[-1]], against)


def _moved(
    findings: Findings,
    block: Block,
    sets: _Sets,
    order: Estimate,
    first: np.ndarray,
    last: np.ndarray,
    against: Against,
) -> None:
    """From the first year to the last, which count as independent."""
    found = change.of_estimate(order.take(first), order.take(last))
    against = replace(against, since=str(sets.period[first[0]]))
    said = verdicts(found, sides=MOVED)
    findings.add(block, sets.row[last], "background_change", found, against, verdict=said)


def _sets_of(scope: Scope, block: Block) -> _Sets:
    found = list(_each_set(scope, block))
    row, dimension, period, groups = (np.array([one[at] for one in found]) for at in range(4))
    sizes = [len(one[4]) for one in found]
    n, total = (np.concatenate([np.empty(0), *(one[at] for one in found)]) for at in (4, 5))
    return _Sets(row, dimension, period, groups, np.repeat(np.arange(len(found)), sizes), n, total)


def _each_set(scope: Scope, block: Block) -> Iterator[tuple[int, str, str, str, np.ndarray, np.ndarray]]:
    """(row of everybody, dimension, year, groups shown, students, successes) of each set that is whole enough
    to tell: where several groups are shown, nearly all students are in one of them."""
    whole = scope.definitions.parameter("least_in_open_schools")
    least = scope.definitions.parameter("fewest_for_background")
    here = np.flatnonzero(scope.here(block))
    everybody = {block.period[row]: row for row in here if block.group[row] == ALL}
    for dimension in sorted(set(block.dimension[here].tolist()) - {ALL}):
        if not tells_apart(scope, dimension):
            continue
        of = here[block.dimension[here] == dimension]
        for period in sorted(set(block.period[of].tolist())):
            row = everybody.get(period)
            groups = _known(block, of[block.period[of] == period])
            if row is None or not len(groups) or not block.sums.n[row] >= least:
                continue
            n, total = _with_rest(block, int(row), groups)
            shown = " ".join(block.group[groups])
            few = len(groups) > 1 and n[: len(groups)].sum() < whole * n.sum()
            if (n > 0).sum() > 1 and n.min() >= 0 and not few:
                yield int(row), str(dimension), str(period), shown, n, np.clip(total, 0, n)


def tells_apart(scope: Scope, dimension: str) -> bool:
    """Circumstances of which each student has one: no groups that overlap, none put together from others."""
    known = [scope.definitions.dimensions.get(part) for part in dimension.split("+")]
    return all(one is not None and not one.overlapping and not one.joins for one in known)


def _known(block: Block, rows: np.ndarray) -> np.ndarray:
    """The rows with public counts, without students of whom the group is not known."""
    named = [all(value != "unknown" for _, value in parse_group(block.group[row])) for row in rows]
    there = (block.state[rows] == VALUE) & ~np.isnan(block.sums.n[rows] + block.sums.total[rows])
    return np.asarray(rows[there & np.array(named, dtype=bool)])


def _with_rest(block: Block, row: int, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The groups, and all others as one more: those hidden, not known, or in no group that is shown.

    Put together they tell no more than apart, so what is said is the least. Where the groups are more than
    everybody, the last number is below 0.
    """
    n, total = block.sums.n[groups], block.sums.total[groups]
    rest, reached = block.sums.n[row] - n.sum(), block.sums.total[row] - total.sum()
    if abs(rest) <= _ROUNDING * block.sums.n[row]:
        return n, total
    return np.append(n, rest), np.append(total, reached)


def _by_school(findings: Findings, scope: Scope, block: Block) -> None:
    """Schools as the groups, and their poverty beside their outcome, in the year in focus."""
    period = scope.latest[block.key]
    here = np.flatnonzero(scope.here(block) & (block.period == period) & (block.group == ALL))
    below = scope.below(block, "school") & (block.period == period)
    public = (block.state == VALUE) & ~np.isnan(block.sums.n) & (block.sums.n > 0)
    schools = np.flatnonzero(below & public & (block.group == ALL))
    if len(here) != 1 or not public[here[0]] or len(schools) < scope.definitions.parameter("fewest_places"):
        return
    confidence = scope.definitions.parameter("confidence")
    n, total = block.sums.n[schools], block.sums.total[schools]
    if n.sum() >= scope.definitions.parameter("least_in_open_schools") * block.sums.n[here[0]]:
        found = predictability.eta_squared(np.zeros(len(schools), int), n, total, confidence=confidence)
        share = Estimate(found.low, found.high, np.maximum(found.omega, 0.0))  # no part is less than none
        findings.add(block, here, "background_schools", share, Against("level:school"), n=found.n)
    poor = np.flatnonzero(below & public & (block.group == POVERTY))
    order = np.searchsorted(block.unit[schools].astype(str), block.unit[poor].astype(str))
    if len(poor) < scope.definitions.parameter("fewest_for_similar"):
        return
    beside = schools[np.minimum(order, len(schools) - 1)]
    same = block.unit[beside] == block.unit[poor]
    poor, beside = poor[same], beside[same]
    part = block.sums.n[poor] / block.sums.n[beside]
    slope = predictability.rank_slope(part, block.sums.rate[beside], confidence=confidence)
    findings.add(block, here, "background_poverty", slope, Against("level:school"), n=len(poor))

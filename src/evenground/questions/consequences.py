"""Who is sent out more often than all others, and where that is so year after year."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from evenground.measures import Estimate, disproportionality, katz
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import OTHERS, Against, Findings
from evenground.questions.scatter import factor_of
from evenground.questions.scope import Scope
from evenground.questions.verdict import verdicts

# Of these the first that tells of groups is asked: students before events, the wider before the rarer.
_CONSEQUENCES = (
    "suspension", "suspension_any", "suspension_events", "in_school_removal", "in_school_removal_events",
    "expulsion", "referral", "restraint_seclusion", "arrest",
)  # fmt: skip
_FIRST = "race_ethnicity"
_OWN, _OTHERS = "own", "others"


def consequences(findings: Findings, scope: Scope) -> None:
    """Adds `risk_ratio` of each group against all others at the place in focus, and of the places below it in
    which a group's ratio was over the line in each of the last years: `years_over`, `risk_ratio`; how many
    they are (`places_over`), of how many that could be judged.

    The line, the years and the smallest numbers are parameters; where all others in a place are too few,
    they are all others in the place in focus (34 CFR 300.647). Events, of which a student may have several,
    are as sure as the places just below let them be (scatter.py).
    """
    dimension = _FIRST if _FIRST in scope.asked.by else next(iter(scope.asked.by), "")
    block = _asked(scope, dimension)
    if block is None:
        return
    now = scope.latest[block.key]
    rows = np.flatnonzero(
        scope.here(block)
        & (block.period == now)
        & (block.dimension == dimension)
        & (block.state == VALUE)
        & ~np.isnan(block.sums.n)
    )
    found = _ratio(scope, block, rows)
    few = block.sums.n[rows] < scope.definitions.parameter("minimum_verdict_n")
    said = verdicts(found, line=1.0)
    said = ["too_few" if small else side for small, side in zip(few.tolist(), said, strict=True)]
    findings.add(block, rows, "risk_ratio", found, OTHERS, verdict=said)
    _over_the_years(findings, scope, block, rows, dimension)


def _asked(scope: Scope, dimension: str) -> Block | None:
    for key in _CONSEQUENCES:
        if key not in scope.indicators:
            continue
        block = scope.block(key)
        now = scope.here(block) & (block.period == scope.latest[key]) & (block.dimension == dimension)
        if (now & (block.state == VALUE) & (block.sums.total > 0)).sum() > 1 and block.sums.noise is None:
            return block
    return None


def _ratio(scope: Scope, block: Block, rows: np.ndarray) -> Estimate:
    """Each group over everybody else there, whose numbers are all students' less its own."""
    confidence = scope.definitions.parameter("confidence")
    own, others = block.sums.take(rows), block.whole.minus(block.sums).take(rows)
    found = katz(own.total, own.n, others.total, others.n, confidence)
    if block.counts_people:
        return found
    places = scope.children(block)
    factor = np.array([factor_of(block, row, -1, places, scope.definitions) for row in rows.tolist()])
    return Estimate(found.value / factor, found.value * factor, found.value)


def _over_the_years(findings: Findings, scope: Scope, block: Block, here: np.ndarray, dimension: str) -> None:
    level = scope.asked.child_level
    years = int(scope.definitions.parameter("risk_ratio_years"))
    if level is None:
        return
    below = scope.below(block, level) & ~np.isnan(block.whole.n)
    periods = sorted(set(block.period[below].tolist()))[-years:]
    if len(periods) < years or not _consecutive(periods):
        return
    rows = np.flatnonzero(
        below & (block.dimension == dimension) & np.isin(block.period, periods) & (block.state == VALUE)
    )
    rows = rows[~np.isnan(block.sums.n[rows])]
    if not rows.size:
        return
    table = _table(scope, block, rows)
    found = disproportionality.significant(
        table, threshold=scope.definitions.parameter("risk_ratio_line"), years=years
    )
    own = list(table.groups).index(_OWN)
    # (places, groups): judged in each of the years, over in each of them, and the ratio of the last
    judged = (table.reason[..., own] == "").all(axis=0)
    over = found.significant[..., own] & judged
    _places(findings, block, rows, periods, table, over, own)
    everywhere = len(set(block.unit[below & (block.period == periods[-1])].tolist()))
    _counts(
        findings,
        block,
        here,
        periods,
        table,
        judged,
        over,
        everywhere,
        scope.definitions.parameter("fewest_places"),
    )


def _table(scope: Scope, block: Block, rows: np.ndarray) -> disproportionality.Table:
    """Each group beside all others of its place, which are known where everybody's number is."""
    others = block.whole.minus(block.sums)
    return disproportionality.table(
        np.concatenate([block.sums.total[rows], others.total[rows]]),
        np.concatenate([block.sums.n[rows], others.n[rows]]),
        year=np.tile(block.period[rows], 2),
        district=np.tile(block.unit[rows], 2),
        category=np.tile(block.group[rows], 2),
        group=np.repeat([_OWN, _OTHERS], len(rows)),
        minimum_cell=scope.definitions.parameter("risk_ratio_cell"),
        minimum_n=scope.definitions.parameter("risk_ratio_n"),
        events=not block.counts_people,
        confidence=scope.definitions.parameter("confidence"),
    )


def _places(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    periods: list[str],
    table: disproportionality.Table,
    over: np.ndarray,
    own: int,
) -> None:
    """The places in which a group was over the line in each year, each at its cell of the last year."""
    last = rows[block.period[rows] == periods[-1]]
    unit = np.searchsorted(table.districts, block.unit[last].astype(str))
    group = np.searchsorted(table.categories, block.group[last].astype(str))
    found = over[unit, group]
    last, unit, group = last[found], unit[found], group[found]
    since = Against("others", since=periods[0])
    findings.add(block, last, "years_over", float(len(periods)), since)
    value, low, high = (part[-1, unit, group, own] for part in (table.value, table.low, table.high))
    findings.add(block, last, "risk_ratio", Estimate(low, high, value), OTHERS)


def _counts(
    findings: Findings,
    block: Block,
    here: np.ndarray,
    periods: list[str],
    table: disproportionality.Table,
    judged: np.ndarray,
    over: np.ndarray,
    everywhere: int,
    fewest: float,
) -> None:
    """For each group in how many places it was over the line, and in how many that could be judged."""
    names = [str(group) for group in table.categories]
    kept = np.array([row for row in here if block.group[row] in names and block.group[row] != ALL], dtype=int)
    place = np.array([names.index(block.group[row]) for row in kept], dtype=int)
    many = judged.sum(axis=0)[place].astype(float)
    enough = many >= fewest
    kept, place, many = kept[enough], place[enough], many[enough]
    since = Against("others", since=periods[0])
    findings.add(block, kept, "places_over", over.sum(axis=0)[place], since, n=many)
    findings.add(block, kept, "places_judged", many, since, n=float(everywhere))


def _consecutive(periods: list[str]) -> bool:
    return all(int(after[:4]) - int(before[:4]) == 1 for before, after in pairwise(periods))

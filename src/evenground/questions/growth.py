"""Where students come further than others who started where they did, and whether their scores would tell."""

from __future__ import annotations

import numpy as np

from evenground.measures import benjamini_hochberg, choose, difference, p_of_estimate
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import APART, verdicts

GOAL = {"reading_growth": "reading_proficient", "mathematics_growth": "mathematics_proficient"}
"""Growth -> the level that is told beside it."""


def growth(findings: Findings, scope: Scope) -> None:
    """Adds `growth_beside_all` of every place below the one in focus, in the latest year: its mean growth
    less that of everybody, and `goal_beside_all`, the same of students at the goal. A place is above or below
    where that is certain after control of false discoveries over the places of its level.
    """
    for key, goal in GOAL.items():
        if key not in scope.latest or key not in scope.indicators:
            continue
        period = scope.latest[key]
        for level in scope.levels_below:
            places = _beside(findings, scope, scope.block(key), "growth_beside_all", level, period)
            if places and goal in scope.latest and scope.latest[goal] == period:
                _beside(findings, scope, scope.block(goal), "goal_beside_all", level, period)


def _beside(findings: Findings, scope: Scope, block: Block, measure: str, level: str, period: str) -> int:
    """Adds the places whose number and everybody's are public; answers how many, 0 where too few are."""
    public = (
        (block.period == period) & (block.group == ALL) & (block.state == VALUE) & ~np.isnan(block.sums.n)
    )
    whole = np.flatnonzero(scope.here(block) & public)
    rows = np.flatnonzero(scope.below(block, level) & public)
    if len(whole) != 1 or len(rows) < scope.definitions.parameter("fewest_places"):
        return 0
    sums = block.sums.take(rows)
    reference = choose(
        "overall",
        sums,
        whole=block.sums.take(np.repeat(whole, len(rows))),
        block=np.zeros(len(rows)),
        keys=block.group[rows],
        minimum=0,
        direction=block.direction,
    )
    confidence = scope.definitions.parameter("confidence")
    compared = difference.rates_to_reference if block.counts_people else difference.means_to_reference
    found = compared(sums, reference, confidence)
    few = sums.n < scope.definitions.parameter("minimum_verdict_n")
    chance = np.where(few, np.nan, p_of_estimate(found, confidence))
    certain = benjamini_hochberg(chance, scope.definitions.parameter("false_discovery_rate")).certain
    sides = verdicts(found, few)
    said = [
        side if sure or side in (None, "too_few") else APART[-1]
        for side, sure in zip(sides, certain.tolist(), strict=True)
    ]
    findings.add(block, rows, measure, found, Against("overall"), verdict=said)
    return len(rows)

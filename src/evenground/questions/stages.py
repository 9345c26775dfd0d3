"""Along the way: at which step of a chain (offered, enrolled, passed) a group's gap to all others opens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import Estimate, decomposition
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.rows import OTHERS, Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import verdicts

# Each step is counted among the students of the step before, or among the same students.
_CHAINS = (
    ("ap_offered", "ap_participation", "ap_course_success"),
    ("graduation", "ag_completion"),
)
_FIRST = "race_ethnicity"


@dataclass(frozen=True)
class _Chain:
    """The steps of a chain in one year: each group's row at each step, and how many reached each stage."""

    blocks: tuple[Block, ...]
    rows: np.ndarray  # (groups, steps)
    own: np.ndarray  # (groups, stages), the first stage being everybody
    others: np.ndarray


def stages(findings: Findings, scope: Scope) -> None:
    """Adds for each group, against all others, along each chain that the data have: the share of the first
    stage that reached each step (`stage_reached`), the part of the gap at the end that each step makes
    (`stage_part`), the gap (`stage_gap`), and the step that clearly costs most (`stage_most`).
    """
    for keys in _CHAINS:
        chain = _chain(scope, keys)
        if chain is not None:
            _tell(findings, scope, chain)


def _tell(findings: Findings, scope: Scope, chain: _Chain) -> None:
    found = decomposition.stages(
        chain.own, chain.others, confidence=scope.definitions.parameter("confidence")
    )
    few = np.minimum(chain.own[:, 0], chain.others[:, 0]) < scope.definitions.parameter("minimum_verdict_n")
    started, chained = chain.own[:, 0], Against(f"chain:{chain.blocks[-1].key}")
    for step, block in enumerate(chain.blocks):
        rows = chain.rows[:, step]
        part = Estimate(*(end[:, step] for end in (found.parts.low, found.parts.high, found.parts.value)))
        reached = chain.own[:, step + 1] / started
        beside = chain.others[:, step + 1] / chain.others[:, 0]
        findings.add(block, rows, "stage_reached", reached, chained, n=started)
        findings.add(block, rows, "stage_reached", beside, OTHERS, n=chain.others[:, 0])
        findings.add(block, rows, "stage_part", part, OTHERS, n=started)
        most = np.flatnonzero((found.costliest == step) & found.clearly & ~few)
        findings.add(block, rows[most], "stage_most", part.take(most), OTHERS, n=started[most])
    said = verdicts(found.gap, few)
    findings.add(chain.blocks[-1], chain.rows[:, -1], "stage_gap", found.gap, OTHERS, verdict=said, n=started)


def _chain(scope: Scope, keys: tuple[str, ...]) -> _Chain | None:
    """The chain as far as its steps have data of one year that fit together; None with fewer than two."""
    there = [key for key in keys if key in scope.indicators]
    if len(there) < 2 or there != list(keys[: len(there)]):
        return None
    blocks = tuple(scope.block(key) for key in there)
    periods = [set(block.period[scope.here(block)].tolist()) for block in blocks]
    common = set.intersection(*periods)
    dimension = _FIRST if _FIRST in scope.asked.by else next(iter(scope.asked.by), "")
    if not common or any(block.sums.noise is not None for block in blocks):
        return None
    tables = [_groups(scope, block, max(common), dimension) for block in blocks]
    groups = [group for group in tables[0] if all(group in table for table in tables)]
    if len(groups) < 2:
        return None
    rows = np.array([[table[group] for table in tables] for group in groups])
    own, whole = _counts(blocks, rows, "sums"), _counts(blocks, rows, "whole")
    if own is None or whole is None:
        return None
    return _Chain(blocks, rows, own, whole - own)


def _groups(scope: Scope, block: Block, period: str, dimension: str) -> dict[str, int]:
    """The rows of the groups of a dimension at the place in focus with a number of students."""
    rows = np.flatnonzero(
        scope.here(block) & (block.period == period) & (block.dimension == dimension) & (block.group != ALL)
        & (block.state == VALUE) & ~np.isnan(block.sums.n) & ~np.isnan(block.whole.n)
    )  # fmt: skip
    return {str(block.group[row]): int(row) for row in rows}


def _counts(blocks: tuple[Block, ...], rows: np.ndarray, whose: str) -> np.ndarray | None:
    """How many are at each stage; None where a step is counted among others than those of the step before."""
    sums = [getattr(block, whose) for block in blocks]
    start = sums[0].n[rows[:, 0]]
    reached = [start]
    for at, held in enumerate(sums):
        among = held.n[rows[:, at]]
        if not (np.allclose(among, reached[-1], atol=0.5) or np.allclose(among, start, atol=0.5)):
            return None
        reached.append(held.total[rows[:, at]])
        if (reached[-1] > reached[-2]).any():
            return None
    return np.stack(reached, axis=1)

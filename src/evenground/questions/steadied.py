"""Small groups, steadied: what few students show leans on what is alike, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import logit

from evenground.definitions import Definitions
from evenground.measures import small
from evenground.model import ALL, VALUE, parse_group
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope

_FEWEST = 2  # values of a dimension, for its groups to be crossed


def steadied(findings: Findings, scope: Scope) -> None:
    """Adds `stabilised` and `reliability` of small crossed groups of the place in focus, in the latest year.

    A group keeps of its own difference from what its dimensions show together as much as its students can
    vouch for; told is where that is less than the parameter asks. Hidden groups stay hidden.
    """
    for key in scope.indicators:
        block = scope.block_here(key)
        if not block.counts_people or block.sums.noise is not None:
            continue
        now = scope.here(block) & (block.period == scope.latest[key]) & _counted(block)
        for dimension in sorted({name for name in set(block.dimension[now].tolist()) if "+" in name}):
            rows = np.flatnonzero(now & (block.dimension == dimension))
            parts = _parts(block, rows)
            if parts:
                found = small.of_rates(
                    _reached(block, rows),
                    block.sums.n[rows],
                    parts,
                    scope.definitions.parameter("confidence"),
                )
                _add(findings, block, rows, found, "parts", scope.definitions)


def steadied_places(findings: Findings, block: Block, rows: np.ndarray, definitions: Definitions) -> None:
    """The same for every small group of the places in `rows`, of one year: each leans on everybody at its
    place, and on how the same group differs from everybody at the other places. Everybody of a small place
    leans on everybody elsewhere.
    """
    if not block.counts_people or block.sums.noise is not None:
        return
    confidence, fewest = definitions.parameter("confidence"), definitions.parameter("fewest_places")
    rows = rows[_counted(block)[rows]]
    everybody = rows[block.group[rows] == ALL]
    if len(everybody) < fewest:
        return
    whole = small.beta_binomial(_reached(block, everybody), block.sums.n[everybody], confidence)
    _add(findings, block, everybody, whole, "elsewhere", definitions)
    log_odds = np.full(int(block.place.max()) + 1, np.nan)
    log_odds[block.place[everybody]] = logit(whole.value)
    rows = rows[np.isfinite(log_odds[block.place[rows]])]
    for group in sorted(set(block.group[rows].tolist()) - {ALL}):
        own = rows[block.group[rows] == group]
        if len(own) < fewest:
            continue
        found = small.of_rates(
            _reached(block, own), block.sums.n[own], (), confidence, known=log_odds[block.place[own]]
        )
        _add(findings, block, own, found, "elsewhere", definitions)


def _counted(block: Block) -> np.ndarray:
    return np.asarray((block.state == VALUE) & (block.sums.n > 0) & ~np.isnan(block.sums.total))


def _reached(block: Block, rows: np.ndarray) -> np.ndarray:
    """Those who reached it; a published share times its count may be a little more than all, by rounding."""
    return np.asarray(np.clip(block.sums.total[rows], 0.0, block.sums.n[rows]))


def _parts(block: Block, rows: np.ndarray) -> Sequence[Sequence[str]]:
    """For each dimension the value of every group; empty where a dimension has one value, so that nothing
    crosses, or where there are no more groups than main effects."""
    values = list(zip(*_values(block.group[rows].tolist()), strict=True))
    sizes = [len(set(column)) for column in values]
    if min(sizes, default=0) < _FEWEST or len(rows) <= 1 + sum(size - 1 for size in sizes):
        return ()
    return values


def _values(groups: Sequence[str]) -> Iterator[list[str]]:
    for group in groups:
        yield [value for _, value in parse_group(group)]


def _add(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    found: small.Stabilised,
    reference: str,
    definitions: Definitions,
) -> None:
    least = definitions.parameter("least_reliability")
    few = (found.reliability < least) & ~np.isnan(found.low)
    few &= block.sums.n[rows] < definitions.parameter("small_group_n")
    against = Against(reference)
    findings.add(block, rows[few], "stabilised", found.take(few), against)
    findings.add(block, rows[few], "reliability", found.reliability[few], against)

"""Achievement at every level: the gap at each step of a test and over all, and where one step misleads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evenground.measures import Estimate, spectrum
from evenground.model import ALL
from evenground.questions.block import Block
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import MOVED, verdicts

_ROUNDING = 0.5  # students: counts made from published shares may miss each other by that


@dataclass(frozen=True)
class _Test:
    """One assessment at the place in focus: a block of cells for each cut, lowest first; how many of every
    group are in each level in two years; NaN where that is not known."""

    blocks: Sequence[Block]
    rows: Sequence[np.ndarray]  # for each cut, the cell of each group in the later year
    groups: list[str]
    before: np.ndarray  # (groups, levels)
    after: np.ndarray
    others_before: np.ndarray
    others_after: np.ndarray
    first: str | None  # the earlier year

    @property
    def standard(self) -> int:
        """The first level that meets the goal: the middle cut."""
        return len(self.blocks) // 2 + 1


def levels(findings: Findings, scope: Scope) -> None:
    """Adds, for each test whose levels are public, the gap of each group to everybody else at every level
    (`level_gap`) and over all levels (`v`), and how both moved (`level_gap_change`, `v_change`), in the
    first to the last year. The verdict of `v` and `v_change` says where the goal alone misleads.
    """
    for test in _tests(scope):
        _gaps(findings, scope, test)
        if test.first is not None:
            _changes(findings, scope, test)


def _gaps(findings: Findings, scope: Scope, test: _Test) -> None:
    confidence = scope.definitions.parameter("confidence")
    found = spectrum.reading(test.after, test.others_after, standard=test.standard, confidence=confidence)
    few = _few(scope, test.after, test.others_after)
    said = [
        "misleads_direction" if misleads and side != "too_few" else side
        for misleads, side in zip(found.misleads.tolist(), verdicts(found.v, few), strict=True)
    ]
    _add(findings, test, "v", found.v, said)
    for cut in range(len(test.blocks)):
        gap = _at(found.gap, cut)
        _add(findings, test, "level_gap", gap, verdicts(gap, few), cut=cut)


def _changes(findings: Findings, scope: Scope, test: _Test) -> None:
    confidence = scope.definitions.parameter("confidence")
    found = spectrum.trend(
        test.before,
        test.others_before,
        test.after,
        test.others_after,
        standard=test.standard,
        confidence=confidence,
    )
    few = _few(scope, test.before, test.others_before) | _few(scope, test.after, test.others_after)
    said = [
        f"misleads_{reason}" if misleads and side != "too_few" else side
        for misleads, reason, side in zip(
            found.misleads.tolist(), found.reason.tolist(), verdicts(found.v, few, sides=MOVED), strict=True
        )
    ]
    _add(findings, test, "v_change", found.v, said, test.first)
    for cut in range(len(test.blocks)):
        gap = _at(found.gap, cut)
        _add(findings, test, "level_gap_change", gap, verdicts(gap, few, sides=MOVED), test.first, cut)


def _at(found: Estimate, cut: int) -> Estimate:
    return Estimate(found.low[:, cut], found.high[:, cut], found.value[:, cut])


def _add(
    findings: Findings,
    test: _Test,
    measure: str,
    found: Estimate,
    said: Sequence[str | None],
    first: str | None = None,
    cut: int | None = None,
) -> None:
    """Findings of the groups that have a number, at the cells of a cut (of the goal where it is of all)."""
    cut = len(test.blocks) // 2 if cut is None else cut
    known = np.flatnonzero(~np.isnan(found.low))
    findings.add(
        test.blocks[cut],
        test.rows[cut][known],
        measure,
        found.take(known),
        Against("others", since=first),
        verdict=[said[row] for row in known.tolist()],
    )


def _few(scope: Scope, own: np.ndarray, others: np.ndarray) -> np.ndarray:
    fewest = scope.definitions.parameter("minimum_verdict_n")
    return np.asarray(np.fmin(own.sum(axis=1), others.sum(axis=1)) < fewest)


def _tests(scope: Scope) -> Iterator[_Test]:
    """Every assessment whose cuts are indicators of one family, with two cuts or more. Not where noise was
    added: levels are differences of counts, each with its own."""
    families: dict[str, list[str]] = {}
    for key in scope.indicators:
        known = scope.definitions.indicators[key]
        if known.family and known.kind == "rate" and known.order is not None:
            families.setdefault(known.family, []).append(key)
    for keys in families.values():
        cuts = sorted(keys, key=lambda key: scope.definitions.indicators[key].order or 0)
        if len(cuts) > 1 and len({scope.latest[key] for key in cuts}) == 1:
            blocks = [scope.block_here(key) for key in cuts]
            if all(block.sums.noise is None for block in blocks):
                yield from _test(scope, blocks, scope.latest[cuts[0]])


def _test(scope: Scope, blocks: Sequence[Block], latest: str) -> Iterator[_Test]:
    cells = [
        {
            (str(block.period[row]), str(block.group[row])): int(row)
            for row in np.flatnonzero(scope.here(block))
        }
        for block in blocks
    ]
    shared = set.intersection(*(set(found) for found in cells))
    groups = sorted({group for period, group in shared if period == latest and "+" not in group} - {ALL})
    if not groups or (latest, ALL) not in shared:
        return
    years = sorted(period for period, group in shared if group == ALL and period < latest)
    first = years[0] if years else None
    after, others_after = _counts(blocks, cells, latest, groups)
    before, others_before = _counts(blocks, cells, first or latest, groups)
    rows = [np.array([found[latest, group] for group in groups]) for found in cells]
    yield _Test(blocks, rows, groups, before, after, others_before, others_after, first)


def _counts(
    blocks: Sequence[Block], cells: Sequence[dict[tuple[str, str], int]], period: str, groups: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Students per level of each group and of everybody else in a year, from those at or above each cut."""
    own = np.full((len(groups) + 1, len(blocks) + 1), np.nan)
    for at, group in enumerate([*groups, ALL]):
        rows = [found.get((period, group), -1) for found in cells]
        if min(rows) < 0:
            continue
        n = [block.sums.n[row] for block, row in zip(blocks, rows, strict=True)]
        if max(n) - min(n) > _ROUNDING:
            continue
        own[at] = [n[0], *(block.sums.total[row] for block, row in zip(blocks, rows, strict=True))]
    inside = -np.diff(np.column_stack([own, np.zeros(len(own))]), axis=1)
    others = inside[-1] - inside[:-1]
    return _sound(inside[:-1]), _sound(others)


def _sound(counts: np.ndarray) -> np.ndarray:
    """Counts without what rounding took below 0; NaN where more is missing than that, or nobody is left."""
    known = (counts.min(axis=1, initial=np.inf) >= -_ROUNDING) & (counts.sum(axis=1) > 0)
    return np.where(known[:, None], np.maximum(counts, 0.0), np.nan)

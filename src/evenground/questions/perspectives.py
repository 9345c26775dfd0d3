"""The same cells, read by each idea of fairness: its indicators, its groups, its reference, its rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from evenground.definitions import Look, Perspective
from evenground.measures import Estimate, needed, stratified
from evenground.model import VALUE
from evenground.perspectives import COUNTS, SHORT, YARDSTICK, asked_about, of_standard, reading
from evenground.questions.block import Block
from evenground.questions.places import parts_of
from evenground.questions.rows import OTHERS, Against, Findings
from evenground.questions.scatter import by_places
from evenground.questions.scope import Scope
from evenground.questions.verdict import verdicts

_UNFAIR = (COUNTS, SHORT)
_Read = Callable[[str | None, str | None], str | None]


def by_perspective(scope: Scope) -> pa.Table:
    """model.FINDINGS of the place in focus, in the newest year of each indicator, for each idea.

    Of every group that it looks at: the difference to its reference (`difference`; among students of the same
    schools `gap_within`) with the usual verdict, and as `reading` 1 where that counts as unfair, 0 where it
    does not, nothing where the verdict does not say. The same against a standard, where it has one. Where
    something counts and students can be counted, `needed_fixed` says how many it is.
    """
    findings = Findings(dict(scope.names))
    for key, perspective in scope.definitions.perspectives.items():
        for indicator in scope.indicators:
            known = scope.definitions.indicators[indicator]
            look = perspective.look(indicator, known.question)
            if look is None or known.direction == "neutral":
                continue
            block = scope.block(indicator)
            now = np.flatnonzero(scope.here(block) & (block.period == scope.latest[indicator]))
            asked = asked_about(
                perspective, block.group[now].tolist(), block.dimension[now].tolist(), scope.definitions
            )
            own = findings.read_by(key)
            _read_gaps(own, scope, perspective, look, block, now[asked])
            at = perspective.standard(indicator)
            if at is not None:
                _compare(own, scope, block, now[asked], f"target:{at:g}", of_standard)
    return findings.table()


def counted(findings: pa.Table, perspective: str | None) -> set[tuple[str, str]] | None:
    """(indicator, group) of what an idea counts as unfair; None where none was asked for."""
    if perspective is None:
        return None
    columns = (findings[name].to_pylist() for name in ("perspective", "indicator", "group", "verdict"))
    rows = zip(*columns, strict=True)
    return {(indicator, group) for key, indicator, group, verdict in rows
            if key == perspective and verdict in _UNFAIR}  # fmt: skip


def _read_gaps(
    findings: Findings,
    scope: Scope,
    perspective: Perspective,
    look: Look,
    block: Block,
    rows: np.ndarray,
) -> None:
    def read(verdict: str | None, direction: str | None) -> str | None:
        return reading(verdict, direction, look.counts)

    if look.counts == "behind_in_same_place":
        _inside(findings, scope, block, rows, read)
        return
    told = {block.dimension[row]: 0 for row in rows} | _groups_told(block, rows)
    names = np.array(
        [
            _reference(perspective.compared_with(block.dimension[row]), told[block.dimension[row]])
            for row in rows
        ],
        dtype=object,
    )
    for name in sorted(set(names.tolist())):
        _compare(findings, scope, block, rows[names == name], name, read)


def _groups_told(block: Block, rows: np.ndarray) -> dict[str, int]:
    """How many groups of each dimension have a number."""
    family = set(block.family[rows].tolist())
    there = np.isin(block.family, list(family)) & (block.state == VALUE)
    names, many = np.unique(block.dimension[there].astype(str), return_counts=True)
    return dict(zip(names.tolist(), many.tolist(), strict=True))


def _reference(name: str, told: int) -> str:
    """The highest of a single group is that group: it is held against everybody else."""
    return "others" if name == "highest" and told < 2 else name


def _compare(
    findings: Findings,
    scope: Scope,
    block: Block,
    rows: np.ndarray,
    reference: str,
    read: _Read,
) -> None:
    """The differences of `rows` to one reference, and how the idea reads them."""
    definitions = scope.definitions
    chosen = block.reference(reference, definitions.parameter("minimum_reference_n"))
    gap = block.difference(chosen, definitions.parameter("confidence"))
    gap = by_places(gap, block, chosen, rows, scope.children(block), definitions)
    rows = rows[~(block.alike(rows) & np.isnan(gap.low[rows]))]
    said = verdicts(gap.take(rows), _few(scope, block, rows))
    direction = block.indicator.direction
    itself = chosen.index[rows] == rows
    codes = [
        YARDSTICK if own else read(verdict, direction) for own, verdict in zip(itself, said, strict=True)
    ]
    served = [block.group[place] if place >= 0 else None for place in chosen.index[rows]]
    against = Against(reference, served)
    _add(findings, block, rows, "difference", gap.take(rows), against, said, codes)
    behind = np.array([reading(verdict, direction, "behind") == COUNTS for verdict in said], dtype=bool)
    unfair = behind & np.array([code in _UNFAIR for code in codes], dtype=bool)
    if block.counts_people:
        students = needed(block.sums, chosen, direction=block.direction).fixed[rows[unfair]]
        against = Against(reference, [group for group, kept in zip(served, unfair, strict=True) if kept])
        findings.add(block, rows[unfair], "needed_fixed", students, against)


def _inside(findings: Findings, scope: Scope, block: Block, rows: np.ndarray, read: _Read) -> None:
    """The differences of `rows` to others in the same schools, and how the idea reads them."""
    definitions = scope.definitions
    when = scope.latest[block.key]
    parts: list[tuple[np.ndarray, ...] | None] = [None] * len(rows)
    if block.counts_people:
        level = next((name for name in reversed(scope.levels_below) if (block.level == name).any()), "")
        below = np.flatnonzero(scope.below(block, level) & (block.period == when))
        lookup = {(block.unit[row], block.group[row]): int(row) for row in below}
        units = sorted({block.unit[row] for row in below})
        parts = [
            parts_of(block, row, "others", lookup, units, definitions) if block.state[row] == VALUE else None
            for row in rows
        ]
    gap = _stratified([part for part in parts if part is not None], definitions.parameter("confidence"))
    value, low, high = (np.full(len(rows), np.nan) for _ in range(3))
    place = [at for at, part in enumerate(parts) if part is not None]
    value[place], low[place], high[place] = gap.value, gap.low, gap.high
    whole = Estimate(low=low, high=high, value=value)
    said = verdicts(whole, _few(scope, block, rows))
    codes = [read(verdict, block.indicator.direction) for verdict in said]
    _add(findings, block, rows, "gap_within", whole, OTHERS, said, codes)


def _stratified(parts: Sequence[tuple[np.ndarray, ...]], confidence: float) -> Estimate:
    if not parts:
        return Estimate.exactly(np.empty(0))
    which = np.concatenate([np.full(len(part[0]), number) for number, part in enumerate(parts)])
    n_a, total_a, n_b, total_b = (np.concatenate([part[at] for part in parts]) for at in range(4))
    return stratified.inside(which, n_a, total_a, n_b, total_b, confidence)


def _few(scope: Scope, block: Block, rows: np.ndarray) -> np.ndarray:
    return np.asarray(block.sums.n[rows] < scope.definitions.parameter("minimum_verdict_n"))


def _add(
    findings: Findings,
    block: Block,
    rows: np.ndarray,
    measure: str,
    gap: Estimate,
    against: Against,
    said: Sequence[str | None],
    codes: Sequence[str | None],
) -> None:
    """The differences, and beside each its reading."""
    unfair = np.array([np.nan if code is None else float(code in _UNFAIR) for code in codes])
    findings.add(block, rows, measure, gap, against, verdict=said)
    findings.add(block, rows, "reading", unfair, against, verdict=codes)

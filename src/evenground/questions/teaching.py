"""Who teaches whom: teachers where most students need more, and where fewest do; and where a gap lies."""

from __future__ import annotations

import numpy as np

from evenground.measures import Estimate
from evenground.measures import teaching as measures
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.need import Need, everybody, need_of
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import verdicts

QUESTION = "teachers"
_FIRST = "race_ethnicity"
_PARTS = 4


def teaching(findings: Findings, scope: Scope) -> None:
    """Adds of each indicator of teachers its mean in each quarter of the students by need (`quarter`), the
    last quarter against the first (`quarter_gap`), and of the group furthest from all others the parts of
    its gap between districts and between schools (`gap_part`).
    """
    levels = scope.levels_below
    for key in scope.indicators:
        if scope.definitions.indicators[key].question == QUESTION and levels:
            block = scope.block(key)
            if block.indicator.kind == "exposure" and block.sums.noise is None:
                _quarters(findings, scope, block)
                _parts(findings, scope, block)


def _here(scope: Scope, block: Block, group: str) -> np.ndarray:
    """The cell of a group at the place in focus in the year in focus, if it has a value."""
    now = scope.here(block) & (block.period == scope.latest[block.key])
    return np.flatnonzero(now & (block.group == group) & (block.state == VALUE))


def _quarters(findings: Findings, scope: Scope, block: Block) -> None:
    here, period = _here(scope, block, ALL), scope.latest[block.key]
    found = _finest(scope, block, period, here)
    if found is None:
        return
    level, rows, need = found
    value, students = block.value[rows], block.sums.n[rows]
    confidence = scope.definitions.parameter("confidence")
    clusters = [scope.parents.get((level, unit), unit) for unit in block.unit[rows].tolist()]
    if level != "school" or len(set(clusters)) < 2:
        clusters = block.unit[rows].tolist()
    told = measures.contrast(
        students, need, value, parts=_PARTS, clusters=np.array(clusters, dtype=str), confidence=confidence
    )
    for part in range(_PARTS):
        findings.add(
            block,
            here,
            "quarter",
            told.mean.take(np.array([part])),
            Against(f"quarter:{part + 1}"),
            n=told.students[part],
        )
    gap = told.difference
    findings.add(
        block, here, "quarter_gap", gap, Against(f"level:{level}"), verdict=verdicts(gap), n=len(rows)
    )


def _finest(
    scope: Scope, block: Block, period: str, here: np.ndarray
) -> tuple[str, np.ndarray, np.ndarray] | None:
    """The lowest level whose places with the number and a known need hold enough students: it, rows, need."""
    if not here.size:
        return None
    for level in reversed(scope.levels_below):
        need: Need | None = need_of(scope, level, period)
        if need is None:
            continue
        rows = everybody(block, level, period)
        share = need.of(block.unit[rows])
        rows, share = rows[np.isfinite(share)], share[np.isfinite(share)]
        enough = block.sums.n[rows].sum() >= _least(scope) * block.sums.n[here[0]]
        if enough and len(rows) >= scope.definitions.parameter("fewest_places"):
            return level, rows, share
    return None


def _parts(findings: Findings, scope: Scope, block: Block) -> None:
    """Of the group whose number is furthest from that of all others in what is public school by school."""
    dimension = _FIRST if _FIRST in scope.asked.by else next(iter(scope.asked.by), "")
    period = scope.latest[block.key]
    level = scope.levels_below[-1]
    rows = np.flatnonzero(
        (block.level == level) & (block.period == period) & (block.dimension == dimension)
        & np.isfinite(block.value) & (block.sums.n > 0)
    )  # fmt: skip
    if len(set(block.unit[rows].tolist())) < scope.definitions.parameter("fewest_places"):
        return
    confidence = scope.definitions.parameter("confidence")
    students, value, group = block.sums.n[rows], block.value[rows], block.group[rows].astype(str)
    school = block.unit[rows].astype(str)
    district = np.array([scope.parents.get((level, unit), unit) for unit in school.tolist()], dtype=str)
    known = measures.exposure(students, value, group, school, confidence=confidence)
    gap = np.where(known.students >= scope.definitions.parameter("minimum_reference_n"), known.gap.value, 0.0)
    lead = str(known.groups[np.argmax(np.abs(np.nan_to_num(gap)))])
    here = _here(scope, block, lead)
    own = group == lead
    if not here.size or own.all() or known.students[known.of(lead)] < _least(scope) * block.sums.n[here[0]]:
        return
    levels = [district, school] if len(set(district.tolist())) > 1 else [school]
    split = measures.parts(
        students, value, np.where(own, "group", "others"), levels, first="group", second="others",
        confidence=confidence,
    )  # fmt: skip
    names = ["all", *(["district"] if len(levels) > 1 else []), "school"]
    ends = (np.append(getattr(split.gap, end), getattr(split.parts, end)) for end in ("low", "high", "value"))
    gaps = Estimate(*ends)
    for at, name in enumerate(names):
        one = gaps.take(np.array([at]))
        findings.add(
            block, here, "gap_part", one, Against(f"level:{name}"), verdict=verdicts(one),
            n=students[own].sum(),
        )  # fmt: skip


def _least(scope: Scope) -> float:
    return scope.definitions.parameter("least_cover")

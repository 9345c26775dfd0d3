"""What hiding costs in findings: the comparisons that all the numbers would allow, and those published."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import VALUE

Comparisons = dict[str, tuple[int, int]]
"""Question -> (comparisons and trends that all the numbers would allow, those that are published)."""

COUNTED = ("difference", "change", "gap_change")
"""One of each group and place: what is compared with whom, and what moved."""


def comparisons(possible: pa.Table, published: pa.Table) -> Comparisons:
    """By question, of findings (model.FINDINGS) asked of true cells and of released ones."""
    before, after = (_by_question(table) for table in (possible, published))
    return {key: (before[key], after[key]) for key in sorted(before)}


def told(findings: pa.Table) -> int:
    """How many comparisons and trends have a number."""
    return sum(_by_question(findings).values())


def _by_question(findings: pa.Table) -> Counter[str]:
    kept = pc.and_(
        pc.equal(findings["state"], VALUE), pc.is_in(findings["measure"], pa.array(COUNTED, pa.string()))
    )
    kept = pc.and_(kept, pc.is_null(findings["perspective"]))  # ideas of fairness read the same ones again
    return Counter(findings.filter(kept)["question"].to_pylist())

"""The place in focus: what is found of a whole system hangs on the cells of its groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import Estimate
from evenground.questions.block import Block
from evenground.questions.rows import NOTHING, Against, Findings
from evenground.questions.scope import Scope


@dataclass(frozen=True)
class Here:
    """The findings to add to, and the cells of one indicator and year that they hang on."""

    findings: Findings
    scope: Scope
    block: Block
    period: str
    rows: dict[str, int]  # group -> its row at the place in focus

    def add(
        self,
        group: str,
        measure: str,
        found: Estimate | float,
        against: Against = NOTHING,
        *,
        n: float,
        verdict: str | None = None,
    ) -> None:
        """One finding of a group at the place in focus; `n`: the students that it rests on."""
        row = np.array([self.rows[group]])
        self.findings.add(self.block, row, measure, found, against, verdict=verdict, n=n)

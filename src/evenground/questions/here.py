"""The place in focus: what is found of a whole system hangs on the cells of its groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.questions.block import Block
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope


@dataclass(frozen=True)
class Here:
    """The findings to add to, and the cells of one indicator and year that they hang on."""

    findings: Findings
    scope: Scope
    block: Block
    period: str
    rows: dict[str, int]  # group -> its row at the place in focus
    question: str

    def add(
        self,
        group: str,
        measure: str,
        value: float,
        low: float = np.nan,
        high: float = np.nan,
        *,
        n: float,
        reference: str | None = None,
        reference_group: str | None = None,
        verdict: str | None = None,
        period_from: str | None = None,
    ) -> None:
        """One finding of a group at the place in focus; `n`: the students that it rests on."""
        self.findings.add(
            self.block,
            np.array([self.rows[group]]),
            measure,
            np.array([value]),
            np.array([low]),
            np.array([high]),
            reference=reference,
            reference_group=[reference_group],
            verdict=[verdict],
            period_from=[period_from],
            question=self.question,
            n=np.array([n]),
        )

"""What a person asks of a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Progress = Callable[[str], None]
"""Is told each step of the work as it begins."""

EXAMPLE: dict[str, Any] = {"students": 6000, "years": 3, "schools": 8, "seed": 20}
"""The embedded example: a synthetic district, made on the spot."""

EXAMPLE_INDICATORS = (
    "ap_participation", "advanced_course", "algebra_grade_8", "ag_completion", "reading_basic",
    "reading_proficient", "reading_advanced", "mathematics_basic", "mathematics_proficient",
    "mathematics_advanced", "graduation", "chronic_absence", "suspension", "in_school_removal", "expulsion",
    "teacher_experience", "novice_teachers", "uncertified_teachers", "students_per_teacher", "class_size",
    "spending", "gifted", "belonging", "reading_growth", "mathematics_growth",
)  # fmt: skip
"""What the example shows of all that its files can show: enough to see every kind of question."""


@dataclass(frozen=True)
class Request:
    """What a person asks of `review`; None takes the default that the data suggest."""

    input: Path | None = None
    example: bool = False
    source: str | None = None
    unit: str | None = None
    period: str | None = None
    indicators: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    depth: int = 3
    reference: str = "overall"
    policy: str | None = None
    rules: Mapping[str, Any] | None = None  # of a policy of one's own; `policy` is then its key
    perspective: str | None = None  # an idea of fairness to read by
    idea: Mapping[str, Any] | None = None  # ... of one's own; `perspective` is then its key
    poverty: str | None = None
    questions: tuple[str, ...] = ()
    pages: str | None = None  # schools, districts: one page for each
    made_on: str | None = None
    mapping: Path | None = None  # a person's own mapping of published files
    workspace: Path | None = None  # whose ledger the release is entered in ...
    corrects: str | None = None  # ... the id of a release there that it replaces ...
    reason: str | None = None  # ... why it is made ...
    who: str | None = None  # ... and who answers for it

    def settings(self) -> dict[str, Any]:
        """What `verify` needs to ask the same again, without paths."""
        return {
            "example": dict(EXAMPLE) if self.example else None,
            "source": self.source,
            "unit": self.unit,
            "period": self.period,
            "indicators": list(self.indicators),
            "by": list(self.by),
            "depth": self.depth,
            "reference": self.reference,
            "policy": self.policy,
            "rules": dict(self.rules) if self.rules is not None else None,
            "perspective": self.perspective,
            "idea": dict(self.idea) if self.idea is not None else None,
            "poverty": self.poverty,
            "questions": list(self.questions),
            "pages": self.pages,
        }

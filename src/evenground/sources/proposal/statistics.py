"""The statistics of a table: which indicator, counted by which columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evenground.sources.proposal.meant import Meant


@dataclass(frozen=True)
class Draft:
    """One line under `statistics`, or one that lacks something (`live` is False) and why."""

    indicator: str
    spec: dict[str, Any]
    confidence: str
    evidence: str
    live: bool = True


@dataclass
class Statistics:
    """What a table's numbers give. `count` is the column of students, where something is counted over it."""

    drafts: list[Draft] = field(default_factory=list)
    count: str | None = None
    count_why: str = ""
    percent: bool = False
    decimals: int | None = None
    unused: dict[str, str] = field(default_factory=dict)  # column -> why

    @property
    def used(self) -> set[str]:
        """The figures that stand somewhere in them."""
        used = {self.count} if self.count else set()
        for draft in self.drafts:
            for part in ("n", "total", "share", "mean", "each", "per"):
                if isinstance(draft.spec.get(part), str):
                    used.add(draft.spec[part])
        return used

    def reads(self, one: Meant, *parts: str) -> bool:
        """Whether a figure is one of these parts of a statistic that can be read."""
        return any(draft.spec.get(part) == one.name for draft in self.drafts if draft.live for part in parts)

"""What a person asked of a review."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.model import Unit


@dataclass(frozen=True)
class Asked:
    """One review: of which unit, by which dimensions and how deep, against whom, up to which school year."""

    unit: Unit
    by: tuple[str, ...]
    depth: int
    reference: str
    period: str | None = None  # the school year in focus; None: the latest of each indicator

    @property
    def child_level(self) -> str | None:
        return {"state": "district", "district": "school"}.get(self.unit.level)

"""What a person asked of a review."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite

from evenground.model import ALL, InputProblems, Unit


@dataclass(frozen=True)
class Asked:
    """One review: of which unit, by which dimensions and how deep, against whom, up to which school year."""

    unit: Unit
    by: tuple[str, ...]
    depth: int
    reference: str
    period: str | None = None  # the school year in focus; None: the latest of each indicator
    perspective: str | None = None  # the idea of fairness to read by; None: none before another

    @property
    def child_level(self) -> str | None:
        return {"state": "district", "district": "school"}.get(self.unit.level)


def check_reference(name: str, groups: Collection[str]) -> None:
    """That `name` is a reference there is among these group keys. Raises InputProblems."""
    kind, _, detail = name.partition(":")
    allowed = "overall, others, highest, group:NAME or target:NUMBER, for example group:white or target:0.8"
    if kind in ("overall", "others", "highest") and not detail:
        return
    if kind == "target" and _is_number(detail):
        return
    if kind != "group" or not detail:
        raise InputProblems.one("--reference", name, allowed, "write one of them")
    named = [key for key in groups if key == detail or ("+" not in key and key.endswith(f":{detail}"))]
    if len(named) != 1:
        known = ", ".join(sorted(named or (key for key in groups if key != ALL and "+" not in key))[:20])
        found = f"{name}, which {'is in several dimensions' if named else 'is no group of the data'}"
        raise InputProblems.one(
            "--reference", found, f"group:NAME with one of {known}", "write the group's whole key"
        )


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False

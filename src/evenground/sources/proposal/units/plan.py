"""What a mapping says of the units of a file, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remark:
    """How sure a decision is and what it rests on."""

    confidence: str
    evidence: str


@dataclass
class UnitPlan:
    """The lines of a mapping that say where a unit is: `unit`, `level`, `names` of a table, `units` of the
    source and the key under `files`; and why."""

    unit: Any
    files: str
    units: dict[str, Any]
    level: dict[str, Any] | None = None
    names: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)  # unit, level, units
    columns: tuple[str, ...] = ()

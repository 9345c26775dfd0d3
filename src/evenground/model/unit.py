"""Units: the state, its districts, their schools."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

LEVELS = ("state", "district", "school")

UNITS = pa.schema(
    [
        pa.field("unit_level", pa.string(), nullable=False),
        pa.field("unit_id", pa.string(), nullable=False),
        pa.field("unit_name", pa.string(), nullable=False),
        pa.field("parent_id", pa.string()),
    ]
)
"""One row a unit. `parent_id` is the unit of the next level up (a school's district, a district's state)."""


@dataclass(frozen=True)
class Unit:
    """One place: its level, id (leading zeros kept) and name."""

    level: str
    id: str
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.level}:{self.id}"


def parse_unit(text: str) -> Unit:
    """`district:1964733` -> Unit. Raises ValueError with what is allowed."""
    level, found, identity = text.partition(":")
    if not found or level not in LEVELS or not identity:
        raise ValueError(
            f"{text!r} is not a unit; write level:id with level one of {', '.join(LEVELS)}, "
            "for example district:1964733"
        )
    return Unit(level, identity)

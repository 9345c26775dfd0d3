"""What a check found, before it is said in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Word = str | int | float


@dataclass(frozen=True)
class Remark:
    """A finding of the check with the key `check`: its place, how many rows have it, and the words of its
    sentence. Words never hold an identifier of a student."""

    check: str
    file: str
    row: int | None = None
    column: str | None = None
    count: int = 1
    words: Mapping[str, Word] = field(default_factory=dict)

"""A proposed mapping: its lines, and beside each how sure it is and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evenground.sources.proposal.groups import HIGH

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
_RESERVED = {"yes", "no", "true", "false", "null", "on", "off", "y", "n", "~"}
_WIDE = 90


@dataclass(frozen=True)
class Line:
    """`key: value` with a comment. `value` is a word, a list, a mapping that is written in one line, or
    further lines. With None as its key the line is a comment alone."""

    key: str | None
    value: Any = None
    confidence: str = ""
    evidence: str = ""

    @property
    def comment(self) -> str:
        if not self.confidence:
            return f"  # {self.evidence}" if self.evidence else ""
        check = "" if self.confidence == HIGH else " please check:"
        return (
            f"  # {self.confidence},{check} {self.evidence}"
            if check
            else f"  # {self.confidence}: {self.evidence}"
        )


@dataclass
class Proposal:
    """What `evenground map` proposes for a file of counts."""

    file: str
    key: str
    lines: list[Line]
    tables: int = 0
    live: int = 0  # statistics that can be read as they are
    decisions: list[tuple[str, str, str, str]] = field(default_factory=list)  # what, is, confidence, evidence
    notes: list[str] = field(default_factory=list)

    def text(self, head: Sequence[str]) -> str:
        """The YAML, with comments."""
        return "\n".join(
            [*(f"# {line}".rstrip() for line in head), f"{self.key}:", *written(self.lines, 1), ""]
        )


def written(lines: Sequence[Line], depth: int) -> Iterator[str]:
    """The lines as YAML, indented by `depth`."""
    blank = "  " * depth
    for line in lines:
        if line.key is None:
            yield f"{blank}# {line.evidence}"
        elif isinstance(line.value, list) and line.value and isinstance(line.value[0], Line):
            yield f"{blank}{word(line.key)}:{line.comment}"
            yield from written(line.value, depth + 1)
        else:
            yield f"{blank}{word(line.key)}: {inline(line.value)}{line.comment}"


def inline(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{word(str(key))}: {inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(part) for part in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return word(str(value))


def word(text: str) -> str:
    """A word as YAML reads it back: in quotation marks where it could be taken for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED and len(text) < _WIDE:
        return text
    return json.dumps(text, ensure_ascii=False)

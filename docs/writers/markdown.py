"""Pieces of Markdown that the pages share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def section(title: str, lead: str, content: Iterable[str]) -> Iterator[str]:
    """A heading, what stands below it, and its content."""
    yield from (f"## {title}", "", lead, "", *content)


def headed(key: str, name: Any, said: str = "") -> Iterator[str]:
    """The head of one entry: its key, its name in both languages, and what is said right behind it."""
    yield from (f"### `{key}`", "", f"**{name.en}** · {name.es}{said}", "")


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---' for _ in header)} |"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    yield ""


def paragraphs(text: str | None) -> str:
    """Help text as one line of Markdown."""
    return " ".join((text or "").split())


def provenance(entry: Any) -> str:
    return f"{entry.source} ({entry.date.isoformat()}, {entry.confidence})"

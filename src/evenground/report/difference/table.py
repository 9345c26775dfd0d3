"""Every change as a row, for a table that can be sorted and counted."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.report.difference.compare import Change, Difference
from evenground.report.difference.sentence import sentence
from evenground.report.story.speech import Speech


def rows(speech: Speech, difference: Difference) -> Iterator[tuple[str, ...]]:
    """The header, then a row a change, with its sentence in every language. Text only."""
    yield (*Change._fields, *(f"sentence_{lang}" for lang in speech.languages))
    for change in difference.changes:
        words = sentence(speech, difference, change)
        yield (*map(_text, change), *(words.of(lang) for lang in speech.languages))


def _text(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)

"""One finding in short."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press import Words
from evenground.report.story.figures import Figure
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech


@dataclass(frozen=True)
class Item:
    """One finding in short; `kicker` says of which kind it is, `good` whether it goes well."""

    question: str
    indicator: str
    group: str
    good: bool
    kicker: Words
    headline: Words
    detail: Words
    takes: Words | None
    figure: Figure | None


def rest(speech: Speech, row: Row) -> Words:
    """What the full sentence says after its first one: how large, how sure."""
    whole, first = speech.sentence(row), speech.short(row)
    return Words.each(lambda full, start: full.removeprefix(start).strip(), whole, first)

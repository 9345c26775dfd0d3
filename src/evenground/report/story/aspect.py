"""A further aspect of a question: what is said of the whole system, beyond the gaps of its indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.model import Released
from evenground.press import Words
from evenground.report.story.figures import Figure
from evenground.report.story.panel import Place
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech


@dataclass(frozen=True)
class Scene:
    """What an aspect is told from: the words, the findings of one place, the place, and the release."""

    speech: Speech
    ledger: Ledger
    place: Place
    released: Released

    def here(self, measure: str) -> list[Row]:
        """The rows of a measure at the place that the page is of."""
        about = self.released.about
        place = (about.unit_level, about.unit_id)
        rows = self.ledger.further.get(measure, ())
        return [row for row in rows if row.told and (row.unit_level, row.unit_id) == place]

    def below(self, measure: str) -> list[Row]:
        """The rows of a measure at places below that one."""
        about = self.released.about
        rows = self.ledger.further.get(measure, ())
        return [row for row in rows if row.told and row.unit_level != about.unit_level]


@dataclass(frozen=True)
class Table:
    """The numbers under an aspect: the first cell of a row names it, the others are numbers or few words."""

    caption: Words
    heads: Sequence[Words]
    rows: Sequence[Sequence[Words]]


@dataclass(frozen=True)
class Aspect:
    """One aspect: a title that asks, a finding that begins with a number, charts, sentences, the table, and
    what the numbers rest on."""

    key: str
    title: Words
    finding: Words
    figures: tuple[Figure, ...]
    sentences: tuple[Words, ...]
    table: Table | None
    rests: Words

"""Small groups in charts: a hollow dot that leans on what is alike, with a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evenground.press import DotRow, Words
from evenground.report.story.axis import told
from evenground.report.story.rows import Ledger
from evenground.report.story.speech import Speech


def steadied(speech: Speech, ledger: Ledger, indicator: str, group: str, row: DotRow) -> DotRow:
    """The row of a group where its steadied number stands; the row itself where it has none."""
    found = ledger.steadied.get((indicator, ledger.latest[indicator], group))
    if row.value is None or found is None:
        return row
    written = told(speech, indicator, found.value)
    return replace(row, value=found.value, low=found.low, high=found.high, told=written, hollow=True)


def with_note(speech: Speech, ledger: Ledger, rows: Iterable[DotRow], subtitle: Words) -> Words:
    """The line under a chart's title, which says what a hollow dot is where there is one."""
    if not any(row.hollow for row in rows):
        return subtitle
    kind = next(iter(ledger.steadied.values())).reference
    line = Words.each(lambda words: f"{words}.", subtitle)
    return line.then(speech.wording.set(f"chart.steadied.{kind}"))

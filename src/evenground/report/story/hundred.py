"""A finding as ten by ten marks, beside those it is compared with: for whoever counts rather than reads."""

from __future__ import annotations

from evenground.press import Hundred, Share
from evenground.report.story.figures import Figure, finding_title, stop, subtitle
from evenground.report.story.panel import Place
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech

_BASE = 100


def hundred_figure(speech: Speech, ledger: Ledger, place: Place, row: Row) -> Figure | None:
    """The two shares that the finding names, where it tells them of every 100."""
    told = row.level is not None and row.reference_level is not None
    if not told or not speech.counts_people(row.indicator) or speech.base(row) != _BASE:
        return None
    named = [
        (speech.name(row.group), row.level or 0.0, True),
        (speech.reference_label(row), row.reference_level or 0.0, False),
    ]
    chart = Hundred(
        tuple(
            Share(
                label,
                value,
                speech.wording.label(
                    "in_base", x=speech.amount(row.indicator, value, _BASE), base=str(_BASE)
                ),
                accent,
            )
            for label, value, accent in named
        )
    )
    title = finding_title(speech, row.indicator, row, [row])
    return Figure(chart, title, subtitle(speech, ledger, place, row.indicator), stop(title))

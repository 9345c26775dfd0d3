"""What the parts of one page share, and the chart that all of them draw."""

from __future__ import annotations

from dataclasses import dataclass, field

from evenground.press import NARROW, WIDE, Html, Words, pictured
from evenground.report.story.figures import Figure
from evenground.report.story.rows import Ledger
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story


@dataclass
class Sheet:
    """What the parts of one page share: words, numbers and the count of figures."""

    speech: Speech
    ledger: Ledger
    story: Story
    source: Words
    figures: int = field(default=0)


def figure_part(sheet: Sheet, figure: Figure, narrow_only: bool = False, quiet: bool = False) -> Html:
    """A chart with its words; `quiet`: without title and source, where a heading says them."""
    sheet.figures += 1
    return pictured(
        f"f{sheet.figures}",
        None if narrow_only else figure.chart.picture(WIDE),
        figure.chart.picture(NARROW),
        None if quiet else figure.title,
        figure.subtitle,
        figure.alt,
        None if quiet else sheet.source,
    )

"""A number that jumps from one year to the next: often the way of counting changed, not the schools."""

from __future__ import annotations

from itertools import pairwise

from evenground.model import ALL, period_end
from evenground.press import Words, bases
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.weight import distance


def jump_of(speech: Speech, ledger: Ledger, indicator: str) -> Words | None:
    """The farthest step of everybody's number from one school year to the next; None where none is as far as
    the parameter `jump_in_a_year`."""
    rows = (ledger.level(indicator, ALL, period) for period in ledger.periods.get(indicator, ()))
    told = [row for row in rows if row is not None and row.told]
    steps = [(_far(speech, before, after), before, after) for before, after in pairwise(told)]
    far, before, after = max(steps, key=lambda step: step[0], default=(0.0, None, None))
    if before is None or after is None or far < speech.definitions.parameter("jump_in_a_year"):
        return None
    first, last = before.value or 0.0, after.value or 0.0
    base = bases(first, last, apart=True) if speech.share(indicator) else 100
    words = {"from": before.period, "period": after.period, "base": f"{base:,}"}
    amounts = {"b": speech.amount(indicator, first, base), "a": speech.amount(indicator, last, base)}
    people = speech.counts_people(indicator)
    group = speech.people(indicator, ALL) if people else speech.wording.label("overall", "whole")
    return speech.wording.set("jump.rate" if people else "jump.mean", group=group, **words, **amounts)


def _far(speech: Speech, before: Row, after: Row) -> float:
    if period_end(after.period) - period_end(before.period) != 1:
        return 0.0
    return distance(speech, before.indicator, after.value or 0.0, before.value or 0.0)

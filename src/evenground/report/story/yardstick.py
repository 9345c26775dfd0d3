"""How an idea of fairness measures a gap, where that is not how the review tells it."""

from __future__ import annotations

from evenground.press import Words
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech


def yardstick_of(speech: Speech, ledger: Ledger, row: Row) -> Words:
    """What the idea that the review reads by sees in the gap of `row`; nothing where it sees the same."""
    own = next((own for own in ledger.read_by if _same_gap(own, row)), None)
    return own_yardstick(speech, row, own) if own else Words("")


def own_yardstick(speech: Speech, row: Row, own: Row) -> Words:
    """The same for the row `own` of any idea."""
    if not own.behind or own.value is None:
        return Words("")
    if own.measure == "gap_within":
        return speech.wording.set("yardstick.inside", d=speech.gap(own.indicator, own.value, 0.0, 100))
    if own.reference_level is None or own.level is None or own.reference_group == row.reference_group:
        return Words("")
    size = speech.gap(own.indicator, own.level, own.reference_level, speech.base(own))
    return speech.wording.set("yardstick.other", reference=speech.reference(own), d=size)


def _same_gap(own: Row, row: Row) -> bool:
    """Whether `own` is of the same group and number, and a gap rather than a reading or a standard."""
    return (
        (own.indicator, own.group) == (row.indicator, row.group)
        and own.measure in ("difference", "gap_within")
        and not (own.reference or "").startswith("target:")
    )

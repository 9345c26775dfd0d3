"""How much a row asks for attention: how many it is about, and how far they are from what they are compared
with."""

from __future__ import annotations

import math

from evenground.model import ALL, parse_group
from evenground.report.story.panel import is_unknown
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech


def weight(speech: Speech, ledger: Ledger, row: Row) -> float:
    """The group's part of everybody times the square of how far it is from its reference, or from where it
    was: what `rank` goes by, for rows that have none. A gap that moved weighs what it weighs now. A part that
    nobody knows counts as everybody.
    """
    if row.measure == "gap_change":
        now = ledger.get(row.indicator, row.group, "difference")
        return weight(speech, ledger, now) if now else 0.0
    other = row.level_from if row.measure == "change" else row.reference_level
    if row.level is None or other is None:
        return 0.0
    return part(ledger, row) * distance(speech, row.indicator, row.level, other) ** 2


def distance(speech: Speech, indicator: str, first: float, second: float) -> float:
    """Between two shares Cohen's h, between two averages their distance as a part of the second."""
    if speech.share(indicator):
        one, other = (math.asin(math.sqrt(min(max(share, 0.0), 1.0))) for share in (first, second))
        return 2 * abs(one - other)
    return abs(first - second) / abs(second) if second else 0.0


def part(ledger: Ledger, row: Row) -> float:
    """The group's part of everybody."""
    own, whole = ledger.level(row.indicator, row.group), ledger.level(row.indicator, ALL)
    return own.n / whole.n if own and whole and own.n and whole.n else 1.0


def clear(row: Row, margin: float) -> bool:
    """Whether a value is at least `margin` times as far from 0 as chance could move it."""
    return row.half is not None and abs(row.value or 0.0) >= margin * row.half


def visible(speech: Speech, row: Row) -> bool:
    """Whether the two numbers that the sentence tells are different numbers."""
    if row.level is None or row.reference_level is None:
        return False
    base = speech.base(row)
    return speech.amount(row.indicator, row.level, base) != speech.amount(
        row.indicator, row.reference_level, base
    )


def speaks_for_itself(speech: Speech, row: Row) -> bool:
    """A group of its own: not the rest of another one, not nearly everybody, not those of whom nobody knows,
    and not too few."""
    known = speech.definitions
    rest = any(
        value in known.dimensions[dimension].rests
        for dimension, value in parse_group(row.group)
        if dimension in known.dimensions
    )
    small = row.n is not None and row.n < known.parameter("minimum_verdict_n")
    return not (rest or small or is_unknown(row.group))

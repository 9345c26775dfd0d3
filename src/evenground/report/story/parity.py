"""What parity takes, by the count that makes sense for the size of the group."""

from __future__ import annotations

from evenground.model import ALL
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech


def parity(
    speech: Speech, ledger: Ledger, indicator: str, group: str, period: str | None = None
) -> Row | None:
    """The students to parity: everybody moves along, except where the group is most of everybody."""
    own, whole = ledger.level(indicator, group, period), ledger.level(indicator, ALL, period)
    limit = speech.definitions.parameter("largest_part_moving")
    large = own and whole and own.n and whole.n and own.n > limit * whole.n
    return ledger.get(indicator, group, "needed_fixed" if large else "needed_moving", period)

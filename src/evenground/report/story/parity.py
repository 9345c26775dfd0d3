"""What parity takes, by the count that makes sense for the size of the group, and where it could come
from."""

from __future__ import annotations

from itertools import accumulate

from evenground.model import ALL
from evenground.press import Words, count
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.where import enough_places


def parity(
    speech: Speech, ledger: Ledger, indicator: str, group: str, period: str | None = None
) -> Row | None:
    """The students to parity: everybody moves along, except where the group is most of everybody."""
    own, whole = ledger.level(indicator, group, period), ledger.level(indicator, ALL, period)
    limit = speech.definitions.parameter("largest_part_moving")
    large = own and whole and own.n and whole.n and own.n > limit * whole.n
    return ledger.get(indicator, group, "needed_fixed" if large else "needed_moving", period)


def it_takes(speech: Speech, ledger: Ledger, row: Row) -> Words | None:
    """The students to parity of a gap, and how few places half of them could come from."""
    needed = parity(speech, ledger, row.indicator, row.group, row.period)
    if needed is None or not needed.told or not needed.value:
        return None
    where = half_of_it(speech, ledger, row, needed.value / 2)
    if where is None:
        return speech.needed(needed)
    few, places, level = where
    half = speech.wording.set(
        "needed.half", some=count(few), count=count(places), level=speech.wording.label(f"levels.{level}")
    )
    return speech.needed(needed).then(half)


def half_of_it(speech: Speech, ledger: Ledger, row: Row, half: float) -> tuple[int, int, str] | None:
    """In how few of how many places as many students as `half` of parity could be reached, were the group to
    have there what it is compared with: (few, places, level of the places).

    Only of published places; None where these hold less than half of the group, or too few are shown.
    """
    shown = [
        part
        for part in ledger.parts.get((row.indicator, row.group), ())
        if part.told and part.n is not None and part.level is not None
    ]
    held = sum(part.n or 0.0 for part in shown)
    if not enough_places(speech, shown) or row.reference_level is None or row.n is None:
        return None
    if held < speech.definitions.parameter("least_cover") * row.n:
        return None
    better = -1.0 if row.direction == "lower" else 1.0
    short = (better * (row.reference_level - (part.level or 0.0)) * (part.n or 0.0) for part in shown)
    missing = sorted((max(students, 0.0) for students in short), reverse=True)
    reached = list(accumulate(missing))
    few = next((at for at, students in enumerate(reached, start=1) if students >= abs(half) - 1e-9), 0)
    return (few, len(shown), shown[0].unit_level) if few else None

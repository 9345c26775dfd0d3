"""The grammar of our charts: each is data that draws itself, at the width that it is given.

A chart takes rows that already carry their words. Slides read the same rows.
The forms are listed in `press`.
"""

from typing import Protocol

from evenground.press.picture import Picture


class Chart(Protocol):
    """What every form of the grammar can do."""

    def picture(self, width: int) -> Picture:
        """The chart `width` points wide: WIDE for a screen, PRINT for paper, NARROW for a phone."""
        ...

"""The grammar of our charts: each is data that draws itself, at the width that it is given.

A chart takes rows that already carry their words. Slides read the same rows.
"""

from typing import Protocol

from evenground.press.chart.dots import DotRow, Dots
from evenground.press.chart.hundred import Hundred, Share
from evenground.press.chart.levels import LevelRow, Levels
from evenground.press.chart.lines import Line, Lines
from evenground.press.chart.matrix import Matrix, MatrixRow, Tally
from evenground.press.chart.multiples import Multiples, Panel
from evenground.press.chart.rows import NARROW, PRINT, WIDE
from evenground.press.chart.stages import Stages, Step
from evenground.press.chart.strip import Mark, Strip
from evenground.press.picture import Picture

__all__ = [
    "NARROW",
    "PRINT",
    "WIDE",
    "Chart",
    "DotRow",
    "Dots",
    "Hundred",
    "LevelRow",
    "Levels",
    "Line",
    "Lines",
    "Mark",
    "Matrix",
    "MatrixRow",
    "Multiples",
    "Panel",
    "Share",
    "Stages",
    "Step",
    "Strip",
    "Tally",
]


class Chart(Protocol):
    """What every form of the grammar can do."""

    def picture(self, width: int) -> Picture:
        """The chart `width` points wide: WIDE for a screen, PRINT for paper, NARROW for a phone."""
        ...

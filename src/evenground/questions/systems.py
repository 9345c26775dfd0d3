"""Questions about a whole system, beyond the gaps of single indicators: a module each, in this room."""

from __future__ import annotations

from collections.abc import Callable

from evenground.questions.apart import apart
from evenground.questions.background import background
from evenground.questions.bright import bright
from evenground.questions.consequences import consequences
from evenground.questions.growth import growth
from evenground.questions.levels import levels
from evenground.questions.money import money
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope
from evenground.questions.stages import stages
from evenground.questions.steadied import steadied
from evenground.questions.teaching import teaching

System = Callable[[Findings, Scope], None]

SYSTEMS: tuple[System, ...] = (
    stages,
    levels,
    growth,
    consequences,
    teaching,
    apart,
    money,
    background,
    bright,
    steadied,
)
"""Each adds its findings (measures of definitions/statistics) where these cells have an answer."""

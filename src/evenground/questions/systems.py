"""Questions about a whole system, beyond the gaps of single indicators: a module each, in this room."""

from __future__ import annotations

from collections.abc import Callable

from evenground.questions.apart import apart
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope

System = Callable[[Findings, Scope], None]

SYSTEMS: tuple[System, ...] = (apart,)
"""Each adds its findings (measures of definitions/statistics) where these cells have an answer."""

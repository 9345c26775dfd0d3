"""The aspects of each question, in the order of the page: a module each, from findings to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evenground.report.story.aspect import Aspect, Scene
from evenground.report.story.aspects.apart import apart
from evenground.report.story.aspects.apart_where import apart_moved, apart_where
from evenground.report.story.aspects.background import background
from evenground.report.story.aspects.bright import bright, bright_others
from evenground.report.story.aspects.consequences import consequences
from evenground.report.story.aspects.growth import mathematics_growth, reading_growth
from evenground.report.story.aspects.levels import mathematics, reading
from evenground.report.story.aspects.money import money
from evenground.report.story.aspects.stages import stages
from evenground.report.story.aspects.teaching import teaching

Teller = Callable[[Scene], Aspect | None]

ASPECTS: Mapping[str, tuple[Teller, ...]] = {
    "doors": (stages,),
    "learning": (reading, mathematics, reading_growth, mathematics_growth),
    "here": (consequences,),
    "teachers": (teaching,),
    "together": (apart, apart_where, apart_moved),
    "background": (background,),
    "bright": (bright, bright_others),
    "money": (money,),
}
"""Question -> what else is told of it; each answers None where there is nothing to tell."""


def aspects_of(scene: Scene, question: str) -> tuple[Aspect, ...]:
    told = (tell(scene) for tell in ASPECTS.get(question, ()))
    return tuple(aspect for aspect in told if aspect is not None)

"""What the review says, and in which order: the same for page and print."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.model import Released, Unit
from evenground.press import Words
from evenground.report.story.aspect import Scene
from evenground.report.story.item import Item
from evenground.report.story.panel import Place, Wider
from evenground.report.story.perspectives import Ways, in_its_order, ways_of
from evenground.report.story.question import Section, section_of
from evenground.report.story.rows import Ledger
from evenground.report.story.short import items_of
from evenground.report.story.speech import Speech


@dataclass(frozen=True)
class Story:
    title: Words
    items: tuple[Item, ...]
    sections: tuple[Section, ...]
    place: Place
    ways: Ways | None = None  # what each idea of fairness makes of it


def story_of(
    released: Released,
    ledger: Ledger,
    speech: Speech,
    unit: Unit | None = None,
    wider: Wider | None = None,
) -> Story:
    """Chooses what is said first of the place in focus, or of another `unit`; every number of it comes from
    the ledger of that place. `wider` stands beside it in the charts."""
    about = released.about
    unit = unit or about.unit
    known = list(speech.definitions.dimensions)  # in the order in which an educator would name them
    place = Place(unit.name, unit.level, tuple(key for key in known if key in about.by), wider)
    questions = in_its_order(speech, released, _questions(speech, ledger, released))
    scene = Scene(speech, ledger, place, released)
    sections = tuple(
        section
        for key, indicators in questions.items()
        if (section := section_of(scene, key, indicators)) is not None
    )
    shown = [key for indicators in questions.values() for key in indicators]
    items = tuple(items_of(speech, ledger, place, shown))
    ways = ways_of(speech, ledger, released)
    return Story(_title(speech, unit, ledger), items, sections, place, ways)


def _questions(speech: Speech, ledger: Ledger, released: Released) -> dict[str, list[str]]:
    """The indicators of each question that was asked (`settings`: none named is all), in the order of the
    definitions."""
    asked = released.settings.get("questions") or speech.definitions.questions
    found: dict[str, list[str]] = {key: [] for key in speech.definitions.questions if key in asked}
    for key in speech.definitions.indicators:
        if key in ledger.latest and speech.indicator(key).question in found:
            found[speech.indicator(key).question].append(key)
    return found


def _title(speech: Speech, unit: Unit, ledger: Ledger) -> Words:
    periods = sorted({period for found in ledger.periods.values() for period in found})
    if not periods:
        return speech.wording.set("page.title.none", place=unit.name)
    words = {"from": periods[0], "period": periods[-1]}
    return speech.wording.set(
        "page.title.one" if len(periods) == 1 else "page.title", place=unit.name, **words
    )

"""What the review says, and in which order: the same for page and print."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.model import Released
from evenground.press import Words
from evenground.report.story.panel import Place
from evenground.report.story.question import Section, section_of
from evenground.report.story.rows import Ledger
from evenground.report.story.short import Item, items_of
from evenground.report.story.speech import Speech


@dataclass(frozen=True)
class Story:
    title: Words
    items: tuple[Item, ...]
    sections: tuple[Section, ...]
    place: Place


def story_of(released: Released, ledger: Ledger, speech: Speech) -> Story:
    """Chooses what is said first; every number of it comes from the ledger."""
    about = released.about
    known = list(speech.definitions.dimensions)  # in the order in which an educator would name them
    place = Place(about.title, about.unit_level, tuple(key for key in known if key in about.by))
    questions: dict[str, list[str]] = {}
    for key in speech.definitions.indicators:
        if key in ledger.latest:
            questions.setdefault(speech.indicator(key).question, []).append(key)
    sections = tuple(
        section_of(speech, ledger, place, released, key, questions[key])
        for key in speech.definitions.questions
        if key in questions
    )
    return Story(_title(speech, released), tuple(items_of(speech, ledger, place)), sections, place)


def _title(speech: Speech, released: Released) -> Words:
    periods = sorted(released.about.periods)
    one = len(periods) < 2
    words = {"from": periods[0] if periods else "", "period": periods[-1] if periods else ""}
    return speech.wording.set("page.title.one" if one else "page.title", place=released.about.title, **words)

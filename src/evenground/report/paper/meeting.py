"""Two pages for a meeting: the findings in short; then how this place stands, how ideas of fairness see it,
what to ask, what we decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from evenground.model import About
from evenground.press import NARROW, Words, typeset
from evenground.press.paper import FONT
from evenground.report.page.table import figure_of
from evenground.report.story.local import Beside, Local
from evenground.report.story.perspectives import Ways
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story
from evenground.report.story.ways import Talk, read_by_name, title_of

_ANSWERS = 8
_QUESTIONS = 4
_STEPS = 5
_LABELS = (
    "in_short", "how_sure", "ask",
    "decide", "step", "who", "by_when", "page", "of",
)  # fmt: skip


def print_meeting(
    speech: Speech,
    about: About,
    story: Story,
    hidden: Sequence[Words],
    lang: str,
    *,
    local: Local | None = None,
    talk: Talk | None = None,
) -> bytes:
    """The PDF (PDF/UA-1) in one language: of the place in focus, or of another (`local`), which stands beside
    the places that it is part of. `hidden`: what is said of hidden numbers; `talk`: of ideas of fairness."""
    pictures: dict[str, str] = {}
    data = {
        **_words(speech, about, story, lang),
        "hidden": " ".join(line.of(lang) for line in hidden),
        **_second(speech, story, local, lang),
        "items": [_item(item, pictures, lang) for item in story.items],
        "ways": _ways(story.ways, talk, lang) if story.ways and talk else None,
    }
    template = (resources.files("evenground.report.paper") / "meeting.typ").read_text(encoding="utf-8")
    made = datetime.fromisoformat(about.made_on).replace(tzinfo=UTC)
    return typeset(template, data, pictures, made)


def _words(speech: Speech, about: About, story: Story, lang: str) -> dict[str, Any]:
    wording = speech.wording

    def say(words: Words) -> str:
        return words.of(lang)

    source = wording.set("source.line", publisher=about.publisher, period=max(about.periods, default=""))
    asked = dict.fromkeys(item.question for item in story.items)
    sections = sorted(story.sections, key=lambda section: section.key not in asked)
    questions = [ask for section in sections for ask in section.ask[:1]]
    first = sections[0] if sections else None
    return {
        "lang": lang,
        "title": say(story.title),
        "lede": say(wording.set("page.lede", place=story.place.title).then(read_by_name(story.ways))),
        "source": say(source),
        "date": about.made_on,
        "labels": {key: say(wording.label(key)) for key in _LABELS},
        "sure": say(first.compared.then(wording.set("sure.method"))) if first else "",
        "ask": [say(ask) for ask in questions[:_QUESTIONS]],
        "steps": _STEPS,
        "whole": say(wording.set("meeting.whole", place=about.title)),
    }


def _ways(ways: Ways, talk: Talk, lang: str) -> dict[str, str]:
    return {
        "title": title_of(ways).of(lang),
        "agree": talk.agree.then(talk.agreed).of(lang),
        "part": talk.part.then(talk.parted).of(lang),
        "settle": talk.settle.of(lang),
    }


def _item(item: Any, pictures: dict[str, str], lang: str) -> dict[str, Any]:
    figure = None
    if item.figure is not None:
        picture = item.figure.chart.picture(NARROW)
        name = f"picture{len(pictures) + 1}.svg"
        pictures[name] = picture.paper(lang, FONT)
        figure = {"file": name, "alt": item.figure.alt.of(lang)}
    return {
        "good": item.good,
        "kicker": item.kicker.of(lang),
        "headline": item.headline.of(lang),
        "detail": item.detail.of(lang),
        "takes": item.takes.of(lang) if item.takes else None,
        "figure": figure,
    }


def _second(speech: Speech, story: Story, local: Local | None, lang: str) -> dict[str, Any]:
    """The upper half of the second page: this place beside those that it is part of, or every question with
    its answer."""
    wording = speech.wording
    empty: dict[str, Any] = {"heads": [], "columns": [], "rows": [], "answers": [], "more": ""}
    if local is not None and local.above:
        heads = ["indicator", "here", "verdict", "over_time"]
        told = [wording.label(key).of(lang) for key in heads]
        told[2:2] = [unit.name for unit in local.above]
        return empty | {
            "second": wording.label("beside").of(lang),
            "heads": told,
            "columns": [True, *(False for _ in told[1:-2]), True, True],
            "rows": [_row(speech, row, lang) for row in local.beside],
            "more": wording.set("meeting.more", count="{count}").of(lang),  # the paper knows how many fit
        }
    answers = [
        {"title": section.title.of(lang), "answer": section.answer.of(lang)}
        for section in story.sections[:_ANSWERS]
    ]
    return empty | {"second": wording.label("answers").of(lang), "answers": answers}


def _row(speech: Speech, row: Beside, lang: str) -> list[str]:
    label = speech.wording.label
    wider: Sequence[str] = [
        figure_of(speech, level).of(lang) if level is not None and level.told else "" for level in row.above
    ]
    reading = label(row.reading).of(lang) if row.reading else ""
    moved = label(f"moved.{row.moved}").of(lang) if row.moved else ""
    return [
        speech.title(row.indicator).of(lang),
        figure_of(speech, row.here).of(lang),
        *wider,
        reading,
        moved,
    ]

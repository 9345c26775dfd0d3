"""The page of a room: where it stands, where it chooses alike, where it parts, what to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evenground.definitions import Definitions, load_wording, phrases, said
from evenground.definitions.questionnaire import questionnaire
from evenground.perspectives import Answers, Room, Standing
from evenground.press import (
    NARROW,
    WIDE,
    DotRow,
    Dots,
    Html,
    Words,
    bar,
    both,
    contents,
    count,
    decimal,
    element,
    filled,
    leaf,
    pictured,
    plain_table,
)
from evenground.storage import whole_file

FIRST_LINE = "private: what a room of people chose; for them to talk about; do not publish"
_SECTIONS = ("where", "together", "apart", "talk", "every", "how", "ideas")
_SOME = 3
_HALF = 0.5
_TEN = 10
_LETTERS = ("A", "B")


def write_room(room: Room, file: Path, definitions: Definitions) -> None:
    """Writes the page, whole or not at all."""
    with whole_file(file) as fresh:
        fresh.write_text(page(room, definitions), encoding="utf-8")


def say(key: str, **values: object) -> Words:
    return filled(said(phrases("questionnaire")[key]), **values)


def page(room: Room, definitions: Definitions) -> str:
    """The whole HTML file, in every language."""
    content = {
        "where": _where(room, definitions),
        "together": _listed(_alike(room)),
        "apart": _listed(_split(room)),
        "talk": [_talk(room, definitions)],
        "every": [_every(room)],
        "how": [both("p", say(key)) for key in ("how_1", "how_2", "how_3", "how_4")],
        "ideas": _ideas(definitions),
    }
    sections = [
        element("section", element("h2", say(key), id=key), content[key], aria_labelledby=key)
        for key in _SECTIONS
    ]
    header = element(
        "header",
        bar(say("language"), load_wording().label("language_name")),
        element("h1", say("room_title")),
        element("p", element("strong", say("private"))),
        both("p", say("lede", people=count(room.people), items=len(room.answers)), class_="lede"),
        _of_ten(room),
        contents(say("contents"), [(key, say(key)) for key in _SECTIONS]),
    )
    return leaf(
        say("room_title"),
        say("skip"),
        _SECTIONS[0],
        (header, element("main", sections, class_="flow")),
        FIRST_LINE,
    )


def _of_ten(room: Room) -> Html:
    """How often two of them choose alike: agreement by coin is one half."""
    alike = (float(room.alike.value) + 1) / 2
    return both("p", say("alike", x=decimal(round(alike * _TEN), 0)))


def _where(room: Room, definitions: Definitions) -> list[Html]:
    order = sorted(room.standings, key=lambda one: -one.share if one.share == one.share else 1.0)
    names = {one.idea: said(definitions.perspectives[one.idea].name) for one in order}
    rows = tuple(
        DotRow(
            names[one.idea], Words.same(""), one.share, one.low, one.high, _HALF, decimal(one.share * 100, 0)
        )
        for one in order
    )
    chart = Dots(rows, 0.0, 1.0, 100, say("where_axis"), say("half"))
    first = order[0]
    even = sum(one.share == first.share for one in order)
    most = decimal(first.share * 100, 0)
    title = (
        say("where_title_even", count=count(even), x=most)
        if even > 1
        else say("where_title", idea=names[first.idea], x=most)
    )
    alt = say("where_alt", count=len(rows), finding=Words.each(lambda text: f"{text}.", title))
    picture = pictured("f1", chart.picture(WIDE), chart.picture(NARROW), title, say("where_sub"), alt)
    heads = [say("idea"), say("chosen"), say("middle"), say("nearest")]
    lines: list[list[Html | str | Words]] = [
        [names[one.idea], decimal(one.share * 100, 0), _middle(one), _people(one.nearest)] for one in order
    ]
    lines.append([say("between"), "", "", _people(room.between)])
    return [picture, plain_table("where", say("where"), heads, lines), both("p", say("spread"))]


def _middle(one: Standing) -> str:
    return f"{decimal(one.low * 100, 0)} – {decimal(one.high * 100, 0)}"


def _people(number: int | None) -> Words:
    return say("few") if number is None else Words.same(count(number))


def _alike(room: Room) -> list[Answers]:
    """The items with the largest majority."""
    known = [one for one in room.answers if one.majority]
    return sorted(known, key=lambda one: -one.majority)[:_SOME]


def _split(room: Room) -> list[Answers]:
    """The items nearest to half and half."""
    return sorted((one for one in room.answers if one.told), key=lambda one: one.majority)[:_SOME]


def _listed(answers: Sequence[Answers]) -> list[Html]:
    if not answers:
        return [both("p", say("no_items"))]
    items = questionnaire()
    told = []
    for one in answers:
        item = items[one.item]
        choices = [
            element("li", element("strong", letter), ": ", said(choice.text))
            for letter, choice in zip(_LETTERS, (item.first, item.second), strict=True)
        ]
        told.append(
            element(
                "article",
                element("h3", said(item.ask)),
                element("ul", choices, class_="ask"),
                both("p", _result(one).raised, class_="takes"),
                class_="item",
            )
        )
    return told


def _result(one: Answers) -> Words:
    if one.first is not None and one.second is not None:
        return say("counted", first=count(one.first), second=count(one.second))
    return say("too_few") if one.ahead is None else say("nearly_all", x=_LETTERS[one.ahead])


def _talk(room: Room, definitions: Definitions) -> Html:
    items = questionnaire()
    lines = [say("talk_split", ask=said(items[one.item].ask)) for one in _split(room)]
    first = max(room.standings, key=lambda one: np.nan_to_num(one.share, nan=-1.0))
    lines += [said(ask) for ask in definitions.perspectives[first.idea].ask[:1]]
    lines.append(say("talk_all"))
    return element("ul", [both("li", line) for line in lines], class_="ask")


def _every(room: Room) -> Html:
    items = questionnaire()
    heads = [say("question"), say("result"), say("answer_a"), say("answer_b")]
    rows: list[list[Html | str | Words]] = []
    for number, one in enumerate(room.answers, start=1):
        item = items[one.item]
        ask = Words.each(lambda text, number=number: f"{number}. {text}", said(item.ask))
        rows.append([ask, _result(one), said(item.first.text), said(item.second.text)])
    return plain_table("every", say("every"), heads, rows)


def _ideas(definitions: Definitions) -> list[Html]:
    return [
        element(
            "article",
            element("h3", said(idea.name)),
            both("p", said(idea.idea)),
            both("p", said(idea.cannot_see), class_="soft"),
            class_="item",
        )
        for idea in definitions.perspectives.values()
    ]

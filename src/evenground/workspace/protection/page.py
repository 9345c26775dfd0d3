"""The private page: the rule, what was hidden, why this many, what it costs, what would help, the attack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from evenground import __version__
from evenground.definitions import Policy, said
from evenground.disclosure import Attack
from evenground.disclosure.account import Account, Line
from evenground.model import ALL
from evenground.press import (
    Html,
    Words,
    bar,
    both,
    contents,
    count,
    decimal,
    element,
    join,
    leaf,
    plain_table,
)
from evenground.report.story.speech import Speech
from evenground.workspace.protection.cost import Comparisons
from evenground.workspace.protection.help import helps
from evenground.workspace.protection.rule import rule, say
from evenground.workspace.protection.tables import Cell, Part, numbers_table, of_100, parts, reasons_table
from evenground.workspace.protection.variants import Tried

FIRST_LINE = "private: tells which numbers were hidden first; do not publish"
_SECTIONS = ("rule", "hidden", "why", "cost", "help", "attack")
_NEAR = 1e-6  # of a student: the ends of a range come from linear programs
_ROUND = 10  # sizes of schools are told in tens: the smallest of them may have few students


@dataclass(frozen=True)
class Told:
    """All that the page tells. `names`: (unit level, id) -> name; `earlier`: earlier releases were known;
    `together`: rows of the release that tell hidden ones together.
    """

    title: str
    made_on: str
    policy: Policy
    speech: Speech
    names: dict[tuple[str, str], str]
    account: Account
    comparisons: Comparisons
    attacks: Sequence[Attack]
    earlier: bool
    together: int
    tried: Tried | None


def page(told: Told) -> str:
    """The whole HTML file."""
    whole = told.account.whole
    numbers = {
        "cells": count(whole.cells),
        "shown": count(whole.shown),
        "first": count(whole.first),
        "others": count(whole.others),
        "source": count(whole.source),
    }
    title = say("title", name=told.title)
    name = said(told.policy.name)
    header = element(
        "header",
        bar(say("language")),
        element("h1", title),
        element("p", element("strong", say("private")), class_="warn"),
        both("p", say("lede_source" if whole.source else "lede", **numbers), class_="lede"),
        both("p", say("made", date=told.made_on, version=__version__, policy=name), class_="soft"),
        element("button", say("print"), type="button", hidden=True),
        contents(say("contents"), [(key, say(key)) for key in _SECTIONS]),
    )
    content = {
        "rule": [_rule(told)],
        "hidden": _hidden(told),
        "why": [*_places(told), *_sizes(told)],
        "cost": _cost(told),
        "help": helps(told.speech, told.tried),
        "attack": _attack(told),
    }
    sections = [
        element("section", element("h2", say(key), id=key), content[key], aria_labelledby=key)
        for key in _SECTIONS
    ]
    return leaf(title, say("skip"), _SECTIONS[0], (header, element("main", sections)), FIRST_LINE)


def _rule(told: Told) -> Html:
    name = said(told.policy.name)
    rows: list[list[Cell]] = [[about, says] for about, says in rule(told.policy)]
    return plain_table("rule", name, [say("rule_head"), say("rule_says")], rows)


# --- what was hidden ---


def _hidden(told: Told) -> list[Html]:
    account, speech = told.account, told.speech
    if not account.whole.hidden:
        return [both("p", say("hidden_none"))]

    def dimension(line: Line) -> Words:
        return say("everybody") if line.key[0] == ALL else speech.dimension(line.key[0])

    tables = [
        Part("by_level", "level", account.level, lambda line: say(line.key[0])),
        Part("by_dimension", "dimension", account.dimension, dimension),
        Part("by_period", "period", account.period, lambda line: Words.same(line.key[0])),
        Part("by_indicator", "indicator", account.indicator, lambda line: speech.title(line.key[0])),
    ]
    together = [both("p", say("hidden_together", count=count(told.together)))] if told.together else []
    return [reasons_table(account.whole), *together, *parts(tables, account.whole.source > 0)]


# --- why this many ---


def _places(told: Told) -> list[Html]:
    account = told.account
    lead = [both("p", say("why_lead")), element("h3", say("places"))]
    if not account.places:
        return [*lead, both("p", say("places_none"))]
    small = {key for line in account.places if (key := line.key[:2]) in account.smallest}
    heads = [say("place"), say("indicator"), say("first"), say("others"), say("explained")]
    rows: list[list[Cell]] = [
        [
            told.names.get((line.key[0], line.key[1]), line.key[1]),
            told.speech.title(line.key[2]),
            count(line.first + line.source),
            count(line.others),
            _explained(line).then(say("why_small")) if line.key[:2] in small else _explained(line),
        ]
        for line in account.places
    ]
    return [*lead, numbers_table("places", say("places"), heads, rows, words=(1, 4))]


def _explained(line: Line) -> Words:
    few = line.first + line.source
    if line.hidden.get("table", 0) > line.hidden.get("protects", 0):
        return say("why_table")
    if not few:
        return say("why_none")
    if line.others > few:
        return say("why_many", x=count(line.others / few))
    return say("why_few")


def _sizes(told: Told) -> list[Html]:
    quarters = told.account.quarters
    if not quarters:
        return []
    ends = [of_100(quarter.line.shown, quarter.line.cells) for quarter in (quarters[0], quarters[-1])]
    heads = [say("size"), say("schools"), say("numbers"), say("share_shown"), say("first"), say("others")]
    rows: list[list[Cell]] = [
        [
            say("up_to", n=count(_ROUND * ceil(quarter.largest / _ROUND))),
            count(quarter.schools),
            count(quarter.line.cells),
            of_100(quarter.line.shown, quarter.line.cells),
            count(quarter.line.first + quarter.line.source),
            count(quarter.line.others),
        ]
        for quarter in quarters
    ]
    return [
        element("h3", say("sizes")),
        both("p", say("sizes_lead", x=ends[0], y=ends[1])),
        numbers_table("sizes", say("sizes"), heads, rows),
    ]


# --- what it costs ---


def _cost(told: Told) -> list[Html]:
    account, found = told.account, told.comparisons
    lead = say("cost_lead", cells=count(account.whole.others), students=count(account.students))
    asked, published = (sum(pair[at] for pair in found.values()) for at in (0, 1))
    heads = [say("question"), say("possible"), say("published"), say("share")]
    rows: list[list[Cell]] = [
        [told.speech.question_title(key), count(possible), count(shown), of_100(shown, possible)]
        for key in told.speech.definitions.questions
        if key in found
        for possible, shown in (found[key],)
    ]
    parts = [
        both("p", lead.then(say("cost_findings", asked=count(asked), told=count(published)))),
        numbers_table("comparisons", say("comparisons"), heads, rows),
    ]
    if account.largest:
        heads = [say("place"), say("indicator"), say("group"), say("period"), say("students")]
        rows = [
            [
                told.names.get((cell.unit_level, cell.unit_id), cell.unit_id),
                told.speech.title(cell.indicator),
                told.speech.name(cell.group),
                cell.period,
                count(cell.n),
            ]
            for cell in account.largest
        ]
        table = numbers_table("largest", say("largest"), heads, rows, words=(1, 2))
        parts += [element("h3", say("largest")), table]
    return parts


# --- the attack ---


def _widths(attacks: Sequence[Attack]) -> list[Words]:
    """How many values the hidden counts leave, where the attack says it."""
    left = np.concatenate([np.floor(one.high + _NEAR) - np.ceil(one.low - _NEAR) + 1 for one in attacks])
    if not len(left) or not np.isfinite(np.median(left)):
        return []
    return [say("attack_narrow", n=count(left.min()), m=count(np.floor(np.median(left))))]


def _attack(told: Told) -> list[Html]:
    words = [say("attack_none")]
    if told.attacks:
        tried, found = (
            sum(one.tried for one in told.attacks),
            sum(len(one.derivable) for one in told.attacks),
        )
        seconds = decimal(sum(one.seconds for one in told.attacks))
        words = [say("attack_made", tried=count(tried), found=count(found), seconds=seconds)]
        if tried and not found:
            words.append(say("attack_range", n=count(told.policy.possible_values)))
            words += _widths(told.attacks)
    open_ones = ["attack_earlier_known" if told.earlier else "attack_earlier", "attack_insider"]
    open_ones += ["attack_inference", "attack_later"]
    listed = element("ul", [both("li", say(key)) for key in open_ones], class_="ask")
    return [join(*(both("p", each) for each in words)), element("h3", say("attack_open")), listed]

"""What would help, and what could be added: the variants as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenground.definitions import said
from evenground.press import Html, Words, both, count, element, plain_table
from evenground.report.story.speech import Speech
from evenground.workspace.protection.rule import say
from evenground.workspace.protection.tables import Cell, numbers_table, of_100
from evenground.workspace.protection.variants import LARGEST, Tried, Variant


def helps(speech: Speech, tried: Tried | None) -> list[Html]:
    """The section; without variants it says how to have them tried."""
    if tried is None:
        return [both("p", say("help_not_tried"))]
    heads = [say("variant"), say("numbers"), say("shown"), say("findings_shown")]
    heads += [say("lost"), say("gained"), say("added")]
    rows: list[list[Cell]] = [
        [
            _name(speech, one.way.key, one.way.what),
            count(one.cells),
            count(one.shown),
            of_100(one.told, one.possible),
            count(one.lost),
            count(one.gained),
            count(one.added),
        ]
        for one in tried.variants
    ]
    parts = [
        both("p", say("help_lead", period=tried.period)),
        numbers_table("variants", say("variants"), heads, rows),
        *(both("p", each) for each in _in_short(speech, tried)),
        both("p", say("help_earlier")),
    ]
    if tried.not_tried:
        missing: list[list[Cell]] = [
            [_name(speech, one.key, one.what), say(one.why, n=count(LARGEST))] for one in tried.not_tried
        ]
        heads = [say("variant"), say("not_tried_why")]
        table = plain_table("not-tried", say("not_tried"), heads, missing)
        parts += [element("h3", say("not_tried")), table]
    return parts


def _in_short(speech: Speech, tried: Tried) -> Iterator[Words]:
    """What could be added for nothing, and what shows the most."""
    now, *others = [one for one in tried.variants if one.way.policy is None]
    safe = [_name(speech, one.way.key, one.way.what) for one in others if one.added and not one.lost]
    if safe:
        listed = Words.each(lambda *names: "; ".join(names), *safe)
        yield say("help_safe", what=listed)
    best = max(others, key=_told, default=now)
    if _told(best) > _told(now):
        x, y = (of_100(one.told, one.possible) for one in (best, now))
        yield say("help_most", what=_name(speech, best.way.key, best.way.what), x=x, y=y)


def _told(variant: Variant) -> float:
    return variant.told / variant.possible if variant.possible else 0.0


def _name(speech: Speech, key: str, what: Sequence[str]) -> Words:
    if not what:
        return say(key, what="…")
    if key == "other_policy":
        name = said(speech.definitions.policies[what[0]].name)
        return say(key, what=Words.each("“{}”".format, name))
    return say(key, what=speech.dimension("+".join(what)))

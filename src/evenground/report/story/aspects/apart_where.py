"""Where schools are apart: between districts or inside them, in which of them, and whether it moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from evenground.press import Words, count, decimal, percent
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.aspects.apart import here, rests
from evenground.report.story.rows import Row
from evenground.report.story.where import enough_places

_PARTS = ("closed", "opened", "sizes", "composition", "sorting")
_NAMED = 10


def apart_where(scene: Scene) -> Aspect | None:
    """How much lies between districts, and in how few places half of the rest does. Names stand by name."""
    whole = next(iter(here(scene, "theil_h")), None)
    level = {"state": "district", "district": "school"}.get(scene.released.about.unit_level, "")
    places = [
        row
        for row in scene.ledger.further.get("theil_contribution", ())
        if row.told and row.unit_level == level
    ]
    if whole is None or not whole.value or not enough_places(scene.speech, places):
        return None
    say = scene.speech.wording
    half = _half(scene, level, places)
    between = next((row for row in here(scene, "theil_part") if row.reference == "level:district"), None)
    first: Words = half
    if between is not None:
        parts = round((between.value or 0.0) / whole.value * 100)
        first = say.set("aspect.apart.between", a=count(parts), b=count(100 - parts))
    return Aspect(
        "apart-where",
        say.label("aspect.apart.where"),
        first,
        (),
        (*((half,) if between else ()), say.set("aspect.apart.lines")),
        _table(scene, level, places),
        rests(scene, [whole], "aspect.apart.index").then(
            say.set("aspect.apart.index.here", x=decimal(whole.value, 2))
        ),
    )


def _half(scene: Scene, level: str, places: Sequence[Row]) -> Words:
    """The fewest places that hold half of it, and what part of the students."""
    largest = sorted(places, key=lambda row: -(row.value or 0.0))
    sums = accumulate(row.value or 0.0 for row in largest)
    few = 1 + next((at for at, reached in enumerate(sums) if reached >= 0.5), len(largest) - 1)
    students = sum(row.n or 0.0 for row in largest[:few]) / sum(row.n or 0.0 for row in places)
    return scene.speech.wording.set(
        f"aspect.apart.half.{level}", few=count(few), all=count(len(places)), a=count(students * 100)
    )


def _table(scene: Scene, level: str, places: Sequence[Row]) -> Table:
    """The places that add most, in the order of their names."""
    say = scene.speech
    students = sum(row.n or 0.0 for row in places)
    named = sorted(places, key=lambda row: -(row.value or 0.0))[:_NAMED]
    rows = [
        [
            say.place(row),
            Words.same(percent(row.value or 0.0)),
            Words.same(percent((row.n or 0.0) / students)),
        ]
        for row in sorted(named, key=lambda row: row.unit_name)
    ]
    heads = [say.wording.label("place")]
    heads += [say.wording.label(f"aspect.apart.{head}") for head in ("part", "share")]
    return Table(say.wording.label(f"aspect.apart.where.caption.{level}"), heads, rows)


def apart_moved(scene: Scene) -> Aspect | None:
    """Whether it changed, and through what."""
    whole = next(iter(here(scene, "theil_h")), None)
    parts = {str(row.reference).partition(":")[2]: row for row in here(scene, "theil_change")}
    if whole is None or "change" not in parts or not all(name in parts for name in _PARTS):
        return None
    say, change = scene.speech.wording, parts["change"]
    now, before = whole.value or 0.0, (whole.value or 0.0) - (change.value or 0.0)
    told = {"a": decimal(before * 100), "b": decimal(now * 100)}
    finding = say.set("aspect.apart.moved", **told, **{"from": change.period_from, "period": whole.period})
    rows = [
        [say.label(f"aspect.apart.part.{name}"), Words.same(_points(parts[name])), _range(parts[name])]
        for name in (*_PARTS, "change")
    ]
    heads = [say.label("aspect.apart.cause"), say.label("aspect.apart.points"), say.label("interval")]
    return Aspect(
        "apart-moved",
        say.label("aspect.apart.moved"),
        finding,
        (),
        (say.set(f"aspect.apart.sorting.{parts['sorting'].verdict}"),),
        Table(say.label("aspect.apart.moved.caption"), heads, rows),
        rests(scene, [whole], "aspect.apart.index").then(say.set("aspect.apart.parts")),
    )


def _points(row: Row) -> str:
    return decimal((row.value or 0.0) * 100).replace("-", "−")


def _range(row: Row) -> Words:
    ends = (decimal((end or 0.0) * 100).replace("-", "−") for end in (row.low, row.high))
    return Words.same(" … ".join(ends))

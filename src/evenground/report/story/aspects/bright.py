"""Where is it going better than expected? Places above places like them, by name, and whom to compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from evenground.definitions import people
from evenground.model import ALL
from evenground.press import Mark, Strip, Words, count
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure, stop
from evenground.report.story.mention import INCOME
from evenground.report.story.rows import Row

_NAMED = ("above", "below")
_MEASURES = ("advantage", "advantage_change", "advantage_gap")
_MOST = 20  # rows of a table; the files have all
_NAMES = 5  # similar places that are named
_FEW = 3  # places named in a cell

Key = tuple[str, str]
"""(indicator, group)."""


def bright(scene: Scene) -> Aspect | None:
    """Led by the group with the most places that do better for it than places like them."""
    found = _by_key(scene, "advantage")
    if not found:
        return None
    key = max(found, key=lambda key: _lead(key, found[key]))
    rows = found[key]
    named = sorted(_named(rows), key=lambda row: (row.unit_name, row.unit_id))
    say, first = scene.speech.wording, named[0]
    least = int(scene.speech.definitions.parameter("fewest_years_better"))
    words = {
        "count": count(len(named)),
        "level": say.label(f"levels.{first.unit_level}"),
        "all": count(len(rows)),
        "group": scene.speech.people(*key),
        "indicator": scene.speech.title(key[0]),
    }
    shown = max(named, key=lambda row: (row.n or 0.0, row.unit_id))
    ask = "ask.coded" if shown.unit_name == shown.unit_id else "ask"  # files that name no school
    return Aspect(
        "bright-places",
        say.label("aspect.bright"),
        say.set("aspect.bright.finding", **words),
        (_strip(scene, shown, rows),),
        (
            say.set("aspect.bright.what", years=count(least)),
            say.set("aspect.bright.luck", x=_promised(scene)),
            say.set(f"aspect.bright.{ask}", place=shown.unit_name),
        ),
        _places(scene, named),
        _rests(scene, key[0]),
    )


def bright_others(scene: Scene) -> Aspect | None:
    """For which other groups and outcomes: level, change and the change of a gap kept apart."""
    found = {measure: _by_key(scene, measure) for measure in _MEASURES}
    told = [(measure, key, _named(rows)) for measure, by in found.items() for key, rows in by.items()]
    if len(told) < 2:
        return None
    say = scene.speech.wording
    told.sort(key=lambda one: (one[1], one[0]))
    rows = [
        [
            scene.speech.title(key[0]), scene.speech.name(key[1]), say.label(f"aspect.bright.{measure}"),
            Words.same(count(len(named))), _few(scene, named),
        ]
        for measure, key, named in told
    ]  # fmt: skip
    places = {(row.unit_level, row.unit_id) for _, _, named in told for row in named}
    heads = ("outcome", "group", "kind", "count", "places")
    return Aspect(
        "bright-others",
        say.label("aspect.bright.others"),
        say.set("aspect.bright.others.finding", count=count(len(places)), all=count(len(told))),
        (),
        (say.set("aspect.bright.apart"),),
        Table(
            say.label("aspect.bright.others.caption"),
            [say.label(f"aspect.bright.{head}") for head in heads],
            rows[: 2 * _MOST],
        ),
        say.set("aspect.bright.unranked"),
    )


def _by_key(scene: Scene, measure: str) -> dict[Key, list[Row]]:
    """Rows of a measure by outcome and group, where a place is named."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in scene.ledger.further.get(measure, ()):
        if row.told:
            found[row.indicator, row.group].append(row)
    return {key: rows for key, rows in found.items() if _named(rows)}


def _lead(key: Key, rows: list[Row]) -> tuple[bool, int, float, Key]:
    """A group before everybody; most places, and of equal numbers the larger part of those looked at."""
    named = len(_named(rows))
    return key[1] != ALL, named, named / len(rows), key


def _named(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.verdict in _NAMED]


def _promised(scene: Scene) -> str:
    return count(scene.speech.definitions.parameter("false_among_better") * 100)


def _strip(scene: Scene, shown: Row, rows: list[Row]) -> Figure:
    """All places; the one shown by name, those like it filled."""
    say, speech = scene.speech.wording, scene.speech
    like = _similar(scene, shown)
    marks = tuple(
        Mark(row.value or 0.0, row.unit_id in like, Words.same(row.unit_name) if row is shown else None)
        for row in rows
    )
    chart = Strip(marks, 100, say.label("aspect.bright.axis"), say.label("aspect.bright.same"))
    title = say.set("chart.bright", place=shown.unit_name)
    subtitle = say.set("chart.bright.subtitle", indicator=speech.title(shown.indicator), period=shown.period)
    return Figure(chart, title, subtitle, stop(title))


def _similar(scene: Scene, row: Row) -> list[str]:
    """The ids of the places most like it, the nearest first."""
    rows = [
        one
        for one in scene.ledger.further.get("likeness", ())
        if (one.indicator, one.unit_level, one.unit_id) == (row.indicator, row.unit_level, row.unit_id)
    ]
    nearest = sorted(rows, key=lambda one: (one.value or 0.0, str(one.reference)))
    return [str(one.reference).partition(":")[2] for one in nearest]


def _places(scene: Scene, named: list[Row]) -> Table:
    """By name: what is reached, what places like it reach, the chance of luck, and the five most like it."""
    say, speech = scene.speech.wording, scene.speech
    beside = {
        measure: {
            (row.unit_id, row.indicator, row.group): row for row in scene.ledger.further.get(measure, ())
        }
        for measure in ("advantage_expected", "advantage_luck")
    }
    names, rows = _units(scene), []
    for row in named[:_MOST]:
        key = (row.unit_id, row.indicator, row.group)
        expected, luck = (beside[measure].get(key) for measure in ("advantage_expected", "advantage_luck"))
        rows.append(
            [
                Words.same(row.unit_name),
                Words.same(count(row.n or 0.0)),
                Words.same(speech.figure(row.indicator, row.level) if row.level is not None else "–"),
                Words.same(_figure(scene, expected)),
                _chance(scene, luck),
                Words.same(
                    ", ".join(
                        names.get((row.unit_level, other), other) for other in _similar(scene, row)[:_NAMES]
                    )
                ),
            ]
        )
    heads = ("place", "students", "reached", "expected", "chance", "like")
    return Table(
        say.label("aspect.bright.caption", group=speech.people(named[0].indicator, named[0].group)),
        [say.label(f"aspect.bright.{head}") for head in heads],
        rows,
    )


def _figure(scene: Scene, row: Row | None) -> str:
    return scene.speech.figure(row.indicator, row.value) if row and row.value is not None else "–"


def _chance(scene: Scene, luck: Row | None) -> Words:
    if luck is None or luck.value is None:
        return Words.same("–")
    say = scene.speech.wording
    if luck.value < 0.01:
        return say.label("aspect.bright.below_one")
    return say.label("in_base", x=count(luck.value * 100), base="100")


def _units(scene: Scene) -> dict[tuple[str, str], str]:
    units = scene.released.units
    columns = (units[name].to_pylist() for name in ("unit_level", "unit_id", "unit_name"))
    return {(level, identity): name for level, identity, name in zip(*columns, strict=True)}


def _few(scene: Scene, named: list[Row]) -> Words:
    names = sorted(row.unit_name for row in named)
    first = ", ".join(names[:_FEW])
    if len(names) <= _FEW:
        return Words.same(first)
    return scene.speech.wording.label("aspect.bright.more", first=first, more=count(len(names) - _FEW))


def _rests(scene: Scene, indicator: str) -> Words:
    """What places are compared on, and what else could make one look better."""
    say = scene.speech.wording
    about = scene.released.about
    on = [
        row
        for row in scene.ledger.further.get("compared_on", ())
        if (row.indicator, row.unit_id) == (indicator, about.unit_id)
    ]
    names = [
        say.label("aspect.bright.size")
        if row.reference == "size"
        else say.label("aspect.bright.share", group=people(scene.speech.definitions, _group(row)))
        for row in on
    ]
    listed = Words.each(lambda *parts: "; ".join(parts), *names) if names else Words.same("–")
    rests = say.set("aspect.bright.rests", names=listed)
    if INCOME not in {row.reference for row in on}:
        rests = rests.then(say.set("aspect.bright.income"))
    return rests.then(say.set("aspect.bright.caution"))


def _group(row: Row) -> str:
    return str(row.reference).partition(":")[2]

"""Does more money go where need is greater? Whom it reaches, and what each place's mix would bring."""

from __future__ import annotations

from evenground.press import DotRow, Dots, Words, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.axis import axis_title, bounds, told
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row

_MOST = 10  # places in the chart; the files have them all


def money(scene: Scene) -> Aspect | None:
    """Money as students with low family income and all others meet it; expected and actual of the places."""
    poor, others, over = (_one(scene, key) for key in ("money_poor", "money_others", "progressivity"))
    index = {row.unit_id: row for row in scene.below("need_index")}
    places = [row for row in scene.below("expected_money") if row.unit_id in index and row.level is not None]
    if poor is None or others is None or over is None or not places:
        return None
    shown = sorted(places, key=lambda row: (-(row.n or 0.0), row.unit_name))[:_MOST]
    say = scene.speech
    return Aspect(
        "money-and-need",
        say.wording.label("aspect.money"),
        say.wording.set("aspect.money.finding", a=_dollars(scene, poor), b=_dollars(scene, others)),
        (_figure(scene, shown),),
        _sentences(scene, over, list(index.values())),
        _table(scene, shown, index),
        say.wording.set("aspect.money.rests", n=count(over.n or 0), level=_levels(scene), period=over.period),
    )


def _one(scene: Scene, measure: str) -> Row | None:
    return next(iter(scene.here(measure)), None)


def _dollars(scene: Scene, row: Row) -> Words:
    return scene.speech.wording.label("unit.dollars", x=count(row.value or 0.0))


def _levels(scene: Scene) -> Words:
    level = {"state": "district", "district": "school"}[scene.released.about.unit_level]
    return scene.speech.wording.label(f"levels.{level}")


def _sentences(scene: Scene, over: Row, index: list[Row]) -> tuple[Words, ...]:
    say, spread = scene.speech.wording, _one(scene, "gini")
    weight = scene.speech.definitions.parameter("need_weight")
    below = sum((row.value or 0.0) < 1 for row in index)
    found = [
        say.set(f"aspect.money.{over.verdict or 'no_clear_difference'}"),
        say.set(
            "aspect.money.less",
            w=count(weight * 100),
            few=count(below),
            all=count(len(index)),
            level=_levels(scene),
        ),
        say.set("aspect.money.judgement"),
    ]
    if spread is not None:
        found.insert(2, say.set("aspect.money.gini", x=decimal((spread.value or 0.0) * 100)))
    return tuple(found)


def _figure(scene: Scene, places: list[Row]) -> Figure:
    """Dots joined by a line: expected, hollow; actual, filled."""
    say, key = scene.speech, places[0].indicator
    rows = tuple(
        DotRow(
            Words.same(row.unit_name),
            Words.same(f"n = {count(row.n or 0)}"),
            row.level,
            reference=row.value,
            told=told(say, key, row.level),
        )
        for row in places
    )
    edges = [edge for row in places for edge in (row.level, row.value) if edge is not None]
    start, end = bounds(say, key, edges)
    chart = Dots(
        rows,
        start,
        end,
        1,
        axis_title(say, key, end),
        say.wording.label("aspect.money.expected"),
        joined=True,
    )
    title = say.wording.set("chart.money")
    subtitle = say.wording.set(
        "chart.money.subtitle",
        place=scene.place.title,
        period=places[0].period,
        count=count(len(places)),
        level=_levels(scene),
        indicator=say.title(key),
    )
    return Figure(chart, title, subtitle, stop(title))


def _table(scene: Scene, places: list[Row], index: dict[str, Row]) -> Table:
    say = scene.speech
    rows = [
        [
            Words.same(row.unit_name),
            Words.same(count(row.n or 0)),
            Words.same(f"${count(row.value or 0.0)}"),
            Words.same(f"${count(row.level or 0.0)}"),
            Words.same(count((index[row.unit_id].value or 0.0) * 100)),
        ]
        for row in places
    ]
    heads = [
        say.wording.label("place"),
        say.wording.label("students_n"),
        say.wording.label("aspect.money.expected"),
        say.wording.label("aspect.money.actual"),
        say.wording.label("aspect.money.index"),
    ]
    return Table(say.wording.label("aspect.money.caption"), heads, rows)

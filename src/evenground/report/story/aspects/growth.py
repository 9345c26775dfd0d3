"""Where students come further than others who started where they did, place by place."""

from __future__ import annotations

from evenground.model import LEVELS
from evenground.press import Mark, Strip, Words, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure
from evenground.report.story.rows import Row

_GOAL = {"reading_growth": "reading_proficient", "mathematics_growth": "mathematics_proficient"}
_MOST = 12  # places in the table


def reading_growth(scene: Scene) -> Aspect | None:
    return _growth(scene, "reading_growth")


def mathematics_growth(scene: Scene) -> Aspect | None:
    return _growth(scene, "mathematics_growth")


def _growth(scene: Scene, indicator: str) -> Aspect | None:
    """The places of the lowest level that has enough of them: schools, where schools are told."""
    rows = [row for row in scene.below("growth_beside_all") if row.indicator == indicator]
    level = max((row.unit_level for row in rows), key=LEVELS.index, default=None)
    rows = [row for row in rows if row.unit_level == level and row.level is not None]
    if not rows:
        return None
    goals = {row.unit_id: row for row in scene.below("goal_beside_all") if row.indicator == _GOAL[indicator]}
    ahead = [row for row in rows if row.verdict == "above"]
    words: dict[str, str | Words] = {
        "all": count(len(rows)),
        "level": scene.speech.wording.label(f"levels.{level}"),
    }
    say = scene.speech.wording
    if ahead:
        finding = say.set("aspect.growth.finding", few=count(len(ahead)), **words)
    else:
        finding = say.set("aspect.growth.none", **words)
    return Aspect(
        indicator.replace("_", "-"),
        say.label(f"aspect.growth.{indicator}"),
        finding,
        (_figure(scene, rows, words),),
        _sentences(scene, rows, ahead, goals),
        _table(scene, ahead or rows, goals),
        _rests(scene, rows, words),
    )


def _sentences(scene: Scene, rows: list[Row], ahead: list[Row], goals: dict[str, Row]) -> tuple[Words, ...]:
    """What a level alone would have hidden, where they came less far, and what one year may be."""
    say = scene.speech.wording
    found = []
    unseen = [row for row in ahead if (goal := goals.get(row.unit_id)) and (goal.value or 0.0) < 0]
    if unseen:
        found.append(say.set("aspect.growth.unseen", few=count(len(unseen))))
    less = sum(row.verdict == "below" for row in rows)
    if less:
        found.append(say.set("aspect.growth.less", few=count(less)))
    return (*found, say.set("aspect.growth.luck"))


def _figure(scene: Scene, rows: list[Row], words: dict[str, str | Words]) -> Figure:
    say = scene.speech.wording
    marks = tuple(Mark(row.value or 0.0, row.verdict in ("above", "below")) for row in rows)
    chart = Strip(marks, 100, say.label("aspect.growth.axis"), say.label("aspect.growth.same"))
    subtitle = say.set(
        "chart.growth.subtitle",
        indicator=scene.speech.title(rows[0].indicator),
        place=scene.place.title,
        period=rows[0].period,
    )
    numbers = {
        "above": count(sum(row.verdict == "above" for row in rows)),
        "below": count(sum(row.verdict == "below" for row in rows)),
    }
    return Figure(chart, say.set("chart.growth"), subtitle, say.set("chart.growth.alt", **words, **numbers))


def _table(scene: Scene, rows: list[Row], goals: dict[str, Row]) -> Table:
    """Places to learn from, by name; where there are none, the largest."""
    say = scene.speech.wording
    largest = sorted(rows, key=lambda row: (-(row.n or 0.0), row.unit_name))[:_MOST]
    told = []
    for row in sorted(largest, key=lambda row: row.unit_name):
        goal = goals.get(row.unit_id)
        at_goal = None if goal is None else goal.level
        told.append(
            [
                scene.speech.place(row),
                Words.same(count(row.n or 0.0)),
                Words.same(_of_hundred(row.level)),
                Words.same(
                    "–"
                    if row.low is None or row.high is None
                    else f"{_points(row.low)} – {_points(row.high)}"
                ),
                Words.same(_of_hundred(at_goal)),
            ]
        )
    heads = [
        say.label("aspect.growth.place"),
        say.label("students_n"),
        say.label("aspect.growth.further"),
        say.label("aspect.growth.range"),
        say.label("aspect.growth.goal"),
    ]
    caption = "ahead" if any(row.verdict == "above" for row in rows) else "largest"
    return Table(say.label(f"aspect.growth.caption.{caption}"), heads, told)


def _rests(scene: Scene, rows: list[Row], words: dict[str, str | Words]) -> Words:
    say = scene.speech.wording
    n = sum(row.n or 0.0 for row in rows)
    return say.set("aspect.growth.rests", n=count(n), period=rows[0].period, **words).then(
        say.set("aspect.growth.middle")
    )


def _of_hundred(value: float | None) -> str:
    return "–" if value is None else count(value * 100)


def _range(row: Row) -> str:
    return "–" if row.low is None or row.high is None else f"{_points(row.low)} – {_points(row.high)}"


def _points(value: float) -> str:
    told = decimal(value * 100)
    return f"+{told}" if value > 0 else told.replace("-", "−")

"""Who is sent out more often than all others? How many times as often, and where year after year."""

from __future__ import annotations

import math

from evenground.definitions import said
from evenground.press import DotRow, Dots, Words, bases, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row


def consequences(scene: Scene) -> Aspect | None:
    """The group to whom most happens beyond what happens to others, and the ratio of every group."""
    rows = [row for row in scene.here("risk_ratio") if row.level is not None]
    if len(rows) < 2:
        return None
    lead = _lead(rows)
    return Aspect(
        "sent-out",
        scene.speech.wording.label("aspect.consequences"),
        _finding(scene, rows, lead),
        (_figure(scene, rows, lead),),
        _sentences(scene, lead),
        _table(scene, rows),
        _rests(scene, rows, lead),
    )


def _lead(rows: list[Row]) -> Row | None:
    """Of the groups that meet it more often, clearly where that can be told, the one with the most of it."""
    more = [row for row in rows if row.verdict == "above" or (row.low is None and (row.value or 0) > 1)]
    return max(more, key=_beyond, default=None)


def _beyond(row: Row) -> float:
    return (row.n or 0.0) * ((row.level or 0.0) - _others(row))


def _others(row: Row) -> float:
    return (row.level or 0.0) / row.value if row.value else math.inf


def _finding(scene: Scene, rows: list[Row], lead: Row | None) -> Words:
    say = scene.speech
    if lead is None:
        return say.wording.set("aspect.consequences.none")
    people = say.people(lead.indicator, lead.group)
    level, others = lead.level or 0.0, _others(lead)
    if not say.counts_people(lead.indicator):
        told = {"a": count(level * 100), "b": count(others * 100), "indicator": say.title(lead.indicator)}
        return say.wording.set("aspect.consequences.events", group=people, **told)
    base = bases(level, others, apart=True)
    return say.wording.set(
        "aspect.consequences.rate",
        base=f"{base:,}",
        group=people,
        a=say.amount(lead.indicator, level, base),
        b=say.amount(lead.indicator, others, base),
        phrase=said(say.indicator(lead.indicator).phrase),
    )


def _sentences(scene: Scene, lead: Row | None) -> tuple[Words, ...]:
    """How many times as often, in how many places for years, and what that does not say."""
    say = scene.speech.wording
    if lead is None:
        return ()
    found = [say.set("aspect.consequences.times", x=decimal(lead.value or 0.0))]
    places = next((row for row in scene.here("places_over") if row.group == lead.group), None)
    if places is not None:
        words = {
            "all": count(places.n or 0),
            "level": _levels(scene),
            "x": _line(scene),
            "years": _years(scene),
        }
        key = "places" if places.value else "no_place"
        few = {"few": count(places.value)} if places.value else {}
        found.append(say.set(f"aspect.consequences.{key}", **words, **few))
    return (*found, say.set("aspect.consequences.careful"))


def _line(scene: Scene) -> str:
    return count(scene.speech.definitions.parameter("risk_ratio_line"))


def _years(scene: Scene) -> str:
    return count(scene.speech.definitions.parameter("risk_ratio_years"))


def _levels(scene: Scene) -> Words:
    level = {"state": "district", "district": "school"}[scene.released.about.unit_level]
    return scene.speech.wording.label(f"levels.{level}")


def _figure(scene: Scene, rows: list[Row], lead: Row | None) -> Figure:
    say = scene.speech
    dots = [
        DotRow(
            say.name(row.group),
            Words.same(f"n = {count(row.n or 0)}"),
            row.value,
            row.low,
            row.high,
            1.0,
            decimal(row.value or 0.0),
            None,
            row is lead,
        )
        for row in sorted(rows, key=lambda row: -(row.value or 0.0))
    ]
    widest = 2 * max(row.value or 0.0 for row in rows)
    end = math.ceil(max(min(row.high or row.value or 0.0, widest) for row in rows) + 0.25)
    chart = Dots(
        tuple(dots),
        0.0,
        float(end),
        1,
        say.wording.label("aspect.consequences.axis"),
        say.wording.label("aspect.consequences.as_often"),
    )
    title = say.wording.set("chart.consequences")
    subtitle = say.wording.set(
        "chart.consequences.subtitle",
        indicator=say.title(rows[0].indicator),
        place=scene.place.title,
        period=rows[0].period,
    )
    alt = say.wording.set("chart.alt", count=len(dots), finding=stop(title))
    return Figure(chart, title, subtitle, alt)


def _table(scene: Scene, rows: list[Row]) -> Table:
    """Every group, then each place in which a group is over the line, by name."""
    say, ranged = scene.speech, any(row.low is not None for row in rows)
    over = {row.group: row for row in scene.here("places_over")}
    told = []
    for row in sorted(rows, key=lambda row: -(row.value or 0.0)):
        places = over.get(row.group)
        few = Words.same("–")
        if places is not None:
            few = say.wording.label(
                "aspect.consequences.few_of",
                few=count(places.value or 0),
                all=count(places.n or 0),
                level=_levels(scene),
            )
        told.append([say.name(row.group), *_numbers(row, ranged), few])
    years = {(row.unit_id, row.group): row for row in scene.below("years_over")}
    for row in sorted(scene.below("risk_ratio"), key=lambda row: (row.group, row.unit_name)):
        held = years.get((row.unit_id, row.group))
        if held is not None:
            group = say.name(row.group)
            name = say.wording.label("aspect.consequences.in_place", group=group, place=row.unit_name)
            since = Words.same(f"{held.period_from} – {held.period}")
            told.append([name, *_numbers(row, ranged), since])
    heads = [
        say.wording.label("group"),
        say.wording.label("aspect.consequences.ratio"),
        *([say.wording.label("interval")] if ranged else []),
        say.wording.label("aspect.consequences.line"),
    ]
    return Table(say.wording.label("aspect.consequences.caption"), heads, told)


def _numbers(row: Row, ranged: bool) -> list[Words]:
    """The ratio, and its range where any ratio has one."""
    ends = "–" if row.low is None or row.high is None else f"{decimal(row.low)} – {decimal(row.high)}"
    return [Words.same(decimal(row.value or 0.0)), *([Words.same(ends)] if ranged else [])]


def _rests(scene: Scene, rows: list[Row], lead: Row | None) -> Words:
    """What is counted, and in how many places there is enough of it."""
    say, first = scene.speech, rows[0]
    unsure = lead is None or lead.low is None
    how = "by_student" if say.counts_people(first.indicator) else "by_event" if unsure else "by_place"
    text = say.wording.set("aspect.consequences.rests", period=first.period)
    text = text.then(say.wording.set(f"aspect.consequences.{how}"))
    judged = next((row for row in scene.here("places_judged") if lead and row.group == lead.group), None)
    if judged is None:
        return text
    words = {"all": count(judged.value or 0), "count": count(judged.n or 0), "level": _levels(scene)}
    return text.then(say.wording.set("aspect.consequences.judged", **words))

"""Who is taught by whom where need is greatest, and where a group's gap lies."""

from __future__ import annotations

from evenground.press import DotRow, Dots, Words, bases, count
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.axis import axis_title, bounds, scale_of, told
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row

_SIDES = ("above", "below")


def teaching(scene: Scene) -> Aspect | None:
    """The number of the quarter of the students with most need beside that with least, first a clear one."""
    gaps = scene.here("quarter_gap")
    quarters = {(row.indicator, row.reference): row for row in scene.here("quarter")}
    gaps = [gap for gap in gaps if _ends(quarters, gap)]
    if not gaps:
        return None
    lead = next((gap for gap in gaps if gap.verdict in _SIDES), gaps[0])
    return Aspect(
        "taught",
        scene.speech.wording.label("aspect.teaching"),
        _finding(scene, quarters, lead),
        (_figure(scene, quarters, lead),),
        _sentences(scene, lead),
        _table(scene, quarters, gaps),
        _rests(scene, lead),
    )


Quarters = dict[tuple[str, str | None], Row]


def _ends(quarters: Quarters, gap: Row) -> tuple[Row, Row] | None:
    first, last = (quarters.get((gap.indicator, f"quarter:{part}")) for part in (1, 4))
    return (first, last) if first is not None and last is not None else None


def _finding(scene: Scene, quarters: Quarters, lead: Row) -> Words:
    say = scene.speech
    least, most = (quarters[lead.indicator, f"quarter:{part}"].value or 0.0 for part in (1, 4))
    base = bases(most, least, apart=lead.verdict in _SIDES) if say.share(lead.indicator) else 100
    told = {"a": say.amount(lead.indicator, most, base), "b": say.amount(lead.indicator, least, base)}
    return say.wording.set("aspect.teaching.finding", indicator=say.title(lead.indicator), **told)


def _sentences(scene: Scene, lead: Row) -> tuple[Words, ...]:
    say = scene.speech
    found = [say.wording.set(f"aspect.teaching.{'clear' if lead.verdict in _SIDES else 'unclear'}")]
    parts = {row.reference: row for row in scene.here("gap_part") if row.indicator == lead.indicator}
    whole = parts.get("level:all")
    if whole is not None and whole.verdict in _SIDES:
        words = {"group": say.people(whole.indicator, whole.group), "x": _signed(scene, whole)}
        if "level:district" in parts:
            split = {"y": _signed(scene, parts["level:district"]), "z": _signed(scene, parts["level:school"])}
            found.append(say.wording.set("aspect.teaching.parts", **words, **split))
        else:
            found.append(say.wording.set("aspect.teaching.part", **words))
    return tuple(found)


def _signed(scene: Scene, row: Row) -> Words:
    """A difference with its sign."""
    value = row.value or 0.0
    size = scene.speech.amount(row.indicator, abs(value))
    return Words.each(lambda text: f"{'−' if value < 0 else '+'}{text}", size)


def _figure(scene: Scene, quarters: Quarters, lead: Row) -> Figure:
    say, key = scene.speech, lead.indicator
    found = [
        quarters[key, f"quarter:{part}"] for part in (1, 2, 3, 4) if (key, f"quarter:{part}") in quarters
    ]
    rows = tuple(
        DotRow(
            say.wording.label(f"aspect.teaching.quarter{(row.reference or '')[-1]}"),
            Words.same(f"n = {count(row.n or 0)}"),
            row.value,
            row.low,
            row.high,
            told=told(say, key, row.value),
            accent=row.reference == "quarter:4",
        )
        for row in found
    )
    edges = [edge for row in found for edge in (row.value, row.high) if edge is not None]
    start, end = bounds(say, key, edges)
    chart = Dots(rows, start, end, scale_of(say, key), axis_title(say, key, end))
    title = say.wording.set("chart.teaching", indicator=say.title(key))
    subtitle = say.wording.set("chart.teaching.subtitle", place=scene.place.title, period=lead.period)
    return Figure(chart, title, subtitle, say.wording.set("chart.alt", count=len(rows), finding=stop(title)))


def _table(scene: Scene, quarters: Quarters, gaps: list[Row]) -> Table:
    say = scene.speech
    rows = []
    for gap in gaps:
        least, most = (quarters[gap.indicator, f"quarter:{part}"] for part in (1, 4))
        numbers = [
            Words.same(say.statistic(row, row.value or 0.0).replace("-", "−")) for row in (least, most, gap)
        ]
        reading = say.wording.label(gap.verdict) if gap.verdict else Words.same("–")
        rows.append([say.title(gap.indicator), *numbers, reading])
    heads = [
        say.wording.label("indicator"),
        say.wording.label("aspect.teaching.quarter1"),
        say.wording.label("aspect.teaching.quarter4"),
        say.wording.label("difference"),
        say.wording.label("verdict"),
    ]
    return Table(say.wording.label("aspect.teaching.caption"), heads, rows)


def _rests(scene: Scene, lead: Row) -> Words:
    say = scene.speech.wording
    level = (lead.reference or "").removeprefix("level:")
    text = say.set(f"aspect.teaching.rests.{level}", n=count(lead.n or 0))
    return text.then(say.set("aspect.teaching.need")).then(say.set("aspect.teaching.inside"))

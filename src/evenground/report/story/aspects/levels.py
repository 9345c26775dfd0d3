"""Does one line tell the whole story? The gap at every level of a test, and where the goal misleads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import erf

from evenground.press import DotRow, Dots, Words, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.aspects.apart import here
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row

_MISLEADS = "misleads_"
_TOLD = ("above", "below")


def levels(scene: Scene, family: str) -> Aspect | None:
    """The group whose gap the goal tells worst, else the one furthest behind, at every level."""
    over_all = {row.group: row for row in here(scene, "v") if _family(scene, row) == family}
    moved = {row.group: row for row in here(scene, "v_change") if _family(scene, row) == family}
    lead = _lead(over_all, moved)
    if lead is None:
        return None
    cuts = _cuts(scene, family)
    gaps = {(row.indicator, row.group): row for row in here(scene, "level_gap")}
    say = scene.speech.wording
    people = scene.speech.people(lead.indicator, lead.group)
    share = (1 + erf(abs(lead.value or 0.0) / 2)) / 2
    way = "behind" if (lead.value or 0.0) < 0 else "ahead"
    return Aspect(
        f"levels-{family.rpartition('_')[2]}",
        say.label(f"aspect.levels.{family}"),
        say.set(f"aspect.levels.{way}", a=count(share * 100), group=people),
        tuple(_figures(scene, cuts, gaps, lead, moved.get(lead.group))),
        _sentences(scene, cuts, lead, moved),
        _table(scene, cuts, gaps, over_all, moved),
        say.set("aspect.levels.rests", n=count(lead.n or 0), period=lead.period).then(
            say.set("aspect.levels.v")
        ),
    )


reading = partial(levels, family="achievement_reading")
mathematics = partial(levels, family="achievement_mathematics")


def _family(scene: Scene, row: Row) -> str | None:
    return scene.speech.indicator(row.indicator).family


def _cuts(scene: Scene, family: str) -> list[str]:
    """The indicators of a test, lowest cut first."""
    known = {row.indicator: scene.speech.indicator(row.indicator) for row in here(scene, "level_gap")}
    own = [key for key, entry in known.items() if entry.family == family]
    return sorted(own, key=lambda key: known[key].order or 0)


def _lead(over_all: Mapping[str, Row], moved: Mapping[str, Row]) -> Row | None:
    """Those behind, first those of whom the goal misleads, by how many and how far; else those ahead."""
    clear = [row for row in over_all.values() if _misleads(row) or row.verdict in _TOLD]
    behind = [row for row in clear if (row.value or 0.0) < 0]
    wrong = [row for row in behind if _misleads(row) or _misleads(moved.get(row.group))]
    found = wrong or behind or clear
    return max(found, key=lambda row: (row.n or 0.0) * (row.value or 0.0) ** 2, default=None)


def _misleads(row: Row | None) -> bool:
    return row is not None and (row.verdict or "").startswith(_MISLEADS)


def _sentences(scene: Scene, cuts: Sequence[str], lead: Row, moved: Mapping[str, Row]) -> tuple[Words, ...]:
    """What the goal hides of this group, and of how many it hides something."""
    say, change = scene.speech.wording, moved.get(lead.group)
    told = [row for row in moved.values() if row.verdict != "too_few"]
    wrong = [row for row in told if _misleads(row)]
    if change is not None and _misleads(change):
        first = _trend(scene, cuts, lead, change)
    elif _misleads(lead):
        first = say.set("aspect.levels.direction", group=scene.speech.people(lead.indicator, lead.group))
    else:
        return (say.set("aspect.levels.same"),)
    number = {"x": count(len(wrong)), "count": count(len(told))}
    counted = (say.set("aspect.levels.count", **number),) if len(wrong) > 1 else ()
    return (first, say.set("aspect.levels.warning"), *counted)


def _trend(scene: Scene, cuts: Sequence[str], lead: Row, change: Row) -> Words:
    """How the gap at the goal moved, and how it did elsewhere."""
    reason = (change.verdict or "").removeprefix(_MISLEADS)
    steps = {row.indicator: row for row in here(scene, "level_gap_change") if row.group == lead.group}
    now = {row.indicator: row for row in here(scene, "level_gap") if row.group == lead.group}
    goal = change.indicator
    grew = _grew(lead, change) if reason == "not_here" else _grew(now[goal], steps[goal])
    words: dict[str, Words | str] = {"from": change.period_from or ""}
    if reason == "turns":
        moves = (steps[goal].value or 0.0) > 0
        clear = ("rose", "fell")
        other = [
            key for key in cuts if steps[key].verdict in clear and ((steps[key].value or 0.0) > 0) != moves
        ]
        words["indicator"] = _level(scene, cuts, other[0]) if other else ""
    return scene.speech.wording.set(f"aspect.levels.{reason}.{'grew' if grew else 'shrank'}", **words)


def _grew(now: Row, change: Row) -> bool:
    """Whether a gap is further from nothing than it was."""
    value = now.value or 0.0
    return abs(value) > abs(value - (change.value or 0.0))


def _level(scene: Scene, cuts: Sequence[str], key: str) -> Words:
    return scene.speech.wording.label(f"level{cuts.index(key) + 2}")


def _figures(
    scene: Scene, cuts: Sequence[str], gaps: Mapping[tuple[str, str], Row], lead: Row, change: Row | None
) -> list[Figure]:
    """The group's share at every level, everybody else's as a mark; then and now where it moved oddly."""
    say = scene.speech
    years = [lead.period]
    steps = {row.indicator: row for row in here(scene, "level_gap_change") if row.group == lead.group}
    if change is not None and change.period_from and _misleads(change):
        years = [change.period_from, lead.period]
    rows = []
    for period in years:
        for at, key in enumerate(cuts):
            level, gap = scene.ledger.level(key, lead.group, period), gaps.get((key, lead.group))
            if level is None or level.value is None or gap is None or gap.value is None:
                return []
            apart = gap.value - ((steps[key].value or 0.0) if period != lead.period else 0.0)
            heading = Words.same(period) if at == 0 and len(years) > 1 else None
            label = say.wording.label("aspect.levels.above", x=_level(scene, cuts, key))
            rows.append(
                DotRow(
                    label if at < len(cuts) - 1 else _level(scene, cuts, key),
                    Words.same(""),
                    level.value,
                    level.low,
                    level.high,
                    level.value - apart,
                    count(level.value * 100),
                    None,
                    period == lead.period,
                    heading,
                )
            )
    chart = Dots(
        tuple(rows), 0.0, 1.0, 100, say.wording.label("axis.share"), say.wording.label("others", "name")
    )
    title = say.wording.set("chart.each_level", group=say.name(lead.group))
    family = say.wording.label(f"family.{_family(scene, lead)}")
    subtitle = say.wording.set(
        "chart.subtitle", indicator=family, place=scene.place.title, period=lead.period
    )
    alt = say.wording.set("chart.alt", count=len(rows), finding=stop(title))
    return [Figure(chart, title, subtitle, alt)]


def _table(
    scene: Scene,
    cuts: Sequence[str],
    gaps: Mapping[tuple[str, str], Row],
    over_all: Mapping[str, Row],
    moved: Mapping[str, Row],
) -> Table:
    """Every group: the gap at each level in points of 100, over all levels, and how that moved."""
    say = scene.speech
    rows = [
        [
            say.name(group),
            *(Words.same(_points(gaps.get((key, group)))) for key in cuts),
            Words.same(decimal(row.value or 0.0, 2).replace("-", "−")),
            *([_moved(scene, row, moved.get(group))] if moved else []),
        ]
        for group, row in over_all.items()
    ]
    above = [say.wording.label("aspect.levels.above", x=_level(scene, cuts, key)) for key in cuts[:-1]]
    heads = [say.wording.label("group"), *above, _level(scene, cuts, cuts[-1])]
    heads.append(say.wording.label("aspect.levels.over_all"))
    first = next((row.period_from for row in moved.values()), None)
    if first:
        heads.append(say.wording.label("aspect.levels.since", **{"from": first}))
    return Table(say.wording.label("aspect.levels.caption"), heads, rows)


def _points(row: Row | None) -> str:
    return "–" if row is None else decimal((row.value or 0.0) * 100, 0).replace("-", "−")


def _moved(scene: Scene, row: Row, change: Row | None) -> Words:
    say = scene.speech.wording
    if change is None:
        return Words.same("–")
    if change.verdict == "too_few":
        return say.label("moved.too_few")
    unclear = (change.low or 0.0) <= 0 <= (change.high or 0.0)
    kind = "no_clear_change" if unclear else "larger" if _grew(row, change) else "smaller"
    told = say.label(f"aspect.levels.{kind}")
    return say.label("aspect.levels.misleads", x=told) if _misleads(change) else told

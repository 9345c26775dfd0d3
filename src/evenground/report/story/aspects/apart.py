"""Are schools mixed or apart? How far each group is from everybody else, and whom it meets there."""

from __future__ import annotations

from collections.abc import Iterable

from evenground.press import DotRow, Dots, Words, count, percent
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row

TOLD = "above"  # further apart than chance alone would put them
_QUALIFIED = {"too_few": "too_few_for", "no_clear_difference": "aspect.apart.as_chance"}

Rows = dict[str, Row]
"""Group -> its row."""


def apart(scene: Scene) -> Aspect | None:
    """How many of each group would have to change schools to be spread as everybody else is."""
    exact, least, most = (_of_groups(scene, f"dissimilarity{end}") for end in ("", "_least", "_most"))
    chance = _of_groups(scene, "dissimilarity_by_chance")
    lead = _farthest(exact) or _farthest(least)
    shown = lead or max(exact.values(), key=lambda row: row.n or 0.0, default=None)
    if shown is None:
        return None
    return Aspect(
        "apart",
        scene.speech.wording.label("aspect.apart"),
        _finding(scene, shown, most.get(shown.group), None if lead else chance[shown.group]),
        (_figure(scene, exact, least, most, lead),) if lead else (),
        _sentences(scene, shown, lead is not None),
        _table(scene, exact, least, most),
        rests(scene, chance.values(), "aspect.apart.hidden" if least else "aspect.apart.chance"),
    )


def _finding(scene: Scene, row: Row, top: Row | None, chance: Row | None) -> Words:
    """One group: a number, a range where counts are hidden, or a number that chance alone could make."""
    say = scene.speech
    told = {"base": "100", "group": say.people(row.indicator, row.group), "a": _of_hundred(row)}
    if chance is not None:
        return say.wording.set("aspect.apart.even", **told, b=_of_hundred(chance))
    if top is not None:
        return say.wording.set("aspect.apart.range", **told, b=_of_hundred(top))
    return say.wording.set("aspect.apart.finding", **told)


def here(scene: Scene, measure: str) -> list[Row]:
    """The rows of a measure at the place that the page is of."""
    about = scene.released.about
    return [
        row
        for row in scene.ledger.further.get(measure, ())
        if row.told and (row.unit_level, row.unit_id) == (about.unit_level, about.unit_id)
    ]


def rests(scene: Scene, rows: Iterable[Row], more: str) -> Words:
    """How many students the rows count together, when, and what else is to be known."""
    say, counted = scene.speech.wording, list(rows)
    n = sum(row.n or 0.0 for row in counted)
    return say.set("aspect.apart.rests", n=count(n), period=counted[0].period).then(say.set(more))


def _of_groups(scene: Scene, measure: str) -> Rows:
    return {row.group: row for row in here(scene, measure)}


def _farthest(rows: Rows) -> Row | None:
    told = [row for row in rows.values() if row.verdict == TOLD]
    return max(told, key=lambda row: row.value or 0.0, default=None)


def _of_hundred(row: Row) -> str:
    return count((row.value or 0.0) * 100)


def _sentences(scene: Scene, row: Row, clear: bool) -> tuple[Words, ...]:
    """Whom the group of the finding meets, and what is not said of small groups."""
    say = scene.speech.wording
    if not clear:
        return (say.set("aspect.apart.mixed"),)
    found = []
    mates, everybody = _mates(scene).get(row.group), _share(scene, row)
    if mates is not None and everybody is not None:
        words = {"group": scene.speech.people(row.indicator, row.group), "a": _of_hundred(mates)}
        found.append(say.set("aspect.apart.mates", b=count(everybody * 100), **words))
    if any(each.verdict != TOLD for each in here(scene, "dissimilarity_by_chance")):
        found.append(say.set("aspect.apart.few"))
    return tuple(found)


def _mates(scene: Scene) -> Rows:
    """How much of the own group an average student of it meets."""
    return {row.group: row for row in here(scene, "exposure") if row.reference == f"group:{row.group}"}


def _share(scene: Scene, row: Row) -> float | None:
    """The group's part of all students of the schools."""
    met = [each for each in here(scene, "exposure") if each.group == each.reference_group]
    whole = sum(each.n or 0.0 for each in met)
    own = sum(each.n or 0.0 for each in met if each.group == row.group)
    return own / whole if whole and own else None


def _figure(scene: Scene, exact: Rows, least: Rows, most: Rows, lead: Row) -> Figure:
    """A dot a group; a bar alone where hidden counts leave a range."""
    say = scene.speech
    rows = []
    shown = [row for row in (*exact.values(), *least.values()) if row.verdict == TOLD]
    for row in sorted(shown, key=lambda row: -(row.value or 0.0)):
        top = most.get(row.group)
        low, high = (row.value, top.value) if top else (row.low, row.high)
        rows.append(
            DotRow(
                say.name(row.group),
                Words.same(f"n = {count(row.n or 0)}"),
                None if top else row.value,
                low,
                high,
                None,
                _written(row, top),
                Words.same(_written(row, top)) if top else None,
                row is lead,
            )
        )
    chart = Dots(tuple(rows), 0.0, 1.0, 100, say.wording.label("axis.share"))
    title = say.wording.set("chart.apart", group=say.name(lead.group), a=_written(lead, most.get(lead.group)))
    subtitle = say.wording.set("chart.apart.subtitle", place=scene.place.title, period=lead.period)
    alt = say.wording.set("chart.alt", count=len(rows), finding=stop(title))
    return Figure(chart, title, subtitle, alt)


def _written(row: Row, top: Row | None) -> str:
    return f"{_of_hundred(row)}–{_of_hundred(top)}" if top else _of_hundred(row)


def _table(scene: Scene, exact: Rows, least: Rows, most: Rows) -> Table:
    """Every group: how far, how far by chance, its part of schoolmates and of all."""
    say = scene.speech
    chance, mates = _of_groups(scene, "dissimilarity_by_chance"), _mates(scene)
    rows = []
    for group, by_chance in chance.items():
        row = exact.get(group) or least[group]
        share = _share(scene, row)
        far = _written(row, most.get(group))
        told = (
            say.wording.label(_QUALIFIED[row.verdict], x=far)
            if row.verdict in _QUALIFIED
            else Words.same(far)
        )
        line = [say.name(group), told, Words.same(_of_hundred(by_chance))]
        if mates:
            own = mates.get(group)
            line += [
                Words.same(percent(part) if part is not None else "–")
                for part in (own.value if own else None, share)
            ]
        rows.append(line)
    columns = ("far", "chance", "mates", "share") if mates else ("far", "chance")
    heads = [say.wording.label(f"aspect.apart.{head}") for head in columns]
    return Table(say.wording.label("aspect.apart.caption"), [say.wording.label("group"), *heads], rows)

"""Tables of the page: the numbers beneath each chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from evenground.model import ALL, HIDDEN, VALUE
from evenground.press import Html, Words, count, decimal, element
from evenground.report.page.grid import Cell, Line, Note, Part, grid
from evenground.report.story.panel import Place, panels
from evenground.report.story.parity import parity
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.where import Where

_RARE = 0.001  # differences of less than a tenth of a point have two places
_FEW = 2  # dimensions of which no more groups are told stand under one heading


def groups_table(
    speech: Speech,
    ledger: Ledger,
    place: Place,
    indicator: str,
    crosses: bool = True,
    also: Sequence[str] = (),
) -> Html:
    """Every group of the latest year: students, value, range, difference, parity. `crosses`: those of several
    dimensions too. `also`: indicators whose values stand beside."""
    keys = (indicator, *also)
    everybody = Part(None, _groups(speech, ledger, keys, {ALL: [ALL]}, ()))
    parts, small = [everybody], {}
    for dimension, groups in panels(ledger, indicator, place).items():
        if "+" in dimension and not crosses:
            continue
        if "+" in dimension or sum(_is_told(ledger, indicator, group) for group in groups) > _FEW:
            lines = _groups(speech, ledger, keys, {dimension: groups}, dimension.split("+"))
            parts.append(Part(speech.dimension(dimension), lines))
        else:
            small[dimension] = groups
    heading = speech.wording.label("other_groups") if len(parts) > 1 else None
    parts.insert(2, Part(heading, _groups(speech, ledger, keys, small, ())))
    caption = speech.wording.set(
        "chart.subtitle",
        indicator=speech.title(indicator),
        place=place.title,
        period=ledger.latest[indicator],
    )
    heads = [*_group_heads(speech, indicator), *map(speech.title, also)]
    return grid(indicator, caption, heads, parts)


def _group_heads(speech: Speech, indicator: str) -> list[Words]:
    lower = speech.indicator(indicator).direction == "lower"
    keys = [
        "value",
        "interval",
        _difference_head(speech, indicator),
        "needed_fewer" if lower else "needed_more",
    ]
    counted = speech.things(indicator).raised
    return [speech.wording.label("group"), counted, *(speech.wording.label(key) for key in keys)]


def _is_told(ledger: Ledger, indicator: str, group: str) -> bool:
    level = ledger.level(indicator, group)
    return level is not None and level.told


def _groups(
    speech: Speech,
    ledger: Ledger,
    keys: Sequence[str],
    dimensions: Mapping[str, Sequence[str]],
    above: Sequence[str],
) -> list[Line]:
    """The groups with a number; those without, each reason once; then what is told together. `above`: the
    dimensions that the heading names; `keys`: the indicator and those beside it."""
    indicator = keys[0]
    groups = [group for groups in dimensions.values() for group in groups]
    lines: list[Line] = []
    silent: dict[str, tuple[Note, list[str]]] = {}
    for group in groups:
        level = ledger.level(indicator, group)
        if level is not None and level.told:
            lines.append(_group_line(speech, ledger, level, above, keys[1:]))
        else:
            note = Note(_untold(speech, level))
            silent.setdefault(note.words.en, (note, []))[1].append(group)
    lines += [Line(_listed(speech, those, above), [note]) for note, those in silent.values()]
    for group in groups:
        if several := ledger.together.years.get((indicator, group)):
            name = _with_years(speech, _short(speech, group, above), several)
            lines.append(_together_line(speech, several, name, len(keys) - 1))
    rest = [row for dimension in dimensions for row in rest_of(ledger, indicator, dimension)]
    return lines + [
        _together_line(speech, row, _short(speech, row.group, above), len(keys) - 1) for row in rest
    ]


def _group_line(
    speech: Speech, ledger: Ledger, level: Row, above: Sequence[str], also: Sequence[str]
) -> Line:
    difference = ledger.get(level.indicator, level.group, "difference")
    needed = parity(speech, ledger, level.indicator, level.group)
    told: list[Cell] = [_students(level), figure_of(speech, level), range_of(speech, level)]
    told += [marked(speech, difference), needed_count(needed)]
    told += [_told(speech, ledger.level(key, level.group)) for key in also]
    thing = speech.row_label(level.indicator, ALL) if level.group == ALL else None
    return Line(thing or _short(speech, level.group, above), told)


def _short(speech: Speech, group: str, above: Sequence[str]) -> Words:
    """The name of a group beneath the names of its dimensions, which it need not say again."""
    name = speech.name(group)
    for dimension in above:
        name = Words.each(lambda told, said: told.replace(f"{said}: ", ""), name, speech.dimension(dimension))
    return name.raised


def _listed(speech: Speech, groups: Sequence[str], above: Sequence[str]) -> Words:
    """Groups in one line; those of several dimensions by the first: "Asian (female, male); Filipino"."""
    first: dict[str, list[str]] = {}
    for group in groups:
        one, _, others = group.partition("+")
        first.setdefault(one, []).append(others)
    names = []
    for one, rest in first.items():
        name = _short(speech, one, above)
        if rest != [""]:
            inside = [_short(speech, others, above) for others in rest]
            name = Words.each(lambda told, *parts: f"{told} ({', '.join(parts)})", name, *inside)
        names.append(name)
    return Words.each(lambda *parts: "; ".join(parts), *names)


def _together_line(speech: Speech, row: Row, name: Words, beside: int) -> Line:
    """A level without a comparison: it stands for those that are hidden one by one."""
    told: list[Cell] = [_students(row), figure_of(speech, row), range_of(speech, row)]
    return Line(name, told + [""] * (2 + beside))


def rest_of(ledger: Ledger, indicator: str, dimension: str) -> Sequence[Row]:
    """The groups of a dimension that are told together in the latest year."""
    return ledger.together.groups.get((indicator, ledger.latest[indicator], dimension), ())


def over_years(speech: Speech, row: Row) -> Words:
    """A group told over several years: "Filipino, 2022-23 to 2024-25"."""
    return _with_years(speech, speech.name(row.group), row)


def _with_years(speech: Speech, name: Words, row: Row) -> Words:
    return Words.each("{}, {}".format, name, speech.period(row.period))


def time_table(speech: Speech, ledger: Ledger, place: Place, indicator: str, dimension: str | None) -> Html:
    """Every group of a dimension in every year; None: of all dimensions."""
    periods = ledger.periods[indicator]
    several = _several(speech, ledger, indicator)
    asked = [
        group
        for key, groups in panels(ledger, indicator, place).items()
        if "+" not in key and dimension in (None, key)
        for group in groups
    ]
    lines = []
    for group in [ALL, *asked]:
        cells = [_told(speech, ledger.level(indicator, group, period)) for period in periods]
        row = ledger.together.years.get((indicator, group))
        lines.append(
            Line(speech.row_label(indicator, group), [*cells, figure_of(speech, row) if row else ""])
        )
    words = {"from": periods[0], "period": periods[-1]}
    caption = speech.wording.set(
        "chart.time.subtitle", indicator=speech.title(indicator), place=place.title, **words
    )
    heads = [speech.wording.label("group"), *map(Words.same, periods), several or Words.same("")]
    return grid(f"{indicator}-years", caption, heads, [Part(None, lines)])


def _several(speech: Speech, ledger: Ledger, indicator: str) -> Words | None:
    """The head of a column for years told together, where there are such."""
    found = {row.period for (key, _), row in ledger.together.years.items() if key == indicator}
    return speech.period(max(found)) if found else None


def places_table(speech: Speech, where: Where) -> Html:
    """The places with the most students of the group; named by size, never ranked by result."""
    label = speech.wording.label
    lines = []
    for part in where.largest:
        level = speech.figure(part.indicator, part.level) if part.level is not None else ""
        lines.append(Line(speech.place(part), [_students(part), level, marked(speech, part)]))
    if where.together is not None:
        row = where.together
        lines.append(Line(speech.place(row), [_students(row), figure_of(speech, row), ""]))
    indicator = where.largest[0].indicator
    heads = [label(key) for key in ("place", "value", _difference_head(speech, indicator))]
    heads.insert(1, speech.things(indicator).raised)
    caption = Words.each("{}: {}".format, label("largest"), where.group)
    return grid(f"{indicator}-{where.largest[0].unit_level}s", caption, heads, [Part(None, lines)])


# --- what stands in a cell ---


def _students(row: Row) -> str:
    return count(row.n) if row.n is not None else ""


def figure_of(speech: Speech, row: Row) -> Words:
    if row.value == 0 and row.n and speech.counts_people(row.indicator):
        return speech.wording.label("none_of", n=count(row.n))
    return Words.same(speech.figure(row.indicator, row.value or 0.0))


def range_of(speech: Speech, row: Row) -> Words:
    if row.low is None or row.high is None:
        return Words.same("")
    low, high = (speech.figure(row.indicator, end) for end in (row.low, row.high))
    return Words.same(f"{low.removesuffix('%')} – {high}")


def gap_of(speech: Speech, row: Row | None) -> str:
    """With its sign, a true minus; points where it is a difference of shares."""
    if row is None or not row.told or row.value is None:
        return ""
    size = abs(row.value)
    told = speech.figure(row.indicator, size)
    if speech.share(row.indicator):
        told = f"{decimal(size * 100, 2 if 0 < size < _RARE else 1)} pts"
    return ("−" if row.value < 0 else "+") + told


def needed_of(speech: Speech, row: Row | None) -> Words:
    if row is None or not row.told or not row.value:
        return Words.same("")
    return speech.wording.label("fewer" if row.direction == "lower" else "more_students", x=needed_count(row))


def needed_count(row: Row | None) -> str:
    """Whole students: 13.2 of them are 14."""
    return count(ceil(abs(row.value))) if row is not None and row.told and row.value else ""


def marked(speech: Speech, row: Row | None) -> Html | str:
    """A difference; a star says that it is clear, the accent that the group is behind."""
    told = gap_of(speech, row).removesuffix(" pts")  # the head says it
    if row is None or not told or row.verdict not in ("above", "below", "too_few"):
        return told
    if row.verdict == "too_few":
        return element("span", speech.wording.label("too_few_for", x=told))
    return element("b", f"{told}*") if row.behind else f"{told}*"


def _difference_head(speech: Speech, indicator: str) -> str:
    return "difference_points" if speech.share(indicator) else "difference_clear"


def _told(speech: Speech, row: Row | None) -> Cell:
    if row is None:
        return ""
    return speech.figure(row.indicator, row.value or 0.0) if row.told else Note(_untold(speech, row))


def _untold(speech: Speech, row: Row | None) -> Words:
    """Why there is no number; and between what it is, where that is told."""
    if row is not None and row.state == HIDDEN and row.low is not None and row.high is not None:
        low, high = (speech.figure(row.indicator, end) for end in (row.low, row.high))
        kind = "hidden_at_most" if row.low <= 0 else "hidden_at_least" if row.high >= 1 else "hidden_between"
        return speech.wording.label(kind, low=low, high=high)
    return speech.wording.label(row.state if row is not None and row.state != VALUE else "not_reported")

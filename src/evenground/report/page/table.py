"""Tables of the page: the numbers beneath each chart."""

from __future__ import annotations

from collections.abc import Sequence

from evenground.model import ALL, HIDDEN, VALUE
from evenground.press import Html, Words, count, decimal, element, framed, join
from evenground.report.story.panel import Place, panels
from evenground.report.story.parity import parity
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.where import Where

_HEADS = ("group", "students_n", "value", "interval", "difference", "needed", "verdict")


def groups_table(speech: Speech, ledger: Ledger, place: Place, indicator: str, crosses: bool = True) -> Html:
    """Every group of the latest year: students, value, range, difference, parity, reading. `crosses`:
    those of several dimensions too."""
    label = speech.wording.label
    bodies = []
    for dimension, groups in [("", [ALL]), *panels(ledger, indicator, place).items()]:
        if "+" in dimension and not crosses:
            continue
        rows = [_group_row(speech, ledger, indicator, group) for group in groups]
        rows += [
            _together_row(speech, row, speech.name(row.group))
            for row in rest_of(ledger, indicator, dimension)
        ]
        if dimension:
            head = element("th", speech.dimension(dimension), scope="rowgroup", colspan=str(len(_HEADS)))
            rows.insert(0, element("tr", head))
        bodies.append(element("tbody", rows))
    caption = speech.wording.set(
        "chart.subtitle",
        indicator=speech.title(indicator),
        place=place.title,
        period=ledger.latest[indicator],
    )
    head = element(
        "thead",
        element(
            "tr",
            [
                element("th", label(key), scope="col", class_="w" if key == "verdict" else None)
                for key in _HEADS
            ],
        ),
    )
    return framed(indicator, caption, head, bodies)


def _group_row(speech: Speech, ledger: Ledger, indicator: str, group: str) -> Html:
    level, difference = ledger.level(indicator, group), ledger.get(indicator, group, "difference")
    name = element("th", speech.name(group), scope="row")
    if level is None or not level.told:
        untold = element("td", _untold(speech, level), class_="no", colspan=str(len(_HEADS) - 1))
        several = ledger.together.years.get((indicator, group))
        below = _together_row(speech, several, over_years(speech, several)) if several else join()
        return join(element("tr", name, untold), below)
    needed = parity(speech, ledger, indicator, group)
    return element(
        "tr",
        name,
        element("td", count(level.n) if level.n is not None else ""),
        element("td", figure_of(speech, level)),
        element(
            "td",
            range_of(speech, level),
        ),
        element(
            "td",
            gap_of(speech, difference),
        ),
        element(
            "td",
            needed_of(speech, needed),
        ),
        element("td", reading_of(speech, difference), class_="w"),
    )


def rest_of(ledger: Ledger, indicator: str, dimension: str) -> Sequence[Row]:
    """The groups of a dimension that are told together in the latest year."""
    return ledger.together.groups.get((indicator, ledger.latest[indicator], dimension), ())


def over_years(speech: Speech, row: Row) -> Words:
    """A group told over several years: "Filipino, 2022-23 to 2024-25"."""
    name, years = speech.name(row.group), speech.period(row.period)
    return Words.each("{}, {}".format, name, years)


def _together_row(speech: Speech, row: Row, name: Words) -> Html:
    """A level without a comparison: it stands for those that are hidden one by one."""
    told: list[str | Words] = [
        count(row.n) if row.n is not None else "", figure_of(speech, row), range_of(speech, row),
    ]  # fmt: skip
    note = element("td", speech.wording.label("together"), class_="no", colspan=str(len(_HEADS) - 4))
    return element("tr", element("th", name, scope="row"), [element("td", cell) for cell in told], note)


def time_table(speech: Speech, ledger: Ledger, place: Place, indicator: str, dimension: str | None) -> Html:
    """Every group of a dimension in every year; None: of all dimensions."""
    periods = ledger.periods[indicator]
    several = _several(speech, ledger, indicator)
    rows = []
    for groups in [
        [ALL],
        *(
            groups
            for key, groups in panels(ledger, indicator, place).items()
            if "+" not in key and dimension in (None, key)
        ),
    ]:
        for group in groups:
            cells = [
                element("td", _told(speech, ledger.level(indicator, group, period))) for period in periods
            ]
            if several:
                row = ledger.together.years.get((indicator, group))
                cells.append(element("td", figure_of(speech, row) if row else ""))
            rows.append(element("tr", element("th", speech.name(group), scope="row"), cells))
    words = {"from": periods[0], "period": periods[-1]}
    caption = speech.wording.set(
        "chart.time.subtitle", indicator=speech.title(indicator), place=place.title, **words
    )
    heads = [
        element("th", speech.wording.label("group"), scope="col"),
        *(element("th", period, scope="col") for period in periods),
        *([element("th", several, scope="col")] if several else []),
    ]
    return framed(
        f"{indicator}-years", caption, element("thead", element("tr", heads)), element("tbody", rows)
    )


def _several(speech: Speech, ledger: Ledger, indicator: str) -> Words | None:
    """The head of a column for years told together, where there are such."""
    found = {row.period for (key, _), row in ledger.together.years.items() if key == indicator}
    return speech.period(max(found)) if found else None


def places_table(speech: Speech, where: Where) -> Html:
    """The places with the most students of the group; named by size, never ranked by result."""
    label = speech.wording.label
    heads = [label("place"), label("students_n"), label("value"), label("difference"), label("verdict")]
    rows = []
    for part in where.largest:
        level = Words.same(speech.figure(part.indicator, part.level) if part.level is not None else "")
        cells: list[str | Words] = [count(part.n) if part.n is not None else "", level, gap_of(speech, part)]
        rows.append(
            element(
                "tr",
                element("th", speech.place(part), scope="row"),
                [
                    element(
                        "td",
                        cell,
                    )
                    for cell in cells
                ],
                element("td", reading_of(speech, part), class_="w"),
            )
        )
    if where.together is not None:
        row, blank = where.together, element("td", label("together"), class_="no", colspan="2")
        cells = [count(row.n) if row.n is not None else "", figure_of(speech, row)]
        told = [element("td", cell) for cell in cells]
        rows.append(element("tr", element("th", speech.place(row), scope="row"), told, blank))
    largest = label("largest")
    caption = Words.each("{}: {}".format, largest, where.group)
    head = element(
        "thead",
        element(
            "tr",
            [element("th", text, scope="col", class_="w" if text is heads[-1] else None) for text in heads],
        ),
    )
    return framed(f"{where.largest[0].indicator}-places", caption, head, element("tbody", rows))


# --- what stands in a cell ---


def figure_of(speech: Speech, row: Row) -> Words:
    if row.value == 0 and row.n and speech.counts_people(row.indicator):
        return speech.wording.label("none_of", n=count(row.n))
    return Words.same(speech.figure(row.indicator, row.value or 0.0))


def range_of(speech: Speech, row: Row) -> Words:
    if row.low is None or row.high is None:
        return Words.same("")
    return Words.same(f"{speech.figure(row.indicator, row.low)} – {speech.figure(row.indicator, row.high)}")


def gap_of(speech: Speech, row: Row | None) -> str:
    """With its sign, a true minus; points where it is a difference of shares."""
    if row is None or not row.told or row.value is None:
        return ""
    size = abs(row.value)
    told = f"{decimal(size * 100)} pts" if speech.share(row.indicator) else speech.figure(row.indicator, size)
    return ("−" if row.value < 0 else "+") + told


def needed_of(speech: Speech, row: Row | None) -> Words:
    if row is None or not row.told or not row.value:
        return Words.same("")
    way = "fewer" if row.direction == "lower" else "more_students"
    students = abs(row.value)
    return speech.wording.label(
        way, x=count(int(students) if students == int(students) else int(students) + 1)
    )


def reading_of(speech: Speech, row: Row | None) -> Html | Words:
    if row is None or not row.verdict:
        return Words.same("")
    words = speech.wording.label(row.verdict)
    return element("span", words, class_="mark") if row.behind else join(words)


def _told(speech: Speech, row: Row | None) -> str | Words:
    if row is None:
        return ""
    if not row.told:
        return _untold(speech, row)
    return speech.figure(row.indicator, row.value or 0.0)


def _untold(speech: Speech, row: Row | None) -> Words:
    """Why there is no number; and between what it is, where that is told."""
    if row is not None and row.state == HIDDEN and row.low is not None and row.high is not None:
        low, high = (speech.figure(row.indicator, end) for end in (row.low, row.high))
        kind = "hidden_at_most" if row.low <= 0 else "hidden_at_least" if row.high >= 1 else "hidden_between"
        return speech.wording.label(kind, low=low, high=high)
    return speech.wording.label(row.state if row is not None and row.state != VALUE else "not_reported")

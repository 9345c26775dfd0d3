"""How much does background predict? How often the group alone would point the right way, and since when."""

from __future__ import annotations

from collections.abc import Iterable

from evenground.press import DotRow, Dots, Line, Lines, Words, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure, lowered, stop
from evenground.report.story.rows import Row

_COIN = 0.5
_LINES = 5  # more cannot be told apart by their ends


def background(scene: Scene) -> Aspect | None:
    """Led by the outcome and the dimension of which background tells most in the latest year."""
    rows = [row for row in _here(scene, "background_order") if row.low is not None and row.low > _COIN]
    latest = _latest(rows)
    alone = [row for row in latest if "+" not in _key(row)]
    if not alone:
        return None
    lead = max(alone, key=lambda row: (row.value or 0.0, row.indicator))
    say = scene.speech.wording
    about = {"dimension": lowered(_dimension(scene, lead)), "indicator": scene.speech.title(lead.indicator)}
    finding = say.set("aspect.background.finding", a=_of_hundred(lead), **about)
    figures = (_dots(scene, lead, latest), _lines(scene, lead, rows))
    return Aspect(
        "background-alone",
        say.label("aspect.background"),
        finding,
        tuple(figure for figure in figures if figure is not None),
        _sentences(scene, lead),
        _table(scene, alone),
        say.set("aspect.background.rests", n=count(lead.n or 0), period=lead.period).then(
            say.set("aspect.background.alone")
        ),
    )


def _here(scene: Scene, measure: str) -> list[Row]:
    about = scene.released.about
    return [
        row
        for row in scene.ledger.further.get(measure, ())
        if row.told and (row.unit_level, row.unit_id) == (about.unit_level, about.unit_id)
    ]


def _latest(rows: Iterable[Row]) -> list[Row]:
    """Of each outcome those of the last year in which any is told."""
    found = list(rows)
    last: dict[str, str] = {}
    for row in found:
        last[row.indicator] = max(row.period, last.get(row.indicator, ""))
    return [row for row in found if row.period == last[row.indicator]]


def _key(row: Row) -> str:
    return str(row.reference).partition(":")[2]


def _dimension(scene: Scene, row: Row) -> Words:
    return scene.speech.dimension(_key(row))


def _of_hundred(row: Row) -> str:
    return count((row.value or 0.0) * 100)


def _sentences(scene: Scene, lead: Row) -> tuple[Words, ...]:
    say = scene.speech.wording
    found = [say.set("aspect.background.guess")]
    moved = next(
        (row for row in _same(scene, "background_change", lead) if row.reference == lead.reference), None
    )
    if moved is not None and moved.verdict:
        before = count(((lead.value or 0.0) - (moved.value or 0.0)) * 100)
        words = {"from": moved.period_from, "b": before}
        found.append(say.set(f"aspect.background.{moved.verdict}", **words))
    for schools in _same(scene, "background_schools", lead):
        found.append(say.set("aspect.background.schools", x=count((schools.value or 0.0) * 100)))
    for slope in _same(scene, "background_poverty", lead):
        if slope.high is not None and slope.high < 0:
            found.append(say.set("aspect.background.poverty", x=decimal(-10 * (slope.value or 0.0))))
    return tuple(found)


def _same(scene: Scene, measure: str, lead: Row) -> list[Row]:
    """Of the outcome and the year of the finding."""
    rows = _here(scene, measure)
    return [row for row in rows if (row.indicator, row.period) == (lead.indicator, lead.period)]


def _dots(scene: Scene, lead: Row, latest: list[Row]) -> Figure:
    """Every dimension of the outcome that tells most, on a line from a coin to certainty."""
    say = scene.speech.wording
    rows = sorted(
        (row for row in latest if row.indicator == lead.indicator), key=lambda row: -(row.value or 0.0)
    )
    dots = tuple(
        DotRow(
            _dimension(scene, row), Words.same(""), row.value, row.low, row.high, _COIN, _of_hundred(row),
            accent=row is lead,
        )
        for row in rows
    )  # fmt: skip
    chart = Dots(
        dots, _COIN, 1.0, 100, say.label("aspect.background.axis"), say.label("aspect.background.coin")
    )
    title = say.set("chart.background", dimension=_dimension(scene, lead), a=_of_hundred(lead))
    return Figure(chart, title, _subtitle(scene, lead, lead.period), stop(title))


def _lines(scene: Scene, lead: Row, rows: list[Row]) -> Figure | None:
    """The same over the years; only what is there in more than one."""
    say = scene.speech.wording
    of = [row for row in rows if row.indicator == lead.indicator and "+" not in _key(row)]
    periods = tuple(sorted({row.period for row in of}))
    by = {(row.reference, row.period): row for row in of}
    last = [row for row in of if row.period == lead.period]
    kept = sorted(last, key=lambda row: (row.reference != lead.reference, -(row.value or 0.0)))[:_LINES]
    if len(periods) < 2 or not kept:
        return None
    series = []
    for one in kept:
        found = [by.get((one.reference, period)) for period in periods]
        series.append(
            Line(
                _dimension(scene, one),
                tuple(row.value if row else None for row in found),
                tuple(row.low if row else None for row in found),
                tuple(row.high if row else None for row in found),
                accent=one.reference == lead.reference,
                told=_of_hundred(one),
                written=tuple(_of_hundred(row) if row else "" for row in found),
            )
        )
    top = max(row.high or 0.0 for row in of)
    end = min(1.0, -(-top // 0.1) * 0.1)
    chart = Lines(tuple(series), periods, _COIN, end, 100, say.label("aspect.background.axis"))
    title = say.set("chart.background.time", dimension=_dimension(scene, lead))
    years = f"{periods[0]} – {periods[-1]}"
    return Figure(chart, title, _subtitle(scene, lead, years), stop(title))


def _subtitle(scene: Scene, lead: Row, period: str) -> Words:
    words = {"indicator": scene.speech.title(lead.indicator), "place": scene.place.title, "period": period}
    return scene.speech.wording.set("chart.background.subtitle", **words)


def _table(scene: Scene, latest: list[Row]) -> Table:
    """Of every outcome the dimension that tells most, and how that moved."""
    say = scene.speech.wording
    most: dict[str, Row] = {}
    for row in latest:
        if row.indicator not in most or (row.value or 0.0) > (most[row.indicator].value or 0.0):
            most[row.indicator] = row
    moved = {(row.indicator, row.reference): row for row in _here(scene, "background_change")}
    rows = []
    for row in most.values():
        change = moved.get((row.indicator, row.reference))
        verdict = change.verdict if change is not None else None
        ends = f"{count((row.low or 0.0) * 100)} … {count((row.high or 0.0) * 100)}"
        told = say.entry("codes", f"verdict.{verdict}") if verdict else Words.same("–")
        since = Words.same(str(change.period_from)) if change is not None else Words.same("–")
        rows.append(
            [
                scene.speech.title(row.indicator), _dimension(scene, row), Words.same(_of_hundred(row)),
                Words.same(ends), told, since,
            ]
        )  # fmt: skip
    heads = ["outcome", "most", "times"]
    return Table(
        say.label("aspect.background.caption"),
        [*(say.label(f"aspect.background.{head}") for head in heads), say.label("interval"),
         say.label("aspect.background.change"), say.label("aspect.background.since")],
        rows,
    )  # fmt: skip

"""A worked example for each chapter of the method, from the published numbers of this review alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evenground.definitions import said
from evenground.model import ALL
from evenground.press import Words, count, decimal, filled, percent
from evenground.report.story.parity import parity
from evenground.report.story.rows import Ledger, Row, ranked
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story

_VERDICTS = ("above", "below", "no_clear_difference")


def worked(speech: Speech, ledger: Ledger, story: Story, hidden: Sequence[Words]) -> dict[str, Words]:
    """chapter -> its example; a chapter of which these data hold none is left out. `hidden` says how many
    numbers are hidden.
    """
    row = _shown(speech, ledger)
    makers: dict[str, Callable[[Speech, Ledger, Row], dict[str, object] | None]] = {
        "share": _share, "difference": _difference, "chance": _chance, "parity": _parity, "change": _change,
        "places": _places, "first": _first, "rounding": _rounding,
    }  # fmt: skip
    found: dict[str, dict[str, object] | None] = {"hidden": {"first": hidden[0]} if hidden else None}
    if story.sections:
        found["compared"] = {"first": story.sections[0].compared}
    if row is not None:
        found |= {key: make(speech, ledger, row) for key, make in makers.items()}
    chapters = speech.definitions.method
    return {
        key: filled(said(pattern), **values).raised
        for key, chapter in chapters.items()
        if (pattern := chapter.example) and (values := found.get(key))
    }


def _shown(speech: Speech, ledger: Ledger) -> Row | None:
    """The difference of shares that the examples are about: the first gap, else any with a chance range."""
    every = [*ranked(ledger), *(row for key in ledger.latest for row in ledger.differences(key))]
    fit = (
        row
        for row in every
        if row.verdict in _VERDICTS
        and row.reference_level is not None
        and row.half is not None
        and speech.indicator(row.indicator).kind == "rate"
    )
    return next(fit, None)


def _share(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    level = ledger.level(row.indicator, row.group)
    if level is None or level.n is None or row.level is None:
        return None
    base = speech.base(row)
    return {
        "period": row.period,
        "n": count(level.n),
        "group": speech.people(row.indicator, row.group),
        "base": f"{base:,}",
        "a": speech.amount(row.indicator, row.level, base),
        "phrase": said(speech.indicator(row.indicator).phrase),
    }


def _difference(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    return {
        "group": speech.people(row.indicator, row.group),
        "reference": speech.reference(row),
        "a": percent(row.level or 0.0),
        "b": percent(row.reference_level or 0.0),
        "d": _points(row.value),
    }


def _chance(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    ends = {"low": _points(row.low), "high": _points(row.high)}
    return {"d": _points(row.value), "word": speech.wording.label(row.verdict or ""), **ends}


def _parity(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    needed = parity(speech, ledger, row.indicator, row.group)
    if needed is None or not needed.told or not needed.value:
        return None
    return {"group": speech.people(row.indicator, row.group), "first": speech.needed(needed)}


def _change(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    moved = ledger.get(row.indicator, row.group, "change")
    if moved is None or not moved.told or moved.level is None:
        return None
    gap = ledger.get(row.indicator, row.group, "gap_change")
    sentence = speech.sentence(moved)
    return {"first": sentence.then(speech.sentence(gap)) if gap and gap.told else sentence}


def _places(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    parts = [ledger.get(row.indicator, row.group, measure) for measure in ("gap_between", "gap_within")]
    told = [part for part in parts if part is not None and part.told]
    return {"first": speech.sentence(told[0]).then(speech.sentence(told[1]))} if len(told) == 2 else None


def _first(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    gaps = [gap for gap in ranked(ledger) if gap.group != ALL]
    return {"count": count(len(gaps)), "first": speech.short(gaps[0])} if len(gaps) > 1 else None


def _rounding(speech: Speech, ledger: Ledger, row: Row) -> dict[str, object] | None:
    if row.level is None:
        return None
    base = speech.base(row)
    told = speech.amount(row.indicator, row.level, base)
    return {"a": percent(row.level, 1 if base == 100 else 2), "told": told, "base": f"{base:,}"}


def _points(value: float | None) -> str:
    return decimal((value or 0.0) * 100).replace("-", "−")

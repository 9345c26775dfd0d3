"""Closing, seen four ways: a gap may get smaller and yet nobody be better off.

The four lenses are those of The Education Trust: Gauging the Gaps (2010), ERIC ED511870. Every reading
follows from a published verdict, and so from an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from evenground.press import Words, bases, count
from evenground.report.story.panel import known_groups
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech
from evenground.report.story.weight import speaks_for_itself, weight
from evenground.report.story.where import enough_places

_BETTER = {"higher": "rose", "lower": "fell"}
_WORSE = {"higher": "fell", "lower": "rose"}


@dataclass(frozen=True)
class Lens:
    """One way to see it: the question, what the published numbers show, the reading."""

    key: str  # gap, all, level, places
    name: Words
    seen: Words
    reading: Words


@dataclass(frozen=True)
class Closing:
    """How the gap of a group moved, seen four ways; `flag` where it closed because the top fell."""

    group: Words
    lenses: tuple[Lens, ...]
    flag: Words | None


def closing_of(speech: Speech, ledger: Ledger, indicator: str, accent: Row | None) -> Closing | None:
    """Of the group that the finding is about; else of the weightiest gap that closed. None where no gap has
    a verdict over time."""
    moved = (
        ledger.get(indicator, accent.group, "gap_change") if accent else _closed(speech, ledger, indicator)
    )
    if moved is None or not moved.told or moved.verdict in (None, "too_few"):
        return None
    lenses = (
        _gap(speech, ledger, moved),
        _everybody(speech, ledger, moved),
        _level(speech, ledger, moved),
        _places(speech, ledger, moved),
    )
    return Closing(
        speech.people(indicator, moved.group), tuple(lens for lens in lenses if lens), _flag(speech, moved)
    )


def _closed(speech: Speech, ledger: Ledger, indicator: str) -> Row | None:
    rows = [
        row
        for row in ledger.newest([indicator])
        if row.measure == "gap_change"
        and (row.verdict or "").startswith("closed")
        and speaks_for_itself(speech, row)
    ]
    return max(rows, key=lambda row: (weight(speech, ledger, row), row.group), default=None)


def _gap(speech: Speech, ledger: Ledger, moved: Row) -> Lens:
    """Did the gap get smaller?"""
    kind = (moved.verdict or "").partition("_")[0]
    reading = {"closed": "smaller", "widened": "larger", "reversed": "reversed"}.get(kind, "unclear")
    if moved.verdict == "no_clear_gap":
        reading = "none"
    return _lens(speech, "gap", _sizes(speech, ledger, moved, reading), reading)


def _sizes(speech: Speech, ledger: Ledger, moved: Row, reading: str) -> Words:
    """The gap then and now, to the reference of the review, told finely enough to show a clear movement. The
    reading is made against all others; where the gap to everybody moved the other way, that is told instead.
    """
    before = ledger.get(moved.indicator, moved.group, "difference", moved.period_from)
    now = ledger.get(moved.indicator, moved.group, "difference", moved.period)
    if before is None or now is None or before.reference_level is None or now.reference_level is None:
        return Words("")
    first, last = abs(before.value or 0.0), abs(now.value or 0.0)
    if (reading == "smaller" and last >= first) or (reading == "larger" and last <= first):
        if moved.reference != "others":  # the difference then had another partner in the first year
            return Words("")
        by = abs(moved.value or 0.0)
        told = speech.gap(moved.indicator, by, 0.0, bases(by) if speech.share(moved.indicator) else 100)
        return speech.wording.set(f"lens.gap.others.{reading}", d=told)
    for base in (100, 1_000, 10_000) if speech.share(moved.indicator) else (100,):
        a, b = (
            speech.gap(moved.indicator, row.level or 0.0, row.reference_level or 0.0, base)
            for row in (before, now)
        )
        if a != b or reading not in ("smaller", "larger"):
            break
    years = {"from": moved.period_from, "period": moved.period}
    return speech.wording.set("lens.gap.seen", a=a, b=b, **years)


def _everybody(speech: Speech, ledger: Ledger, moved: Row) -> Lens | None:
    """Did all groups gain?"""
    groups = [
        group
        for (key, dimension), groups in ledger.groups.items()
        if key == moved.indicator and "+" not in dimension
        for group in known_groups(groups)
    ]
    found = (ledger.get(moved.indicator, group, "change") for group in groups)
    verdicts = [row.verdict for row in found if row and row.told and row.verdict not in (None, "too_few")]
    if len(verdicts) < 2:
        return None
    better, worse = (
        sum(verdict == side[moved.direction or "higher"] for verdict in verdicts)
        for side in (_BETTER, _WORSE)
    )
    seen = speech.wording.set(
        "lens.all.seen", count=count(len(verdicts)), better=count(better), worse=count(worse)
    )
    return _lens(speech, "all", seen, progress(len(verdicts), better, worse))


def progress(groups: int, better: int, worse: int) -> str:
    """The reading of how many of some groups clearly gained, and how many clearly lost."""
    if better == groups:
        return "all_gained"
    if worse:
        return "some_lost" if better else "none_gained"
    return "some_gained" if better else "no_change"


def _level(speech: Speech, ledger: Ledger, moved: Row) -> Lens | None:
    """Is the group where it should be?"""
    now = ledger.get(moved.indicator, moved.group, "difference")
    if now is None or now.level is None or now.reference_level is None:
        return None
    base = speech.base(now)
    key = "chart.gap" if speech.counts_people(moved.indicator) else "chart.gap.mean"
    seen = speech.wording.set(
        key,
        base=f"{base:,}",
        group=speech.name(now.group),
        reference=speech.reference_label(now),
        a=speech.amount(now.indicator, now.level, base),
        b=speech.amount(now.indicator, now.reference_level, base),
    )
    reading = "behind" if now.behind else "ahead" if now.ahead else "even"
    return _lens(speech, "level", seen, reading if now.verdict not in (None, "too_few") else "unsure")


def _places(speech: Speech, ledger: Ledger, moved: Row) -> Lens | None:
    """How is the same group doing elsewhere?"""
    parts = [part for part in ledger.parts.get((moved.indicator, moved.group), ()) if part.told]
    judged = [part for part in parts if part.verdict not in (None, "too_few")]
    if not enough_places(speech, judged):
        return None
    behind, ahead = sum(part.behind for part in judged), sum(part.ahead for part in judged)
    seen = speech.wording.set(
        "lens.places.seen",
        count=count(len(judged)),
        level=speech.wording.label(f"levels.{judged[0].unit_level}"),
        behind=count(behind),
        ahead=count(ahead),
    )
    return _lens(speech, "places", seen.then(_middle(speech, judged)), elsewhere(len(judged), behind, ahead))


def elsewhere(places: int, behind: int, ahead: int) -> str:
    """The reading of in how many places a group is clearly behind, and clearly ahead."""
    if 2 * behind > places:
        return "behind_in_most"
    if not behind:
        return "ahead_in_some" if ahead else "even_everywhere"
    return "mixed" if ahead else "behind_in_some"


def _middle(speech: Speech, parts: Sequence[Row]) -> Words:
    """Between which levels the middle half of the places lies."""
    levels = [part.level for part in parts if part.level is not None]
    if not enough_places(speech, levels) or not speech.counts_people(parts[0].indicator):
        return Words("")
    low, _, high = quantiles(levels, n=4, method="inclusive")
    base = bases(low, high)
    ends = {"x": count(low * base), "y": count(high * base)}
    if ends["x"] == ends["y"]:
        return Words("")
    return speech.wording.set("lens.places.middle", base=f"{base:,}", **ends)


def _flag(speech: Speech, moved: Row) -> Words | None:
    """That a gap closed because the top fell."""
    kinds = {"closed_ahead_fell": "lens.flag.fell", "closed_both": "lens.flag.both"}
    key = kinds.get(moved.verdict or "")
    return speech.wording.set(key) if key else None


def _lens(speech: Speech, key: str, seen: Words, reading: str) -> Lens:
    label = speech.wording.label
    return Lens(key, label(f"lens.{key}"), seen, label(f"lens.{key}.{reading}"))

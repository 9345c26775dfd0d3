"""Where is it going better than expected: places that do better for a group than places like them.

Level, change and the change of a gap are three questions, asked apart. Nothing is ranked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenground.measures import bright as spots_of
from evenground.model import ALL, VALUE, parse_group
from evenground.questions.alike import RACE, SIZE, Alike, alike
from evenground.questions.background import is_outcome, tells_apart
from evenground.questions.block import Block
from evenground.questions.mixing import widest
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope

QUESTION = "bright"
_SIMILAR = Against("similar")


@dataclass(frozen=True)
class _Years:
    """Numbers of one group: units x years; NaN where not public or too few. `row` of the last year, or -1."""

    n: np.ndarray
    total: np.ndarray
    row: np.ndarray

    @property
    def value(self) -> np.ndarray:
        return np.asarray(self.total / self.n)

    @property
    def variance(self) -> np.ndarray:
        """Of a rate, two students of either side nearer to the middle (Agresti and Coull 1998), so that no
        place seems sure of 0 or of all."""
        middle = (self.total + 2) / (self.n + 4)
        return np.asarray(middle * (1 - middle) / self.n)


@dataclass(frozen=True)
class _Asked:
    """One indicator: where its findings go, its places and last years, and its public cells there: their
    `rows`, and the `place`, `year` and `group` of each."""

    findings: Findings
    scope: Scope
    block: Block
    alike: Alike
    periods: tuple[str, ...]
    rows: np.ndarray
    place: np.ndarray
    year: np.ndarray
    group: np.ndarray

    def parameter(self, key: str) -> float:
        return self.scope.definitions.parameter(key)


def bright(findings: Findings, scope: Scope) -> None:
    """Adds the places that do better for a group than places like them, for each outcome of students."""
    enrolled, findings = widest(scope, RACE), findings.under(QUESTION)
    for key in _told(scope):
        asked = _asked(findings, scope, scope.block(key), enrolled)
        if asked is not None:
            named = np.zeros(len(asked.alike.units), dtype=bool)
            for group in _groups(asked):
                named |= _of_group(asked, group)
            _compared(asked, named)


def _told(scope: Scope) -> list[str]:
    """The outcomes; of the levels of one assessment the middle one, which is the standard."""
    families: dict[str, list[str]] = {}
    for key in scope.indicators:
        block = scope.block(key)
        if is_outcome(scope, block):
            families.setdefault(block.indicator.family or key, []).append(key)
    ordered = (
        sorted(keys, key=lambda key: scope.definitions.indicators[key].order or 0)
        for keys in families.values()
    )
    return [keys[len(keys) // 2] for keys in ordered]


def _asked(findings: Findings, scope: Scope, block: Block, enrolled: Block | None) -> _Asked | None:
    """Its places of the lowest level at which enough are public; None where there are too few, or years."""
    period, parameter = scope.latest[block.key], scope.definitions.parameter
    public = (block.group == ALL) & (block.state == VALUE) & (block.sums.n > 0)
    for level in reversed(scope.levels_below):
        there = public & scope.below(block, level)
        units = np.unique(block.unit[there & (block.period == period)].astype(str))
        if len(units) >= parameter("fewest_for_similar"):
            periods = sorted(set(block.period[there].tolist()))[-int(parameter("most_years_better")) :]
            found = alike(scope, block, level, units, period, enrolled)
            if found is None or len(periods) < parameter("fewest_years_better"):
                return None
            return _Asked(
                findings, scope, block, found, tuple(periods), *_cells(scope, block, level, found, periods)
            )
    return None


def _cells(
    scope: Scope, block: Block, level: str, places: Alike, periods: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Public cells of these places and years with enough students, and the place, year and group of each."""
    least = scope.definitions.parameter("fewest_students_better")
    rows = np.flatnonzero((block.level == level) & (block.state == VALUE) & (block.sums.n >= least))
    rows = rows[np.isin(block.period[rows], periods)]
    unit = block.unit[rows].astype(str)
    place = np.minimum(np.searchsorted(places.units, unit), len(places.units) - 1)
    same = places.units[place] == unit
    rows, place = rows[same], place[same]
    return rows, place, np.searchsorted(periods, block.period[rows].astype(str)), block.group[rows]


def _groups(asked: _Asked) -> list[str]:
    """Everybody, and the groups of single dimensions."""
    now = asked.year == len(asked.periods) - 1
    found = []
    for group in sorted(set(asked.group[now].tolist())):
        parts = parse_group(group)
        if group == ALL or (
            len(parts) == 1 and tells_apart(asked.scope, parts[0][0]) and parts[0][1] != "unknown"
        ):
            found.append(str(group))
    return found


def _of_group(asked: _Asked, group: str) -> np.ndarray:
    """Adds what is found of one group, and gives the places that are named."""
    years = _years(asked, group)
    now = years.row >= 0
    if now.sum() < asked.parameter("fewest_for_similar"):
        return np.zeros(len(now), dtype=bool)
    named = _level(asked, years)
    named |= _move(asked, years.value, years.variance, years.row, "advantage_change")
    if group != ALL:
        rest = _rest(asked, years)
        gap = years.value - rest.value
        better = 1 if asked.block.direction == "higher" else -1
        # Only where the group is behind does a gap that moves its way close.
        behind = better * np.nanmean(np.where(np.isnan(gap).all(axis=1)[:, None], np.nan, gap)) < 0
        if behind:
            named |= _move(asked, gap, years.variance + rest.variance, years.row, "advantage_gap")
    return named


def _years(asked: _Asked, group: str) -> _Years:
    shape = (len(asked.alike.units), len(asked.periods))
    of = asked.group == group
    rows, place, year = asked.rows[of], asked.place[of], asked.year[of]
    n, total = np.full(shape, np.nan), np.full(shape, np.nan)
    n[place, year], total[place, year] = asked.block.sums.n[rows], asked.block.sums.total[rows]
    row = np.full(shape[0], -1)
    last = year == shape[1] - 1
    row[place[last]] = rows[last]
    return _Years(n, total, row)


def _rest(asked: _Asked, years: _Years) -> _Years:
    """All other students of the same places; NaN where they are too few."""
    everybody = _years(asked, ALL)
    n, total = everybody.n - years.n, everybody.total - years.total
    few = ~(n >= asked.parameter("fewest_students_better"))
    n = np.where(few, np.nan, n)
    return _Years(n, np.clip(total, 0, n), years.row)


def _level(asked: _Asked, years: _Years) -> np.ndarray:
    """Places that are above those like them, year after year."""
    expected = _expected(asked, years.value, years.variance)
    found = spots_of.spots(
        years.value,
        years.variance,
        expected,
        margin=asked.parameter("least_better"),
        false_share=asked.parameter("false_among_better"),
        least_years=int(asked.parameter("fewest_years_better")),
        higher_is_better=asked.block.direction == "higher",
        confidence=asked.parameter("confidence"),
    )
    named = found.named & (years.row >= 0)
    if named.any():
        told = (years.row >= 0) & ~np.isnan(found.value)
        # Smaller chances lean on the far tails of the model, which nobody has seen.
        luck = np.maximum(found.luck, asked.parameter("least_luck"))
        _add(asked, years.row, told, "advantage", found, named)
        own = years.row[named]
        asked.findings.add(asked.block, own, "advantage_luck", luck[named], _SIMILAR)
        asked.findings.add(asked.block, own, "advantage_expected", expected.value[named, -1], _SIMILAR)
    return np.asarray(named)


def _move(
    asked: _Asked, value: np.ndarray, variance: np.ndarray, row: np.ndarray, measure: str
) -> np.ndarray:
    """Places that move faster than those like them: each by its slope over its years."""
    time = np.arange(len(asked.periods), dtype=float)
    moved = spots_of.change(value, variance, time, least_years=int(asked.parameter("fewest_years_better")))
    slope, noise = moved.value, moved.variance
    if (~np.isnan(slope)).sum() < asked.parameter("fewest_for_similar"):
        return np.zeros(len(slope), dtype=bool)
    found = spots_of.spots(
        slope,
        noise,
        _expected(asked, slope, noise),
        margin=asked.parameter("least_better_a_year"),
        false_share=asked.parameter("false_among_better"),
        higher_is_better=asked.block.direction == "higher",
        confidence=asked.parameter("confidence"),
    )
    named = found.named & (row >= 0)
    if named.any():
        _add(asked, row, named, measure, found, named)
    return np.asarray(named)


def _expected(asked: _Asked, value: np.ndarray, variance: np.ndarray) -> spots_of.Expected:
    least = max(asked.alike.similar.index.shape[1] // 2, 1)
    return spots_of.from_similar(asked.alike.similar, value, variance, least=least)


def _add(
    asked: _Asked, row: np.ndarray, told: np.ndarray, measure: str, found: spots_of.Spots, named: np.ndarray
) -> None:
    side = "above" if asked.block.direction == "higher" else "below"
    said = [side if one else "no_clear_difference" for one in named[told]]
    asked.findings.add(asked.block, row[told], measure, found.take(told), _SIMILAR, verdict=said)


def _compared(asked: _Asked, named: np.ndarray) -> None:
    """What places are compared on, and for each that is named the places like it."""
    block, alike_ = asked.block, asked.alike
    everybody = _years(asked, ALL).row
    named = named & (everybody >= 0)
    if not named.any():
        return
    places = np.flatnonzero(named)
    index, distance = alike_.similar.index[places], alike_.similar.distance[places]
    rows = np.repeat(everybody[places], index.shape[1])
    theirs = Against([f"unit:{alike_.units[other]}" for other in index.ravel()])
    asked.findings.add(block, rows, "likeness", distance.ravel(), theirs)
    here = np.flatnonzero(
        asked.scope.here(block) & (block.period == asked.periods[-1]) & (block.group == ALL)
    )
    for name, spread in zip(alike_.names, alike_.similar.spread, strict=True):
        on = Against(name if name == SIZE else f"group:{name}")
        asked.findings.add(block, here, "compared_on", spread, on, n=len(alike_.units))

"""Findings as rows to read, each with the level of its group beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import ALL, LEVELS, OF_GROUPS, VALUE, Unit, parse_group

_KEYS = ["indicator", "unit_level", "unit_id", "period", "group"]


class Row(NamedTuple):
    """One finding (model.FINDINGS) with the published level of its group, now and at `period_from`."""

    finding_id: str
    question: str
    domain: str
    indicator: str
    unit_level: str
    unit_id: str
    unit_name: str
    period: str
    period_from: str | None
    dimension: str
    group: str
    reference: str | None
    reference_group: str | None
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    state: str
    direction: str | None
    perspective: str | None
    verdict: str | None
    rank: int | None
    level: float | None = None
    level_from: float | None = None

    @property
    def half(self) -> float | None:
        """Half the width of the interval: how far chance could move the value."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def told(self) -> bool:
        return self.state == VALUE and self.value is not None

    @property
    def reference_level(self) -> float | None:
        """What the group is compared with: of a difference, the level less the difference."""
        if self.measure != "difference" or self.level is None or self.value is None:
            return None
        return self.level - self.value

    @property
    def behind(self) -> bool:
        """Clearly on the side that is not better."""
        return (
            self.verdict == ("above" if self.direction == "lower" else "below")
            and self.direction != "neutral"
        )

    @property
    def unfavourable(self) -> bool:
        """On the side that is not better, certain or not."""
        return (
            self.told
            and self.direction != "neutral"
            and ((self.value or 0) > 0) == (self.direction == "lower")
            and self.value != 0
        )

    @property
    def ahead(self) -> bool:
        return (
            self.verdict == ("below" if self.direction == "lower" else "above")
            and self.direction != "neutral"
        )


def rows_of(findings: pa.Table, cells: pa.Table) -> Iterator[Row]:
    """Every finding in its order. Levels come from the released cells of the same indicator, unit,
    period and group."""
    known = cells.filter(pc.equal(cells["state"], VALUE)).select([*_KEYS, "value"])
    now = _beside(findings, known, "period")
    before = _beside(findings, known, "period_from")
    columns = [findings[name].to_pylist() for name in Row._fields[:-2]]
    for values in zip(*columns, now, before, strict=True):
        yield Row(*values)


def _beside(findings: pa.Table, known: pa.Table, period: str) -> Sequence[float | None]:
    """The level of each finding's group in the year that its column `period` names."""
    asked = pa.table(
        {
            **{key: findings[period if key == "period" else key] for key in _KEYS},
            "row": pa.array(range(findings.num_rows), pa.int64()),
        }
    )
    asked = asked.filter(pc.is_valid(asked["period"]))
    joined = asked.join(known, keys=_KEYS, join_type="inner")
    found: list[float | None] = [None] * findings.num_rows
    for row, value in zip(joined["row"].to_pylist(), joined["value"].to_pylist(), strict=True):
        found[row] = value
    return found


@dataclass(frozen=True)
class Together:
    """Levels that are told together, `rows` all of them. The others find those of the unit in focus: the rest
    of a dimension's groups ((indicator, period, dimension) -> rows), a group over several years ((indicator,
    group) -> row), and the parts of the unit that are not shown ((indicator, period, group) -> row).
    """

    rows: tuple[Row, ...] = ()
    groups: Mapping[tuple[str, str, str], Sequence[Row]] = field(default_factory=dict)
    years: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    places: Mapping[tuple[str, str, str], Row] = field(default_factory=dict)


_NOTHING = Together()


@dataclass(frozen=True)
class Ledger:
    """The findings of the unit in focus, found by (indicator, period, group, measure); those of its parts;
    and those that are not of one group at one place: `further` holds them of every place, in their order."""

    focus: dict[tuple[str, str, str, str], Row]
    parts: dict[
        tuple[str, str], list[Row]
    ]  # (indicator, group) -> differences of the child units in the latest year
    schools: dict[tuple[str, str], list[Row]]  # the same of a state's schools, below its districts
    latest: dict[str, str]  # indicator -> the school year in focus
    periods: dict[str, tuple[str, ...]]  # indicator -> years with a number for everybody or for a group
    groups: dict[tuple[str, str], tuple[str, ...]]  # (indicator, dimension) -> its groups in the latest year
    together: Together
    further: dict[str, list[Row]] = field(default_factory=dict)  # measure -> rows that are of no group alone
    perspectives: dict[str, list[Row]] = field(default_factory=dict)  # read under an idea of fairness -> rows
    idea: str | None = None  # the idea that the review reads by, if by one

    def get(self, indicator: str, group: str, measure: str, period: str | None = None) -> Row | None:
        return self.focus.get((indicator, period or self.latest[indicator], group, measure))

    def level(self, indicator: str, group: str, period: str | None = None) -> Row | None:
        """The rate or mean of a group."""
        return self.get(indicator, group, "rate", period) or self.get(indicator, group, "mean", period)

    def differences(self, indicator: str, dimension: str | None = None) -> list[Row]:
        """The latest differences of an indicator, of one dimension or of all."""
        return [
            row
            for row in self._newest.get(indicator, ())
            if row.measure == "difference" and dimension in (None, row.dimension)
        ]

    def newest(self, indicators: Iterable[str]) -> list[Row]:
        """Every row of these indicators' latest years."""
        return [row for key in indicators for row in self._newest.get(key, ())]

    @property
    def read_by(self) -> Sequence[Row]:
        """The rows of the idea that the review reads by."""
        return self.perspectives.get(self.idea or "", ())

    @cached_property
    def unfair(self) -> frozenset[tuple[str, str]]:
        """(indicator, group) of what that idea counts as unfair."""
        counted = (row for row in self.read_by if row.verdict in ("counts", "short"))
        return frozenset((row.indicator, row.group) for row in counted)

    def hidden(self, indicator: str, state: str) -> int:
        """How many levels of the latest year have this state."""
        return sum(
            row.state == state for row in self._newest.get(indicator, ()) if row.measure in ("rate", "mean")
        )

    @cached_property
    def ranks(self) -> list[Row]:
        """All gaps that have a rank, first one first."""
        rows = [row for row in self.focus.values() if row.rank is not None]
        return sorted(rows, key=lambda row: row.rank or 0)

    @cached_property
    def steadied(self) -> dict[tuple[str, str, str], Row]:
        """(indicator, period, group) -> the steadied number of a small group."""
        rows = self.further.get("stabilised", ())
        return {(row.indicator, row.period, row.group): row for row in rows if row.told}

    @cached_property
    def _newest(self) -> dict[str, list[Row]]:
        """The rows of each indicator's latest year, which many parts of the page ask for."""
        found: dict[str, list[Row]] = {}
        for (key, period, _, _), row in self.focus.items():
            if period == self.latest[key]:
                found.setdefault(key, []).append(row)
        return found


def ledger_of(
    rows: Sequence[Row], place: Unit, together: Together = _NOTHING, idea: str | None = None
) -> Ledger:
    """The ledger of one place: its own rows are in focus, the differences of places below are its parts.
    `idea` is the one that the review reads by."""
    beneath = LEVELS[LEVELS.index(place.level) + 1 :][:1]
    focus: dict[tuple[str, str, str, str], Row] = {}
    parts: dict[tuple[str, str], list[Row]] = {}
    schools: dict[tuple[str, str], list[Row]] = {}
    further: dict[str, list[Row]] = {}
    perspectives: dict[str, list[Row]] = {}
    for row in rows:
        if row.perspective:
            perspectives.setdefault(row.perspective, []).append(row)
        elif row.measure not in OF_GROUPS:
            further.setdefault(row.measure, []).append(row)
        elif (row.unit_level, row.unit_id) == (place.level, place.id):
            focus[row.indicator, row.period, row.group, row.measure] = row
        elif row.measure == "difference":
            below = parts if row.unit_level in beneath else schools
            below.setdefault((row.indicator, row.group), []).append(row)
    latest: dict[str, str] = {}
    periods: dict[str, set[str]] = {}
    for key, period, group, measure in focus:
        row = focus[key, period, group, measure]
        if measure in ("rate", "mean") and row.told:
            periods.setdefault(key, set()).add(period)
            if group == ALL:
                latest[key] = max(period, latest.get(key, ""))
    for key, period, _, _ in focus:  # where everybody is never told: the last year that is there
        if key not in periods or (key not in latest and period == max(periods[key])):
            latest[key] = max(period, latest.get(key, ""))
    groups: dict[tuple[str, str], list[str]] = {}
    for (key, period, group, measure), row in focus.items():
        if measure in ("rate", "mean") and period == latest[key] and group != ALL:
            groups.setdefault((key, row.dimension), []).append(group)
    return Ledger(
        focus,
        parts,
        schools,
        latest,
        {key: tuple(sorted(found)) for key, found in periods.items()},
        {key: tuple(found) for key, found in groups.items()},
        together,
        further,
        perspectives,
        idea,
    )


def overlap(row: Row, other: Row) -> bool:
    """Whether two rows of one indicator are about the same value of a dimension: Latino students and
    all Latina and Latino students."""
    values = set(parse_group(row.group)) & set(parse_group(other.group))
    return row.indicator == other.indicator and (bool(values) or row.group == other.group)


def ranked(ledger: Ledger, indicators: Collection[str] | None = None) -> list[Row]:
    """The gaps to look at first, first one first."""
    return [row for row in ledger.ranks if indicators is None or row.indicator in indicators]

"""What the page of one school or district says: its own findings, beside the places that it is part of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.model import ALL, LEVELS, VALUE, Released, Unit, split_together
from evenground.press import Words
from evenground.report.story.figures import Figure
from evenground.report.story.mention import MENTIONED, mentions_of
from evenground.report.story.panel import Wider
from evenground.report.story.protection import in_one_sentence
from evenground.report.story.rows import Ledger, Row, ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story, story_of
from evenground.report.story.together import level_of
from evenground.report.story.where import places_figure


@dataclass(frozen=True)
class Beside:
    """Everybody's number of one indicator here and in each wider place, in the latest year: `reading` is
    against the widest place, `moved` since the first year; both are earned by the interval."""

    indicator: str
    here: Row
    above: tuple[Row | None, ...]
    reading: str | None
    moved: str | None


@dataclass(frozen=True)
class Local:
    """The page of one place."""

    unit: Unit
    above: tuple[Unit, ...]  # its district, its state: those that the review holds
    ledger: Ledger
    story: Story
    beside: tuple[Beside, ...]
    hidden: tuple[Words, ...]  # what is said of its hidden numbers
    among: Mapping[str, Figure]  # question -> its first gap in every place of the level, this one named
    mentions: tuple[Words, ...]  # what the questions about the whole system found here


class Locals:
    """The places of one level, each found by its unit: the released tables are put in order once."""

    def __init__(self, released: Released, level: str, definitions: Definitions):
        self.released, self.level, self.definitions = released, level, definitions
        cells, _ = split_together(released.cells)
        wider = pc.is_in(cells["unit_level"], pa.array(LEVELS[: LEVELS.index(level)]))
        everybody = cells.filter(pc.and_(wider, pc.equal(cells["group"], ALL)))
        self._above = {
            (cell["unit_level"], cell["unit_id"], cell["indicator"], cell["period"]): cell
            for cell in everybody.to_pylist()
        }
        self._wider = _whole(released)
        self._cells = _Sorted(cells.filter(pc.equal(cells["unit_level"], level)))
        self._findings = _Sorted(released.pages.filter(pc.equal(released.pages["unit_level"], level)))
        units = released.units.to_pylist()
        self._units = {
            (row["unit_level"], row["unit_id"]): Unit(row["unit_level"], row["unit_id"], row["unit_name"])
            for row in units
        }
        self._parents = {(row["unit_level"], row["unit_id"]): row["parent_id"] for row in units}
        self._parts: dict[str, list[Row]] = {}
        for row in self._differences(LEVELS[LEVELS.index(level) + 1 :][:1]):
            self._parts.setdefault(self._parents[row.unit_level, row.unit_id], []).append(row)
        self._names = {unit_id: unit.name for (own, unit_id), unit in self._units.items() if own == level}
        self._compared_on = list(self._measured([released.about.unit_level], ["compared_on"]))
        self._mentions: dict[str, list[Row]] = {}
        for row in self._measured([level], MENTIONED):
            self._mentions.setdefault(row.unit_id, []).append(row)
        self._alike: dict[tuple[str, str], list[Row]] = {}
        for row in self._differences([level]):
            self._alike.setdefault((row.indicator, row.group), []).append(row)

    def units(self) -> list[Unit]:
        """The units with anything to tell, in the order of their names."""
        held = self._cells.units
        found = [unit for (level, _), unit in self._units.items() if level == self.level and unit.id in held]
        return sorted(found, key=lambda unit: (unit.name, unit.id))

    def above(self, unit: Unit) -> tuple[Unit, ...]:
        """The places that a unit is part of, the nearest first."""
        found: list[Unit] = []
        while parent := self._parents.get((unit.level, unit.id)):
            for level in reversed(LEVELS[: LEVELS.index(unit.level)]):
                if (level, parent) in self._units:
                    unit = self._units[level, parent]
                    found.append(unit)
                    break
            else:
                break
        return tuple(found)

    def _differences(self, levels: Sequence[str]) -> Iterator[Row]:
        """The differences of every place of some levels."""
        return self._measured(levels, ["difference"])

    def _measured(self, levels: Sequence[str], measures: Sequence[str]) -> Iterator[Row]:
        """Some measures of every place of some levels."""
        findings = self.released.findings
        there = pc.is_in(findings["unit_level"], pa.array(levels, pa.string()))
        kept = pc.and_(there, pc.is_in(findings["measure"], pa.array(measures, pa.string())))
        return rows_of(findings.filter(kept), self.released.cells)

    def of(self, unit: Unit, speech: Speech) -> Local:
        ledger = ledger_of([*self._rows(unit), *self._parts.get(unit.id, ())], unit)
        above = self.above(unit)
        beside = tuple(self._beside(ledger, above))
        hidden = tuple(in_one_sentence(speech, replace(self.released, cells=self._cells.table_of(unit.id))))
        story = story_of(self.released, ledger, speech, unit, self._wider)
        mentions = mentions_of(speech, self._mentions.get(unit.id, ()), self._names, self._compared_on)
        return Local(unit, above, ledger, story, beside, hidden, self._among(story, unit, speech), mentions)

    def _among(self, story: Story, unit: Unit, speech: Speech) -> dict[str, Figure]:
        leads = {section.key: section.blocks[0].lead for section in story.sections if section.blocks}
        found = {
            key: places_figure(speech, lead, self._alike.get((lead.indicator, lead.group), ()), unit)
            for key, lead in leads.items()
            if lead is not None
        }
        return {key: figure for key, figure in found.items() if figure is not None}

    def _rows(self, unit: Unit) -> Iterator[Row]:
        """Levels from the cells of the place, and its findings with the levels that they rest on."""
        names = {(unit.level, unit.id): unit.name}
        levels: dict[tuple[str, str, str], float | None] = {}
        for cell in self._cells.of(unit.id):
            levels[cell["indicator"], cell["period"], cell["group"]] = cell["value"]
            yield level_of(cell, names, self.definitions)
        for row in self._findings.of(unit.id):
            now, before = (
                levels.get((row["indicator"], row[when], row["group"])) for when in ("period", "period_from")
            )
            yield Row(**row, level=now, level_from=before)

    def _beside(self, ledger: Ledger, above: Sequence[Unit]) -> Iterator[Beside]:
        for indicator in self.definitions.indicators:
            here = ledger.level(indicator, ALL) if indicator in ledger.latest else None
            if here is None or not here.told:
                continue
            wider = tuple(self._level(unit, indicator, here.period) for unit in above)
            change = ledger.get(indicator, ALL, "change")
            yield Beside(
                indicator, here, wider, self._reading(here, wider), change.verdict if change else None
            )

    def _level(self, unit: Unit, indicator: str, period: str) -> Row | None:
        cell = self._above.get((unit.level, unit.id, indicator, period))
        return level_of(cell, {(unit.level, unit.id): unit.name}, self.definitions) if cell else None

    def _reading(self, here: Row, above: Sequence[Row | None]) -> str | None:
        """Whether the whole chance range of the place lies on one side of the widest place's number."""
        widest = above[-1] if above else None
        if widest is None or widest.value is None or here.low is None or here.high is None:
            return None
        if (here.n or 0) < self.definitions.parameter("minimum_verdict_n"):
            return "too_few"
        if here.low > widest.value:
            return "above"
        return "below" if here.high < widest.value else "no_clear_difference"


def _whole(released: Released) -> Wider:
    """Every group of the place that the review is about, which all others are part of."""
    about, cells = released.about, split_together(released.cells)[0]
    whole = pc.and_(
        pc.equal(cells["unit_level"], about.unit_level), pc.equal(cells["unit_id"], about.unit_id)
    )
    told = cells.filter(pc.and_(whole, pc.equal(cells["state"], VALUE)))
    keys = zip(*(told[name].to_pylist() for name in ("indicator", "period", "group")), strict=True)
    return Wider(about.title, dict(zip(keys, told["value"].to_pylist(), strict=True)))


class _Sorted:
    """A table in the order of its units, of which each unit's rows are found at once."""

    def __init__(self, table: pa.Table):
        self._table = table.take(pc.sort_indices(table, [("unit_id", "ascending")])).combine_chunks()
        ids, starts = np.unique(np.asarray(self._table["unit_id"].to_pylist(), dtype=str), return_index=True)
        ends = [*starts[1:].tolist(), table.num_rows]
        self._where = {
            str(unit): (start, end) for unit, start, end in zip(ids, starts.tolist(), ends, strict=True)
        }
        self.units = frozenset(self._where)

    def of(self, unit_id: str) -> Iterable[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = self.table_of(unit_id).to_pylist()
        return rows

    def table_of(self, unit_id: str) -> pa.Table:
        start, end = self._where.get(unit_id, (0, 0))
        return self._table.slice(start, end - start)

"""What a question about a whole system may ask of: every protected cell, and who is part of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.model import LEVELS
from evenground.questions.asked import Asked
from evenground.questions.block import Block, block_of

Place = tuple[str, str]
"""(level, id) of a unit."""


@dataclass(frozen=True)
class Scope:
    """The protected cells of a review and its place in focus.

    `latest` is the school year in focus of each indicator that is told; `names` and `parents` are of every
    unit (a parent is an id of the level above, or of the district where a school's network is not known).
    """

    cells: pa.Table
    asked: Asked
    definitions: Definitions
    latest: Mapping[str, str]
    names: Mapping[Place, str]
    parents: Mapping[Place, str]
    _blocks: dict[str, Block] = field(default_factory=dict, repr=False)

    @property
    def indicators(self) -> list[str]:
        """Those that have cells, in the order of the definitions."""
        return [key for key in self.definitions.indicators if key in self.latest]

    def block(self, indicator: str) -> Block:
        """The cells of an indicator, read once."""
        if indicator not in self._blocks:
            self._blocks[indicator] = block_of(self.cells, indicator, self.definitions)
        return self._blocks[indicator]

    def block_here(self, indicator: str) -> Block:
        """The cells of an indicator at the place in focus alone, which are read much sooner than all."""
        return block_of(self._mine, indicator, self.definitions)

    @cached_property
    def _mine(self) -> pa.Table:
        unit = self.asked.unit
        own = pc.and_(
            pc.equal(self.cells["unit_level"], unit.level), pc.equal(self.cells["unit_id"], unit.id)
        )
        return self.cells.filter(own)

    def here(self, block: Block) -> np.ndarray:
        """True for the cells of the place in focus, up to the year in focus."""
        unit = self.asked.unit
        return np.asarray(
            (block.level == unit.level) & (block.unit == unit.id) & (block.period <= self.latest[block.key])
        )

    def below(self, block: Block, level: str) -> np.ndarray:
        """True for the cells of the places of `level` in the place in focus, up to the year in focus."""
        return np.asarray((block.level == level) & (block.period <= self.latest[block.key]))

    def children(self, block: Block) -> np.ndarray:
        """The rows of the places just below the place in focus and part of it, of every year."""
        rows = np.flatnonzero(block.level == (self.asked.child_level or ""))
        unit = zip(block.level[rows].tolist(), block.unit[rows].tolist(), strict=True)
        return rows[[self.parents.get(place) == self.asked.unit.id for place in unit]]

    @property
    def levels_below(self) -> tuple[str, ...]:
        return LEVELS[LEVELS.index(self.asked.unit.level) + 1 :]

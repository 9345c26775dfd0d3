"""What has passed the gate. Only `disclosure.gate` and the reader of a released bundle make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from evenground.model.finding import FINDINGS
from evenground.model.problem import Problem
from evenground.model.unit import Unit


@dataclass(frozen=True)
class About:
    """What the review is of, in the reader's terms."""

    title: str  # "Los Angeles Unified", "Kentucky", "Example district"
    unit_level: str
    unit_id: str
    source: str  # key of the source: kentucky, cde-graduates, roster, example
    publisher: str
    licence: str
    periods: tuple[str, ...]
    by: tuple[str, ...]  # dimensions asked for
    reference: str  # overall, others, highest, group:NAME, target:X
    made_on: str  # ISO date

    @property
    def unit(self) -> Unit:
        return Unit(self.unit_level, self.unit_id, self.title)


@dataclass(frozen=True)
class NotMeasured:
    """An indicator that these data cannot show."""

    indicator: str
    reason: str  # key: not_in_source, no_denominator, too_few


@dataclass(frozen=True)
class Released:
    """Everything that may be published, and nothing else.

    `cells` has the columns of model.CELLS less `total`, `total_sq` and `weight_sq`, plus `low`, `high` and
    `reason`; a cell that is not a value has nulls in every number, save `low` and `high` where its publisher
    said between what a hidden value is. `findings` and `pages` have model.FINDINGS. `units` has
    model.UNITS for the units that appear.
    """

    about: About
    cells: pa.Table
    findings: pa.Table
    units: pa.Table
    disclosure: Mapping[str, Any]  # the content of disclosure.json
    checks: tuple[Problem, ...] = ()
    not_measured: tuple[NotMeasured, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)  # file name -> sha256
    settings: Mapping[str, Any] = field(default_factory=dict)  # what `verify` needs to recompute
    corrects: Mapping[str, str] = field(default_factory=dict)  # id, date, reason: of the release it replaces
    pages: pa.Table = field(
        default_factory=FINDINGS.empty_table
    )  # findings of places with pages of their own

"""What every source hands over: the same shape, whether it came as records or as published counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from evenground.model import NotMeasured, Problem


@dataclass(frozen=True)
class Dataset:
    """Checked input.

    Exactly one of `leaves` and `student_years` is there. `leaves` (model.leaf_schema(dimensions)) holds
    published counts as they were published: any mixture of levels and groups; what is not published is rolled
    up by the cube where that is sound. `student_years` is a Parquet file with one row a student and school
    year: the columns of definitions/student_year.yaml. Of the `complete` dimensions every value
    that has students is published: absent rows are zero, sums over values are sound.
    """

    source: str  # key of the source: kentucky, cde-graduates, roster, example
    title: str  # of whom: "Kentucky"
    publisher: str
    licence: str
    policy: str  # disclosure policy that applies unless another is asked for: published, n10
    periods: tuple[str, ...]  # oldest first
    dimensions: tuple[str, ...]  # dimensions that the data hold
    indicators: tuple[str, ...]  # indicators that the data can show
    units: pa.Table  # model.UNITS
    leaves: pa.Table | None = None
    bounds: pa.Table | None = None  # model.KEYS, low, high: what blurred values of `leaves` may be
    complete: tuple[str, ...] = ()
    student_years: Path | None = None
    checks: tuple[Problem, ...] = ()  # warnings and notes; errors raise InputProblems before
    not_measured: tuple[NotMeasured, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)  # file name -> sha256 of its bytes

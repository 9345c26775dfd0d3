"""The same questions under each measure of poverty. Private: nothing is hidden in the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.cube import Plan, count
from evenground.definitions import Definitions, load
from evenground.definitions.poverty import PovertyMeasure, poverty_measures
from evenground.engine import DuckEngine, connect
from evenground.model import ALL, InputProblems
from evenground.questions.poverty import (
    Conclusion,
    Floats,
    Gap,
    Side,
    community_eligible,
    conclusions,
    gap_of_schools,
    gap_of_students,
)
from evenground.sources import Dataset, open_source
from evenground.sources.poverty import is_poor, measured_by, measured_here
from evenground.storage import private_folder
from evenground.workspace.defaults import latest
from evenground.workspace.request import Progress

_Whole = dict[str, dict[str, tuple[float, float]]]
"""Indicator -> school -> (students, value for all students)."""

_SUMS = ("n", "total", "total_sq", "weight_sq")
_POOR, _OTHER = "economic_disadvantage:disadvantaged", "economic_disadvantage:not_disadvantaged"


@dataclass(frozen=True)
class Counted:
    """Whom a measure counts: students with an answer, the share in poverty, schools above the line."""

    measure: str
    students: float
    share: float
    schools: int
    high_poverty_schools: int


@dataclass(frozen=True)
class Poverty:
    """The measures that the data hold, the gaps under each, and how far conclusions move."""

    title: str
    period: str
    measures: Mapping[str, PovertyMeasure]
    counted: tuple[Counted, ...]
    gaps: tuple[Gap, ...]
    conclusions: tuple[Conclusion, ...]
    units: Mapping[str, str]  # indicator -> share, score, ...


@dataclass(frozen=True)
class _Schools:
    """By measure: each school's share of students in poverty, with its students. Arrays of one shape."""

    ids: tuple[str, ...]
    n: Floats
    share: Mapping[str, Floats]


def poverty(
    folder: Path, source: str | None, period: str | None, progress: Progress = lambda step: None
) -> Poverty:
    """Counts every indicator under every measure of poverty that the data hold, in one school year.

    Raises InputProblems where the input cannot be used or holds no measure of poverty.
    """
    definitions, measures = load(), poverty_measures()
    with private_folder() as private:
        progress("Reading and checking the files")
        dataset = open_source(folder, source, private / "tables", definitions)
        year = latest(dataset, period)
        if dataset.student_years is not None:
            progress("Counting under each measure")
            schools, gaps = _records(dataset, dataset.student_years, year, measures, definitions)
        else:
            schools, gaps = _published(dataset, year, measures, definitions)
    if not schools.share:
        wanted = ", ".join(key for key in measures)
        raise InputProblems.one(
            folder.name,
            f"no measure of poverty in {year}",
            wanted,
            "add one; docs/reference/roster.md names them",
        )
    line = definitions.parameter("high_poverty")
    return Poverty(
        dataset.title,
        year,
        {key: measures[key] for key in schools.share},
        tuple(_counted(key, schools, line) for key in schools.share),
        tuple(gaps),
        tuple(conclusions(gaps)),
        {gap.indicator: definitions.indicators[gap.indicator].unit for gap in gaps},
    )


def _records(
    dataset: Dataset, rows: Path, year: str, measures: Mapping[str, PovertyMeasure], definitions: Definitions
) -> tuple[_Schools, list[Gap]]:
    held = measured_here(rows, measures)
    schools = _with_community_eligibility(_school_shares(rows, year, held, measures), measures, definitions)
    indicators = {
        key: definitions.indicators[key]
        for key in dataset.indicators
        if definitions.indicators[key].kind == "rate" and key not in _measuring(measures)
    }
    plan = Plan(indicators, ((), ("economic_disadvantage",)), ("state", "school"), (year,))
    gaps: list[Gap] = []
    for key in held:
        cells = count(DuckEngine(), measured_by(rows, measures[key]), plan).cells()
        gaps += _gaps_of_students(key, cells, definitions)
        if key == held[0]:
            whole = _whole_of_schools(cells)
    for key in schools.share if held else ():
        gaps += _gaps_of_schools(key, schools, whole, definitions)
    return schools, gaps


def _published(
    dataset: Dataset, year: str, measures: Mapping[str, PovertyMeasure], definitions: Definitions
) -> tuple[_Schools, list[Gap]]:
    """Published counts know schools (or districts) only: who is poor within them is not in the files."""
    leaves = dataset.leaves
    assert leaves is not None
    rows = leaves.filter(pc.and_(pc.equal(leaves["period"], year), pc.equal(leaves["state"], "value")))
    for name in dataset.dimensions:
        rows = rows.filter(pc.is_null(rows[name]))
    levels = set(rows["unit_level"].to_pylist())
    level = "school" if "school" in levels else "district"
    rows = rows.filter(pc.equal(rows["unit_level"], level))
    whole: _Whole = {}
    for row in rows.to_pylist():
        if row["value"] is not None:
            whole.setdefault(row["indicator"], {})[row["unit_id"]] = (row["n"] or 1.0, row["value"])
    named = {key: measure.indicator for key, measure in measures.items() if measure.indicator in whole}
    ids = tuple(sorted({unit for indicator in named.values() for unit in whole[str(indicator)]}))
    sizes = [max(whole[str(i)].get(unit, (0.0, 0.0))[0] for i in named.values()) for unit in ids]
    share = {
        key: np.array([whole[str(indicator)].get(unit, (np.nan, np.nan))[1] for unit in ids])
        for key, indicator in named.items()
    }
    schools = _Schools(ids, np.array(sizes, dtype=float), share)
    outcomes = {key: units for key, units in whole.items() if key not in _measuring(measures)}
    gaps = [gap for key in share for gap in _gaps_of_schools(key, schools, outcomes, definitions)]
    return schools, gaps


def _measuring(measures: Mapping[str, PovertyMeasure]) -> set[str]:
    """Indicators that are measures themselves: no outcome."""
    return {key for measure in measures.values() for key in (measure.indicator, *measure.made_of_it) if key}


def _school_shares(
    rows: Path, year: str, held: tuple[str, ...], measures: Mapping[str, PovertyMeasure]
) -> _Schools:
    shares = ", ".join(f"AVG(CAST({is_poor(measures[key])} AS INT)) AS {key}" for key in held)
    path = str(rows).replace("'", "''")
    table = (
        connect()
        .sql(
            f"SELECT school_id, COUNT(*) AS n{', ' + shares if shares else ''} FROM read_parquet('{path}') "
            f"WHERE period = '{year}' AND on_census_day = 1 GROUP BY school_id ORDER BY school_id"
        )
        .to_arrow_table()
    )
    columns = {name: _numbers(table[name]) for name in ("n", *held)}
    return _Schools(tuple(table["school_id"].to_pylist()), columns["n"], {key: columns[key] for key in held})


def _with_community_eligibility(
    schools: _Schools, measures: Mapping[str, PovertyMeasure], definitions: Definitions
) -> _Schools:
    """Adds the measures that are made of two others."""
    made = {
        key: community_eligible(
            schools.share[measure.of],
            schools.share[measure.everybody],
            measure.multiplier,
            definitions.parameter("everybody_eligible"),
        )
        for key, measure in measures.items()
        if measure.of in schools.share and measure.everybody in schools.share
        if measure.of is not None and measure.everybody is not None
    }
    return _Schools(schools.ids, schools.n, {**schools.share, **made})


def _gaps_of_students(measure: str, cells: pa.Table, definitions: Definitions) -> Iterator[Gap]:
    sides: dict[tuple[str, str], Side] = {}
    for row in cells.filter(pc.equal(cells["unit_level"], "state")).to_pylist():
        if row["state"] == "value" and row["n"]:
            numbers = (float("nan") if row[name] is None else row[name] for name in _SUMS)
            sides[row["indicator"], row["group"]] = Side(*numbers)
    for indicator in dict.fromkeys(key for key, _ in sides):
        if (indicator, _POOR) in sides and (indicator, _OTHER) in sides:
            yield gap_of_students(
                indicator,
                measure,
                sides[indicator, _POOR],
                sides[indicator, _OTHER],
                rate=definitions.indicators[indicator].kind == "rate",
                confidence=definitions.parameter("confidence"),
            )


def _whole_of_schools(cells: pa.Table) -> _Whole:
    whole: _Whole = {}
    for row in cells.filter(pc.equal(cells["unit_level"], "school")).to_pylist():
        if row["group"] == ALL and row["state"] == "value" and row["n"]:
            whole.setdefault(row["indicator"], {})[row["unit_id"]] = (row["n"], row["value"])
    return whole


def _gaps_of_schools(
    measure: str,
    schools: _Schools,
    whole: Mapping[str, Mapping[str, tuple[float, float]]],
    definitions: Definitions,
) -> Iterator[Gap]:
    for indicator, units in whole.items():
        known = [units.get(school, (np.nan, np.nan)) for school in schools.ids]
        n, value = (np.array([pair[place] for pair in known]) for place in (0, 1))
        confidence = definitions.parameter("confidence")
        gap = gap_of_schools(indicator, measure, schools.share[measure], n, value, confidence)
        if gap is not None:
            yield gap


def _counted(measure: str, schools: _Schools, line: float) -> Counted:
    share = schools.share[measure]
    known = ~np.isnan(share)
    students = float(schools.n[known].sum())
    return Counted(
        measure,
        students,
        float((schools.n[known] * share[known]).sum() / students) if students else float("nan"),
        int(known.sum()),
        int((share[known] > line).sum()),
    )


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy())

"""What is timed, each side in a process of its own: `python -m bench.sides NAME FILE`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

DIMENSIONS = (
    "disability", "economic_disadvantage", "english_learner", "foster", "homeless", "race_ethnicity", "sex",
)  # fmt: skip
# Nine rates, of all students or of some, and one exposure; what is counted as SQL over student-years.
INDICATORS = {
    "graduation": "CASE WHEN in_cohort = 1 THEN graduated END",
    "ag_completion": "CASE WHEN graduated = 1 THEN ag_complete END",
    "ap_participation": "CASE WHEN grade IN ('g09', 'g10', 'g11', 'g12') THEN ap_course END",
    "advanced_course": "CASE WHEN grade IN ('g09', 'g10', 'g11', 'g12') THEN advanced_course END",
    "algebra_grade_8": "CASE WHEN grade = 'g08' THEN algebra_1 END",
    "reading_proficient": "CAST(reading_level >= 3 AS TINYINT)",
    "mathematics_proficient": "CAST(mathematics_level >= 3 AS TINYINT)",
    "chronic_absence": "chronically_absent",
    "suspension": "suspended",
    "teacher_experience": "teacher_experience",
}
DEPTH = 3
FRAME = ("race", "sex", "poverty", "language")

Side = tuple[float, float, Any]
"""Seconds on the clock, seconds of work (of all cores together), and the answer."""


def _timed(work: Callable[[], Any]) -> Side:
    started, busy = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - started, time.process_time() - busy, answer


def count_districts(file: Path) -> Side:
    return _count(file, ("state", "district"))


def count_schools(file: Path) -> Side:
    return _count(file, ("state", "district", "school"))


def _count(file: Path, levels: tuple[str, ...]) -> Side:
    """evenground's cube. The answer: how many groups, and the sum of every count and total over all of
    them."""
    from evenground.cube import Plan, count, crossings
    from evenground.definitions import load
    from evenground.engine import DuckEngine

    defined = load().indicators
    plan = Plan({key: defined[key] for key in INDICATORS}, crossings(DIMENSIONS, DEPTH), levels)
    seconds, work, cube = _timed(lambda: count(DuckEngine(), file, plan))
    counts = sum(table.counts.sum(axis=0, dtype="int64") for table in cube.tables.values()).tolist()
    total = float(sum(table.sums[:, 0].sum() for table in cube.tables.values()))
    return seconds, work, {"groups": cube.size, "sums": counts, "total": round(total)}


def bare_leaves(file: Path) -> Side:
    """DuckDB by itself: the file read and grouped into the finest cells, and nothing more."""
    connection = _connection()
    keys = ", ".join(("period", "district_id", "school_id", *DIMENSIONS))
    query = f"SELECT {keys}, {_aggregates()} FROM read_parquet('{file}') GROUP BY {keys}"
    seconds, work, table = _timed(lambda: connection.sql(query).to_arrow_table())
    return seconds, work, {"groups": table.num_rows}


def bare_csv(folder: Path) -> Side:
    """DuckDB by itself: every CSV of the folder read into a table, its types guessed, nothing checked."""
    connection = _connection()

    def read() -> int:
        rows = 0
        for file in sorted(folder.glob("*.csv")):
            connection.execute(f"CREATE OR REPLACE TABLE held AS SELECT * FROM read_csv('{file}')")
            rows += connection.execute("SELECT COUNT(*) FROM held").fetchall()[0][0]
        return rows

    seconds, work, rows = _timed(read)
    return seconds, work, {"rows": rows}


def gate_state(_: Path) -> Side:
    """A table of 1,000 schools in 100 districts by race and meals, all margins, hidden under n10 and
    attacked.
    """
    from evenground.definitions import load
    from evenground.disclosure import protect

    schools, districts = 1000, 100
    cells, units = _state(schools, districts)
    definitions = load()
    seconds, work, done = _timed(lambda: protect(cells, units, definitions.policies["n10"], definitions))
    found = sum(len(one.derivable) for one in done.tried)
    return seconds, work, {**done.report, "cells": 24 * (1 + districts + schools), "derivable": found}


def _state(schools: int, districts: int) -> tuple[Any, Any]:
    """Students of made-up schools, most of whose groups are small, as the n of a mean; groups of nobody have
    no cell.
    """
    import numpy as np
    import pyarrow as pa

    from evenground.model import CELLS, UNITS, VALUE

    races = ("asian", "black", "filipino", "hispanic", "two_or_more", "white", "pacific_islander")
    meals = ("disadvantaged", "not_disadvantaged")
    random = np.random.default_rng(1)
    of_race = random.dirichlet(6 * np.array([0.06, 0.15, 0.03, 0.3, 0.05, 0.4, 0.01]), schools)
    poor = random.beta(2, 2, schools)[:, None]
    size = random.integers(30, 230, schools)[:, None]
    leaves = random.poisson(
        np.stack([size * of_race * poor, size * of_race * (1 - poor)], axis=2)
    )  # school, race, meals
    names = [f"S{number:05d}" for number in range(schools)]
    home = [f"D{number % districts:04d}" for number in range(schools)]
    places: list[tuple[str, str, str, str | None]] = [("state", "ST", "State", None)]
    places += [("district", district, district, "ST") for district in sorted(set(home))]
    places += [("school", name, name, district) for name, district in zip(names, home, strict=True)]
    inside = np.array(
        [np.ones(schools)]
        + [[one == district for one in home] for district in sorted(set(home))]
        + np.eye(schools).tolist()
    )
    counts = np.einsum("us,srm->urm", inside, leaves)
    rows = []
    for (level, unit, _, _), table in zip(places, counts, strict=True):
        groups = {"all": table.sum()}
        groups |= {f"race_ethnicity:{race}": table[r].sum() for r, race in enumerate(races)}
        groups |= {f"economic_disadvantage:{meal}": table[:, m].sum() for m, meal in enumerate(meals)}
        groups |= {
            f"economic_disadvantage:{meal}+race_ethnicity:{race}": table[r, m]
            for r, race in enumerate(races)
            for m, meal in enumerate(meals)
        }
        rows += [
            ("spending", level, unit, "2024-25", group, n, 100.0 * n, 1e4 * n, 1.0 * n, 100.0, VALUE)
            for group, n in groups.items()
            if n
        ]
    cells = pa.Table.from_pylist([dict(zip(CELLS.names, row, strict=True)) for row in rows], schema=CELLS)
    units = pa.Table.from_pylist([dict(zip(UNITS.names, row, strict=True)) for row in places], schema=UNITS)
    return cells, units


def gate_district(folder: Path) -> Side:
    """A synthetic district, reviewed without writing: read, counted, hidden under n10, attacked, asked."""
    from evenground.sources.synthetic import make_district
    from evenground.workspace.request import EXAMPLE_INDICATORS, Request
    from evenground.workspace.review import release

    make_district(folder / "district", students=36_000, years=5, schools=60, seed=3)
    request = Request(folder / "district", indicators=EXAMPLE_INDICATORS[:20])
    seconds, work, released = _timed(lambda: release(request))
    report = released.disclosure
    return seconds, work, {**report["cells"], "derivable": report["attack"]["derivable"]}


def roster(folder: Path) -> Side:
    """evenground: the same files read, checked and written as student-years in Parquet."""
    from tempfile import TemporaryDirectory

    import pyarrow.parquet as parquet

    from evenground.definitions import load
    from evenground.sources import open_source

    definitions = load()
    with TemporaryDirectory() as private:
        seconds, work, dataset = _timed(lambda: open_source(folder, None, Path(private), definitions))
        rows = parquet.ParquetFile(dataset.student_years).metadata.num_rows
    return seconds, work, {"student_years": rows, "errors": 0}


def grouping_sets(file: Path) -> Side:
    """DuckDB by itself: every group at every level by one query over the rows, counted and summed in it."""
    connection = _connection()
    units = (("period",), ("period", "district_id"), ("period", "district_id", "school_id"))
    cuts = [cut for size in range(DEPTH + 1) for cut in combinations(DIMENSIONS, size)]
    sets = ", ".join("(" + ", ".join((*unit, *cut)) + ")" for unit in units for cut in cuts)
    filled = ", ".join(f"COALESCE({name}, 'unknown') AS {name}" for name in DIMENSIONS)
    rows = f"(SELECT * REPLACE ({filled}) FROM read_parquet('{file}'))"
    names = ["students", *(f"{part}{place}" for place in range(len(INDICATORS)) for part in "nt")]
    sums = ", ".join(f"CAST(SUM({name}) AS DOUBLE)" for name in names)
    cells = f"SELECT {_aggregates()} FROM {rows} GROUP BY GROUPING SETS ({sets})"
    query = f"SELECT COUNT(*), {sums} FROM ({cells})"
    seconds, work, (found,) = _timed(lambda: connection.execute(query).fetchall())
    *counts, total = found[1:]
    return (
        seconds,
        work,
        {"groups": found[0], "sums": [int(number) for number in counts], "total": round(total)},
    )


def _aggregates() -> str:
    columns = ["COUNT(*) AS students"]
    for place, outcome in enumerate(INDICATORS.values()):
        columns += [f"COUNT({outcome}) AS n{place}", f"SUM({outcome}) AS t{place}"]
    return ", ".join(columns)


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    return connection


def gaps_of_frame(file: Path) -> Side:
    """evenground.gaps on a pandas frame: every group of up to three columns, every first measure."""
    import pandas as pd

    import evenground

    frame = pd.read_parquet(file)
    evenground.gaps(frame.head(100), outcome="graduated", by=FRAME)  # imports and definitions, once
    seconds, work, found = _timed(lambda: evenground.gaps(frame, outcome="graduated", by=FRAME, depth=DEPTH))
    groups = found[found["group"] != "all"]
    return (
        seconds,
        work,
        {
            "groups": len(groups),
            "students": int(groups["n"].sum()),
            "rates": _rounded(groups["rate"]),
        },
    )


def metric_frames(file: Path) -> Side:
    """fairlearn's MetricFrame on the same frame: count and selection rate, one frame for each crossing."""
    import pandas as pd
    from fairlearn.metrics import MetricFrame, count, selection_rate

    frame = pd.read_parquet(file)
    outcome, metrics = frame["graduated"], {"count": count, "rate": selection_rate}

    def crossings() -> list[pd.DataFrame]:
        return [
            MetricFrame(
                metrics=metrics, y_true=outcome, y_pred=outcome, sensitive_features=frame[list(cut)]
            ).by_group
            for size in range(1, DEPTH + 1)
            for cut in combinations(FRAME, size)
        ]

    seconds, work, found = _timed(crossings)
    groups = pd.concat(found).dropna()
    return seconds, work, {
        "groups": len(groups), "students": int(groups["count"].sum()), "rates": _rounded(groups["rate"]),
    }  # fmt: skip


def _rounded(rates: Any) -> float:
    return round(float(rates.sum()), 6)


SIDES: dict[str, Callable[[Path], Side]] = {
    side.__name__: side
    for side in (
        count_districts,
        count_schools,
        bare_leaves,
        grouping_sets,
        gaps_of_frame,
        metric_frames,
        bare_csv,
        roster,
        gate_state,
        gate_district,
    )
}


FAMILIES = ("growth", "intervals", "predictability", "segregation", "spectrum")


def _prepared(name: str, file: Path) -> Side:
    """A side of a family's bench: what makes it ready is not timed, nor is what reads its answer."""
    families = [import_module(f"bench.{family}") for family in FAMILIES]
    work, answer = {one.__name__: one for family in families for one in family.PREPARED}[name](file)
    seconds, busy, found = _timed(work)
    return seconds, busy, answer(found)


if __name__ == "__main__":
    name, file = sys.argv[1], Path(sys.argv[2])
    seconds, work, answer = SIDES[name](file) if name in SIDES else _prepared(name, file)
    print(json.dumps({"seconds": seconds, "work": work, "answer": answer}))

"""Rates with intervals beside a bootstrap, and measures of families over every school of a large country."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.child import best, side
from bench.frame import write_frame
from bench.line import Line

# So few draws give no interval worth printing; with the 1,000 that one would take, the peer needs hours.
DRAWS = 3
CROSSED = ("race", "sex", "poverty")
SCHOOLS, GROUPS, DISTRICTS, YEARS = 100_000, 7, 1_000, 3


def intervals(folder: Path) -> Iterator[Line]:
    """Three dimensions crossed with intervals, beside MetricFrame's bootstrap; families over many schools."""
    file = str(write_frame(folder))
    ours = best([side("rates_of_frame", file) for _ in range(5)])
    peer = side("metric_frame_draws", file)
    if ours.answer != peer.answer:
        raise RuntimeError(f"not the same groups: {ours.answer} and {peer.answer}")
    what = "gaps: three dimensions, 1,000,000 rows, intervals"
    met = 30 * ours.seconds <= peer.seconds
    yield Line(what, ours, (f"MetricFrame, {DRAWS} draws", peer), "at most 0.033x", met)
    for name, what, seconds in (
        ("exposure_of_schools", f"exposure: {SCHOOLS:,} schools x {GROUPS} groups", 2),
        ("parts_of_schools", f"gap by district and school, {SCHOOLS:,}, 200 draws", 20),
        ("table_of_districts", f"34 CFR 300.647: {DISTRICTS:,} x 98, {YEARS} years", 2),
        ("spread_of_districts", "Gini, 10,000 districts, 500 draws", 5),
    ):
        run = best([side(name, str(folder)) for _ in range(2)])
        yield Line(what, run, None, f"{seconds} s", run.seconds < seconds)


def rates_of_frame(file: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """evenground.gaps: every group of up to three columns, with intervals; the full crossings answer."""
    import pandas as pd

    import evenground

    frame = pd.read_parquet(file)
    evenground.gaps(frame.head(100), outcome="graduated", by=CROSSED)  # imports and definitions, once

    def answer(found: Any) -> Any:
        crossed = found[found["group"].str.count(r"\+") == len(CROSSED) - 1]
        return {"groups": len(crossed), "rates": round(float(crossed["rate"].sum()), 6)}

    return lambda: evenground.gaps(frame, outcome="graduated", by=CROSSED, depth=len(CROSSED)), answer


def metric_frame_draws(file: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """fairlearn's MetricFrame on the same crossing, with its bootstrap."""
    import pandas as pd
    from fairlearn.metrics import MetricFrame, count, selection_rate

    frame = pd.read_parquet(file)
    outcome = frame["graduated"]

    def work() -> Any:
        found = MetricFrame(
            metrics={"count": count, "rate": selection_rate},
            y_true=outcome,
            y_pred=outcome,
            sensitive_features=frame[list(CROSSED)],
            n_boot=DRAWS,
            ci_quantiles=[0.025, 0.975],
            random_state=1,
        )
        return found.by_group, found.by_group_ci

    def answer(found: Any) -> Any:
        groups = found[0].dropna()
        return {"groups": len(groups), "rates": round(float(groups["rate"].sum()), 6)}

    return work, answer


def exposure_of_schools(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """Seven groups, the share of new teachers in each of 100,000 schools, clusters of schools."""
    from evenground.measures import teaching

    students, value, group, school, _ = _schools()
    return (
        lambda: teaching.exposure(students, value, group, school),
        lambda found: found.value.round(6).tolist(),
    )


def parts_of_schools(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """One gap between and within districts, with a bootstrap of districts."""
    from evenground.measures import teaching

    students, value, group, school, district = _schools()
    return (
        lambda: teaching.parts(students, value, group, [district, school], first="0", second="1"),
        lambda found: found.parts.value.round(6).tolist(),
    )


def table_of_districts(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """Every ratio of the federal table, and what three years of it come to."""
    import numpy as np

    from evenground.measures import disproportionality

    rng = np.random.default_rng(3)
    shape = (YEARS, DISTRICTS, 14, GROUPS)
    year, district, category, group = (axis.ravel() for axis in np.indices(shape))
    enrolled = rng.integers(0, 400, shape).ravel()
    count = rng.binomial(enrolled, 0.1)

    def work() -> Any:
        table = disproportionality.table(
            count,
            enrolled,
            year=year,
            district=district,
            category=category,
            group=group,
            minimum_cell=10,
            minimum_n=30,
        )
        return disproportionality.significant(table, threshold=3.0, years=YEARS, progress=0.0)

    return work, lambda found: int(found.significant.sum())


def spread_of_districts(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """A Gini index with its interval."""
    import numpy as np

    from evenground.measures import spread

    rng = np.random.default_rng(3)
    amount, students = rng.lognormal(9.4, 0.2, 10_000), rng.integers(100, 9_000, 10_000)
    return lambda: spread.gini(amount, students), lambda found: round(float(found.value), 6)


def _schools() -> Any:
    import numpy as np

    rng = np.random.default_rng(3)
    students = rng.integers(0, 200, (SCHOOLS, GROUPS)).ravel()
    school = np.repeat(np.arange(SCHOOLS), GROUPS)
    value = rng.beta(2, 8, SCHOOLS)[school]
    group = np.tile(np.arange(GROUPS).astype(str), SCHOOLS)
    return students, value, group, school, school // 25


PREPARED = (
    rates_of_frame, metric_frame_draws, exposure_of_schools, parts_of_schools, table_of_districts,
    spread_of_districts,
)  # fmt: skip

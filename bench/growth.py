"""Growth percentiles of all students of a file, and a few of their quantile regressions beside HiGHS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.child import best, side
from bench.line import Line

STUDENTS = Path(__file__).parents[2] / "shared" / "data" / "sgpdata-long" / "sgpData_LONG.rda"
TAUS = (0.105, 0.305, 0.505, 0.705, 0.905)


def growth(folder: Path) -> Iterator[Line]:
    """Every subject, grade, year and order of sgpdata-long; five quantiles of a made-up cohort."""
    ours = best([side("quantiles", str(folder)) for _ in range(3)])
    peer = side("quantiles_by_highs", str(folder))
    apart = max(abs(a / b - 1) for a, b in zip(ours.answer, peer.answer, strict=True))
    if apart > 1e-9:
        raise RuntimeError(f"not the same losses: {apart} apart")
    what = "five quantiles, 4,000 students, 15 coefficients"
    yield Line(what, ours, ("scipy, HiGHS", peer), "faster", ours.seconds < peer.seconds)
    if not STUDENTS.is_file():
        print("growth: not of all students, since ../shared/data/sgpdata-long is not there.")
        return
    ours = side("percentiles_of_everybody", str(STUDENTS))
    what = f"growth percentiles: {ours.answer['percentiles']:,} of {ours.answer['rows']:,}"
    yield Line(what, ours, None, "90 s, 2 GB", ours.seconds < 90 and ours.peak < 2)


def percentiles_of_everybody(file: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """The file is read before the clock starts."""
    import numpy as np
    from tests.rdata import read_frame

    from evenground.measures.growth import percentiles

    frame = read_frame(file)
    columns: dict[str, Any] = {
        "student": frame["ID"],
        "year": np.array([int(year[-4:]) for year in frame["YEAR"]]),
        "grade": frame["GRADE"].astype(int),
        "score": frame["SCALE_SCORE"],
        "subject": frame["CONTENT_AREA"],
    }

    def answer(found: Any) -> Any:
        known = np.isfinite(found.value)
        mean = round(float(found.value[known].mean()), 2)
        return {"rows": known.size, "percentiles": int(known.sum()), "mean": mean}

    return lambda: percentiles(**columns), answer


def quantiles(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """Ours; the answer is the lowest loss of each quantile."""
    from evenground.measures.growth import quantile_regression

    design, score = _cohort()
    return lambda: quantile_regression(design, score, TAUS), lambda fit: fit.loss.tolist()


def quantiles_by_highs(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """The same as linear programs: y = X b + above - below, at the prices tau and 1 - tau."""
    import numpy as np
    from scipy import sparse
    from scipy.optimize import linprog

    design, score = _cohort()
    n, p = design.shape
    sides = sparse.hstack([sparse.csr_matrix(design), sparse.eye(n), -sparse.eye(n)])
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)

    def work() -> Any:
        prices = [np.concatenate([np.zeros(p), np.full(n, tau), np.full(n, 1 - tau)]) for tau in TAUS]
        return [linprog(price, A_eq=sides, b_eq=score, bounds=bounds, method="highs") for price in prices]

    return work, lambda found: [float(one.fun) for one in found]


def _cohort() -> Any:
    import numpy as np

    from evenground.measures.growth import basis, knots

    rng = np.random.default_rng(1)
    earlier = np.round(600 + rng.multivariate_normal([0, 0], [[2500, 1900], [1900, 2500]], 4000))
    design = np.column_stack([np.ones(4000), *(basis(scores, knots(scores)) for scores in earlier.T)])
    return design, np.round(earlier @ [0.5, 0.4] + 80 + rng.normal(0, 30, 4000))


PREPARED = (percentiles_of_everybody, quantiles, quantiles_by_highs)

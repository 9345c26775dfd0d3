"""What background predicts of a million students, and bright spots among 100,000 schools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.child import best, side
from bench.line import Line

STUDENTS, SCHOOLS, PLACES = 1_000_000, 2_000, 100_000


def predictability(folder: Path) -> Iterator[Line]:
    """R-squared of schools held out in ten parts, beside scikit-learn's; bright spots of every school."""
    ours = best([side("explained", str(folder)) for _ in range(3)])
    peer = side("linear_regression", str(folder))
    if abs(ours.answer - peer.answer) > 1e-9:
        raise RuntimeError(f"not the same share: {ours.answer} and {peer.answer}")
    what, met = "explained: 1,000,000 students, interval too", ours.seconds < peer.seconds
    yield Line(what, ours, ("scikit-learn, no interval", peer), "faster", met)
    ours = best([side("bright_spots", str(folder)) for _ in range(3)])
    yield Line(f"bright spots: {PLACES:,} schools x 3 years", ours, None, "10 s", ours.seconds < 10)


def explained(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    from evenground.measures import predictability

    circumstances, outcome, school = _students()

    def share() -> Any:
        return predictability.explained(predictability.of_students(circumstances, outcome, clusters=school))

    return share, lambda found: float(found.value)


def linear_regression(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """The same folds; the design is made before the clock starts."""
    import numpy as np
    from sklearn.linear_model import LinearRegression  # type: ignore[import-untyped]

    circumstances, outcome, school = _students()
    x = np.column_stack([np.eye(7)[circumstances["race"]][:, 1:], *list(circumstances.values())[1:]])
    fold = (np.random.default_rng(1).permutation(SCHOOLS) % 10)[school]

    def share() -> float:
        model = mean = 0.0
        for part in range(10):
            test = fold == part
            fitted = LinearRegression().fit(x[~test], outcome[~test])
            model += float(np.sum((outcome[test] - fitted.predict(x[test])) ** 2))
            mean += float(np.sum((outcome[test] - outcome[~test].mean()) ** 2))
        return 1 - model / mean

    return share, lambda found: found


def bright_spots(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    import numpy as np

    from evenground.measures import bright

    rng = np.random.default_rng(1)
    x = rng.normal(size=(PLACES, 4))
    value = 0.5 + 0.05 * x[:, :1] + rng.normal(0, 0.03, (PLACES, 1)) + rng.normal(0, 0.05, (PLACES, 3))
    variance = np.full((PLACES, 3), 0.002)

    def named() -> Any:
        expected = bright.from_similar(bright.similar(x, 20), value, variance, least=10)
        return bright.spots(value, variance, expected, margin=0.03, false_share=0.1)

    return named, lambda found: int(found.named.sum())


def _students() -> Any:
    """Race of seven kinds, income, language, disability; a school of 500 each; passed or not."""
    import numpy as np

    rng = np.random.default_rng(7)
    school = rng.permutation(np.repeat(np.arange(SCHOOLS), STUDENTS // SCHOOLS))
    race = rng.integers(0, 7, STUDENTS)
    others = {
        name: (rng.random(STUDENTS) < p).astype(int)
        for name, p in (("income", 0.4), ("language", 0.15), ("disability", 0.12))
    }
    p = 0.7 - 0.03 * race - 0.1 * others["income"] + rng.normal(0, 0.05, SCHOOLS)[school]
    return {"race": race, **others}, (rng.random(STUDENTS) < p).astype(float), school


PREPARED = (explained, linear_regression, bright_spots)

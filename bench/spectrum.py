"""Ordered probit of many groups from counts per level, and V of many pairs. No Python peer is known.

R's HETOP took 29.9 s for 200 groups of 4 levels on 2 cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.child import best, side
from bench.line import Line

LEVELS = (-0.7, 0.0, 0.8)


def spectrum(folder: Path) -> Iterator[Line]:
    """1,000 and 10,000 groups of 5 to 150 students in 4 levels, and V of 10,000 pairs."""
    ours = best([side("hetop_of_thousand", str(folder)) for _ in range(3)])
    yield Line("ordered probit, 1,000 groups x 4 levels", ours, None, "20 s", ours.seconds < 20)
    ours = best([side("hetop_of_ten_thousand", str(folder)) for _ in range(3)])
    yield Line("ordered probit, 10,000 groups x 4 levels", ours, None, "20 s", ours.seconds < 20)
    ours = best([side("v_of_pairs", str(folder)) for _ in range(3)])
    yield Line("V from level counts, 10,000 pairs", ours, None, "5 s", ours.seconds < 5)


def hetop_of_thousand(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    return _hetop(1_000)


def hetop_of_ten_thousand(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    return _hetop(10_000)


def _hetop(groups: int) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    from evenground.measures.spectrum import hetop

    counts = _counts(groups)
    return lambda: hetop(counts), lambda found: [round(found.icc, 6), found.steps]


def v_of_pairs(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    from evenground.measures.spectrum import v_of_counts

    counts = _counts(20_000)
    first, second = counts[:10_000], counts[10_000:]
    return lambda: v_of_counts(first, second), lambda found: int((found.se > 0).sum())


def _counts(groups: int) -> Any:
    """Students per level of groups that differ in mean, spread and size."""
    import numpy as np
    from scipy.special import ndtr

    rng = np.random.default_rng(0)
    mean, spread = rng.normal(0, 0.4, groups), np.exp(rng.normal(0, 0.15, groups))
    below = ndtr((np.array(LEVELS) - mean[:, None]) / spread[:, None])
    return rng.multinomial(rng.integers(5, 150, groups), np.diff(below, prepend=0, append=1))


PREPARED = (hetop_of_thousand, hetop_of_ten_thousand, v_of_pairs)

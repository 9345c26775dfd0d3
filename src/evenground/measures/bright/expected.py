"""What could be expected of a school: from schools like it, or from its characteristics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.bright.similar import Similar
from evenground.measures.estimate import Floats, floats, quiet
from evenground.measures.shrinkage import between


@dataclass(frozen=True)
class Expected:
    """What is expected of each school (and group, and year), from schools other than itself.

    value      arrays of the shape of the values that were given; NaN where too little is known
    sampling   variance of `value` by the play of chance in the other schools' numbers
    spread     how many times the true variance between like schools enters `value`: 1/k for a mean of k
    schools    how many schools it rests on
    """

    value: Floats
    sampling: Floats
    spread: Floats
    schools: Floats
    assumed: tuple[str, ...]


@quiet
def from_similar(similar: Similar, value: npt.ArrayLike, variance: npt.ArrayLike, *, least: int) -> Expected:
    """The plain mean of the similar schools, each counting once; of the same group in the same year.

    `value`, `variance` (squared standard errors): schools, or schools x years, or schools x groups x years.
    A similar school whose value is NaN does not count; NaN where fewer than `least` are left. Raises
    ValueError where the rows are not those of `similar`, or a variance is below 0.
    """
    values, noise = _checked(len(similar.index), value, variance)
    nearest = np.maximum(similar.index, 0)
    none = (similar.index < 0).reshape(*similar.index.shape, *(1,) * (values.ndim - 1))
    theirs = np.where(none, np.nan, values[nearest])
    there = ~np.isnan(theirs) & ~np.isnan(noise[nearest])
    count = there.sum(axis=1).astype(np.float64)
    count = np.where(count >= least, count, np.nan)
    mean = np.where(there, theirs, 0.0).sum(axis=1) / count
    sampling = np.where(there, noise[nearest], 0.0).sum(axis=1) / count**2
    notes = ("schools with like characteristics could do alike", "schools are independent")
    return Expected(value=mean, sampling=sampling, spread=1 / count, schools=count, assumed=notes)


@quiet
def from_characteristics(
    characteristics: npt.ArrayLike, value: npt.ArrayLike, variance: npt.ArrayLike
) -> Expected:
    """The value on a straight line through the characteristics, the school itself held out.

    Shapes as in `from_similar`; each group and year has its own line. Weighted least squares with weights
    1/(tau^2 + variance), tau^2 the true variance around the line by DerSimonian and Laird, as in
    meta-regression. Held out exactly: fitted without the school's own value through its leverage.
    Source: Thompson and Sharp (1999), Statistics in Medicine 18:2693-2708.
    """
    x = floats(characteristics)
    x = x[:, None] if x.ndim == 1 else x
    values, noise = _checked(len(x), value, variance)
    flat, flat_noise = values.reshape(len(values), -1), noise.reshape(len(noise), -1)
    out = np.full((4, *flat.shape), np.nan)
    for column in range(flat.shape[1]):
        out[:, :, column] = _line(x, flat[:, column], flat_noise[:, column])
    mean, sampling, spread, count = (part.reshape(values.shape) for part in out)
    notes = ("a straight line through the characteristics", "schools are independent")
    return Expected(value=mean, sampling=sampling, spread=spread, schools=count, assumed=notes)


def _checked(schools: int, value: npt.ArrayLike, variance: npt.ArrayLike) -> tuple[Floats, Floats]:
    values, noise = floats(value), floats(variance)
    if values.shape != noise.shape or len(values) != schools:
        raise ValueError(
            f"values have the shape {values.shape}, variances {noise.shape}, for {schools} schools; "
            "give a row a school in both"
        )
    if np.any(noise < 0):
        raise ValueError(f"the smallest variance is {np.nanmin(noise):g}; variances are 0 or more")
    return values, noise


def _line(x: Floats, y: Floats, noise: Floats) -> Floats:
    """Rows: held-out prediction, its sampling variance, how much tau^2 enters it, schools."""
    out = np.full((4, y.size), np.nan)
    there = ~np.isnan(y) & (noise > 0) & np.isfinite(noise) & ~np.isnan(x).any(axis=1)
    count = int(there.sum())
    if count <= x.shape[1] + 2:
        return out
    design = _directions(
        np.column_stack([np.ones(count), (x[there] - x[there].mean(axis=0)) / _sd(x[there])])
    )
    seen, v = y[there], noise[there]
    around = between(seen, np.sqrt(v), design=design, method="dl")
    weight, inverse, fitted = 1 / (around.tau_sq + v), around.covariance, design @ around.coefficients
    leverage = np.einsum("rp,pq,rq->r", design, inverse, design) * weight
    left = np.maximum(1 - leverage, 1e-9)
    out[0, there] = (fitted - leverage * seen) / left
    middle = design.T @ (design * (weight**2 * v)[:, None])
    own = np.einsum("rp,pq,rq->r", design, inverse @ middle @ inverse, design)
    out[1, there] = np.maximum(own - leverage**2 * v, 0.0) / left**2
    middle = design.T @ (design * (weight**2)[:, None])
    own = np.einsum("rp,pq,rq->r", design, inverse @ middle @ inverse, design)
    out[2, there] = np.maximum(own - leverage**2, 0.0) / left**2
    out[3, there] = count - 1
    return out


def _directions(design: Floats) -> Floats:
    """Columns at right angles that span the same lines: a characteristic that repeats others adds none."""
    columns, size, _ = np.linalg.svd(design, full_matrices=False)
    return floats(columns[:, size > 1e-10 * size[0]])


def _sd(x: Floats) -> Floats:
    spread = x.std(axis=0)
    return floats(np.where(spread > 0, spread, 1.0))

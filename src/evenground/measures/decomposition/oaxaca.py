"""Oaxaca-Blinder: how much of a gap in means goes with what was measured about the students' circumstances?

What is explained is not thereby fair, and what is not explained is not thereby discrimination: the first may
be the very thing that is wrong (fewer courses, newer teachers), the second may be what nobody measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, not_negative
from evenground.measures.estimate import Bools, Estimate, Floats, Texts, floats, student_quantile
from evenground.measures.lines import by_cluster, fit

Reference = Literal["pooled", "a", "b"]


@dataclass(frozen=True)
class OaxacaBlinder:
    """gap (mean of a minus mean of b) = explained + unexplained, one value each.

    explained_by     the part of each circumstance in the explained part; sums to it
    unexplained_by   of the intercept, then of each circumstance; sums to the unexplained part. It changes
                     with where a circumstance's zero lies: read the sum
    names            of the circumstances
    n_a, n_b         students (rows) with all numbers
    """

    gap: Estimate
    explained: Estimate
    unexplained: Estimate
    explained_by: Estimate
    unexplained_by: Estimate
    names: Texts
    n_a: int
    n_b: int


def oaxaca_blinder(
    outcome: npt.ArrayLike,
    circumstances: npt.ArrayLike,
    is_a: npt.ArrayLike,
    *,
    reference: Reference = "pooled",
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> OaxacaBlinder:
    """Two-fold decomposition of a gap in means; one row a student.

    `circumstances` (rows, k) are numbers; `is_a` marks the rows of group a, all others are b. With the
    coefficients beta* of `reference` ("pooled": of both groups together with a term for the group, so that a
    difference of the groups does not slip into the coefficients; "a"; "b"):

        explained = (xbar_a - xbar_b)' beta*
        unexplained = xbar_a'(beta_a - beta*) + xbar_b'(beta* - beta_b)

    Rows with a missing number are left out. Intervals: delta method with the coefficients and the means both
    as estimates, by `clusters` (schools) where they are given, Student's t with clusters - 1 degrees of
    freedom. NaN where a group has too few rows, or circumstances depend on each other. Source: Oaxaca (1973),
    Blinder (1973); pooled: Jann (2008), Stata Journal 8:453-479; Fortin (2008).
    """
    y = floats(outcome)
    x = floats(circumstances).reshape(y.size, -1)
    first = np.asarray(is_a, dtype=bool)
    (heavy,) = not_negative(weights=np.ones(y.size) if weights is None else weights)
    drawn = np.arange(y.size) if clusters is None else np.asarray(clusters)
    equal_length(outcome=y, is_a=first, weights=heavy, clusters=drawn)
    if reference not in ("pooled", "a", "b"):
        raise ValueError(f"reference is {reference!r}; write 'pooled', 'a' or 'b'")
    labels = [f"x{number + 1}" for number in range(x.shape[1])] if names is None else list(names)
    if len(labels) != x.shape[1]:
        raise ValueError(f"{len(labels)} names for {x.shape[1]} circumstances; give one each")
    used = np.isfinite(np.column_stack([y, x, heavy])).all(axis=1) & (heavy > 0)
    sides = _Sides.of(y[used], x[used], first[used], heavy[used])
    explained, unexplained = sides.parts(reference)
    ids, place = np.unique(drawn[used], return_inverse=True)
    quantile = float(student_quantile(ids.size - 1, confidence))
    said = (
        "students are independent of each other" if clusters is None else "clusters are independent",
        f"coefficients of reference: {reference}",
        "the outcome is a sum of circumstances, each with one coefficient",
    )

    def estimate(values: Floats, influence: Floats) -> Estimate:
        summed = by_cluster(influence, place)
        with np.errstate(all="ignore"):
            scale = ids.size / (ids.size - 1) if ids.size > 1 else np.nan
            half = quantile * np.sqrt(scale * np.einsum("ck,ck->k", summed, summed))
        return Estimate(values - half, values + half, values, assumed=said)

    def total(*parts: tuple[Floats, Floats]) -> Estimate:
        value = floats(sum(values.sum() for values, _ in parts)).reshape(1)
        influence = sum(moved.sum(axis=1, keepdims=True) for _, moved in parts)
        found = estimate(value, np.asarray(influence))
        return Estimate(floats(found.low[0]), floats(found.high[0]), floats(found.value[0]), assumed=said)

    return OaxacaBlinder(
        gap=total(explained, unexplained),
        explained=total(explained),
        unexplained=total(unexplained),
        explained_by=estimate(explained[0][1:], explained[1][:, 1:]),
        unexplained_by=estimate(*unexplained),
        names=np.array(labels, dtype=np.str_),
        n_a=int(first[used].sum()),
        n_b=int((~first[used]).sum()),
    )


@dataclass(frozen=True)
class _Sides:
    """Means and coefficients of a, of b and pooled, each (k + 1) with its influence, (rows, k + 1)."""

    mean: dict[str, Floats]
    mean_moved: dict[str, Floats]
    beta: dict[str, Floats]
    beta_moved: dict[str, Floats]

    @classmethod
    def of(cls, y: Floats, x: Floats, first: Bools, heavy: Floats) -> _Sides:
        design = np.column_stack([np.ones(y.size), x])
        mean, mean_moved, beta, beta_moved = {}, {}, {}, {}
        for name, rows in (("a", first), ("b", ~first)):
            weight = np.where(rows, heavy, 0.0)
            total = weight.sum()
            share = weight / total if total > 0 else np.full(y.size, np.nan)
            mean[name] = np.asarray(share @ design)
            mean_moved[name] = share[:, None] * (design - mean[name])
            line = fit(design[rows], y[rows], share[rows])
            beta[name] = line.coefficients
            beta_moved[name] = np.zeros(design.shape)
            beta_moved[name][rows] = line.influence
        both = fit(np.column_stack([design, first]), y, heavy / heavy.sum() if heavy.size else heavy)
        beta["pooled"], beta_moved["pooled"] = both.coefficients[:-1], both.influence[:, :-1]
        return cls(mean, mean_moved, beta, beta_moved)

    def parts(self, reference: Reference) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Explained and unexplained by term, each with the influence of every row."""
        star, star_moved = self.beta[reference], self.beta_moved[reference]
        apart = self.mean["a"] - self.mean["b"]
        apart_moved = self.mean_moved["a"] - self.mean_moved["b"]
        explained = apart * star, apart_moved * star + star_moved * apart
        above, below = self.beta["a"] - star, star - self.beta["b"]
        unexplained = self.mean["a"] * above + self.mean["b"] * below
        moved = (
            self.mean_moved["a"] * above
            + self.mean_moved["b"] * below
            + (self.beta_moved["a"] - star_moved) * self.mean["a"]
            + (star_moved - self.beta_moved["b"]) * self.mean["b"]
        )
        return explained, (unexplained, moved)

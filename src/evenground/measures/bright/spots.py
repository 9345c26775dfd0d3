"""Schools that do better than could be expected, and the chance that it is luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from evenground.measures.bright.expected import Expected
from evenground.measures.estimate import (
    Bools,
    Estimate,
    Floats,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.priority import benjamini_hochberg

_ROUNDS = 200
_STILL = 1e-4


@dataclass(frozen=True)
class Spots(Estimate):
    """How far schools are above (or below) what is expected of them, over all years; one entry a school.

    value, low, high    the advantage, drawn toward 0 by as much as chance makes of it
    seen                the advantage as it was seen, mean of the years
    luck                chance that the true advantage is not above the margin: small is sure
    named               whether the school is among those that can be named as bright spots
    years, above        years with a known value, and those among them in which it was above what is expected
    true_spread         standard deviation of true, lasting advantages between ordinary schools, as estimated
    passing_spread      standard deviation of what comes and goes with a year, beyond counted chance
    unusual_share, unusual_spread    the part of the schools that differ more, and their standard deviation
    """

    seen: Floats
    luck: Floats
    named: Bools
    years: Floats
    above: Floats
    true_spread: float
    passing_spread: float
    unusual_share: float
    unusual_spread: float


@dataclass(frozen=True)
class Change(Estimate):
    """Change per year of each school with its interval, and the `variance` of it from the variances given."""

    variance: Floats


@quiet
def spots(
    value: npt.ArrayLike,
    variance: npt.ArrayLike,
    expected: Expected,
    *,
    margin: float,
    false_share: float,
    least_years: int = 1,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> Spots:
    """Bright spots for one group: schools x years (or schools), higher or lower being better for students.

    The advantage of a school in a year is its value less what is expected. It is a lasting part, a part that
    passes with the year, and the play of chance in the value and in what is expected. The spreads of both
    parts are estimated by moments (what a school's years share, and what is left) from the schools below the
    middle, mirrored, so that bright spots do not make advantages look common. The lasting part then follows
    by Bayes' rule with a prior of two kinds of schools around 0: ordinary ones with that spread, and unusual
    ones, whose share and spread are those of highest likelihood (EM). `luck` is the posterior chance that it
    is no more than `margin`. Named are the schools with the smallest luck, as many as keep its mean, the
    share of the named who do not belong there, within `false_share`; of these only who stand out from
    ordinary schools at that false discovery rate (Benjamini and Hochberg), and only those with `least_years`
    years or more, above what is expected in each of them. Nothing is ranked: who is named is a set. Raises
    ValueError where shapes differ or a variance is below 0.
    Source: Efron and Morris (1975), Journal of the American Statistical Association 70:311-319; two kinds:
    Efron (2008), Statistical Science 23:1-22; Bayesian false discovery rate: Newton et al. (2004),
    Biostatistics 5:155-176.
    """
    better = 1.0 if higher_is_better else -1.0
    values, noise = _by_year(value), _by_year(variance)
    if values.shape != noise.shape or values.shape != _by_year(expected.value).shape:
        raise ValueError(
            f"values have shape {values.shape}, variances {noise.shape}; give one for each value"
        )
    if np.any(noise < 0):
        raise ValueError(f"the smallest variance is {np.nanmin(noise):g}; variances are 0 or more")
    ahead = better * (values - _by_year(expected.value))
    spread = _by_year(expected.spread)
    chance = noise + _by_year(expected.sampling)
    there = ~np.isnan(ahead) & ~np.isnan(chance)
    years = there.sum(axis=1).astype(np.float64)
    count = np.where(years > 0, years, np.nan)
    seen = np.where(there, ahead, 0.0).sum(axis=1) / count
    # Bright spots stretch one side only. The other side, mirrored, shows how ordinary schools differ.
    middle = float(np.nanmedian(seen)) if np.any(years > 0) else np.nan
    ordinary = there & (seen <= middle)[:, None]
    lasting, passing = _spreads(ahead - middle, chance, spread, ordinary)
    # The mean of a school's years: what passes and what chance does average out, what the similar schools
    # truly are does not, since they are the same each year.
    passing_variance = np.where(there, chance + passing * (1 + spread), 0.0).sum(axis=1) / count**2
    like = np.where(there, spread, 0.0).sum(axis=1) / count * lasting
    error = passing_variance + like
    prior = _prior(seen, error, lasting)
    mean, sd, luck = _posterior(seen, error, prior, margin)
    unusual = benjamini_hochberg(special.ndtr(-seen / np.sqrt(lasting + error)), false_share).certain
    above = np.where(there, ahead > 0, False).sum(axis=1).astype(np.float64)
    able = (years >= least_years) & (above == years)
    half = normal_quantile(confidence) * sd
    return Spots(
        low=better * mean - half,
        high=better * mean + half,
        value=better * mean,
        seen=better * seen,
        luck=luck,
        named=_named(np.where(able, luck, np.nan), false_share) & unusual,
        years=years,
        above=above,
        true_spread=float(np.sqrt(lasting)),
        passing_spread=float(np.sqrt(passing)),
        unusual_share=float(prior[0][1]),
        unusual_spread=float(np.sqrt(prior[1][1])),
        assumed=(*expected.assumed, "ordinary and unusual schools, normal around 0", "years are independent"),
    )


@quiet
def change(
    value: npt.ArrayLike,
    variance: npt.ArrayLike,
    year: npt.ArrayLike,
    *,
    least_years: int = 2,
    confidence: float = 0.95,
) -> Change:
    """Change per year of each school: the slope of its values on the years.

    `value`, `variance`: schools x years; `year`: the years' numbers. Least squares without weights, so that
    each year counts alike: slope = sum (t - mean t) y / sum (t - mean t)^2 over the years that are known. NaN
    with fewer than `least_years`. Use it to keep apart where a school stands (its level), whether more of its
    students get there (the change of its level) and whether a gap closes (the change of the gap).
    """
    values, noise, time = floats(value), floats(variance), floats(year)
    if values.ndim != 2 or values.shape != noise.shape or time.shape != values.shape[1:]:
        raise ValueError(
            f"values have the shape {values.shape}, variances {noise.shape}, years {time.shape}; "
            "give schools x years twice, and the years"
        )
    there = ~np.isnan(values) & ~np.isnan(noise)
    count = there.sum(axis=1).astype(np.float64)
    middle = quotient(np.where(there, time, 0.0).sum(axis=1), count)
    away = np.where(there, time - middle[:, None], 0.0)
    squares = np.where(count >= max(least_years, 2), (away**2).sum(axis=1), 0.0)
    slope = quotient((away * np.where(there, values, 0.0)).sum(axis=1), squares)
    moved = quotient((away**2 * np.where(there, noise, 0.0)).sum(axis=1), squares**2)
    half = normal_quantile(confidence) * seen_error(np.sqrt(moved))
    assumed = ("years are independent of each other", "each year's variance is the one given")
    return Change(low=slope - half, high=slope + half, value=slope, variance=moved, assumed=assumed)


def _by_year(array: npt.ArrayLike) -> Floats:
    values = floats(array)
    if values.ndim > 2:
        raise ValueError(f"values have {values.ndim} axes; give schools x years, one group at a time")
    return values[:, None] if values.ndim == 1 else values


def _spreads(ahead: Floats, chance: Floats, spread: Floats, there: Bools) -> tuple[float, float]:
    """Variances of what lasts and of what passes.

    Two years of one school share only what lasts: E[a b] = lasting (1 + spread). One year has all of it:
    E[a^2] = (lasting + passing)(1 + spread) + chance. With single years, all beyond chance counts as lasting.
    """
    value = np.where(there, ahead, 0.0)
    factor = np.where(there, 1 + spread, 0.0)
    squares = float(np.sum(value**2) - np.sum(np.where(there, chance, 0.0)))
    together = max(quotient(squares, factor.sum()).item(), 0.0)
    pairs = float(np.sum(value.sum(axis=1) ** 2) - np.sum(value**2))
    # The factor of a pair, sqrt of both factors, is that of each where similar schools stay the same.
    root = np.sqrt(factor)
    weight = float(np.sum(root.sum(axis=1) ** 2) - np.sum(factor))
    if weight <= 0:
        return together, 0.0
    lasting = min(max(pairs / weight, 0.0), together)
    return lasting, together - lasting


def _prior(seen: Floats, error: Floats, lasting: float) -> tuple[Floats, Floats]:
    """(shares, variances) of ordinary and unusual schools; ordinary ones have the variance `lasting`."""
    known = ~np.isnan(seen + error)
    x, noise = seen[known], error[known]
    variance = np.array([lasting, max(4 * lasting, float(np.mean(x**2)) if x.size else 0.0)])
    share = np.array([0.95, 0.05])
    for _ in range(_ROUNDS if x.size else 0):
        part = _responsible(x, noise, share, variance)
        keep = quotient(variance[1], variance[1] + noise)
        square = (keep * x) ** 2 + keep * noise
        unusual = float(part[1].sum())
        if not unusual > 0:
            break
        # Unusual schools differ more than ordinary ones, or the two would only be names.
        variance = np.array([lasting, max(float(part[1] @ square) / unusual, 4 * lasting)])
        moved = abs(unusual / x.size - share[1])
        share = np.array([1 - unusual / x.size, unusual / x.size])
        if moved < _STILL:
            break
    return share, variance


def _responsible(x: Floats, noise: Floats, share: Floats, variance: Floats) -> Floats:
    """kinds x schools: the chance that a school is of each kind."""
    spread = variance[:, None] + noise
    log = np.log(share)[:, None] - np.log(spread) / 2 - x**2 / spread / 2
    weight = np.exp(log - np.max(log, axis=0))
    return floats(weight / weight.sum(axis=0))


def _posterior(
    seen: Floats, error: Floats, prior: tuple[Floats, Floats], margin: float
) -> tuple[Floats, Floats, Floats]:
    """Mean and standard deviation of the true advantage, and the chance that it is not above the margin."""
    share, variance = prior
    part = _responsible(seen, error, share, variance)
    keep = variance[:, None] / (variance[:, None] + error)
    means, variances = keep * seen, keep * error
    mean = np.sum(part * means, axis=0)
    sd = np.sqrt(np.sum(part * (variances + means**2), axis=0) - mean**2)
    below = np.where(variances > 0, special.ndtr((margin - means) / np.sqrt(variances)), means <= margin)
    return mean, sd, np.where(np.isnan(mean), np.nan, np.sum(part * below, axis=0))


def _named(luck: Floats, false_share: float) -> Bools:
    """The largest set of the surest whose mean luck is at most `false_share`."""
    order = np.argsort(luck, kind="stable")
    known = order[: int(np.count_nonzero(~np.isnan(luck)))]
    mean = np.cumsum(luck[known]) / np.arange(1, known.size + 1)
    named = np.zeros(luck.shape, dtype=bool)
    named[known[: int(np.count_nonzero(mean <= false_share))]] = True
    return named

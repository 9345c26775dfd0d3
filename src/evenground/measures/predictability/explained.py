"""How much of the differences between students their background tells, for students not seen before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from evenground.measures.estimate import Estimate, Floats, Ints, floats, quiet, student_quantile
from evenground.measures.predictability.additive import Model, alone, squared_errors
from evenground.measures.predictability.background import Background

# Draws are made in blocks of about this many numbers, so that many schools do not need much memory.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Explained(Estimate):
    """A share of the differences (variance) between students.

    in_sample   the same share for the students from whom it was learnt: larger, by what is chance alone
    students, types, clusters    how many were counted; clusters is 0 where students are independent
    """

    in_sample: float
    students: float
    types: int
    clusters: int


@dataclass(frozen=True)
class Years(Estimate):
    """The share of each year, with arrays along `years`; `change` is the last year minus the first."""

    years: tuple[int | str, ...]
    change: Estimate


@dataclass(frozen=True)
class Errors:
    """Squared errors of the model and of the mean alone, by cluster, or with the variance of their ratio."""

    model: Floats
    mean: Floats
    variance: float | None
    assumed: tuple[str, ...]

    @property
    def share(self) -> float:
        return float(1 - self.model.sum() / self.mean.sum()) if self.mean.sum() > 0 else float("nan")


def explained(
    background: Background, *, confidence: float = 0.95, folds: int = 10, draws: int = 1000, seed: int = 1
) -> Explained:
    """R-squared of the outcome on all circumstances together, cross-validated: what background predicts.

        1 - sum (y - prediction without y)^2 / sum (y - mean without y)^2

    With clusters, whole clusters are held out (`folds` parts, drawn by `seed`), and the interval is Student's
    with the standard error of `draws` bootstrap samples of clusters around the held-out errors. Without, each
    student is held out once, exactly (e/(1 - leverage)), and the standard error is that of the ratio
    (linearised; of scores within a type taken as normal). Below 0 the background tells less than the mean
    does. It judges a system; no prediction for a student exists.
    Source: Allen (1974), Technometrics 16:125-127 (PRESS); standards of cross-validation: Stone (1974),
    Journal of the Royal Statistical Society B 36:111-147.
    """
    chosen = range(len(background.names))
    errors = held_out_errors(background, chosen, folds, seed)
    value = errors.share
    error, df = standard_error([errors], [background], draws, seed)
    found = _interval(floats(value), floats(error[0]), df, confidence)
    return Explained(
        low=found.low,
        high=found.high,
        value=found.value,
        in_sample=in_sample(background),
        students=background.students,
        types=int(background.n.size),
        clusters=0 if background.clusters is None else len(background.clusters),
        assumed=errors.assumed,
    )


def inequality_of_opportunity(
    background: Background, *, confidence: float = 0.95, draws: int = 1000, seed: int = 1
) -> Estimate:
    """Var(fitted)/Var(outcome) of least squares on the circumstances: the share of inequality of opportunity.

    A lower bound: circumstances that are not measured would add to it. Not held out, as Ferreira and Gignoux
    define it, so chance adds about effects/students; a home area enters shrunken. Unchanged by any linear
    change of the scale of a test. The interval is as in `explained`.
    Source: Ferreira and Gignoux (2014), The World Bank Economic Review 28:210-246.
    """
    prediction, _ = Model(background, None).fitted(range(len(background.names)))
    errors = _by_cluster(background, prediction, np.full(background.n.size, background.mean))
    error, df = standard_error([errors], [background], draws, seed)
    found = _interval(floats(errors.share), floats(error[0]), df, confidence)
    notes = ("a lower bound: only these circumstances", *errors.assumed[-1:])
    return Estimate(low=found.low, high=found.high, value=found.value, assumed=notes)


def over_years(
    years: Mapping[int | str, Background],
    *,
    confidence: float = 0.95,
    folds: int = 10,
    draws: int = 1000,
    seed: int = 1,
) -> Years:
    """`explained` year by year, and whether it changed from the first year to the last.

    Where every year has clusters, the same clusters are drawn in all years, so schools that stay as they are
    do not blur the change; otherwise years count as independent. Raises ValueError for fewer than two years.
    """
    if len(years) < 2:
        raise ValueError(f"{len(years)} year is given; a change needs two or more")
    backs = list(years.values())
    errors = [held_out_errors(back, range(len(back.names)), folds, seed) for back in backs]
    value = floats([part.share for part in errors])
    error, df = standard_error(errors, backs, draws, seed)
    each = _interval(value, error[:-1], df, confidence)
    change = _interval(floats(value[-1] - value[0]), floats(error[-1]), df, confidence)
    paired = all(back.clusters is not None for back in backs)
    note = "the same clusters in all years" if paired else "years are independent"
    assumed = (*errors[0].assumed, note)
    return Years(
        low=each.low,
        high=each.high,
        value=each.value,
        years=tuple(years),
        change=Estimate(low=change.low, high=change.high, value=change.value, assumed=assumed),
        assumed=assumed,
    )


def in_sample(background: Background) -> float:
    """The share of the variance that the fit to all students tells of the same students."""
    prediction, _ = Model(background, None).fitted(range(len(background.names)))
    around = float(squared_errors(background, np.full(background.n.size, background.mean)).sum())
    return float(1 - squared_errors(background, prediction).sum() / around) if around > 0 else float("nan")


def folds_of(background: Background, folds: int, seed: int) -> Ints:
    """A fold for each row, whole clusters together; as many folds as clusters where there are fewer."""
    if background.cluster is None or background.clusters is None:
        raise ValueError("without clusters there are no folds")
    count = len(background.clusters)
    if count < 2:
        raise ValueError(f"{count} cluster is given; to hold clusters out needs two or more")
    turn = np.random.default_rng(seed).permutation(count) % min(folds, count)
    return np.asarray(turn[background.cluster], dtype=np.int64)


def held_out_errors(background: Background, chosen: Collection[int], folds: int, seed: int) -> Errors:
    """Errors of predictions for students who were not used for them, and of the mean without them."""
    if background.cluster is None:
        return _each_student(background, chosen)
    model = Model(background, folds_of(background, folds, seed))
    return of_model(background, model, chosen)


def of_model(background: Background, model: Model, chosen: Collection[int]) -> Errors:
    """Errors by cluster of a model that holds clusters out; nothing chosen predicts the mean."""
    fold = model.held_out(chosen)
    return _by_cluster(background, fold.prediction if len(chosen) else fold.average, fold.average)


def _by_cluster(background: Background, prediction: Floats, average: Floats) -> Errors:
    ours, mean = squared_errors(background, prediction), squared_errors(background, average)
    if background.cluster is None:
        share = 1 - ours.sum() / mean.sum() if mean.sum() > 0 else np.nan
        variance = _variance(background, prediction, np.ones_like(ours), background.mean, 1.0, float(share))
        return Errors(ours, mean, variance, ("students are independent",))
    first, second = (floats(np.bincount(background.cluster, weights=part)) for part in (ours, mean))
    notes = ("effects of circumstances add up", "whole clusters are held out", "clusters are independent")
    return Errors(first, second, None, notes)


@quiet
def _each_student(background: Background, chosen: Collection[int]) -> Errors:
    """Each student is held out once: for sums of squares the errors are e/(1 - h), in closed form."""
    students, mean = np.float64(background.students), background.mean
    prediction, leverage = Model(background, None).fitted(chosen)
    lonely = alone(leverage)
    scale = np.where(lonely, students / (students - 1), 1 / (1 - np.where(lonely, 0.0, leverage)))
    prediction = np.where(lonely, mean, prediction)
    none = students / (students - 1)
    first = squared_errors(background, prediction) * scale**2
    second = squared_errors(background, np.full(background.n.size, mean)) * none**2
    share = float(1 - first.sum() / second.sum()) if second.sum() > 0 else float("nan")
    variance = _variance(background, prediction, scale, mean, none, share)
    notes = ["effects of circumstances add up", "each student is held out once", "students are independent"]
    if not background.rate:
        notes.append("scores are normal within a type, with one spread")
    return Errors(first, second, variance, tuple(notes))


def _variance(
    b: Background, prediction: Floats, scale: Floats, mean: float, none: float, share: float
) -> float:
    """Variance of 1 - A/B for independent students: sum of (-a + (1 - share) b)^2 over B^2.

    a and b are a student's squared errors. Of 0 and 1 both outcomes are known; of scores the sum over a type
    follows from its mean and the pooled spread within types, taken as normal.
    """
    around = float(squared_errors(b, np.full(b.n.size, mean)).sum()) * none**2
    if not around > 0:
        return float("nan")
    keep = (1 - share) * none**2
    if b.rate:
        both = ((b.total, 1.0), (b.n - b.total, 0.0))
        parts = [count * (keep * (y - mean) ** 2 - (scale * (y - prediction)) ** 2) ** 2 for count, y in both]
        return float(sum(part.sum() for part in parts)) / around**2
    middle = b.total / b.n
    within = float((b.total_sq - b.n * middle**2).sum()) / max(b.students - b.n.size, 1.0)
    square = within * (keep - scale**2)
    linear = 2 * np.sqrt(within) * (keep * (middle - mean) - scale**2 * (middle - prediction))
    fixed = keep * (middle - mean) ** 2 - scale**2 * (middle - prediction) ** 2
    return float(np.sum(b.n * (3 * square**2 + linear**2 + fixed**2 + 2 * square * fixed))) / around**2


def standard_error(
    errors: list[Errors], backs: list[Background], draws: int, seed: int
) -> tuple[Floats, float]:
    """Standard errors of each share and of last minus first, and the degrees of freedom behind them."""
    if any(part.variance is not None for part in errors):
        variances = floats([np.nan if part.variance is None else part.variance for part in errors])
        both = variances[0] + variances[-1]
        return np.sqrt(np.append(variances, both)), float("inf")
    names = np.unique(np.concatenate([back.clusters for back in backs if back.clusters is not None]))
    sums = np.zeros((names.size, 2 * len(errors)))
    for place, (part, back) in enumerate(zip(errors, backs, strict=True)):
        rows = np.searchsorted(names, back.clusters)  # type: ignore[arg-type]
        sums[rows, 2 * place], sums[rows, 2 * place + 1] = part.model, part.mean
    drawn = resampled(sums, draws, seed)
    with np.errstate(all="ignore"):
        shares = 1 - drawn[:, 0::2] / drawn[:, 1::2]
    shares = np.column_stack([shares, shares[:, -1] - shares[:, 0]])
    return floats(np.nanstd(shares, axis=0, ddof=1)), float(names.size - 1)


def resampled(sums: Floats, draws: int, seed: int) -> Floats:
    """draws x columns: totals of as many clusters as there are, drawn with replacement."""
    rng = np.random.default_rng([seed, 2])
    count = sums.shape[0]
    block = max(1, _BLOCK // max(count, 1))
    chance = np.full(count, 1 / count)
    parts = []
    for start in range(0, draws, block):
        times = rng.multinomial(count, chance, size=min(block, draws - start))
        parts.append(times @ sums)
    return floats(np.concatenate(parts))


def _interval(value: Floats, error: Floats, df: float, confidence: float) -> Estimate:
    quantile = float(student_quantile(df, confidence))
    return Estimate(low=value - quantile * error, high=np.minimum(value + quantile * error, 1.0), value=value)

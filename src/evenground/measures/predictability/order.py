"""How often background alone puts two students in the right order, and how ranks go together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length
from evenground.measures.estimate import (
    Estimate,
    Floats,
    Ints,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
    student_quantile,
)
from evenground.measures.predictability.additive import Model
from evenground.measures.predictability.background import Background
from evenground.measures.predictability.explained import folds_of

# Predictions this near to each other are equal but for rounding.
_ROUNDING = 1e-10


@quiet
def auc(background: Background, *, confidence: float = 0.95, folds: int = 10, seed: int = 1) -> Estimate:
    """Chance that, of two students of whom one succeeded, background alone points to that one; .5 is none.

    Cross-validated: students (or whole clusters) are held out in `folds` parts, drawn by `seed`, and only
    students of one part are compared, ties by half. The order is that of the additive model of `explained`.
    Interval: DeLong's, summed over clusters where they are given (Obuchowski), normal or Student's. Raises
    ValueError where the outcome is not 0 or 1.
    Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845; Obuchowski (1997), Biometrics
    53:567-578.
    """
    if not background.rate:
        raise ValueError("the outcome is a score; the chance of the right order needs an outcome of 0 or 1")
    parts = _in_folds(background, folds, seed) if background.cluster is None else background
    fold = folds_of(parts, folds, seed) if background.cluster is not None else parts.cluster
    assert fold is not None
    assert parts.cluster is not None
    score = Model(parts, fold).held_out(range(len(parts.names))).prediction
    yes, no = parts.total, parts.n - parts.total
    ahead, behind, all_yes, all_no = _placements(score, fold, yes, no)
    pairs = float(np.sum(yes * all_no))
    value = float(np.sum(yes * ahead)) / pairs if pairs > 0 else float("nan")
    # What one student adds to (pairs in order - value x pairs): as one who succeeded, and as one who did not.
    of_yes, of_no = ahead - value * all_no, behind - value * all_yes
    if background.cluster is None:
        squares, df = float(np.sum(yes * of_yes**2 + no * of_no**2)), np.inf
        notes = ("students are independent",)
    else:
        by_cluster = np.bincount(parts.cluster, weights=yes * of_yes + no * of_no)
        count = by_cluster.size
        squares, df = float(np.sum(by_cluster**2)) * count / (count - 1), count - 1.0
        notes = ("clusters are independent",)
    half = float(student_quantile(df, confidence) * seen_error(np.sqrt(squares) / pairs))
    return Estimate(
        low=floats(max(value - half, 0.0)) if pairs > 0 else floats(np.nan),
        high=floats(min(value + half, 1.0)) if pairs > 0 else floats(np.nan),
        value=floats(value),
        assumed=("effects of circumstances add up", "held-out predictions are taken as given", *notes),
    )


@quiet
def order_of_groups(
    stratum: npt.ArrayLike, n: npt.ArrayLike, successes: npt.ArrayLike, confidence: float = 0.95
) -> Estimate:
    """The chance that, of two students of whom one succeeded, the group alone points to that one; many sets.

    One row a group: `stratum` numbers the sets 0, 1, 2, ... (one dimension in one place and year), as in
    `eta_squared`. Arrays along the sets. The group with the higher rate is taken, ties by half; .5 is a coin.
    Not held out, which matters little where groups are large: chance alone puts it a little above .5. The
    interval is DeLong's. A group with a missing count makes its set NaN; so does a set in which all or nobody
    succeeded, or with fewer than two groups.
    Source: as `auc`.
    """
    equal_length(stratum=stratum, n=n, successes=successes)
    which, size, yes = np.asarray(stratum, dtype=np.int64), floats(n), floats(successes)
    if np.any((yes < 0) | (yes > size)):
        raise ValueError("in a group more students succeed than there are")
    count = int(which.max()) + 1 if which.size else 0
    missing = np.bincount(which, weights=np.isnan(size + yes), minlength=count) > 0
    groups = np.bincount(which, weights=size > 0, minlength=count)
    there = ~missing[which] & (size > 0)
    which, yes, no = which[there], yes[there], (size - yes)[there]
    ahead, behind, all_yes, all_no = _placements(quotient(yes, yes + no), which, yes, no)

    def summed(column: Floats) -> Floats:
        return floats(np.bincount(which, weights=column, minlength=count))

    pairs = summed(yes * all_no)
    value = np.where(groups > 1, quotient(summed(yes * ahead), pairs), np.nan)
    of_yes, of_no = ahead - value[which] * all_no, behind - value[which] * all_yes
    error = quotient(np.sqrt(summed(yes * of_yes**2 + no * of_no**2)), pairs)
    half = normal_quantile(confidence) * seen_error(error)
    low, high = np.maximum(value - half, 0.0), np.minimum(value + half, 1.0)
    return Estimate(low=low, high=high, value=value, assumed=("students are independent",))


def _in_folds(b: Background, folds: int, seed: int) -> Background:
    """The same students dealt out to folds at random, each fold a cluster."""
    rng = np.random.default_rng([seed, 3])
    chance = np.full(folds, 1 / folds)
    if np.any(b.n != np.rint(b.n)) or np.any(b.total != np.rint(b.total)):
        raise ValueError("counts are not whole numbers; give the clusters of weighted students")
    yes = rng.multinomial(b.total.astype(np.int64), chance)
    n = yes + rng.multinomial((b.n - b.total).astype(np.int64), chance)
    total = floats(yes.ravel())
    return Background(
        b.names,
        np.repeat(b.codes, folds, axis=0),
        b.levels,
        floats(n.ravel()),
        total,
        total,
        cluster=np.tile(np.arange(folds), b.n.size),
        clusters=np.arange(folds),
        area=b.area,
        rate=True,
    )


def _placements(score: Floats, fold: Ints, yes: Floats, no: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Per row, within its fold: those who did not succeed with a lower score, those who did with a higher one
    (ties by half), and all who did and did not."""
    order = np.lexsort((score, fold))
    f, s = fold[order], score[order]
    new = np.ones(order.size, dtype=bool)
    new[1:] = (f[1:] != f[:-1]) | (np.diff(s) > _ROUNDING)
    tie = np.cumsum(new) - 1
    first = np.flatnonzero(new)

    def counted(students: Floats) -> tuple[Floats, Floats, Floats]:
        in_tie = np.bincount(tie, weights=students[order])
        in_fold = np.bincount(fold, weights=students)
        below = np.cumsum(in_tie) - in_tie
        starts = np.concatenate([[0.0], np.cumsum(in_fold)[:-1]])[f[first]]
        back = np.empty(order.size)
        back[order] = (below - starts + in_tie / 2)[tie]
        return floats(back), floats(in_fold[fold]), floats(in_tie)

    lower_no, all_no, _ = counted(no)
    lower_yes, all_yes, _ = counted(yes)
    return lower_no, all_yes - lower_yes, all_yes, all_no


@quiet
def rank_slope(
    background: npt.ArrayLike,
    outcome: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Slope of the outcome's rank on the rank of background (such as family income), both from 0 to 1.

    One entry a student (or a school); equal values share their middle rank; rows with a NaN are left out.
    0: where one stands says nothing of where one comes out; 1: all. Standard error robust to unequal spread,
    or to clusters; ranks are taken as given. Without ties the slope is Spearman's rank correlation.
    Source: Chetty, Hendren, Kline and Saez (2014), The Quarterly Journal of Economics 129:1553-1623.
    """
    x, y = floats(background), floats(outcome)
    equal_length(background=x, outcome=y, clusters=x if clusters is None else clusters)
    there = ~np.isnan(x + y)
    x, y = _ranks(x[there]), _ranks(y[there])
    dx = x - (x.mean() if x.size else np.nan)
    slope = float(dx @ (y - y.mean()) / (dx @ dx)) if x.size and dx @ dx > 0 else float("nan")
    part = dx * (y - (y.mean() if y.size else np.nan) - slope * dx)
    if clusters is not None:
        place = np.unique(np.asarray(clusters)[there], return_inverse=True)[1]
        part = floats(np.bincount(place, weights=part))
    count = part.size
    error = seen_error(np.sqrt(np.sum(part**2) * quotient(count, count - 1)) / (dx @ dx))
    quantile = (
        normal_quantile(confidence) if clusters is None else float(student_quantile(count - 1, confidence))
    )
    which = "students are independent" if clusters is None else "clusters are independent"
    return Estimate(
        low=floats(slope - quantile * error),
        high=floats(slope + quantile * error),
        value=floats(slope),
        assumed=(which, "ranks are taken as given"),
    )


def _ranks(values: Floats) -> Floats:
    """Middle ranks over the number of values."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return floats((last - (count - 1) / 2)[place] / max(values.size, 1))

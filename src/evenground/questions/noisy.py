"""Any table of a person's own, counted with noise: a histogram a school year over all groups there can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions, Policy
from evenground.disclosure.telling.noise import Spent, added
from evenground.measures import Sums
from evenground.measures.estimate import normal_quantile
from evenground.measures.noise import standard_error, variance
from evenground.model import InputProblems, group_dimensions
from evenground.questions.columns import UNKNOWN, Codes, groups, numbers, periods
from evenground.questions.tally import Leaves, Tally, rolled

_SIDES = 2  # reached the outcome, and did not


@dataclass(frozen=True)
class NoisyTally:
    """Noisy counts, which may be below nobody. `n_error`: standard error of each n by the noise.

    The sums of `tally`, on which rates rest, are without number where noise alone could make up the n.
    `defined` are the columns whose groups the definitions name, `found` those taken from the table.
    """

    tally: Tally
    n_error: np.ndarray
    spent: Spent
    defined: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def rate_error(self) -> np.ndarray:
        """Standard error of each rate by chance and noise."""
        return standard_error(self.tally.sums)


def noisy_tally(
    table: pa.Table,
    outcome: str,
    by: Sequence[str],
    depth: int,
    period: str | None,
    policy: Policy,
    definitions: Definitions,
    file: str = "table",
) -> NoisyTally:
    """Counts with noise of every group that there can be, of up to `depth` of the columns `by`.

    Groups of a column that is a dimension of the definitions, and holds no other values, are the defined
    ones; those of other columns are taken from the table, and so are the school years: that they are there is
    taken as known to everybody. Raises InputProblems where noise does not serve.
    """
    assert policy.epsilon is not None, "the rules of a policy have been checked"
    y = numbers(table, outcome, file)
    counts = ~np.isnan(y)
    if not np.isin(y[counts], (0, 1)).all():
        todo = "choose a 0/1 outcome, or a policy that hides"
        raise InputProblems.one(file, "an outcome of numbers", "0/1 with this policy", todo, column=outcome)
    found = [groups(table, column) for column in by]
    coded = [_defined(column, codes, definitions) for column, codes in zip(by, found, strict=True)]
    years = _held(periods(table, period))
    sizes = [len(labels) for _, labels in coded]
    bins = _SIDES * int(np.prod(sizes))
    most = int(definitions.parameter("noise_most_bins"))
    if bins > most:
        what = f"{' x '.join(map(str, sizes))} groups with and without the outcome: {bins:,} counts"
        todo = "name fewer columns with --by, or a policy that hides"
        raise InputProblems.one(file, what, f"at most {most:,} for noise", todo)
    leaves = _with_noise(y[counts], [(codes[counts], labels) for codes, labels in (years, *coded)], policy)
    raw = rolled(leaves, by, depth)
    size = dict(zip(by, sizes, strict=True))
    of_row = np.array([bins / np.prod([size[name] for name in group_dimensions(key)]) for key in raw.group])
    bin_variance = variance(policy.epsilon)
    confident = normal_quantile(definitions.parameter("confidence"))
    enough = raw.n >= confident * np.sqrt(of_row * bin_variance)
    sums = replace(_told(raw, enough), noise=of_row / _SIDES * bin_variance)
    kept = tuple(
        column for column, (_, now), (_, before) in zip(by, coded, found, strict=True) if now is not before
    )
    return NoisyTally(
        tally=replace(raw, sums=sums),
        n_error=np.sqrt(of_row * bin_variance),
        spent=Spent(policy.epsilon, len(years[1]), bins),
        defined=kept,
        found=tuple(column for column in by if column not in kept),
    )


def _defined(column: str, found: Codes, definitions: Definitions) -> Codes:
    """The codes with all labels that the definitions have for the column, where they have all of its own."""
    codes, labels = found
    known = definitions.dimensions.get(column)
    if known is None or not set(labels) <= {*known.values, UNKNOWN}:
        return found
    everything = [*known.values, UNKNOWN]
    return np.array([everything.index(label) for label in labels], dtype=np.int64)[codes], everything


def _held(found: Codes) -> Codes:
    """The codes with only those labels that occur."""
    codes, labels = found
    held, codes = np.unique(codes, return_inverse=True)
    return codes, [labels[place] for place in held]


def _with_noise(y: np.ndarray, coded: Sequence[Codes], policy: Policy) -> Leaves:
    """Every bin there can be, with noise on those who reached the outcome and on those who did not."""
    shape = [len(labels) for _, labels in coded]
    code = np.ravel_multi_index([codes for codes, _ in coded], shape)
    width = int(np.prod(shape))
    n, reached = np.bincount(code, minlength=width), np.bincount(code, weights=y, minlength=width)
    sides = np.stack([reached.astype(np.int64), n - reached.astype(np.int64)])
    assert policy.epsilon is not None, "checked above"
    s, rest = added(sides, policy.epsilon).astype(float)
    places = tuple(np.unravel_index(np.arange(width), shape))
    stats = np.column_stack([s + rest, s, s + rest, s + rest, s, s])
    return Leaves(places, tuple(labels for _, labels in coded), stats, binary=True)


def _told(raw: Tally, enough: np.ndarray) -> Sums:
    """Sums for rates: no side below nobody, and no number where noise could make up everybody."""
    reached = np.where(enough, np.maximum(raw.successes, 0.0), np.nan)
    return Sums.of(reached + np.maximum(raw.n - raw.successes, 0.0), reached)

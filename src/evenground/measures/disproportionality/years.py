"""Over the line for years: when a state calls a disproportion significant, and when progress counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.disproportionality.tables import Table
from evenground.measures.estimate import Bools, Floats, Ints, floats, quiet
from evenground.measures.exact import Terms, written


@dataclass(frozen=True)
class Significant:
    """For every year `over`, and as of the last year, (districts, categories, groups), the rest.

    over          the ratio exceeds the threshold, (years, districts, categories, groups)
    clearly_over  its whole interval does: more than chance; the law does not ask for this
    years_over    how many years in a row, the last one included
    progress      the ratio fell enough in each of the last years
    significant   over for long enough, without progress
    change        each ratio less that of the year before, (years - 1, ...); NaN where one is missing
    """

    over: Bools
    clearly_over: Bools
    years_over: Ints
    progress: Bools
    significant: Bools
    change: Floats
    assumed: tuple[str, ...]


@quiet
def significant(
    table: Table,
    *,
    threshold: npt.ArrayLike,
    years: int,
    progress: float | None = None,
    progress_years: int = 2,
) -> Significant:
    """Whether ratios exceed the state's `threshold` in each of the last `years` (1 to 3), without progress.

    `threshold` is one number, or one a category in the order of `table.categories`. It must be exceeded: a
    ratio of exactly the threshold is not over it, and whole counts are compared in whole numbers. A year
    without a ratio ends the run. `progress`: by at least how much the ratio has to fall in each of the last
    `progress_years` years (the rule says two) to be reasonable progress; None where the state has no such
    standard. 0 asks for any fall. `table.years` must be consecutive school years, in order.
    Source: 34 CFR 300.647(b), (d)(1)-(2).
    """
    count = table.years.size
    if not 1 <= years <= 3:
        raise ValueError(f"years is {years}; the rule allows 1 to 3")
    limit = floats(threshold)
    if limit.ndim and limit.shape != (table.categories.size,):
        raise ValueError(
            f"{limit.size} thresholds for {table.categories.size} categories; give one, or one a category"
        )
    lines = np.broadcast_to(limit[..., None] if limit.ndim else limit, table.value.shape)
    over = _exceeds(table, lines)
    change = np.diff(table.value, axis=0)
    run = np.cumprod(over[::-1], axis=0).sum(axis=0)
    shape = table.value.shape[1:]
    fell = np.zeros(shape, dtype=bool)
    if progress is not None and count > progress_years:
        last = -change[-progress_years:]
        fell = np.asarray((last > 0).all(axis=0) & (last >= progress - 1e-12).all(axis=0))
    assumed = (
        f"over the threshold in {years} consecutive years",
        "no standard of progress"
        if progress is None
        else f"progress is a fall of {progress:g} or more in each of {progress_years} years",
    )
    return Significant(
        over=over,
        clearly_over=np.asarray(table.low > lines),
        years_over=np.asarray(run, dtype=np.int64),
        progress=fell,
        significant=np.asarray((run >= years) & ~fell),
        change=change,
        assumed=(*table.assumed, *assumed),
    )


def _exceeds(table: Table, lines: Floats) -> Bools:
    """a/A over b/B above the line, as a B q > p A b in whole numbers for a line of p/q."""
    over = np.zeros(table.value.shape, dtype=bool)
    for line in np.unique(lines):
        part, of = written(float(line)).as_integer_ratio()
        terms = Terms.of_counts(
            table.count, table.enrolled, table.other_count, table.other_enrolled, scale=max(part, of)
        )
        own, held = of * terms.total * terms.reference_n, part * terms.reference_total * terms.n
        margin = 0 if terms.whole else 1e-9 * np.abs(held)
        over |= (lines == line) & (table.reason == "") & terms.valid & np.asarray(own - held > margin, bool)
    return over

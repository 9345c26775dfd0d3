"""Years told together: a group too small in each of the last school years may be large enough in all."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.hiding.linked import Bools
from evenground.disclosure.telling.coarse import extreme
from evenground.model import CELLS, VALUE, group_dimensions, period_end, period_over


def latest_years(cells: pa.Table, policy: Policy) -> tuple[str, ...]:
    """The last school years, one right after the other, that may be told together; none where it is one."""
    years = sorted(cells["period"].unique().to_pylist())
    kept = years[-1:]
    for year in reversed(years[:-1]):
        if len(kept) == policy.years or period_end(year) != period_end(kept[0]) - 1:
            break
        kept.insert(0, year)
    return tuple(kept) if len(kept) > 1 else ()


def over_years(
    cells: pa.Table, hidden: Bools, years: tuple[str, ...], policy: Policy, definitions: Definitions
) -> pa.Table:
    """Rows (model.CELLS) of rates over all of `years`, where each year by itself is hidden and the sum passes
    the policy's minimums. A student who was there in two years counts twice. Only of tables that hide
    the same groups every year, since what moves in one year has to move back in another.
    """
    rates: list[str] = [
        key for key in cells["indicator"].unique().to_pylist() if definitions.indicators[key].kind == "rate"
    ]
    wanted = pc.and_(
        pc.is_in(cells["indicator"], pa.array(rates, pa.string())), pc.is_in(cells["period"], pa.array(years))
    )
    part = cells.filter(pc.and_(wanted, pc.and_(pa.array(hidden), pc.equal(cells["state"], VALUE))))
    sums: defaultdict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for *key, n, total in zip(
        *(part[name].to_pylist() for name in ("indicator", "unit_level", "unit_id", "group", "n", "total")),
        strict=True,
    ):
        found = sums[tuple(key)]
        found[0], found[1], found[2] = found[0] + n, found[1] + total, found[2] + (n > 0)
    uneven = {
        (indicator, level, unit, group_dimensions(group))
        for (indicator, level, unit, group), (_, _, there) in sums.items()
        if there < len(years)
    }
    rows = [
        {
            "indicator": indicator,
            "unit_level": level,
            "unit_id": unit,
            "period": period_over(years),
            "group": group,
            "n": n,
            "total": total,
            "total_sq": total,
            "weight_sq": None,
            "value": total / n,
            "state": VALUE,
        }
        for (indicator, level, unit, group), (n, total, there) in sorted(sums.items())
        if there == len(years)
        and (indicator, level, unit, group_dimensions(group)) not in uneven
        and _allowed(n, total, policy)
    ]
    return pa.Table.from_pylist(rows, schema=CELLS)


def _allowed(n: float, total: float, policy: Policy) -> bool:
    """Whether the policy tells these numbers. Nobody, and everybody, are not told of years together: that
    would tell of each year.
    """
    few = (
        (total, policy.minimum_numerator),
        (n - total, policy.minimum_complement),
    )
    return (
        n >= max(policy.minimum_n, 1)
        and not any(count < max(minimum, 1) for count, minimum in few)
        and not extreme(n, total, policy).item()
    )

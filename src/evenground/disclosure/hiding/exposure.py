"""What students meet at their school: means that could tell how many hidden students are at which school.

A district's mean for a group is the sum of each school's value times its students of the group. The values
are public facts, so with as many means as hidden schools their numbers of students could be solved for. Such
a mean is therefore rounded until moving a student from one of those schools to another stays within the
rounding, and hidden where that would leave fewer than two digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.disclosure.hiding.linked import Bools, Floats, Ints
from evenground.model import CELLS, LEVELS

_DIGITS = (4, 3, 2)
_SWAPS = 2.0
"""How many students' worth of difference between schools has to fit into half a step of the rounding."""
_SPREAD_DIGITS = 2


def digits(cells: pa.Table, hidden: Bools, units: pa.Table, definitions: Definitions) -> Ints:
    """Per row how many digits of its mean may be shown: -1 all of them, 0 none.

    `cells` are the true cells, `hidden` which of them are hidden. Only means of exposures at units above the
    schools are limited, and only where a school beneath hides the same group.
    """
    shown = np.full(len(cells), -1)
    kind = {key: entry.kind for key, entry in definitions.indicators.items()}
    beneath = _hidden_schools(cells, hidden, units, kind)
    names = ("indicator", "period", "unit_level", "unit_id", "group", "n", "value")
    columns = [cells[name].to_pylist() for name in names]
    for row, (indicator, period, level, unit, group, n, value) in enumerate(zip(*columns, strict=True)):
        values = beneath.get((indicator, period, level, unit, group))
        if values and not hidden[row] and value:
            spread = _SWAPS * (max(values) - min(values))
            fits = [count for count in _DIGITS if _step(abs(value), count) / 2 * n >= spread]
            shown[row] = fits[0] if fits else 0
    return shown


def rounded(cells: pa.Table, shown: Ints) -> pa.Table:
    """The cells with the means rounded to the digits given (-1: left alone), and their sums to match.

    The standard deviation and the sum of squared sizes keep two digits, rounded up, so that no interval
    narrows.
    """
    n, total, total_sq, weight_sq, value = (
        cells[name].to_numpy(zero_copy_only=False).astype(float).copy()
        for name in ("n", "total", "total_sq", "weight_sq", "value")
    )
    for row in np.flatnonzero((shown > 0) & ~np.isnan(value)).tolist():
        spread = np.sqrt(max(total_sq[row] / n[row] - value[row] ** 2, 0.0))
        value[row] = float(f"{value[row]:.{shown[row] - 1}e}")
        total[row] = n[row] * value[row]
        total_sq[row] = n[row] * (value[row] ** 2 + _upward(spread) ** 2)
        weight_sq[row] = _upward(weight_sq[row])
    for name, numbers in (
        ("total", total),
        ("total_sq", total_sq),
        ("weight_sq", weight_sq),
        ("value", value),
    ):
        column = pa.array(numbers, pa.float64(), mask=np.isnan(numbers))
        cells = cells.set_column(cells.schema.get_field_index(name), CELLS.field(name), column)
    return cells


def _hidden_schools(
    cells: pa.Table, hidden: Bools, units: pa.Table, kind: Mapping[str, str]
) -> dict[tuple[str, str, str, str, str], list[float]]:
    """(indicator, period, level, unit, group) -> the values of the schools beneath that hide the group."""
    above = {
        (level, unit): (LEVELS[LEVELS.index(level) - 1], parent)
        for level, unit, parent in zip(
            *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
        )
        if parent is not None and level != LEVELS[0]
    }
    names = ("indicator", "period", "unit_level", "unit_id", "group", "value")
    columns = [cells[name].to_pylist() for name in names]
    found = defaultdict(list)
    for row, (indicator, period, level, unit, group, value) in enumerate(zip(*columns, strict=True)):
        if hidden[row] and level == LEVELS[-1] and kind[indicator] == "exposure" and value is not None:
            place = above.get((level, unit))
            while place is not None:
                found[indicator, period, *place, group].append(value)
                place = above.get(place)
    return found


def _step(value: float, count: int) -> float:
    """The size of the last of `count` digits of a value."""
    return float(10.0 ** (np.floor(np.log10(value)) - count + 1))


def _upward(value: Floats | float) -> float:
    """The value with two digits, rounded up; nothing stays nothing."""
    if not value > 0:
        return float(value)
    step = _step(float(value), _SPREAD_DIGITS)
    return float(np.ceil(value / step - 1e-9) * step)

"""Where the gap in exposure lies: between districts, between the schools of a district, inside schools."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evenground.measures.columns import equal_length, known_name, not_negative
from evenground.measures.estimate import floats
from evenground.measures.within import Nested, nested


def parts(
    students: npt.ArrayLike,
    value: npt.ArrayLike,
    group: npt.ArrayLike,
    levels: Sequence[npt.ArrayLike],
    *,
    first: str,
    second: str,
    draws: int = 200,
    seed: int = 1,
    confidence: float = 0.95,
) -> Nested:
    """The exposure of `first` minus that of `second`, split by `levels` (outermost first), exactly.

    Rows as in `exposure`; `levels` are columns such as [district, school]. A further part, within the last
    level, is 0 where all students of a school share its value, and is the part between classes where rows are
    classes. Rows without a value are left out. Intervals: bootstrap of the outermost units. The gap is that
    of `exposure`. Source: Kitagawa (1955), applied at each level to what is left inside the level above.
    """
    equal_length(students=students, value=value, group=group)
    (people,) = not_negative(students=students)
    number, names = floats(value), np.unique(np.asarray(group).astype(str))
    label = np.asarray(group).astype(str)
    for name in (first, second):
        known_name(name, names, "group")
    known = np.isfinite(number)
    counts = [np.where((label == name) & known, people, 0.0) for name in (first, second)]
    totals = [count * np.where(known, number, 0.0) for count in counts]
    return nested(
        levels, counts[0], totals[0], counts[1], totals[1], draws=draws, seed=seed, confidence=confidence
    )

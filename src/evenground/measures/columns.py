"""Columns that a measure is given: of one length, and never a number that cannot be meant."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import Floats, floats


def equal_length(**columns: npt.ArrayLike) -> None:
    """Raise ValueError, with every length, unless the columns are as long as each other."""
    lengths = {name: np.shape(column)[0] if np.ndim(column) else 1 for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"columns of different lengths: {said}; give one entry a row in each")


def not_negative(**columns: npt.ArrayLike) -> tuple[Floats, ...]:
    """The columns as floats. Raises ValueError where a number is below 0; NaN (not known) may be there."""
    numbers = []
    for name, column in columns.items():
        values = floats(column)
        below = np.flatnonzero(values < 0)
        if below.size:
            raise ValueError(
                f"{name} has {below.size} numbers below 0, the first in row {int(below[0])}; "
                "counts and amounts are 0 or more, NaN where not known"
            )
        numbers.append(values)
    return tuple(numbers)


def not_larger(count: npt.ArrayLike, whole: npt.ArrayLike) -> None:
    """Raise ValueError where more students are counted than there are. NaN is not larger."""
    part, of = np.broadcast_arrays(np.atleast_1d(floats(count)), np.atleast_1d(floats(whole)))
    larger = np.flatnonzero(part > of)
    if larger.size:
        raise ValueError(
            f"{larger.size} rows have more students with the outcome than students, the first is row "
            f"{int(larger[0])}; count students, not events, and over the same students"
        )


def known_name(name: str, names: npt.ArrayLike, what: str) -> int:
    """The place of `name` among `names`; ValueError with the names that are there when it is not."""
    there = np.asarray(names).astype(str)
    found = np.flatnonzero(there == str(name))
    if not found.size:
        raise ValueError(f"no {what} {name!r}; there are {', '.join(there[:20])}")
    return int(found[0])

"""A measure on the columns of a data frame, whatever library made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

Result = TypeVar("Result")


def on(frame: Any, measure: Callable[..., Result], /, **columns: str) -> Result:
    """`measure` of columns: `on(frame, dissimilarity, count="students", unit="school", group="race")`.

    `frame` is a pandas, Polars or Arrow table, or any other that narwhals reads. Each keyword is an argument
    of the measure, its value the name of a column. Options that are not columns are bound before:
    `on(frame, partial(wilson, confidence=0.9), successes="passed", n="students")`. Raises KeyError with the
    columns that are there when one is not.
    """
    import narwhals as nw

    table = nw.from_native(frame, eager_only=True)
    missing = sorted(set(columns.values()) - set(table.columns))
    if missing:
        raise KeyError(f"no column {', '.join(missing)}; there are {', '.join(table.columns)}")
    return measure(**{argument: np.asarray(table[name].to_numpy()) for argument, name in columns.items()})

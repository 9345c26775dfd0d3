"""A hidden row: what is left of a cell that must not be seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import CELLS, HIDDEN

_STATISTICS = ("n", "total", "total_sq", "weight_sq", "value")


def conceal(cells: pa.Table, hidden: npt.NDArray[np.bool_]) -> pa.Table:
    """The cells with every statistic of the marked rows taken out."""
    mask = pa.array(hidden)
    for name in _STATISTICS:
        cells = cells.set_column(
            cells.schema.get_field_index(name),
            CELLS.field(name),
            pc.if_else(mask, pa.scalar(None, pa.float64()), cells[name]),
        )
    state = pc.if_else(mask, pa.scalar(HIDDEN), cells["state"])
    return cells.set_column(cells.schema.get_field_index("state"), CELLS.field("state"), state)

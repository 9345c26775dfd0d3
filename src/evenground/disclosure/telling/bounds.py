"""What a hidden number may be, where its own publisher said so: "21-39" stays an interval."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import HIDDEN, KEYS

_LEVELS = ("rate", "mean")


def with_bounds(table: pa.Table, bounds: pa.Table | None) -> pa.Table:
    """Cells, or findings, with `low` and `high` of the rows that are hidden and have bounds.

    `bounds` has model.KEYS, low, high (of the value). Of findings only the levels of a group get them: what
    is compared with a level that nobody knows stays unknown.
    """
    if bounds is None:
        return table
    known = {
        tuple(key): (low, high)
        for *key, low, high in zip(
            *(bounds[name].to_pylist() for name in (*KEYS, "low", "high")), strict=True
        )
    }
    keys = zip(*(table[name].to_pylist() for name in KEYS), strict=True)
    hidden = pc.equal(table["state"], HIDDEN).to_pylist()
    levels = (
        [measure in _LEVELS for measure in table["measure"].to_pylist()]
        if "measure" in table.column_names
        else [True] * len(table)
    )
    found = [
        known.get(key) if is_hidden and is_level else None
        for key, is_hidden, is_level in zip(keys, hidden, levels, strict=True)
    ]
    for place, name in enumerate(("low", "high")):
        ends = pa.array([pair[place] if pair else None for pair in found], pa.float64())
        index = table.schema.get_field_index(name)
        table = table.set_column(index, table.schema.field(name), pc.coalesce(ends, table[name]))
    return table

"""What is told together because it is hidden one by one: groups, places or school years.

Such rows stand in tables beside the hidden ones. Nothing is ranked, compared or followed over time by them.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model.group import NOT_SHOWN, parse_group

_SEVERAL_YEARS = "/"


def is_rest_group(group: str) -> bool:
    """The groups of a dimension that are not shown one by one: `race_ethnicity:not_shown`."""
    return any(value == NOT_SHOWN for _, value in parse_group(group))


def is_rest_place(unit_id: str) -> bool:
    """The schools of a district, or the districts of a state, that are not shown one by one."""
    return unit_id == NOT_SHOWN or unit_id.endswith(f"/{NOT_SHOWN}")


def split_together(cells: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The rows (model.KEYS and others) that are told one by one, and those told together."""
    together = pc.or_(
        pc.match_substring(cells["period"], _SEVERAL_YEARS),
        pc.or_(_marked(cells["group"], is_rest_group), _marked(cells["unit_id"], is_rest_place)),
    )
    return cells.filter(pc.invert(together)), cells.filter(together)


def _marked(column: pa.ChunkedArray, is_rest: Callable[[str], bool]) -> pa.ChunkedArray:
    found = [text for text in column.unique().to_pylist() if is_rest(text)]
    return pc.is_in(column, value_set=pa.array(found, pa.string()))

"""What the gate's own hider hides of a table of a person's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions, Dimension, Indicator, Policy, Text
from evenground.disclosure import protect
from evenground.model import CELLS, VALUE
from evenground.questions.tally import Tally


def hidden_rows(cells: Tally, by: tuple[str, ...], policy: Policy, definitions: Definitions) -> np.ndarray:
    """Which rows the gate's own hider hides."""
    words = Text(en="table", es="tabla")
    dimension = Dimension.model_construct(name=words, overlapping=False, complete=True, values={})
    indicator = Indicator(
        name=words,
        phrase=words,
        question="table",
        domain="table",
        kind="rate" if cells.binary else "mean",
        unit="share" if cells.binary else "score",
        direction="higher",
        over="table",
        caution=words,
        collect=words,
        source="a column of the table",
        date=date.min,
        confidence="ours",
    )
    private = replace(definitions, dimensions=dict.fromkeys(by, dimension), indicators={"outcome": indicator})
    size = len(cells.group)
    columns = {
        "indicator": "outcome",
        "unit_level": "state",
        "unit_id": "table",
        "period": cells.period,
        "group": cells.group,
        "n": cells.n,
        "total": cells.successes,
        "total_sq": cells.successes if cells.binary else None,
        "weight_sq": None,
        "value": cells.successes / cells.n,
        "state": VALUE,
    }
    table = pa.table([_column(columns[field.name], field, size) for field in CELLS], schema=CELLS)
    units = pa.table(
        {
            "unit_level": ["state"],
            "unit_id": ["table"],
            "unit_name": [""],
            "parent_id": pa.nulls(1, pa.string()),
        }
    )
    shown = protect(table, units, policy, private).cells
    keys = zip(shown["period"].to_pylist(), shown["group"].to_pylist(), strict=True)
    state = dict(zip(keys, shown["state"].to_pylist(), strict=True))
    here = zip(cells.period, cells.group, strict=True)
    return np.array([state.get(place) != VALUE for place in here], dtype=bool)


def _column(values: np.ndarray | str | None, field: pa.Field, size: int) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values, field.type)
    return pa.repeat(pa.scalar(values, field.type), size)

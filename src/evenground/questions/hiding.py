"""What the gate's own hider hides of a table of a person's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions, Dimension, Indicator, Policy, Text
from evenground.disclosure import protect
from evenground.disclosure.telling.coarse import coarsened
from evenground.measures import Sums
from evenground.model import CELLS, VALUE
from evenground.questions.tally import Tally


def protected(
    cells: Tally, by: tuple[str, ...], policy: Policy, definitions: Definitions
) -> tuple[Tally, np.ndarray]:
    """The tally without a number in the rows that the gate's own hider hides, told as coarsely as the policy
    says; and which rows these are.
    """
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
        "total_sq": cells.successes if cells.binary else cells.sums.total_sq,
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
    alone = policy.model_copy(update={"roll_up": ()})  # this table has no rows told together
    shown = coarsened(protect(table, units, alone, private).cells, policy, private)
    hidden = np.array([state != VALUE for state in shown["state"].to_pylist()], dtype=bool)
    if policy.bands or policy.round_n > 1:
        n, total, total_sq = (
            shown[name].to_numpy(zero_copy_only=False).astype(float) for name in ("n", "total", "total_sq")
        )
        untold = np.full(size, np.nan)  # those who reached the outcome are told by their share alone
        cells = replace(cells, n=n, successes=untold, sums=Sums.of(n, total, total_sq))
    return cells.without(hidden), hidden


def _column(values: np.ndarray | str | None, field: pa.Field, size: int) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values, field.type)
    return pa.repeat(pa.scalar(values, field.type), size)

"""The first measures on any table, without a mapping."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa

from evenground.definitions import Definitions, Policy
from evenground.measures import (
    Direction,
    Estimate,
    Mean,
    Reference,
    Sums,
    choose,
    difference,
    index_80,
    mean,
    needed,
    percentage_point_gap,
    proportionality,
    rate,
    ratio,
)
from evenground.measures import reference as references
from evenground.model import ALL, HIDDEN, VALUE, InputProblems, group_dimensions
from evenground.questions.asked import check_reference
from evenground.questions.block import full_reference
from evenground.questions.hiding import protected
from evenground.questions.noisy import noisy_tally
from evenground.questions.tally import Tally, tally

COLUMNS = pa.schema(
    [
        ("period", pa.string()),
        ("group", pa.string()),
        ("n", pa.int64()),
        ("n_weighted", pa.float64()),
        ("successes", pa.int64()),
    ]
    + [(name, pa.float64()) for name in ("mean", "sd", "rate", "low", "high")]
    + [("reference", pa.string()), ("reference_group", pa.string())]
    + [
        (name, pa.float64())
        for name in (
            "reference_rate",
            "difference",
            "difference_low",
            "difference_high",
            "ratio",
            "ratio_low",
            "ratio_high",
            "ppg",
            "ppg_moe",
            "proportionality_index",
            "index_80",
            "needed_fixed",
            "needed_moving",
        )
    ]
    + [("state", pa.string())]
)
"""Columns of the result: rates, differences and margins are fractions, needed_* are students."""

NOISE = pa.schema([("n_error", pa.float64()), ("rate_error", pa.float64())])
"""Standard errors where chance was added: of n by the noise, in students (of successes it is smaller), and of
the rate by the noise and the play of chance, as a fraction. The intervals hold both.
"""


@dataclass(frozen=True)
class Wanted:
    """Which gaps: the columns of the table and what to compare with."""

    outcome: str
    by: tuple[str, ...]
    depth: int = 3
    period: str | None = None
    weight: str | None = None
    reference: str = "overall"
    direction: str = "higher"

    @property
    def columns(self) -> tuple[str, ...]:
        named = (self.outcome, *self.by, self.period, self.weight)
        return tuple(column for column in named if column is not None)


Known = Callable[[np.ndarray], pa.Array]
"""Turns the numbers of all rows into a column: null where a number is not known or nothing is compared."""


def gaps(
    table: pa.Table,
    wanted: Wanted,
    definitions: Definitions,
    policy: Policy | None = None,
    file: str = "table",
) -> pa.Table:
    """Every first measure for every group of up to `depth` of the `by` columns; COLUMNS, by period and group.

    Rows without an outcome (or without a weight) are left out; a row without a group counts as `unknown`.
    With a policy, what must be hidden is hidden first and every measure rests on what is left; a policy that
    adds chance gives COLUMNS and NOISE, for every group that there can be, and says in the schema's metadata
    (`noise`) what it spent. Raises InputProblems for values that are not numbers, negative weights and the
    like.
    """
    by = tuple(dict.fromkeys(wanted.by))
    if policy is not None and policy.kind == "noise":
        return _with_noise(table, wanted, by, policy, definitions, file)
    cells = tally(table, wanted.outcome, by, wanted.depth, wanted.period, wanted.weight, file)
    check_reference(wanted.reference, set(cells.group.tolist()))
    hidden = np.zeros(len(cells.group), dtype=bool)
    if policy is not None:
        if wanted.weight is not None and (policy.bands or policy.round_n > 1):
            found, todo = "weights", "leave out --weight, or choose a policy that does not round"
            raise InputProblems.one("--weight", found, "no weights with a policy that rounds", todo)
        cells, hidden = protected(cells, by, policy, definitions)
    return _measured(cells, hidden, wanted, definitions)


def _with_noise(
    table: pa.Table,
    wanted: Wanted,
    by: tuple[str, ...],
    policy: Policy,
    definitions: Definitions,
    file: str,
) -> pa.Table:
    if wanted.weight is not None:
        found, todo = "weights", "leave out --weight, or choose a policy that hides"
        raise InputProblems.one("--weight", found, "no weights with a policy that adds chance", todo)
    noise = noisy_tally(table, wanted.outcome, by, wanted.depth, wanted.period, policy, definitions, file)
    check_reference(wanted.reference, set(noise.tally.group.tolist()))
    shown = np.zeros(len(noise.tally.group), dtype=bool)
    measured = _measured(noise.tally, shown, wanted, definitions)
    for field, error in zip(NOISE, (noise.n_error, noise.rate_error), strict=True):
        measured = measured.append_column(field, pa.array(error, field.type, mask=np.isnan(error)))
    account = {**noise.spent.report(), "defined": list(noise.defined), "found": list(noise.found)}
    return measured.replace_schema_metadata({"noise": json.dumps(account)})


def _measured(
    cells: Tally,
    hidden: np.ndarray,
    wanted: Wanted,
    definitions: Definitions,
) -> pa.Table:
    confidence = definitions.parameter("confidence")
    compared, family, whole = cells.group != ALL, _families(cells), _everybody(cells)
    chosen = choose(
        full_reference(wanted.reference, cells.group),
        cells.sums,
        whole=whole,
        block=family,
        keys=cells.group,
        minimum=definitions.parameter("minimum_reference_n"),
        direction=cast(Direction, wanted.direction),
    )
    served = [ALL if wanted.reference == "overall" else _key_of(cells, row) for row in chosen.index]

    def said(texts: list[str | None]) -> list[str | None]:
        return [text if there else None for text, there in zip(texts, compared, strict=True)]

    def known(values: np.ndarray) -> pa.Array:
        return pa.array(values, pa.float64(), mask=~compared | np.isnan(values))

    columns = {
        "period": cells.period,
        "group": cells.group,
        **_levels(cells, confidence),
        "reference": said([wanted.reference] * len(compared)),
        "reference_group": said(served),
        "reference_rate": known(chosen.rate),
        **_compared(cells, chosen, confidence, known),
        "state": np.where(hidden, HIDDEN, VALUE),
    }
    if cells.binary:
        columns |= _impact(cells, chosen, whole, family, wanted, definitions, known)
    nothing = pa.nulls(len(cells.group), pa.float64())
    return pa.table(
        [pa.array(columns.get(field.name, nothing), field.type) for field in COLUMNS], schema=COLUMNS
    )


def _families(cells: Tally) -> np.ndarray:
    """Equal numbers for the groups of one period and one set of columns."""
    names = ["+".join(group_dimensions(key)) for key in cells.group]
    keys = np.array([f"{period}\n{name}" for period, name in zip(cells.period, names, strict=True)])
    return np.unique(keys, return_inverse=True)[1]


def _everybody(cells: Tally) -> Sums:
    """For each row everybody in its period."""
    rows = {cells.period[row]: row for row in np.flatnonzero(cells.group == ALL)}
    return cells.sums.take(np.array([rows[period] for period in cells.period]))


def _key_of(cells: Tally, row: int) -> str | None:
    return cells.group[row] if row >= 0 else None


def _levels(cells: Tally, confidence: float) -> dict[str, pa.Array]:
    """What each group has: counts, rate or mean, interval."""
    level = (rate if cells.binary else mean).estimate(cells.sums, confidence)
    found = {"n_weighted": cells.sums.n, "low": level.low, "high": level.high}
    if isinstance(level, Mean):
        found |= {"mean": level.value, "sd": level.sd}
    else:
        found |= {"rate": level.value}
    counts = {"n": cells.n, "successes": cells.successes} if cells.binary else {"n": cells.n}
    whole = {
        name: pa.array(np.nan_to_num(column).astype(np.int64), mask=np.isnan(column))
        for name, column in counts.items()
    }
    return whole | {
        name: pa.array(column, pa.float64(), mask=np.isnan(column)) for name, column in found.items()
    }


def _compared(cells: Tally, chosen: Reference, confidence: float, known: Known) -> dict[str, pa.Array]:
    """How far each group is from its reference, and how many times."""
    if cells.binary:
        apart = difference.rates_to_reference(cells.sums, chosen, confidence)
        times = ratio.rates_to_reference(cells.sums, chosen, confidence)
    else:
        apart = difference.means_to_reference(cells.sums, chosen, confidence)
        times = ratio.means_to_reference(cells.sums, chosen, confidence)
    return _interval("difference", apart, known) | _interval("ratio", times, known)


def _interval(name: str, estimate: Estimate, known: Known) -> dict[str, pa.Array]:
    bounds = {f"{name}_low": known(estimate.low), f"{name}_high": known(estimate.high)}
    return {name: known(estimate.value), **bounds}


def _impact(
    cells: Tally,
    chosen: Reference,
    whole: Sums,
    family: np.ndarray,
    wanted: Wanted,
    definitions: Definitions,
    known: Known,
) -> dict[str, pa.Array]:
    """Disproportionate impact, and what it would take."""
    direction, cutoff = cast(Direction, wanted.direction), definitions.parameter("index_cutoff")
    gap = percentage_point_gap(
        cells.sums, chosen, minimum=definitions.parameter("minimum_margin"), direction=direction
    )
    best = references.highest(
        cells.sums, family, minimum=definitions.parameter("minimum_reference_n"), direction=direction
    )
    students = needed(cells.sums, chosen, direction=direction)
    share = proportionality(cells.sums, whole, cutoff=cutoff, direction=direction)
    found = {
        "ppg": gap.value,
        "ppg_moe": gap.margin,
        "proportionality_index": share.value,
        "index_80": index_80(cells.sums, best, cutoff=cutoff, direction=direction).value,
        "needed_fixed": students.fixed,
        "needed_moving": students.moving,
    }
    return {name: known(values) for name, values in found.items()}

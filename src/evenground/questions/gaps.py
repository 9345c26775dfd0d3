"""The first measures on any table, without a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions, Dimension, Indicator, Policy, Text
from evenground.disclosure import protect
from evenground.measures import Estimate, Sums, choose, difference, index_80, mean, needed, percentage_point_gap, proportionality, rate, ratio
from evenground.measures import reference as references
from evenground.model import ALL, CELLS, ERROR, HIDDEN, VALUE, InputProblems, Problem, group_dimensions, group_key, parse_period
from evenground.questions.asked import check_reference
from evenground.questions.block import full_reference

UNKNOWN = "unknown"
_TRUTHS = {"true": 1.0, "false": 0.0}
_DENSE = 1 << 22
"""Up to this many possible groups are counted in one array; beyond, only those that occur."""
_LISTED = 20

COLUMNS = pa.schema(
    [("period", pa.string()), ("group", pa.string()), ("n", pa.int64()), ("n_weighted", pa.float64()), ("successes", pa.int64())]
    + [(name, pa.float64()) for name in ("mean", "sd", "rate", "low", "high")]
    + [("reference", pa.string()), ("reference_group", pa.string())]
    + [
        (name, pa.float64())
        for name in (
            "reference_rate", "difference", "difference_low", "difference_high", "ratio", "ratio_low", "ratio_high", "ppg", "ppg_moe",
            "proportionality_index", "index_80", "needed_fixed", "needed_moving",
        )
    ]
    + [("state", pa.string())]
)
"""Columns of the result: rates, differences and margins are fractions, needed_* are students."""


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
        return tuple(column for column in (self.outcome, *self.by, self.period, self.weight) if column is not None)


@dataclass(frozen=True)
class _Cells:
    """One row a (period, group): its key and period, unweighted n and successes, weighted sums."""

    period: np.ndarray
    group: np.ndarray
    n: np.ndarray
    successes: np.ndarray
    sums: Sums
    hidden: np.ndarray


def gaps(table: pa.Table, wanted: Wanted, definitions: Definitions, policy: Policy | None = None, file: str = "table") -> pa.Table:
    """Every first measure for every group of up to `depth` of the `by` columns; COLUMNS, ordered by period and group.

    Rows without an outcome are left out; a row without a group counts as `unknown`. With a policy, what must be hidden is hidden first and
    every measure rests on what is left. Raises InputProblems for values that are not numbers, negative weights and the like.
    """
    leaves = _leaves(table, wanted, file)
    cells = _rolled(leaves, wanted)
    check_reference(wanted.reference, set(cells.group.tolist()))
    if policy is not None:
        cells = _protected(cells, wanted, leaves.binary, policy, definitions)
    return _measured(cells, wanted, leaves.binary, definitions)


@dataclass(frozen=True)
class _Leaves:
    """The finest groups: codes of period and `by` columns with their labels, and the counts and sums of _STATS."""

    codes: tuple[np.ndarray, ...]
    labels: tuple[list[str], ...]
    stats: np.ndarray
    binary: bool


def _leaves(table: pa.Table, wanted: Wanted, file: str) -> _Leaves:
    """One pass over the rows."""
    y = _numbers(table, wanted.outcome, file)
    w = _numbers(table, wanted.weight, file) if wanted.weight else np.ones(len(y))
    if (w < 0).any():
        raise InputProblems.one(file, "a negative weight", "weights of 0 or more", "correct the weights", column=wanted.weight)
    coded = [_periods(table, wanted.period), *(_coded(table, column) for column in wanted.by)]
    rows = np.flatnonzero(~np.isnan(y) & (w > 0))
    if not len(rows):
        raise InputProblems.one(file, "no row with an outcome", "at least one", "check the outcome column", column=wanted.outcome)
    everything = len(rows) == len(y)
    y, w = (y, w) if everything else (y[rows], w[rows])
    code = np.zeros(len(rows), dtype=np.int64)
    for codes, labels in coded:
        code = code * len(labels) + (codes if everything else codes[rows])
    distinct, cell = np.unique(code, return_inverse=True) if _width(coded) > _DENSE else (np.arange(_width(coded)), code)
    weighted = wanted.weight is not None
    n, s = np.bincount(cell, minlength=len(distinct)), np.bincount(cell, weights=y, minlength=len(distinct))
    binary = bool(((y == 0) | (y == 1)).all())
    squares = s if binary and not weighted else np.bincount(cell, weights=w * y * y, minlength=len(distinct))
    if weighted:
        rest = [np.bincount(cell, weights=column, minlength=len(distinct)) for column in (w, w * w, w * y)]
    else:
        rest = [n, n, s]
    there = np.flatnonzero(n)
    stats = np.column_stack([n, s, *rest, squares])[there].astype(float)
    left, parts = distinct[there], []
    for _, labels in reversed(coded):
        left, part = np.divmod(left, len(labels))
        parts.append(part)
    return _Leaves(tuple(reversed(parts)), tuple(labels for _, labels in coded), stats, binary)


def _width(coded: Sequence[tuple[np.ndarray, list[str]]]) -> int:
    return int(np.prod([len(labels) for _, labels in coded], dtype=object))


def _numbers(table: pa.Table, column: str, file: str) -> np.ndarray:
    """A column as numbers, NaN where it is empty; true and false count as 1 and 0."""
    values = table[column].combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        try:
            return np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputProblems.one(file, f"values of type {values.type}", "0/1 or numbers", "choose a column of numbers", column=column) from error
    encoded = values.dictionary_encode()
    parsed = np.array([_parsed(text) for text in encoded.dictionary.to_pylist()] + [np.nan], dtype=object)
    codes = pc.fill_null(encoded.indices, len(parsed) - 1).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(np.array([number is None for number in parsed])[codes])
    if len(wrong):
        allowed = "0/1, true/false or numbers; empty where it is not known"
        raise InputProblems([Problem(ERROR, file, "text that is not a number", allowed, "correct the value", int(row) + 2, column) for row in wrong[:_LISTED]])
    return parsed.astype(float)[codes]


def _parsed(text: str) -> float | None:
    """A number, NaN for nothing, None for what is neither."""
    word = text.strip().lower()
    if not word:
        return np.nan
    try:
        number = float(_TRUTHS.get(word, word))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _coded(table: pa.Table, column: str) -> tuple[np.ndarray, list[str]]:
    """A column as codes and labels in alphabetical order; empty is `unknown`."""
    values = table[column].combine_chunks()
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    texts = pc.cast(encoded.dictionary, pa.string()).to_pylist()
    written = [(text or "").strip() or UNKNOWN for text in texts] + [UNKNOWN]
    labels = sorted(set(written))
    place = {label: code for code, label in enumerate(labels)}
    again = np.array([place[label] for label in written], dtype=np.int64)
    return again[pc.fill_null(pc.cast(encoded.indices, pa.int64()), len(written) - 1).to_numpy(zero_copy_only=False)], labels


def _periods(table: pa.Table, column: str | None) -> tuple[np.ndarray, list[str]]:
    """School years named one way where they can be; other periods as they are written."""
    if column is None:
        return np.zeros(table.num_rows, dtype=np.int64), [""]
    codes, labels = _coded(table, column)
    named = [_period(label) for label in labels]
    merged = sorted(set(named))
    return np.array([merged.index(name) for name in named])[codes], merged


def _period(text: str) -> str:
    try:
        return parse_period(text)
    except ValueError:
        return text


def _rolled(leaves: _Leaves, wanted: Wanted) -> _Cells:
    """Every group of up to `depth` columns from the finest ones."""
    parts: list[tuple[np.ndarray, list[str], np.ndarray]] = []
    for cut in _cuts(len(wanted.by), wanted.depth):
        code, width = leaves.codes[0].astype(np.int64), 1
        for place in cut:
            size = len(leaves.labels[place])
            code, width = code * size + leaves.codes[place], width * size
        distinct, inverse = np.unique(code, return_inverse=True)
        sums = np.column_stack([np.bincount(inverse, weights=column, minlength=len(distinct)) for column in leaves.stats.T])
        parts.append((distinct // width, [_spelled(int(value), cut, leaves.labels, wanted.by) for value in distinct % width], sums))
    sums = np.vstack([part[2] for part in parts])
    period = np.concatenate([np.asarray(leaves.labels[0], dtype=object)[part[0]] for part in parts])
    group = np.array([key for part in parts for key in part[1]], dtype=object)
    order = np.lexsort((group.astype(str), [len(group_dimensions(key)) for key in group], period.astype(str)))
    n, s, w, ww, wy, wyy = sums[order].T
    return _Cells(period[order], group[order], n, s, Sums(w, wy, wyy, ww), np.zeros(len(order), dtype=bool))


def _cuts(columns: int, depth: int) -> list[tuple[int, ...]]:
    """Sets of up to `depth` of the columns, numbered from 1 (0 is the period)."""
    return [cut for size in range(min(columns, depth) + 1) for cut in combinations(range(1, columns + 1), size)]


def _spelled(code: int, cut: tuple[int, ...], labels: Sequence[list[str]], by: Sequence[str]) -> str:
    pairs = []
    for place in reversed(cut):
        code, value = divmod(code, len(labels[place]))
        pairs.append((by[place - 1], labels[place][value]))
    return group_key(pairs)


def _protected(cells: _Cells, wanted: Wanted, binary: bool, policy: Policy, definitions: Definitions) -> _Cells:
    """The same cells with what must be hidden taken out, by the gate's own hider."""
    words = Text(en=wanted.outcome, es=wanted.outcome)
    origin = {"source": "column of the table", "date": date(2000, 1, 1), "confidence": "ours"}
    dimension = Dimension(name=words, overlapping=False, complete=True, values={}, **origin)
    indicator = Indicator(
        name=words, phrase=words, question="doors", domain="table", kind="rate" if binary else "mean", unit="share" if binary else "score", direction="higher",
        over="enrolled", caution=words, collect=words, **origin,
    )
    private = replace(definitions, dimensions=dict.fromkeys(wanted.by, dimension), indicators={"outcome": indicator})
    size = len(cells.group)
    text = [pa.repeat(pa.scalar(word), size) for word in ("outcome", "state", "table")]
    squares = cells.successes if binary else np.full(size, np.nan)
    table = pa.table(
        [*text, pa.array(cells.period, pa.string()), pa.array(cells.group, pa.string()), pa.array(cells.n), pa.array(cells.successes), pa.array(squares),
         pa.nulls(size, pa.float64()), pa.array(cells.successes / cells.n), pa.repeat(pa.scalar(VALUE), size)], schema=CELLS,
    )
    units = pa.table({"unit_level": ["state"], "unit_id": ["table"], "unit_name": [""], "parent_id": pa.array([None], pa.string())})
    shown = protect(table, units, policy, private).cells
    state = {(period, group): state for period, group, state in zip(*(shown[name].to_pylist() for name in ("period", "group", "state")), strict=True)}
    hidden = np.array([state.get((period, group)) != VALUE for period, group in zip(cells.period, cells.group, strict=True)])
    return _Cells(cells.period, cells.group, _hide(cells.n, hidden), _hide(cells.successes, hidden), Sums(*(_hide(column, hidden) for column in (cells.sums.n, cells.sums.total, cells.sums.total_sq, cells.sums.weight_sq))), hidden)


def _hide(column: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    return np.where(hidden, np.nan, column)


def _measured(cells: _Cells, wanted: Wanted, binary: bool, definitions: Definitions) -> pa.Table:
    confidence, minimum = definitions.parameter("confidence"), definitions.parameter("minimum_reference_n")
    everybody = {period: row for row, (period, group) in enumerate(zip(cells.period, cells.group, strict=True)) if group == ALL}
    whole = cells.sums.take(np.array([everybody[period] for period in cells.period]))
    dimension = np.array(["+".join(group_dimensions(key)) for key in cells.group], dtype=object)
    _, family = np.unique(np.array([f"{period}\n{cut}" for period, cut in zip(cells.period, dimension, strict=True)]), return_inverse=True)
    chosen = choose(full_reference(wanted.reference, cells.group), cells.sums, whole=whole, block=family, keys=cells.group, minimum=minimum, direction=wanted.direction)  # type: ignore[arg-type]
    compared = cells.group != ALL
    level = rate.estimate(cells.sums, confidence) if binary else mean.estimate(cells.sums, confidence)
    gap, times = (measure.rates_to_reference if binary else measure.means_to_reference for measure in (difference, ratio))
    apart, ratios = gap(cells.sums, chosen, confidence), times(cells.sums, chosen, confidence)
    served = [ALL if wanted.reference == "overall" else (cells.group[row] if row >= 0 else None) for row in chosen.index]

    def known(values: np.ndarray, where: np.ndarray = compared) -> pa.Array:
        return pa.array(values, pa.float64(), mask=~where | np.isnan(values))

    def whole_number(values: np.ndarray) -> pa.Array:
        return pa.array(np.nan_to_num(values).astype(np.int64), pa.int64(), mask=np.isnan(values))

    nothing = pa.nulls(len(cells.group), pa.float64())
    always = np.ones(len(cells.group), dtype=bool)
    columns = {
        "period": pa.array(cells.period, pa.string()), "group": pa.array(cells.group, pa.string()),
        "n": whole_number(cells.n), "n_weighted": known(cells.sums.n, always), "successes": whole_number(cells.successes) if binary else pa.nulls(len(cells.group), pa.int64()),
        "mean": nothing if binary else known(level.value, always), "sd": nothing if binary else known(level.sd, always), "rate": known(level.value, always) if binary else nothing,  # type: ignore[union-attr]
        "low": known(level.low, always), "high": known(level.high, always),
        "reference": pa.array([wanted.reference if row else None for row in compared], pa.string()),
        "reference_group": pa.array([key if row else None for key, row in zip(served, compared, strict=True)], pa.string()),
        "reference_rate": known(chosen.rate), **_interval("difference", apart, known), **_interval("ratio", ratios, known),
        **{name: nothing for name in ("ppg", "ppg_moe", "proportionality_index", "index_80", "needed_fixed", "needed_moving")},
        "state": pa.array(np.where(cells.hidden, HIDDEN, VALUE).tolist(), pa.string()),
    }
    if binary:
        columns.update(_impact(cells, chosen, whole, family, wanted, definitions, known))
    return pa.table([columns[name] for name in COLUMNS.names], schema=COLUMNS)


def _interval(name: str, estimate: Estimate, known) -> dict[str, pa.Array]:  # type: ignore[no-untyped-def]
    return {name: known(estimate.value), f"{name}_low": known(estimate.low), f"{name}_high": known(estimate.high)}


def _impact(cells: _Cells, chosen: references.Reference, whole: Sums, family: np.ndarray, wanted: Wanted, definitions: Definitions, known) -> dict[str, pa.Array]:  # type: ignore[no-untyped-def]
    direction, cutoff = wanted.direction, definitions.parameter("index_cutoff")
    gap = percentage_point_gap(cells.sums, chosen, minimum=definitions.parameter("minimum_margin"), direction=direction)  # type: ignore[arg-type]
    best = references.highest(cells.sums, family, minimum=definitions.parameter("minimum_reference_n"), direction=direction)  # type: ignore[arg-type]
    students = needed(cells.sums, chosen, direction=direction)  # type: ignore[arg-type]
    return {
        "ppg": known(gap.value), "ppg_moe": known(gap.margin),
        "proportionality_index": known(proportionality(cells.sums, whole, cutoff=cutoff, direction=direction).value),  # type: ignore[arg-type]
        "index_80": known(index_80(cells.sums, best, cutoff=cutoff, direction=direction).value),  # type: ignore[arg-type]
        "needed_fixed": known(students.fixed), "needed_moving": known(students.moving),
    }

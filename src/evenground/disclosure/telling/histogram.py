"""A review with noise: the finest counts of an indicator and a year get noise, every cell is their sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.suppress import Protection
from evenground.disclosure.telling.noise import Ints, Spent, added
from evenground.measures.estimate import normal_quantile
from evenground.measures.noise import variance
from evenground.model import (
    CELLS,
    ERROR,
    HIDDEN,
    KEYS,
    LEVELS,
    VALUE,
    InputProblems,
    Problem,
    group_dimensions,
    group_key,
    parse_group,
)

_SIDES = 2  # reached the outcome, and did not
_UNKNOWN = "unknown"
NOISY = pa.schema([*CELLS, ("noise", pa.float64())])
"""CELLS, and of each rate the variance of the noise on those who reached the outcome (see Sums.noise)."""

Place = tuple[str, str]


@dataclass(frozen=True)
class Frame:
    """All that is counted, taken as known to everybody: units of the finest level, dimensions with all their
    values, the units to tell of (with the finest units that each holds) and the cuts to tell at their levels.
    """

    level: str
    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    above: Mapping[Place, tuple[str, ...]]
    cuts: Mapping[str, tuple[tuple[str, ...], ...]]


def noised(cells: pa.Table, units: pa.Table, policy: Policy, definitions: Definitions) -> Protection:
    """Cells (NOISY) with noise in place of true cells (model.CELLS): a histogram for each indicator and
    school year, by the finest units and all dimensions at once.

    There is a row for every group that there can be. One of which noise could make up all students is
    `hidden`. `report["noise"]` says what was spent and how far the noise goes. Raises InputProblems where
    noise does not serve, saying why.
    """
    if problems := list(_unfit(cells, definitions)):
        raise InputProblems(problems)
    assert policy.epsilon is not None, "the rules of a policy have been checked"
    frame = _frame(cells, units, definitions)
    rows: list[dict[str, object]] = []
    bins, histograms = 0, 0
    for (indicator, period), known in sorted(_finest(cells, frame).items()):
        places = sorted({place for place, _ in known})
        counts = _counted(known, places, frame)
        if counts.size > (most := int(definitions.parameter("noise_most_bins"))):
            raise InputProblems.one(
                "--policy",
                f"{counts.size:,} counts of {indicator} in {period}: {counts.shape[0]} units of level "
                f"{frame.level} by {', '.join(frame.dimensions) or 'nothing'}",
                f"at most {most:,} for noise",
                "ask for fewer dimensions (--by) or one district (--unit), or use a policy that hides",
            )
        noisy, histograms = added(counts, policy.epsilon), histograms + 1
        bins = max(bins, counts.size)
        rows.extend(_told(noisy, places, indicator, period, frame, policy.epsilon, definitions))
    found = pa.Table.from_pylist(rows, schema=NOISY).sort_by([(key, "ascending") for key in KEYS])
    return Protection(found, _report(found, Spent(policy.epsilon, histograms, bins), definitions))


def _unfit(cells: pa.Table, definitions: Definitions) -> Iterator[Problem]:
    """Why these cells cannot be told with noise."""

    def no(found: str, allowed: str, todo: str) -> Problem:
        return Problem(ERROR, "--policy noise", found, allowed, todo)

    indicators = cells["indicator"].unique().to_pylist()
    means = [key for key in indicators if definitions.indicators[key].kind != "rate"]
    if means:
        yield no(
            f"means: {', '.join(sorted(means))}",
            "rates, of which one student changes one count by one",
            "name rates with --indicators, or use a policy that hides",
        )
    groups = cells["group"].unique().to_pylist()
    named = sorted({name for group in groups for name in group_dimensions(group)})
    odd = [
        name
        for name in named
        if not definitions.dimensions[name].complete or definitions.dimensions[name].overlapping
    ]
    if odd:
        yield no(
            f"dimensions that overlap: {', '.join(odd)}", "each student in one group", "leave out of --by"
        )
    elif not any(group_dimensions(group) == tuple(named) for group in groups):
        yield no(
            f"no group by all of {', '.join(named)} at once",
            "every group from one table of them all",
            f"name a few, such as --by {','.join(named[:2])}, and a --depth that crosses them all",
        )
    known = [
        state == VALUE and n is not None
        for state, n in zip(cells["state"].to_pylist(), cells["n"].to_pylist(), strict=True)
    ]
    if not all(known):
        yield no(
            f"{len(known) - sum(known):,} cells without a number",
            "true counts of every cell",
            "use a policy that hides, or the publisher's own",
        )


def _frame(cells: pa.Table, units: pa.Table, definitions: Definitions) -> Frame:
    cuts: dict[str, set[tuple[str, ...]]] = {}
    for level, group in zip(cells["unit_level"].to_pylist(), cells["group"].to_pylist(), strict=True):
        cuts.setdefault(level, set()).add(group_dimensions(group))
    level = max(cuts, key=LEVELS.index)
    dimensions = max((cut for some in cuts.values() for cut in some), key=len)
    shown = set(zip(cells["unit_level"].to_pylist(), cells["unit_id"].to_pylist(), strict=True))
    parent = {
        (level, identity): (LEVELS[LEVELS.index(level) - 1], above)
        for level, identity, above in zip(
            *(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True
        )
        if above is not None and level != LEVELS[0]
    }
    above: dict[Place, tuple[str, ...]] = {}
    for place in sorted(place for place in shown if place[0] == level):
        one: Place | None = place
        while one is not None:
            if one in shown:
                above[one] = (*above.get(one, ()), place[1])
            one = parent.get(one)
    values = tuple((*definitions.dimensions[name].values, _UNKNOWN) for name in dimensions)
    return Frame(level, dimensions, values, above, {key: tuple(sorted(some)) for key, some in cuts.items()})


def _finest(
    cells: pa.Table, frame: Frame
) -> dict[tuple[str, str], dict[tuple[str, str], tuple[float, float]]]:
    """(indicator, period) -> (unit, finest group) -> (n, reached)."""
    found: dict[tuple[str, str], dict[tuple[str, str], tuple[float, float]]] = {}
    names = ("indicator", "period", "unit_level", "unit_id", "group", "n", "total")
    for indicator, period, level, unit, group, n, total in zip(
        *(cells[name].to_pylist() for name in names), strict=True
    ):
        if level == frame.level and group_dimensions(group) == frame.dimensions:
            found.setdefault((indicator, period), {})[unit, group] = (n, total)
    return found


def _counted(
    known: Mapping[tuple[str, str], tuple[float, float]], places: Sequence[str], frame: Frame
) -> Ints:
    """[unit, a value of each dimension ..., side] -> students."""
    counts = np.zeros((len(places), *map(len, frame.values), _SIDES), dtype=np.int64)
    row = {place: index for index, place in enumerate(places)}
    for (unit, group), (n, total) in known.items():
        at = [
            values.index(value) for values, (_, value) in zip(frame.values, parse_group(group), strict=True)
        ]
        counts[(row[unit], *at)] = (round(total), round(n - total))
    return counts


def _told(
    noisy: Ints,
    places: Sequence[str],
    indicator: str,
    period: str,
    frame: Frame,
    epsilon: float,
    definitions: Definitions,
) -> Iterator[dict[str, object]]:
    """Every cell of a histogram: its bins summed."""
    bin_variance = variance(epsilon)
    least = normal_quantile(definitions.parameter("confidence"))
    for (level, unit), held in sorted(frame.above.items()):
        inside = np.isin(places, held)
        if not inside.any():
            continue
        table = noisy[inside].sum(axis=0)
        for cut in frame.cuts.get(level, ()):
            out = tuple(axis for axis, name in enumerate(frame.dimensions) if name not in cut)
            sums = table.sum(axis=out) if out else table
            kept = [
                values for name, values in zip(frame.dimensions, frame.values, strict=True) if name in cut
            ]
            bins = int(inside.sum()) * table.size // int(np.prod([len(values) for values in kept], dtype=int))
            for at in np.ndindex(sums.shape[:-1]):
                reached, rest = (int(side) for side in sums[at])
                enough = reached + rest >= max(least * np.sqrt(bins * bin_variance), 1.0)
                group = group_key((name, values[i]) for name, values, i in zip(cut, kept, at, strict=True))
                keys = (indicator, level, unit, period, group)
                yield dict(zip(KEYS, keys, strict=True)) | _numbers(reached, rest, bins, bin_variance, enough)


def _numbers(reached: int, rest: int, bins: int, bin_variance: float, enough: bool) -> dict[str, object]:
    if not enough:
        return dict.fromkeys(("n", "total", "total_sq", "weight_sq", "value", "noise")) | {"state": HIDDEN}
    total, n = float(max(reached, 0)), float(max(reached, 0) + max(rest, 0))
    return {
        "n": n,
        "total": total,
        "total_sq": total,
        "weight_sq": None,
        "value": total / n,
        "state": VALUE,
        "noise": bins / _SIDES * bin_variance,
    }


def _report(cells: pa.Table, spent: Spent, definitions: Definitions) -> dict[str, object]:
    """What was spent, and how far the noise moves the n of all students of the widest place and of a single
    group at the finest, in `confidence` of the cases.
    """
    states = cells["state"].to_pylist()
    one = normal_quantile(definitions.parameter("confidence")) * np.sqrt(variance(spent.epsilon))
    return {
        "cells": len(cells),
        "published": states.count(VALUE),
        "hidden_by_source": 0,
        "too_few_beside_noise": states.count(HIDDEN),
        "noise": {
            **spent.report(),
            "n_of_everybody_within": float(np.ceil(one * np.sqrt(spent.bins))),
            "n_of_a_finest_group_within": float(np.ceil(one * np.sqrt(_SIDES))),
        },
    }

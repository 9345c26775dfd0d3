"""Nested units: how much of segregation lies between states, districts, schools, and classes in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.measures.estimate import (
    Estimate,
    Floats,
    Texts,
    floats,
    normal_quantile,
    quiet,
    quotient,
    seen_error,
)
from evenground.measures.segregation.information import entropy
from evenground.measures.segregation.table import DOWN, INDEPENDENT, Index, Labels, coded


@dataclass(frozen=True)
class Nested(Estimate):
    """Parts of M by level, from the coarsest to the finest; `value` sums to `total`.

    levels   their names; the first part lies between its units, each other one within the units of the level
             above it
    h        the same parts of H, which sum to `total_h`
    share    the same as shares of the whole, which sum to 1
    """

    levels: Texts
    h: Floats
    share: Floats
    total: Floats
    total_h: Floats


@dataclass(frozen=True)
class Within(Estimate):
    """Segregation inside each block, such as between the schools of each district.

    value, low, high   M inside the block, in nats
    h                  H inside the block; NaN where the block has students of one group only
    blocks, n, share   its label, its students, their share of all
    contribution       share times value: the drop in M if all units of the block had its mix
    contribution_h     the same of H
    """

    h: Floats
    blocks: Labels
    n: Floats
    share: Floats
    contribution: Floats
    contribution_h: Floats


@quiet
def nested(
    *, count: npt.ArrayLike, group: npt.ArrayLike, confidence: float = 0.95, **levels: npt.ArrayLike
) -> Nested:
    """M and H in parts by level: `nested(count=, group=, state=, district=, school=)`, coarsest first.

    Columns of one length; any names and any number of levels. A unit is told by its label and those above
    it, so that school "1" of one district is not school "1" of another. With M_k the M between the units of
    level k, the parts are M_1, M_2 - M_1, M_3 - M_2, ...; the same divided by E for H. Intervals by the
    delta method, each reaching down by what small units add. Raises ValueError without a level. Source:
    Frankel and Volij (2011), Journal of Economic Theory 146:1-38.
    """
    if not levels:
        raise ValueError("no level; name at least one column of units, such as school=")
    counts, (groups, *units), _ = coded(count, group, *levels.values())
    inside, told = np.zeros(counts.size, np.int64), [np.zeros(counts.size)]
    chance, everybody = [0.0], np.zeros(counts.size, np.int64)
    for level in units:
        inside = _numbered(inside, level)
        told.append(_told(counts, inside, groups))
        chance.append(float(_chance(counts, inside, groups, everybody, 1)[0]))
    steps, n = np.diff(told, axis=0), counts.sum()
    value = steps @ counts / n
    half = normal_quantile(confidence) * seen_error(np.sqrt((steps - value[:, None]) ** 2 @ counts) / n)
    mixed = entropy(counts, groups).value
    return Nested(
        value=value,
        low=np.maximum(value - half - np.maximum(np.diff(chance), 0.0), 0.0),
        high=value + half,
        levels=np.array(list(levels)),
        h=quotient(value, mixed),
        share=quotient(value, value.sum()),
        total=floats(value.sum()),
        total_h=quotient(value.sum(), mixed),
        assumed=(INDEPENDENT, "delta method", DOWN),
    )


@quiet
def within(
    count: npt.ArrayLike,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    block: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> Within:
    """M and H between the units of each block, and what each block adds to the whole.

    Columns of one length. M between the blocks (`mutual_information` with unit=block) plus the sum of
    `contribution` is M between all units; the same holds for H and `contribution_h`. Blocks without
    students are left out. Intervals by the delta method, each reaching down by what small units add; none
    of a block with one unit. Source: Mora and Ruiz-Castillo (2011), Sociological Methodology 41:159-194;
    Reardon, Yun and Eitle (2000), Demography 37:351-364.
    """
    counts, (units, groups, blocks), (_, _, labels) = coded(count, unit, group, block)
    n = floats(np.bincount(blocks, weights=counts, minlength=labels.size))
    told = _told(counts, _numbered(blocks, units), groups) - _told(counts, blocks, groups)

    def mean(values: Floats) -> Floats:
        return quotient(np.bincount(blocks, weights=counts * values, minlength=labels.size), n)

    value = mean(told)
    value = np.maximum(value, 0.0)  # rounding may leave -1e-17
    half = normal_quantile(confidence) * seen_error(np.sqrt(quotient(mean((told - value[blocks]) ** 2), n)))
    chance = np.maximum(_chance(counts, _numbered(blocks, units), groups, blocks, labels.size), 0.0)
    mixed = mean(_rarity(counts, blocks, groups))
    share, whole = n / n.sum(), float(entropy(counts, groups).value)
    some = n > 0
    return Within(
        value=value[some],
        low=np.maximum(value - half - chance, 0.0)[some],
        high=(value + half)[some],
        h=np.where(mixed > 0, value / mixed, np.nan)[some],
        blocks=labels[some],
        n=n[some],
        share=share[some],
        contribution=(share * value)[some],
        contribution_h=quotient(share * value, whole)[some],
        assumed=(INDEPENDENT, "delta method", DOWN),
    )


def _told(counts: Floats, units: Index, groups: Index) -> Floats:
    """For each row log(p_ug/(p_u p_g)), with the p of the whole table; 0 where a row has no students."""
    together = counts.sum() * _summed(counts, _numbered(units, groups))
    apart = _summed(counts, units) * _summed(counts, groups)
    return np.asarray(np.where(counts > 0, np.log(together / apart), 0.0))


def _chance(counts: Floats, units: Index, groups: Index, blocks: Index, many: int) -> Floats:
    """What chance alone is expected to add to M inside each block, as `miller_madow`: (cells with students -
    units - groups + 1)/(2n)."""
    some = counts > 0

    def different(codes: Index) -> Floats:
        _, first = np.unique(codes[some], return_index=True)
        return floats(np.bincount(blocks[some][first], minlength=many))

    cells = different(_numbered(units, groups)) - different(units) - different(_numbered(blocks, groups)) + 1
    return quotient(cells, 2 * np.bincount(blocks, weights=counts, minlength=many))


def _rarity(counts: Floats, units: Index, groups: Index) -> Floats:
    """For each row -log p_g|u."""
    share = _summed(counts, _numbered(units, groups)) / _summed(counts, units)
    return np.asarray(np.where(counts > 0, -np.log(share), 0.0))


def _summed(counts: Floats, codes: Index) -> Floats:
    """For each row the students of all rows with its code."""
    return np.asarray(np.bincount(codes, weights=counts)[codes])


def _numbered(first: Index, second: Index) -> Index:
    """A number for each pair of codes."""
    codes = first * (int(second.max(initial=0)) + 1) + second
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)

"""The same review asked in other ways, protected for real and compared with what is shown now.

Tried on the newest school year alone and one way at a time, so that the work is bounded: at most one
protection of a year each, and none of a year with more than `LARGEST` cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from evenground.disclosure import protect
from evenground.model import HIDDEN, KEYS, VALUE
from evenground.questions.ask import ask
from evenground.workspace.counted import Counted
from evenground.workspace.made import Made
from evenground.workspace.protection.cost import told
from evenground.workspace.protection.ways import NotTried, Way, ways
from evenground.workspace.request import Progress

Key = tuple[str, ...]

LARGEST = 60_000


@dataclass(frozen=True)
class Variant:
    """One way to ask, protected: cells with a number and those shown, findings that all cells would allow and
    those told; `lost` of what is shown now, `gained` of what is hidden now, `added` what is not there now.
    """

    way: Way
    cells: int
    shown: int
    possible: int
    told: int
    lost: int
    gained: int
    added: int


@dataclass(frozen=True)
class Tried:
    """The ways that were tried on `period`, first the review as it is; and those that were not."""

    period: str
    variants: tuple[Variant, ...]
    not_tried: tuple[NotTried, ...]


def try_variants(counts: Counted, made: Made, progress: Progress = lambda step: None) -> Tried:
    """Protects the review's newest year in every way of ways.py."""
    period = max(counts.cells["period"].unique().to_pylist())
    now = made.protection.cells.filter(pc.equal(made.protection.cells["period"], period))
    shown, hidden = _keys(now, told=True), _keys(now, told=False)
    true = counts.cells.filter(pc.equal(counts.cells["period"], period))
    variants = [_variant(counts, made, Way("now", (), true), now, shown, hidden)]
    not_tried: list[NotTried] = []
    for found in ways(counts, made, period):
        if isinstance(found, NotTried):
            not_tried.append(found)
        elif len(found.cells) > LARGEST:
            not_tried.append(NotTried(found.key, found.what, "too_large"))
        else:
            progress(f"Trying another way to ask: {' '.join((found.key.replace('_', ' '), *found.what))}")
            policy = counts.definitions.policies[found.policy or counts.policy]
            protection = protect(found.cells, counts.dataset.units, policy, counts.definitions)
            if any(attack.derivable for attack in protection.tried):
                not_tried.append(NotTried(found.key, found.what, "not_safe"))
                continue
            variants.append(_variant(counts, made, found, protection.cells, shown, hidden))
    return Tried(period, tuple(variants), tuple(not_tried))


def _variant(
    counts: Counted, made: Made, way: Way, protected: pa.Table, shown: set[Key], hidden: set[Key]
) -> Variant:
    units, definitions = counts.dataset.units, counts.definitions
    here = {key for key in _keys(protected, told=True) if key[-1] not in way.fresh}
    new = len(_keys(protected, told=True)) - len(here)
    possible, told_now = (
        told(ask(cells, units, made.asked, definitions)) for cells in (way.cells, protected)
    )
    return Variant(
        way,
        cells=len(_keys(protected, told=True)) + len(_keys(protected, told=False)),
        shown=len(here) + new,
        possible=possible,
        told=told_now,
        lost=len(shown - here),
        gained=len(hidden & here),
        added=len(here - shown - hidden) + new,
    )


def _keys(cells: pa.Table, told: bool) -> set[Key]:
    """Keys without the year, of the cells that have a number, or of those whose number is hidden."""
    wanted = cells.filter(pc.equal(cells["state"], VALUE if told else HIDDEN))
    names = [name for name in KEYS if name != "period"]
    return set(zip(*(wanted[name].to_pylist() for name in names), strict=True))

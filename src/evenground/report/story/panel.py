"""Which groups a chart shows, in which order and under which headings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenground.model import parse_group
from evenground.press import Words
from evenground.report.story.rows import Ledger, Row
from evenground.report.story.speech import Speech

MOST_ROWS = 20  # more do not make a chart that a person reads; the table has them all
FEW_ROWS = 12  # of a chart that is only opened on demand


@dataclass(frozen=True)
class Wider:
    """A place that another is part of: its name, and the value of each (indicator, period, group) there."""

    name: str
    values: Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class Place:
    """Whose review it is and how its dimensions are ordered. `wider`: what its charts show beside it."""

    title: str
    level: str
    by: tuple[str, ...]
    wider: Wider | None = None


def panels(ledger: Ledger, indicator: str, place: Place) -> dict[str, list[str]]:
    """The groups to show of each dimension asked for (crosses last, then those of which nothing is told),
    largest level first, those without a number at the end."""
    found: dict[str, list[str]] = {}
    dimensions = [dimension for key, dimension in ledger.groups if key == indicator]
    order = {dimension: at for at, dimension in enumerate(place.by)}
    for dimension in sorted(
        dimensions, key=lambda name: (name.count("+"), order.get(name.split("+")[0], 99), name)
    ):
        groups = ledger.groups[indicator, dimension]
        known = [group for group in groups if ledger.level(indicator, group)]
        found[dimension] = sorted(known, key=lambda group: -level_value(ledger, indicator, group))
    return dict(sorted(found.items(), key=lambda panel: not _is_told(ledger, indicator, panel[1])))


def _is_told(ledger: Ledger, indicator: str, groups: Sequence[str]) -> bool:
    return any(level_value(ledger, indicator, group) > -math.inf for group in groups)


def drawn(found: dict[str, list[str]], accent: Row | None, most: int = MOST_ROWS) -> dict[str, list[str]]:
    """The panels that fit into one chart, first the one that the finding is about, which always does.

    Crosses of dimensions have charts of their own; of one, only the group of the finding stands here.
    Students of whom the dimension is not known are in the table.
    """
    kept: dict[str, list[str]] = {}
    plain = {dimension: groups for dimension, groups in found.items() if "+" not in dimension}
    if accent and accent.dimension in plain:
        plain = {accent.dimension: plain[accent.dimension], **plain}
    elif accent and accent.dimension in found:
        plain = {accent.dimension: [accent.group], **plain}
    for dimension, every in (plain or found).items():
        groups = known_groups(every)
        if groups and (not kept or sum(map(len, kept.values())) + len(groups) <= most):
            kept[dimension] = groups
    return kept


def known_groups(groups: Sequence[str]) -> list[str]:
    """Without those whose value is not known."""
    return [group for group in groups if not is_unknown(group)]


def is_unknown(group: str) -> bool:
    return any(value == "unknown" for _, value in parse_group(group))


def headed(
    speech: Speech, ledger: Ledger, indicator: str, shown: dict[str, list[str]]
) -> list[tuple[str, Words | None]]:
    """The groups of the panels with the heading that starts each; dimensions with one group stand
    together."""
    single = [groups[0] for groups in shown.values() if len(groups) == 1]
    if len(shown) == 1:
        return [(group, None) for groups in shown.values() for group in groups]
    together = (
        sorted(single, key=lambda group: -level_value(ledger, indicator, group)) if len(single) > 1 else []
    )
    rows: list[tuple[str, Words | None]] = []
    for dimension, groups in shown.items():
        if len(groups) == 1 and together:
            rows += [
                (group, speech.wording.label("other_groups") if group == together[0] else None)
                for group in together
                if groups[0] == single[0]
            ]
        else:
            rows += [
                (group, speech.dimension(dimension) if at == 0 else None) for at, group in enumerate(groups)
            ]
    return rows


def level_value(ledger: Ledger, indicator: str, group: str) -> float:
    row = ledger.level(indicator, group)
    return row.value if row and row.told and row.value is not None else -math.inf

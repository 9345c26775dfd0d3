"""What is told together, as rows for tables: beside the hidden groups, places and years it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenground.definitions import Definitions
from evenground.model import ALL, LEVELS, VALUE, Released, group_dimensions, split_together
from evenground.model.together import is_rest_group, is_rest_place
from evenground.report.story.rows import Row, Together


def together_of(released: Released, definitions: Definitions) -> Together:
    """The released rows that are told together, each as the level of its group. Of an
    older bundle: without the indicators that the definitions no longer know."""
    about = released.about
    names = {
        (level, identity): name
        for level, identity, name in zip(
            *(released.units[column].to_pylist() for column in ("unit_level", "unit_id", "unit_name")),
            strict=True,
        )
    }
    parts = LEVELS[LEVELS.index(about.unit_level) + 1 :][:1]
    beneath = {
        (row["unit_level"], row["unit_id"])
        for row in released.units.to_pylist()
        if row["parent_id"] == about.unit_id and row["unit_level"] in parts
    }
    _, cells = split_together(released.cells)
    rows = tuple(
        level_of(cell, names, definitions)
        for cell in cells.to_pylist()
        if cell["state"] == VALUE and cell["indicator"] in definitions.indicators
    )
    groups: dict[tuple[str, str, str], list[Row]] = {}
    years: dict[tuple[str, str], Row] = {}
    places: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        several = "/" in row.period
        if (row.unit_level, row.unit_id) == (about.unit_level, about.unit_id):
            if is_rest_group(row.group):
                groups.setdefault((row.indicator, row.period, row.dimension), []).append(row)
            elif several:
                years[row.indicator, row.group] = row
        elif (row.unit_level, row.unit_id) in beneath and is_rest_place(row.unit_id):
            places[row.indicator, row.period, row.group] = row
    return Together(rows, groups, years, places)


def level_of(cell: Mapping[str, Any], names: Mapping[tuple[str, str], str], definitions: Definitions) -> Row:
    """A released cell as the rate or mean of its group."""
    place, indicator = (cell["unit_level"], cell["unit_id"]), definitions.indicators[cell["indicator"]]
    values: dict[str, Any] = dict.fromkeys(Row._fields)
    values |= {name: value for name, value in cell.items() if name in values}
    values |= {
        "finding_id": "",
        "question": indicator.question,
        "domain": indicator.domain,
        "unit_name": names.get(place, cell["unit_id"]),
        "dimension": "+".join(group_dimensions(cell["group"])) or ALL,
        "measure": "rate" if indicator.kind == "rate" else "mean",
        "direction": indicator.direction,
    }
    return Row(**values)

"""Cells made by hand for questions about a whole system, and what is asked and told of them."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa

from evenground.definitions import load, load_wording
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask
from evenground.report.story.aspect import Scene
from evenground.report.story.panel import Place
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech

DEFINITIONS = load()
BELOW = {"state": "district", "district": "school"}


def cell(
    indicator: str,
    level: str,
    unit: str,
    period: str,
    group: str,
    n: float,
    total: float,
    hidden: bool = False,
) -> dict:
    """A cell with its numbers, or hidden."""
    kind = DEFINITIONS.indicators[indicator].kind
    numbers = {
        "n": n, "weight_sq": n, "total": total, "total_sq": total if kind == "rate" else total**2 / n,
        "value": total / n,
    }  # fmt: skip
    keys = {
        "indicator": indicator, "unit_level": level, "unit_id": unit, "period": period, "group": group,
        "state": HIDDEN if hidden else VALUE,
    }  # fmt: skip
    return keys | (dict.fromkeys(numbers) if hidden else numbers)


def units(place: Unit, below: list[str]) -> pa.Table:
    """The place in focus and those right below it."""
    rows = [{"unit_level": place.level, "unit_id": place.id, "unit_name": place.name, "parent_id": None}]
    rows += [
        {
            "unit_level": BELOW[place.level],
            "unit_id": unit,
            "unit_name": f"Place {unit}",
            "parent_id": place.id,
        }
        for unit in below
    ]
    return pa.Table.from_pylist(rows, schema=UNITS)


def asked(rows: list[dict], place: Unit, by: tuple[str, ...]) -> pa.Table:
    below = sorted({row["unit_id"] for row in rows if row["unit_level"] == BELOW[place.level]})
    table = pa.Table.from_pylist(rows, schema=CELLS)
    return ask(table, units(place, below), Asked(place, by, 1, "overall"), DEFINITIONS)


def found(table: pa.Table, *measures: str) -> dict[tuple, dict]:
    """(measure, unit, group, reference) -> finding."""
    rows = [row for row in table.to_pylist() if row["measure"] in measures]
    assert len({row["finding_id"] for row in rows}) == len(rows)
    return {(row["measure"], row["unit_id"], row["group"], row["reference"]): row for row in rows}


def scene(rows: list[dict], table: pa.Table, place: Unit, by: tuple[str, ...]) -> Scene:
    told = list(rows_of(table, pa.Table.from_pylist(rows, schema=CELLS)))
    about = SimpleNamespace(unit_level=place.level, unit_id=place.id)
    return Scene(
        Speech(DEFINITIONS, load_wording()), ledger_of(told, place), Place(place.name, place.level, by),
        SimpleNamespace(about=about),  # type: ignore[arg-type]
    )  # fmt: skip

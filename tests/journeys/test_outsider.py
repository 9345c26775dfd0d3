"""An outsider with nothing but released cells and linear algebra cannot work out a hidden count.

Written apart from the gate and its attack: one system of equations for each indicator and year, solved by its
row space. A hidden number is derivable when its unit vector lies in that space.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import evenground
from evenground.model import ALL, group_key, parse_group
from evenground.sources.synthetic import make_district
from evenground.workspace.request import EXAMPLE_INDICATORS

Place = tuple[str, str]
ONE_YEAR = tuple(key for key in EXAMPLE_INDICATORS if not key.endswith("_growth"))


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_hidden_cell_of_a_released_review_can_be_derived(seed: int, tmp_path: Path) -> None:
    make_district(tmp_path / "roster", students=700, years=1, seed=seed, districts=1 + seed % 2)
    by = [
        ("race_ethnicity", "sex"),
        ("disability", "english_learner"),
        ("economic_disadvantage", "race_ethnicity"),
    ][seed % 3]
    released = evenground.review(tmp_path / "roster", by=by, indicators=ONE_YEAR)
    parents = {(row["unit_level"], row["unit_id"]): row["parent_id"] for row in released.units.to_pylist()}
    systems: dict[tuple[str, str], dict[tuple[Place, str], dict]] = defaultdict(dict)  # type: ignore[type-arg]
    for cell in released.cells.to_pylist():
        systems[cell["indicator"], cell["period"]][(cell["unit_level"], cell["unit_id"]), cell["group"]] = (
            cell
        )
    hidden = 0
    for name, cells in systems.items():
        unknown = [key for key, cell in cells.items() if cell["state"] == "hidden"]
        hidden += len(unknown)
        derived = derivable(equations(cells, parents), unknown)
        assert derived == [], (name, derived)
    assert hidden > 50


def equations(
    cells: dict[tuple[Place, str], dict], parents: dict[Place, str | None]
) -> list[list[tuple[Place, str]]]:  # type: ignore[type-arg]
    """Sums that everybody knows: a group is the sum over one more dimension; a unit that of its parts."""
    families: dict[tuple[Place, str, str], list[tuple[Place, str]]] = defaultdict(list)
    for place, group in cells:
        pairs = parse_group(group)
        for pair in pairs:
            whole = group_key(other for other in pairs if other != pair)
            families[place, whole, pair[0]].append((place, group))
        above = {"school": "district", "district": "state"}.get(place[0])
        if above and parents.get(place) is not None:
            families[(above, str(parents[place])), group, "units"].append((place, group))
    return [
        [(place, whole), *parts] for (place, whole, _), parts in families.items() if (place, whole) in cells
    ]


def derivable(
    sums: list[list[tuple[Place, str]]], unknown: list[tuple[Place, str]]
) -> list[tuple[Place, str]]:
    column = {key: place for place, key in enumerate(unknown)}
    rows = []
    for terms in sums:
        row = np.zeros(len(unknown))
        for sign, key in zip([-1, *[1] * (len(terms) - 1)], terms, strict=True):
            if key in column:
                row[column[key]] = sign
        if row.any():
            rows.append(row)
    if not rows:
        return []
    _, size, basis = np.linalg.svd(np.array(rows), full_matrices=False)
    space = basis[size > 1e-9 * size[0]]
    return [key for key, place in column.items() if np.isclose(np.sum(space[:, place] ** 2), 1.0, atol=1e-9)]


def test_the_outsider_sees_a_leak_when_there_is_one() -> None:
    school: Place = ("school", "1")
    cells = {(school, group): {"state": "value"} for group in (ALL, "sex:female", "sex:male")}
    cells[school, "sex:male"]["state"] = "hidden"
    assert derivable(equations(cells, {school: None}), [(school, "sex:male")]) == [(school, "sex:male")]

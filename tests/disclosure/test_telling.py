"""What is released of protected cells: coarse numbers, bounds that give nothing away, rows told together."""

from __future__ import annotations

from pathlib import Path

import made
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import evenground
from evenground.definitions import load
from evenground.disclosure import Protection, Telling, attack, protect, tell
from evenground.disclosure.hidden import conceal
from evenground.disclosure.telling.bounds import with_bounds
from evenground.model import ALL, HIDDEN, VALUE, split_together

DEFINITIONS = load()
NCES = DEFINITIONS.policies["nces"]
UNITS = made.units_table({"D1": ["1"]}, None)


def cell(group: str, n: float, total: float) -> dict:
    keys = {"indicator": "chronic_absence", "unit_level": "school", "unit_id": "1", "period": "2015-16"}
    return {**keys, "group": group, "n": n, "total": total}


def told(rows: list[dict], hidden: list[str], policy=NCES):
    cells = made.cells_table(rows)
    protected = conceal(cells, np.array([row["group"] in hidden for row in rows]))
    return tell(Protection(protected, {}), cells, UNITS, policy, DEFINITIONS)


def test_a_bound_that_gives_a_hidden_number_away_is_not_told():
    """Two groups of 10 to 20 students, 20 together: each has 10. The code "20 percent or fewer" tells the
    size.
    """
    black, asian = "race_ethnicity:black", "race_ethnicity:asian"
    rows = [cell(ALL, 60, 23), cell("race_ethnicity:white", 40, 20), cell(black, 10, 1), cell(asian, 10, 2)]
    assert told(rows, [black, asian]).bounds.num_rows < 2
    rows = [cell(ALL, 70, 23), cell("race_ethnicity:white", 40, 20), cell(black, 14, 1), cell(asian, 16, 2)]
    both = told(rows, [black, asian])
    assert both.bounds["high"].to_pylist() == [0.2, 0.2]
    assert not both.protection.tried[-1].derivable


def test_the_attack_finds_what_a_bound_gives_away():
    """The same table as released with both bounds: an outsider finds that either group has 10 students."""
    black, asian = "race_ethnicity:black", "race_ethnicity:asian"
    rows = [cell(ALL, 60, 23), cell("race_ethnicity:white", 40, 20), cell(black, 10, 1), cell(asian, 10, 2)]
    cells = conceal(made.cells_table(rows), np.array([False, False, True, True]))
    nothing = pa.nulls(4, pa.float64())
    plain = cells.append_column("low", nothing).append_column("high", nothing)
    ends = {"low": [None, None, 0.0, 0.0], "high": [None, None, 0.2, 0.2]}
    coded = cells
    for name, values in ends.items():
        coded = coded.append_column(name, pa.array(values, pa.float64()))
    exact = NCES.model_copy(update={"together": False})
    assert not attack(plain, UNITS, exact, DEFINITIONS).derivable
    found = {one[0] for one in attack(coded, UNITS, exact, DEFINITIONS).derivable}
    assert "students" in found


def test_what_is_asked_about_is_coarse_and_rests_stand_apart():
    cells, units = made.system(5, schools=6, size=150, dimensions=("race_ethnicity",), depth=1)
    cells = cells.filter(pc.is_in(cells["indicator"], pa.array(["chronic_absence", "suspension"])))
    protection = protect(cells, units, NCES, DEFINITIONS)
    found = tell(protection, cells, units, NCES, DEFINITIONS)
    assert len(found.cells) == len(cells)
    alone, together = split_together(found.protection.cells)
    assert alone.equals(found.cells)
    assert together.num_rows > 0
    for row in found.protection.cells.to_pylist():
        if row["state"] == VALUE:
            assert row["n"] % 10 == 0
            assert 0 < row["value"] < 1
    assert found.bounds.num_rows > 0
    assert not attack(with_bounds_of(found), found.units, NCES, DEFINITIONS).derivable


def with_bounds_of(found: Telling) -> pa.Table:
    """The cells as they are released: rounded, and with the bounds of the coded ones."""
    cells = found.protection.cells
    nothing = pa.nulls(len(cells), pa.float64())
    return with_bounds(cells.append_column("low", nothing).append_column("high", nothing), found.bounds)


def test_a_policy_that_follows_tells_what_it_has():
    cells = made.cells_table([cell(ALL, 60, 23)])
    protection = Protection(cells, {})
    assert (
        tell(protection, cells, UNITS, DEFINITIONS.policies["published"], DEFINITIONS).protection
        is protection
    )


def test_a_review_in_bands_says_at_most_and_at_least(tmp_path: Path):
    out = tmp_path / "review"
    released = evenground.review(
        example=True, indicators=["suspension"], by=["race_ethnicity"], policy="nces", out=out
    )
    rows = released.cells.to_pylist()
    coded = [row for row in rows if row["state"] == HIDDEN and row["high"] is not None]
    assert coded
    assert {(row["low"], row["high"]) for row in coded} <= {
        *((0.0, high) for high in (0.2, 0.1, 0.05, 0.02, 0.01)),
        *((low, 1.0) for low in (0.8, 0.9, 0.95, 0.98, 0.99)),
    }
    assert all(row["n"] is None and row["value"] is None for row in coded)
    shown = [row for row in rows if row["state"] == VALUE]
    assert all(row["n"] % 10 == 0 and 0 < row["value"] < 1 for row in shown)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "no more is told, to protect students" in page
    assert "no se dice más, para proteger a estudiantes" in page

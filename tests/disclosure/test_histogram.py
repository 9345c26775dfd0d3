"""A review with noise: cells that are sums of noisy counts, and what is refused."""

from __future__ import annotations

import made
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from evenground.definitions import load
from evenground.disclosure import noised, protect
from evenground.disclosure.telling.histogram import NOISY
from evenground.model import ALL, HIDDEN, KEYS, VALUE, InputProblems

DEFINITIONS = load()
POLICY = DEFINITIONS.policies["noise"]
VARIANCE = 2 * np.exp(-1) / (1 - np.exp(-1)) ** 2


def district(
    dimensions=("english_learner", "sex"), depth: int = 2, indicators=("chronic_absence",), schools=6
):
    cells, units = made.system(4, schools=schools, size=200, dimensions=dimensions, depth=depth)
    return cells.filter(pc.is_in(cells["indicator"], pa.array(list(indicators)))), units


def rows_of(table: pa.Table) -> dict[tuple[str, str, str], dict]:
    return {(row["unit_level"], row["unit_id"], row["group"]): row for row in table.to_pylist()}


def test_large_cells_are_near_the_truth_and_know_their_noise():
    """Six schools by 3 values and `unknown` of sex, 2 and `unknown` of english_learner, with and without the
    outcome: 6 x 4 x 3 x 2 = 144 counts. Noise of 144 counts moves a number by 300 with a chance below e^-90.
    """
    cells, units = district()
    truth, found = rows_of(cells), noised(cells, units, POLICY, DEFINITIONS)
    assert found.cells.schema == NOISY
    assert found.report["noise"]["bins"] == 144
    assert (found.report["noise"]["histograms"], found.report["noise"]["epsilon_in_all"]) == (1, 1.0)
    rows = rows_of(found.cells)
    for place, bins in ((("district", "D1", ALL), 144), (("school", "S001", ALL), 24)):
        assert abs(rows[place]["n"] - truth[place]["n"]) < 300
        assert abs(rows[place]["total"] - truth[place]["total"]) < 300
        assert rows[place]["noise"] == pytest.approx(bins / 2 * VARIANCE)
    assert rows["district", "D1", "sex:female"]["noise"] == pytest.approx(144 / 4 / 2 * VARIANCE)


def test_parts_sum_to_wholes_where_all_are_told():
    """Chance as good as none (epsilon 30: one of 144 counts changes with a chance of 3 in 10^11)."""
    cells, units = district()
    quiet = POLICY.model_copy(update={"epsilon": 30.0})
    truth, found = rows_of(cells), rows_of(noised(cells, units, quiet, DEFINITIONS).cells)
    told = {place: row for place, row in found.items() if row["state"] == VALUE}
    assert set(told) == {place for place, row in truth.items() if row["n"] >= 1}
    for place, row in told.items():
        assert (row["n"], row["total"]) == (truth[place]["n"], truth[place]["total"])


def test_every_group_there_can_be_has_a_row_and_the_empty_ones_are_not_told():
    cells, units = district()
    rows = rows_of(noised(cells, units, POLICY, DEFINITIONS).cells)
    known = {place for place in rows if place[0] == "school"}
    assert len(known) == 6 * (4 + 1) * (3 + 1)
    empty = [place for place in known if place not in rows_of(cells)]
    assert empty
    assert sum(rows[place]["state"] == HIDDEN for place in empty) > len(empty) / 2
    for place in known:
        row = rows[place]
        assert (row["n"] is None) == (row["state"] == HIDDEN)
        assert row["n"] is None or (row["n"] >= 1 and 0 <= row["total"] <= row["n"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"indicators": ("teacher_experience",)}, "means: teacher_experience"),
        ({"depth": 1}, "no group by all of english_learner, sex at once"),
        (
            {
                "dimensions": ("race_ethnicity", "sex", "disability", "homeless", "foster"),
                "depth": 5,
                "schools": 12,
            },
            "at most 20,000",
        ),
    ],
)
def test_where_noise_does_not_serve_it_is_refused(asked: dict, said: str):
    cells, units = district(**asked)
    with pytest.raises(InputProblems, match=said):
        noised(cells, units, POLICY, DEFINITIONS)


def test_what_a_publisher_hid_cannot_get_noise():
    cells, units = district()
    rows = cells.to_pylist()
    rows[0] |= {"n": None, "total": None, "value": None, "state": HIDDEN}
    with pytest.raises(InputProblems, match="1 cells without a number"):
        noised(pa.Table.from_pylist(rows, schema=cells.schema), units, POLICY, DEFINITIONS)


def test_the_hider_is_not_asked_by_mistake():
    cells, units = district()
    with pytest.raises(ValueError, match="adds chance"):
        protect(cells, units, POLICY, DEFINITIONS)
    assert set(KEYS) <= set(cells.column_names)

"""Achievement at every level, on cells made by hand: Kentucky's middle school reading, and hidden levels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.measures import newcombe, spectrum
from evenground.model import CELLS, HIDDEN, UNITS, VALUE, Unit
from evenground.questions import Asked, ask

DEFINITIONS = load()
UNIT_TABLE = pa.Table.from_pylist(
    [{"unit_level": "state", "unit_id": "KY", "unit_name": "Kentucky", "parent_id": None}], schema=UNITS
)
CUTS = ("reading_basic", "reading_proficient", "reading_advanced")
DISABLED = "disability:with_disability"
# Students per level: with disabilities and everybody, 2011-12 and 2016-17 (Kentucky School Report Card).
THEN = {DISABLED: [10367, 3802, 2302, 597], "all": [43532, 36603, 45339, 25155]}
NOW = {DISABLED: [8139, 4998, 3748, 964], "all": [29039, 35625, 59275, 25896]}


def cells(levels: dict[str, list[int]], period: str, **more) -> list[dict]:
    found = []
    for group, counts in levels.items():
        n = sum(counts)
        for at, key in enumerate(CUTS):
            total = sum(counts[at + 1 :])
            row = {"indicator": key, "unit_level": "state", "unit_id": "KY", "period": period, "group": group}
            row |= {"n": n, "total": total, "total_sq": total, "weight_sq": None, "value": total / n}
            found.append(row | {"state": VALUE} | more)
    return found


def found(rows: list[dict]) -> dict[tuple[str, str, str], dict]:
    asked = Asked(Unit("state", "KY"), ("disability",), 1, "overall")
    table = ask(pa.Table.from_pylist(rows, schema=CELLS), UNIT_TABLE, asked, DEFINITIONS)
    ids = table["finding_id"].to_pylist()
    assert len(set(ids)) == len(ids), "a finding twice"
    core = [row for row in table.to_pylist() if row["perspective"] is None]
    return {
        (row["indicator"], row["group"], row["measure"]): row for row in core if row["period"] == "2016-17"
    }


@pytest.fixture(scope="module")
def kentucky():
    return found([*cells(THEN, "2011-12"), *cells(NOW, "2016-17")])


def test_the_gap_at_every_level_is_against_everybody_else(kentucky):
    for at, key in enumerate(CUTS):
        gap = kentucky[key, DISABLED, "level_gap"]
        own, all_of = (np.array(NOW[group]) for group in (DISABLED, "all"))
        others = all_of - own
        by_hand = own[at + 1 :].sum() / own.sum() - others[at + 1 :].sum() / others.sum()
        assert gap["value"] == pytest.approx(by_hand)
        bounds = newcombe(own[at + 1 :].sum(), own.sum(), others[at + 1 :].sum(), others.sum())
        assert (gap["low"], gap["high"]) == pytest.approx((float(bounds.low), float(bounds.high)))
        assert (gap["reference"], gap["verdict"], gap["n"]) == ("others", "below", 17849)


def test_v_hangs_on_the_goal_and_says_where_it_misleads(kentucky):
    own, others = np.array(NOW[DISABLED]), np.array(NOW["all"]) - np.array(NOW[DISABLED])
    v = kentucky["reading_proficient", DISABLED, "v"]
    assert v["value"] == pytest.approx(float(spectrum.v_of_counts(own, others).value))
    assert v["value"] == pytest.approx(-0.870, abs=5e-4)
    assert v["verdict"] == "below"
    change = kentucky["reading_proficient", DISABLED, "v_change"]
    assert (change["verdict"], change["period_from"]) == ("misleads_opposite", "2011-12")
    assert change["low"] > 0
    steps = [kentucky[key, DISABLED, "level_gap_change"]["verdict"] for key in CUTS]
    assert steps == ["rose", "fell", "rose"]
    assert not [key for key in kentucky if key[0] != "reading_proficient" and key[2] == "v"]


def test_one_year_has_no_trend():
    now = found(cells(NOW, "2016-17"))
    assert ("reading_proficient", DISABLED, "v") in now
    assert ("reading_proficient", DISABLED, "v_change") not in now


@pytest.mark.parametrize("hidden", ["reading_basic", "reading_advanced"])
def test_a_hidden_level_tells_nothing_of_any(hidden):
    """Levels are differences of cells; with one hidden, no level of that group is known."""
    rows = cells(NOW, "2016-17")
    for row in rows:
        if row["indicator"] == hidden and row["group"] == DISABLED:
            row |= {"state": HIDDEN, "n": None, "total": None, "total_sq": None, "value": None}
    now = found(rows)
    assert not [key for key in now if key[2] in ("v", "level_gap")]


def test_few_students_are_not_called_behind():
    few = {DISABLED: [5, 2, 1, 1], "all": [500, 400, 300, 200]}
    now = found(cells(few, "2016-17"))
    assert now["reading_proficient", DISABLED, "v"]["verdict"] == "too_few"


def test_counts_that_contradict_each_other_give_no_level():
    rows = cells(NOW, "2016-17")
    for row in rows:
        if row["indicator"] == "reading_advanced" and row["group"] == DISABLED:
            row |= {"total": 9000, "total_sq": 9000, "value": 9000 / row["n"]}
    assert ("reading_proficient", DISABLED, "v") not in found(rows)

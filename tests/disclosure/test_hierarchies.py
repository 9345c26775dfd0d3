"""No hidden count can be worked out: many generated hierarchies against a small oracle of its own, in whole
numbers.

The oracle shares no code with the package: it knows who the made-up students are only through the released
cells, writes its own equations over the *leaves* (school x every dimension at once) and asks an integer
program for each hidden count whether two values are possible.
"""

from __future__ import annotations

import os
from functools import cached_property
from itertools import pairwise

import made
import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from evenground.definitions import load
from evenground.disclosure import attack, protect
from evenground.model import HIDDEN, VALUE, parse_group

DEFINITIONS = load()
TIMES = int(os.environ.get("TIMES", "1"))  # `make hierarchies TIMES=50`: so many times as many, and new ones
RULES = DEFINITIONS.policies["n10"].model_copy(
    update={"minimum_n": 3, "minimum_numerator": 2, "minimum_complement": 2}
)
VALUES = {
    "sex": ("female", "male", "unknown"),
    "english_learner": ("english_learner", "not_english_learner"),
    "race_ethnicity": ("black", "hispanic", "white"),
}


def many(examples: int) -> settings:
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
        phases=tuple(Phase) if TIMES == 1 else (Phase.generate,),
    )


@st.composite
def systems(draw: st.DrawFn) -> tuple[pa.Table, pa.Table, dict]:
    """A district of 1 to 4 schools, 1 or 2 dimensions, indicators that share, nest, count each other and form
    levels.
    """
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    schools = [f"S{index}" for index in range(draw(st.integers(1, 4)))]
    dimensions = draw(
        st.sampled_from(
            [["sex"], ["english_learner"], ["race_ethnicity", "sex"], ["english_learner", "race_ethnicity"]]
        )
    )
    size = draw(st.integers(3, 25))
    unit = np.concatenate([np.repeat(school, random.integers(1, 2 * size)) for school in schools])
    skew = draw(st.sampled_from([0.3, 1.0, 5.0]))
    values = {
        name: random.choice(VALUES[name], len(unit), p=random.dirichlet([skew] * len(VALUES[name])))
        for name in dimensions
    }
    high = np.isin(unit, schools[: random.integers(0, len(schools) + 1)]) | (
        random.random(len(unit)) < draw(st.sampled_from([0.0, 0.4]))
    )
    one, some = np.ones(len(unit)), high.astype(float)
    chance = draw(st.sampled_from([0.03, 0.3, 0.6, 0.95]))
    level = random.integers(0, 4, len(unit))
    passed = (random.random(len(unit)) < chance).astype(float)
    choices = {
        "suspension": (one, (random.random(len(unit)) < chance).astype(float)),
        "chronic_absence": (one, (random.random(len(unit)) < 0.3).astype(float)),
        "advanced_course": (some, (random.random(len(unit)) < chance).astype(float)),
        "graduation": (some, passed),
        "ag_completion": (some * passed, (random.random(len(unit)) < 0.5).astype(float)),
        "reading_basic": (one, (level >= 1).astype(float)),
        "reading_proficient": (one, (level >= 2).astype(float)),
    }
    pairs = [
        ("suspension",),
        ("suspension", "chronic_absence"),
        ("suspension", "advanced_course"),
        ("graduation", "ag_completion"),
        ("reading_basic", "reading_proficient"),
        ("graduation", "ag_completion", "suspension"),
    ]
    indicators = {name: choices[name] for name in draw(st.sampled_from(pairs))}
    cuts = made.crossings(dimensions, draw(st.integers(1, 2)))
    districts = {"D": schools}
    return (
        made.count(unit, values, indicators, districts, cuts, None),
        made.units_table(districts, None),
        indicators,
    )


class Oracle:
    """Integer unknowns: for every leaf (school x values) the students of each population and those who
    reached each outcome.
    """

    def __init__(self, cells: pa.Table, units: pa.Table):
        rows = cells.to_pylist()
        self.schools = sorted(row["unit_id"] for row in units.to_pylist() if row["unit_level"] == "school")
        self.rows = rows
        groups = {row["group"] for row in rows}
        dimensions = sorted({name for group in groups for name, _ in parse_group(group)})
        seen = {
            name: sorted({value for group in groups for one, value in parse_group(group) if one == name})
            for name in dimensions
        }
        leaves: list[dict[str, str]] = [{}]
        for name in dimensions:
            leaves = [{**leaf, name: value} for leaf in leaves for value in seen[name]]
        self.leaves = [(school, leaf) for school in self.schools for leaf in leaves]
        self.indicators = sorted({row["indicator"] for row in rows})
        over = {name: DEFINITIONS.indicators[name].over for name in self.indicators}
        self.series = {("n", name): ("n", over[name]) for name in self.indicators}
        for name in self.indicators:
            counts = DEFINITIONS.indicators[name].counts
            self.series["total", name] = ("n", counts) if counts in over.values() else ("total", name)
        names = sorted(set(self.series.values()))
        self.start = {name: index * len(self.leaves) for index, name in enumerate(names)}
        self.width = len(names) * len(self.leaves)
        self.constraints: list[tuple[np.ndarray, float, float]] = []
        self.points: list[np.ndarray] = []
        self._released(rows, groups)
        self._orders(over)

    def sum_of(self, series: tuple[str, str], unit: tuple[str, str], group: str) -> np.ndarray:
        row = np.zeros(self.width)
        wanted = dict(parse_group(group))
        for index, (school, leaf) in enumerate(self.leaves):
            if (unit[0] == "district" or unit[1] == school) and all(
                leaf[name] == value for name, value in wanted.items()
            ):
                row[self.start[self.series[series]] + index] = 1
        return row

    def _released(self, rows: list[dict], groups: set[str]) -> None:
        there = {(row["indicator"], row["unit_level"], row["unit_id"], row["group"]) for row in rows}
        for row in rows:
            unit = (row["unit_level"], row["unit_id"])
            n, total = (self.sum_of((kind, row["indicator"]), unit, row["group"]) for kind in ("n", "total"))
            if row["state"] == VALUE:
                self.constraints.append((n, row["n"], row["n"]))
                reached = round(row["n"] * row["value"])
                self.constraints.append((total, reached, reached))
            else:
                self.constraints.append((n, 1, np.inf))
        for indicator in self.indicators:  # what no row mentions is nobody
            for unit in [("district", "D"), *(("school", school) for school in self.schools)]:
                for group in groups:
                    if (indicator, *unit, group) not in there:
                        self.constraints.append((self.sum_of(("n", indicator), unit, group), 0, 0))

    def _orders(self, over: dict[str, str]) -> None:
        ladder = [name for name in ("reading_basic", "reading_proficient") if name in self.indicators]
        for index in range(len(self.leaves)):
            for name in self.indicators:
                row = np.zeros(self.width)
                row[self.start[self.series["n", name]] + index] += 1
                row[self.start[self.series["total", name]] + index] -= 1
                self.constraints.append((row, 0, np.inf))
            for lower, upper in pairwise(ladder):
                row = np.zeros(self.width)
                row[self.start["total", lower] + index] += 1
                row[self.start["total", upper] + index] -= 1
                self.constraints.append((row, 0, np.inf))

    def pinned(self, asked: np.ndarray, values: int) -> bool:
        """Whether fewer whole numbers than `values` are left; tables found for other counts may show more."""
        if len(self.points) and np.ptp(np.array(self.points) @ asked) >= values - 1:
            return False
        ends = [asked @ self._cheapest(sign * asked) for sign in (1, -1)]
        return bool(ends[1] - ends[0] < values - 1)

    def _cheapest(self, cost: np.ndarray) -> np.ndarray:
        found = milp(cost, constraints=self.limits, integrality=np.ones(self.width), bounds=Bounds(0, 500))
        assert found.status == 0, "the release must agree with at least one table: the true one"
        self.points.append(np.round(found.x))
        return self.points[-1]

    @cached_property
    def limits(self) -> LinearConstraint:
        rows, low, high = zip(*self.constraints, strict=True)
        return LinearConstraint(csr_array(np.array(rows)), low, high)


def pinned_by_oracle(cells: pa.Table, units: pa.Table, values: int = 2) -> list[tuple[str, str, str, str]]:
    """Hidden counts for which fewer whole numbers than `values` are left."""
    oracle, found, published = Oracle(cells, units), [], set()
    for row in cells.to_pylist():
        if row["state"] == VALUE:
            place = (row["unit_level"], row["unit_id"], row["group"])
            published |= {(oracle.series[kind, row["indicator"]], place) for kind in ("n", "total")}
    there = {(row["indicator"], row["unit_level"], row["unit_id"], row["group"]) for row in cells.to_pylist()}
    for row in cells.to_pylist():
        if row["state"] != HIDDEN:
            continue
        place = (row["unit_level"], row["unit_id"], row["group"])
        n, total = (
            oracle.sum_of((kind, row["indicator"]), place[:2], row["group"]) for kind in ("n", "total")
        )
        nobody = oracle.series["total", row["indicator"]][0] == "n" and not any(
            (other, *place) in there
            for other in oracle.indicators
            if ("n", DEFINITIONS.indicators[other].over) == oracle.series["total", row["indicator"]]
        )
        asked = [("not reached", n - total)]
        if (oracle.series["n", row["indicator"]], place) not in published:
            asked.append(("n", n))
        if (oracle.series["total", row["indicator"]], place) not in published and not nobody:
            asked.append(("total", total))
        for kind, expression in asked:
            if oracle.pinned(expression, values):
                found.append((kind, row["indicator"], row["unit_id"], row["group"]))
    return found


@many(40)
@given(systems())
def test_no_hidden_count_can_be_worked_out(system: tuple[pa.Table, pa.Table, dict]):
    cells, units, _ = system
    protected = protect(cells, units, RULES, DEFINITIONS)
    before, after = cells.to_pylist(), protected.cells.to_pylist()
    assert all(old == new for old, new in zip(before, after, strict=True) if new["state"] == VALUE)
    assert attack(protected.cells, units, RULES, DEFINITIONS).derivable == ()
    assert pinned_by_oracle(protected.cells, units) == []


@many(15)
@given(systems(), st.randoms(use_true_random=False))
def test_the_attack_finds_at_least_what_the_oracle_finds_in_leaky_releases(system, random):
    """Cells hidden at random, without care: whatever integer reasoning over leaves pins down, bounds over
    margins may miss, but a single missing part of a public sum both must find.
    """
    cells, units, _ = system
    rows = cells.to_pylist()
    index = random.randrange(len(rows))
    group, indicator = rows[index]["group"], rows[index]["indicator"]
    rows[index] = {**rows[index], "n": None, "total": None, "total_sq": None, "value": None, "state": HIDDEN}
    released = pa.Table.from_pylist(rows, schema=cells.schema)
    found = {name[1:3] + name[5:] for name in attack(released, units, RULES, DEFINITIONS).derivable}
    oracle = pinned_by_oracle(released, units)
    if oracle:
        assert any(name[0] == indicator and name[2] == group for name in found)


@many(10)
@given(systems(), st.integers(2, 3))
def test_who_knows_a_school_cannot_work_out_another(
    system: tuple[pa.Table, pa.Table, dict], possible_values: int
):
    """For every school: its true rows beside the release, and no count of another place is pinned down, but
    where all students of the group are at that school.
    """
    cells, units, _ = system
    rules = RULES.model_copy(update={"attacker": "own_school", "possible_values": possible_values})
    released, truth = protect(cells, units, rules, DEFINITIONS).cells.to_pylist(), cells.to_pylist()
    for school in sorted({row["unit_id"] for row in truth if row["unit_level"] == "school"}):
        rows = [true if true["unit_id"] == school else row for true, row in zip(truth, released, strict=True)]
        elsewhere = {
            (row["indicator"], row["group"])
            for row in truth
            if row["unit_level"] == "school" and row["unit_id"] != school
        }
        found = pinned_by_oracle(pa.Table.from_pylist(rows, schema=cells.schema), units)
        assert [one for one in found if one[2] != "D" or (one[1], one[3]) in elsewhere] == []


@many(12)
@given(systems(), st.integers(3, 5))
def test_as_many_values_stay_possible_as_the_policy_asks(
    system: tuple[pa.Table, pa.Table, dict], possible_values: int
):
    cells, units, _ = system
    rules = RULES.model_copy(update={"possible_values": possible_values})
    protected = protect(cells, units, rules, DEFINITIONS)
    assert attack(protected.cells, units, rules, DEFINITIONS).derivable == ()
    assert pinned_by_oracle(protected.cells, units, possible_values) == []

"""Several releases of one district: what was hidden in any of them stays hidden from who keeps them all.

The oracle is this file's own: unknown whole numbers of students at each school with each set of values, and
of those who reached; every released cell of every release says what their sums are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import cells_table, count, crossings, units_table
from scipy.optimize import Bounds, LinearConstraint, milp

from evenground.definitions import load
from evenground.disclosure import protect
from evenground.disclosure.earlier import PAST, Earlier, Past
from evenground.model import HIDDEN, KEYS, VALUE, parse_group

DEFINITIONS = load()
SCHOOLS = {"D": ["S1", "S2"]}
UNITS = units_table(SCHOOLS, None)
VALUES = {"sex": ("female", "male"), "race_ethnicity": ("black", "white", "asian")}
RULES = DEFINITIONS.policies["n10"].model_copy(
    update={"minimum_n": 4, "minimum_numerator": 2, "minimum_complement": 2, "roll_up": ()}
)
_MOST = 500  # students with one set of values at one school
STRICTER = RULES.model_copy(update={"minimum_n": 7})


def released(cells: pa.Table, *earlier: Past, rules=RULES) -> tuple[pa.Table, Past]:
    """The cells as they are published after the earlier releases, and what the ledger keeps of them."""
    told = protect(cells, UNITS, rules, DEFINITIONS, Earlier(earlier, UNITS)).cells
    kept = cells.select([*KEYS, "n", "total"])
    for name in ("value", "state"):
        kept = kept.append_column(name, told[name])
    return told, Past(str(len(earlier)), rules.model_dump(mode="json"), kept.cast(PAST))


def keyed(cells: pa.Table) -> dict[tuple, tuple[float | None, float | None, str]]:
    columns = [cells[name].to_pylist() for name in (*KEYS, "n", "total", "state")]
    return {tuple(row[:5]): tuple(row[5:]) for row in zip(*columns, strict=True)}


class Oracle:
    """Who knows these releases of the same students."""

    def __init__(self, releases: Sequence[pa.Table]):
        self.cells = [keyed(release) for release in releases]
        self.leaves = list(product(SCHOOLS["D"], VALUES["sex"], VALUES["race_ethnicity"]))
        self.indicators = sorted({key[0] for release in self.cells for key in release})
        width = len(self.leaves) * (1 + len(self.indicators))
        rows, low, high = [], [], []
        for line, least, most in self._lines(width):
            rows.append(line)
            low.append(least)
            high.append(most)
        self.known = LinearConstraint(np.array(rows), low, high)
        self.width = width

    def line(self, kind: str, indicator: str, level: str, unit: str, group: str) -> np.ndarray:
        pairs = dict(parse_group(group))
        line = np.zeros(len(self.leaves) * (1 + len(self.indicators)))
        start = 0 if kind == "n" else len(self.leaves) * (1 + self.indicators.index(indicator))
        for at, (school, sex, race) in enumerate(self.leaves):
            values = {"sex": sex, "race_ethnicity": race}
            if (level == "district" or school == unit) and all(values[k] == v for k, v in pairs.items()):
                line[start + at] = 1.0
        return line

    def _lines(self, width: int) -> Iterator[tuple[np.ndarray, float, float]]:
        for release in self.cells:
            for (indicator, level, unit, _, group), (n, total, state) in release.items():
                line = self.line("n", indicator, level, unit, group)
                if state == VALUE:
                    yield line, n, n
                    yield self.line("reached", indicator, level, unit, group), total, total
                else:
                    yield line, 1.0, np.inf
            cuts = {
                (key[0], key[1], key[2], tuple(name for name, _ in parse_group(key[4]))) for key in release
            }
            for indicator, level, unit, dimensions in cuts:
                for values in product(*(VALUES[name] for name in dimensions)):
                    group = "+".join(f"{k}:{v}" for k, v in zip(dimensions, values, strict=True)) or "all"
                    if (indicator, level, unit, "2015-16", group) not in release:
                        yield self.line("n", indicator, level, unit, group), 0.0, 0.0
        for at in range(len(self.leaves)):  # who reached is one of the students
            for number in range(len(self.indicators)):
                line = np.zeros(width)
                line[at], line[len(self.leaves) * (1 + number) + at] = 1.0, -1.0
                yield line, 0.0, np.inf

    def found(self) -> list[tuple]:
        """Hidden counts for which only one number is left."""
        public = {key for release in self.cells for key, (*_, state) in release.items() if state == VALUE}
        hidden = {key for release in self.cells for key in release} - public
        return [key for key in sorted(hidden) for kind in ("n", "reached") if self._one(kind, key)]

    def _one(self, kind: str, key: tuple) -> bool:
        indicator, level, unit, _, group = key
        if kind == "n" and any((other, *key[1:]) in self._public() for other in self.indicators):
            return False  # another indicator over the same students tells it
        line = self.line(kind, indicator, level, unit, group)
        ends = [
            milp(sign * line, constraints=self.known, integrality=1, bounds=Bounds(0, _MOST))
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends), [end.message for end in ends]
        return bool(round(-ends[1].fun) - round(ends[0].fun) < 1)

    def _public(self) -> set[tuple]:
        return {key for release in self.cells for key, (*_, state) in release.items() if state == VALUE}


def row(unit: str, group: str, n: int, total: int) -> dict:
    level, identity = unit.split(":")
    keys = {"indicator": "suspension", "period": "2015-16", "unit_level": level, "unit_id": identity}
    return {**keys, "group": group, "n": n, "total": total}


DISTRICT = cells_table(
    [
        row("school:S1", "all", 33, 12),
        row("school:S1", "sex:female", 30, 10),
        row("school:S1", "sex:male", 3, 2),
        row("school:S2", "all", 60, 30),
        row("school:S2", "sex:female", 20, 10),
        row("school:S2", "sex:male", 40, 20),
        row("district:D", "all", 93, 42),
        row("district:D", "sex:female", 50, 20),
        row("district:D", "sex:male", 43, 22),
    ]
)


def hidden_in(cells: pa.Table) -> set[tuple[str, str]]:
    return {(key[2], key[4]) for key, (*_, state) in keyed(cells).items() if state == HIDDEN}


def test_an_earlier_release_is_taken_into_account() -> None:
    """The first release hid the three boys of S1 and, to protect them, everybody at S1. The second, which
    alone would tell everybody and hide the girls, would give them away: 33 - 30."""
    alone = protect(DISTRICT, UNITS, RULES, DEFINITIONS).cells
    first = {("S1", "sex:male"), ("D", "sex:male"), ("S1", "all"), ("D", "all")}
    assert hidden_in(alone) != first
    table = DISTRICT.select([*KEYS, "n", "total", "value"])
    states = [
        HIDDEN if place in first else VALUE
        for place in zip(DISTRICT["unit_id"].to_pylist(), DISTRICT["group"].to_pylist(), strict=True)
    ]
    past = Past("one", STRICTER.model_dump(mode="json"), table.append_column("state", [states]).cast(PAST))
    before = DISTRICT.set_column(DISTRICT.schema.get_field_index("state"), "state", [states])
    assert Oracle([before]).found() == []
    assert Oracle([before, alone]).found() != []  # each is safe, both together are not
    now, _ = released(DISTRICT, past)
    assert Oracle([before, now]).found() == []
    assert ("S1", "sex:male") in hidden_in(now)


def test_the_same_release_again_is_the_same() -> None:
    first, past = released(DISTRICT)
    second, again = released(DISTRICT, past)
    third, _ = released(DISTRICT, past, again)
    assert first.equals(second)
    assert first.equals(third)


def changed(unit: str, group: str, students: int, reached: int) -> pa.Table:
    """The district after some students of a group came to a school (or left)."""
    rows = DISTRICT.to_pylist()
    for one in rows:
        if one["unit_id"] in (unit, "D") and one["group"] in ("all", group):
            one["n"] += students
            one["total"] += reached
            one["value"] = one["total"] / one["n"]
    return pa.Table.from_pylist(rows, schema=DISTRICT.schema)


@pytest.mark.parametrize(("came", "reached"), [(1, 0), (1, 1), (-1, 0), (-1, -1), (3, 1)])
def test_who_came_or_left_cannot_be_found_by_subtracting(came: int, reached: int) -> None:
    first, past = released(DISTRICT)
    now, _ = released(changed("S2", "sex:male", came, reached), past)
    told = keyed(first)
    for key, (n, total, state) in keyed(now).items():
        if state == VALUE and told[key][2] == VALUE:
            assert (n, total) == told[key][:2], key
    assert ("S2", "all") in hidden_in(now)


def test_many_who_came_are_told() -> None:
    first, past = released(DISTRICT)
    now, _ = released(changed("S2", "sex:male", 20, 10), past)
    assert ("S2", "all") not in hidden_in(first) | hidden_in(now)
    assert keyed(now)["suspension", "school", "S2", "2015-16", "all"][:2] == (80.0, 40.0)


def over_years(reached: int) -> pa.Table:
    """A school over two years, with few boys in each; `reached` of the latest year's boys."""
    rows = []
    for period, boys in (("2014-15", 4), ("2015-16", reached)):
        for group, n, total in (("sex:female", 60, 30), ("sex:male", 9, boys), ("all", 69, 30 + boys)):
            for unit in ("school:S1", "district:D"):
                rows.append({**row(unit, group, n, total), "period": period})
    return cells_table(rows)


def test_years_told_together_are_told_again_and_not_where_few_have_changed() -> None:
    rules = RULES.model_copy(update={"minimum_n": 10, "roll_up": ("years",)})
    boys = ("suspension", "school", "S1", "2014-15/2015-16", "sex:male")
    cells = over_years(4)
    first = protect(cells, UNITS, rules, DEFINITIONS)
    assert keyed(first.over_years)[boys] == (18.0, 8.0, VALUE)
    kept = pa.concat_tables([cells, first.over_years.cast(cells.schema)]).select([*KEYS, "n", "total"])
    told = pa.concat_tables([first.cells, first.over_years.cast(first.cells.schema)])
    for name in ("value", "state"):
        kept = kept.append_column(name, told[name])
    earlier = Earlier((Past("one", rules.model_dump(mode="json"), kept.cast(PAST)),), UNITS)
    again = protect(cells, UNITS, rules, DEFINITIONS, earlier)
    assert again.cells.equals(first.cells)
    assert keyed(again.over_years) == keyed(first.over_years)
    assert keyed(protect(over_years(5), UNITS, rules, DEFINITIONS).over_years)[boys] == (18.0, 9.0, VALUE)
    assert boys not in keyed(protect(over_years(5), UNITS, rules, DEFINITIONS, earlier).over_years)


# --- laws ---


@st.composite
def districts(draw: st.DrawFn) -> dict[str, np.ndarray]:
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    size = draw(st.integers(8, 60))
    skew = draw(st.sampled_from([0.5, 2.0]))
    people = {
        name: random.choice(values, size, p=random.dirichlet([skew] * len(values)))
        for name, values in VALUES.items()
    }
    people["unit"] = random.choice(SCHOOLS["D"], size)
    chance = draw(st.sampled_from([0.1, 0.5]))
    people["suspension"] = (random.random(size) < chance).astype(float)
    people["chronic_absence"] = (random.random(size) < 0.3).astype(float)
    return people


def counted(people: dict[str, np.ndarray], by: tuple[str, ...], indicators: tuple[str, ...]) -> pa.Table:
    one = np.ones(len(people["unit"]))
    values = {name: people[name] for name in VALUES}
    outcomes = {name: (one, people[name]) for name in indicators}
    return count(people["unit"], values, outcomes, SCHOOLS, crossings(list(by), 2), None)


ASKED = st.tuples(
    st.sampled_from([("sex",), ("race_ethnicity",), ("race_ethnicity", "sex"), ()]),
    st.sampled_from([("suspension",), ("chronic_absence",), ("chronic_absence", "suspension")]),
    st.sampled_from([RULES, STRICTER]),
)
QUICK = settings(
    deadline=None, max_examples=6, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@QUICK
@given(districts(), st.lists(ASKED, min_size=2, max_size=3))
def test_other_groups_indicators_and_rules_of_the_same_students(people: dict, asked: list) -> None:
    """Whatever is asked of the same students, release after release: what all of them hide stays hidden."""
    pasts: list[Past] = []
    tables = []
    for by, indicators, rules in asked:
        told, past = released(counted(people, by, indicators), *pasts, rules=rules)
        pasts.append(past)
        tables.append(told)
    assert Oracle(tables).found() == []


@QUICK
@given(districts(), st.integers(0, 59), st.sampled_from([1, 2, 30]), ASKED, ASKED)
def test_students_who_left_between_two_releases(
    people: dict, who: int, many: int, first: tuple, second: tuple
) -> None:
    """No number that both releases publish differs by fewer students than the rules let stand alone."""
    _, past = released(counted(people, *first[:2]), rules=first[2])
    stay = np.ones(len(people["unit"]), dtype=bool)
    stay[(who + np.arange(many)) % len(stay)] = False
    if not stay.any():
        return
    now, _ = released(
        counted({name: column[stay] for name, column in people.items()}, *second[:2]), past, rules=second[2]
    )
    before = {key: (n, total) for key, (n, total, state) in keyed(past.cells).items() if state == VALUE}
    for key, (n, total, state) in keyed(now).items():
        if state == VALUE and key in before:
            students, reached = n - before[key][0], total - before[key][1]
            for change, least in ((students, second[2].minimum_n), (reached, 2), (students - reached, 2)):
                assert change == 0 or abs(change) >= least, key

"""What earlier releases mean for the next one, by hand and as laws over students who come and go."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disclosure.made import cells_table, count, crossings, units_table

from evenground.definitions import load
from evenground.disclosure.earlier import PAST, Earlier, Past, judge, years_of
from evenground.model import HIDDEN, KEYS, VALUE

DEFINITIONS = load()
N10 = DEFINITIONS.policies["n10"]
UNITS = units_table({"D": ["S1", "S2"]}, None)


def row(group: str, n: int, total: int, unit: str = "school:S1", **other: str) -> dict:
    level, identity = unit.split(":")
    keys = {"indicator": "graduation", "period": "2015-16", "unit_level": level, "unit_id": identity}
    return {**keys, "group": group, "n": n, "total": total, **other}


def past(cells: pa.Table, hidden: tuple[str, ...] = (), policy: str = "n10", name: str = "one") -> Past:
    """A release of these cells, with the rows of these groups hidden."""
    states = [HIDDEN if group in hidden else VALUE for group in cells["group"].to_pylist()]
    values = [
        None if state == HIDDEN else value
        for state, value in zip(states, cells["value"].to_pylist(), strict=True)
    ]
    table = cells.select([*KEYS, "n", "total"])
    table = table.append_column("value", pa.array(values, pa.float64()))
    return Past(
        name,
        DEFINITIONS.policies[policy].model_dump(mode="json"),
        table.append_column("state", [states]).cast(PAST),
    )


def judged(cells: pa.Table, *pasts: Past, policy: str = "n10"):
    return judge(cells, Earlier(pasts, UNITS), DEFINITIONS.policies[policy], DEFINITIONS)


SEX = [row("all", 100, 80), row("sex:female", 55, 44), row("sex:male", 45, 36)]


def groups(cells: pa.Table, mask: np.ndarray) -> list[str]:
    return cells.filter(pa.array(mask))["group"].to_pylist()


def test_without_earlier_releases_nothing_follows() -> None:
    cells = cells_table(SEX)
    for earlier in (
        None,
        Earlier((), UNITS),
        Earlier((past(cells_table([row("all", 9, 8, period="2014-15")])),), UNITS),
    ):
        found = judge(cells, earlier, N10, DEFINITIONS)
        assert not (found.public.any())
        assert not (found.changed.any())
        assert not (found.kept.any())
        assert not (len(found.beside))


def test_the_same_release_again_is_public_where_it_was_and_hidden_where_it_was() -> None:
    cells = cells_table(SEX)
    found = judged(cells, past(cells, ("sex:female", "sex:male")))
    assert groups(cells, found.public) == ["all"]
    assert groups(cells, found.kept) == ["sex:female", "sex:male"]
    assert not found.changed.any()


def test_under_other_rules_what_was_hidden_may_be_told_while_nothing_has_changed() -> None:
    cells = cells_table(SEX)
    assert not judged(cells, past(cells, ("sex:female", "sex:male"), "strict")).kept.any()


@pytest.mark.parametrize(
    ("n", "total", "few"),
    [
        (101, 80, True),  # one student came
        (99, 79, True),  # one left
        (100, 81, True),  # one got another outcome
        (109, 89, True),  # nine came
        (120, 90, False),  # twenty came: ten of them reached, ten did not
        (120, 99, True),  # twenty came, and one more does not reach
        (120, 100, True),  # all of the twenty who came reached: n10 does not tell that of a group
        (110, 80, False),  # ten came, and none of them reached: a zero, which n10 publishes
        (100, 90, False),  # ten more reach, ten fewer do not
    ],
)
def test_few_are_judged_like_a_group(n: int, total: int, few: bool) -> None:
    before, now = cells_table(SEX), cells_table([row("all", n, total), *SEX[1:]])
    assert groups(now, judged(now, past(before)).changed) == (["all"] if few else [])


def test_a_count_that_was_hidden_cannot_be_subtracted() -> None:
    before, now = cells_table(SEX), cells_table([*SEX[:2], row("sex:male", 46, 36)])
    assert not judged(now, past(before, ("sex:male",))).changed.any()


def test_every_earlier_release_counts_not_only_the_newest() -> None:
    first, second = cells_table([row("all", 100, 80)]), cells_table([row("all", 145, 105)])
    now = cells_table([row("all", 101, 80)])
    assert judged(now, past(first), past(second)).changed.all()
    assert not judged(now, past(second)).changed.any()


def test_other_indicators_over_the_same_students_tell_their_number() -> None:
    before = cells_table([row("all", 100, 80, indicator="chronic_absence")])
    now = cells_table([row("all", 101, 50, indicator="suspension")])
    assert DEFINITIONS.indicators["suspension"].over == DEFINITIONS.indicators["chronic_absence"].over
    assert judged(now, past(before)).changed.all()
    assert not judged(now, past(before, ("all",))).changed.any()


def test_what_was_hidden_stays_hidden_where_others_of_its_year_have_changed() -> None:
    before = cells_table(SEX)
    now = cells_table([row("all", 145, 120), row("sex:female", 100, 84), row("sex:male", 45, 36)])
    found = judged(now, past(before, ("sex:female", "sex:male"), "strict"))
    assert groups(now, found.kept) == ["sex:male"]  # 100 - 45 would be the girls of the first release


def test_other_groups_of_the_same_data_stand_beside() -> None:
    now = cells_table([row("all", 100, 80), row("homeless:homeless", 20, 10)])
    found = judged(now, past(cells_table(SEX), ("sex:male",)))
    assert found.beside["group"].to_pylist() == ["sex:female", "sex:male"]
    assert found.told.tolist() == [True, False]
    assert found.beside["n"].to_pylist() == [55.0, 45.0]


def test_other_groups_of_other_data_do_not() -> None:
    now = cells_table([row("all", 130, 100)])
    assert not len(judged(now, past(cells_table(SEX))).beside)


def test_a_group_that_is_gone_is_nobody_and_shows_that_the_data_are_others() -> None:
    before = cells_table([*SEX, row("sex:nonbinary", 2, 1)])
    found = judged(cells_table(SEX), past(before, ("sex:nonbinary",)))
    assert not len(found.beside)


def test_places_that_only_an_earlier_release_holds_stand_beside_while_their_year_is_unchanged() -> None:
    other = [row("all", 60, 30, "school:S2"), row("sex:female", 30, 15, "school:S2")]
    before = cells_table([*SEX, *other])
    assert judged(cells_table(SEX), past(before)).beside["unit_id"].to_pylist() == ["S2", "S2"]
    moved = cells_table([row("all", 130, 100), *SEX[1:]])
    assert not len(judged(moved, past(before)).beside)


def test_of_two_earlier_releases_that_disagree_the_newest_stands_beside() -> None:
    now = cells_table([row("all", 200, 100, "school:S2")])
    old, new = cells_table(SEX), cells_table([row("sex:female", 60, 44), row("sex:male", 40, 36)])
    found = judged(now, past(old), past(new, ("sex:female", "sex:male")))
    assert dict(zip(found.beside["group"].to_pylist(), found.beside["n"].to_pylist(), strict=True)) == {
        "sex:female": 60.0,
        "sex:male": 40.0,
    }
    assert not found.told.any()


def test_years_told_together_bring_their_years() -> None:
    years = [row("all", 40 + at, 30, period=period) for at, period in enumerate(("2013-14", "2014-15"))]
    together = row("all", 81, 60, period="2013-14/2014-15")
    now = cells_table(years[1:])
    found = judged(now, past(cells_table([*years, together])))
    assert found.beside["period"].to_pylist() == ["2013-14", "2013-14/2014-15"]
    assert years_of("2013-14/2015-16") == ("2013-14", "2014-15", "2015-16")
    assert found.told.all()
    moved = cells_table([row("all", 80, 60, period="2014-15")])
    assert not len(judged(moved, past(cells_table([years[1], together]))).beside)


# --- laws ---

SCHOOLS = {"D": ["S1", "S2"]}


@st.composite
def students(draw: st.DrawFn) -> dict[str, np.ndarray]:
    size = draw(st.integers(1, 60))
    pick = lambda choices: np.array(draw(st.lists(st.sampled_from(choices), min_size=size, max_size=size)))  # noqa: E731
    return {
        "unit": pick(["S1", "S2"]),
        "sex": pick(["female", "male"]),
        "race_ethnicity": pick(["black", "white", "asian"]),
        "outcome": pick([0.0, 1.0]),
    }


def counted(people: dict[str, np.ndarray], by: tuple[str, ...]) -> pa.Table:
    one = np.ones(len(people["unit"]))
    values = {name: people[name] for name in ("sex", "race_ethnicity")}
    outcomes = {"suspension": (one, people["outcome"])}
    return count(people["unit"], values, outcomes, SCHOOLS, crossings(list(by), 2), None)


def released(people: dict[str, np.ndarray], by: tuple[str, ...], cut: int) -> Past:
    cells = counted(people, by)
    small = [n < cut for n in cells["n"].to_pylist()]
    states = [HIDDEN if hide else VALUE for hide in small]
    values = [None if hide else v for hide, v in zip(small, cells["value"].to_pylist(), strict=True)]
    table = cells.select([*KEYS, "n", "total"]).append_column("value", pa.array(values, pa.float64()))
    return Past("one", N10.model_dump(mode="json"), table.append_column("state", [states]).cast(PAST))


@settings(deadline=None, max_examples=60)
@given(students(), st.integers(0, 12), st.permutations(["sex", "race_ethnicity"]), st.integers(0, 59))
def test_students_who_come_and_go(people: dict, cut: int, order: list[str], leaver: int) -> None:
    """Over any school: the same students give nothing new; one who left changes exactly the cells that held
    the student, and those of them that were published are judged changed.
    """
    before = released(people, ("sex", "race_ethnicity"), cut)
    same = counted(people, (order[0],))
    found = judge(same, Earlier((before,), UNITS), N10, DEFINITIONS)
    assert not found.changed.any()
    assert (found.public | (same["n"].to_numpy() < cut)).all()
    keys = [tuple(key) for key in zip(*(same[name].to_pylist() for name in KEYS), strict=True)]
    beside = [tuple(key) for key in zip(*(found.beside[name].to_pylist() for name in KEYS), strict=True)]
    everything = {tuple(k) for k in zip(*(before.cells[name].to_pylist() for name in KEYS), strict=True)}
    assert set(keys) | set(beside) == everything
    assert not set(keys) & set(beside)

    gone = leaver % len(people["unit"])
    left = {name: np.delete(column, gone) for name, column in people.items()}
    if not len(left["unit"]):
        return
    now = counted(left, ("sex", "race_ethnicity"))
    found = judge(now, Earlier((before,), UNITS), N10, DEFINITIONS)
    state = dict(zip(everything_in(before.cells), before.cells["state"].to_pylist(), strict=True))
    held = {
        key
        for key in everything_in(now)
        if key[2] in ("D", people["unit"][gone]) and holds(key[4], people, gone)
    }
    expected = {key for key in held if state[key] == VALUE}
    got = {key for key, few in zip(everything_in(now), found.changed, strict=True) if few}
    assert got == expected
    assert not found.public[found.changed].any()


def everything_in(table: pa.Table) -> list[tuple]:
    return [tuple(key) for key in zip(*(table[name].to_pylist() for name in KEYS), strict=True)]


def holds(group: str, people: dict, who: int) -> bool:
    pairs = [pair.split(":") for pair in group.split("+")] if group != "all" else []
    return all(people[name][who] == value for name, value in pairs)

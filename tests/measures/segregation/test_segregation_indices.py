"""Indices of one table, against the numbers of R's segregation and of PySAL."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.segregation.conftest import COLUMNS, SECOND, SMALL

from evenground.measures import on
from evenground.measures import segregation as s

R = "R segregation 1.1.0"
PYSAL = "PySAL segregation 2.5.4"


@pytest.mark.parametrize(
    ("data", "d", "m", "h", "own"),
    [
        (SMALL, 0.6, 0.356641347055, 0.514524702773, 0.76),
        (SECOND, 0.6, 0.192744757022, 0.278071905113, 0.68),
    ],
    ids=["first", "second"],
)
def test_two_groups_in_four_schools(outside, data, d, m, h, own):
    what = "two groups in four schools"
    outside("segregation.dissimilarity", what, s.dissimilarity(**data).value, d, source=R, within=1e-15)
    outside(
        "segregation.mutual_information", what, s.mutual_information(**data).value, m, source=R, within=1e-12
    )
    outside("segregation.theil_h", what, s.theil_h(**data).value, h, source=R, within=1e-12)
    outside("segregation.isolation", what, s.isolation(**data).value, [own, own], source=R, within=1e-15)
    met = s.exposure(**data).value
    outside("segregation.exposure", what, met, [[own, 1 - own], [1 - own, own]], source=R, within=1e-15)


def test_ends_of_the_scale(outside):
    apart = {"count": [40, 40], "unit": [1, 2], "group": ["a", "b"]}
    source = f"tests of {R}: two groups of 40 apart give ln 2, 1 and 1"
    found = [f(**apart).value.item() for f in (s.mutual_information, s.theil_h, s.dissimilarity)]
    outside(
        "segregation.mutual_information",
        "complete separation",
        found[0],
        np.log(2),
        source=source,
        within=1e-15,
    )
    outside("segregation.theil_h", "complete separation", found[1], 1, source=source, within=1e-15)
    outside("segregation.dissimilarity", "complete separation", found[2], 1, source=source, within=1e-15)
    mixed = s.entropy([25, 75], ["a", "b"]).value
    outside("segregation.entropy", "25 and 75 students", mixed, 0.5623, source=f"tests of {R}", within=5e-5)
    bits = s.entropy([40, 40], ["a", "b"], base=2).value
    outside(
        "segregation.entropy", "two equal groups, in bits", bits, 1, source="by hand: log2(2)", within=1e-15
    )


def test_three_states_against_r(outside, schools):
    what = "2,045 schools of three states, 2000-01"
    m, h = on(schools, s.mutual_information, **COLUMNS), on(schools, s.theil_h, **COLUMNS)
    outside("segregation.mutual_information", what, m.value, 0.421523894915887, source=R, within=1e-12)
    outside("segregation.theil_h", what, h.value, 0.415115695865238, source=R, within=1e-12)
    bits = on(schools, partial(s.mutual_information, base=2), **COLUMNS)
    assert bits.value == pytest.approx(0.421523894915887 / np.log(2), abs=1e-12)
    pair = on(schools, partial(s.dissimilarity, between=("white", "black")), **COLUMNS)
    outside(
        "segregation.dissimilarity",
        f"{what}, white and black",
        pair.value,
        0.727768171405035,
        source=R,
        within=1e-12,
    )
    assert (m.units, m.groups, m.n) == (2045, 5, 877_464)


# MultiDiversity, MultiDivergence, MultiInfoTheory, MultiDissim; Gini, NormExposure, RelativeDiversity,
# SquaredCoefVar, SimpsonsInteraction; Isolation of each group in the order of the alphabet; CorrelationR
THREE_STATES = (
    [1.0154371398491493, 0.4215238949158869, 0.4151156958652382, 0.6173218959236302],
    [0.7830899244413091, 0.4313555691211502, 0.41992661366962747, 0.24755752051664537, 0.5451408190341884],
    [0.053908519227944846, 0.6106426230960355, 0.4417423874017393, 0.08997928542365521, 0.7939572669172066],
    [0.03194405596822291, 0.5196708436127411, 0.342020025090204, 0.08309200503974999, 0.44485872147681343],
)
KENTUCKY = (
    [0.8063066296237107, 0.1735154957295379, 0.2151979028257706, 0.48831285553455667],
    [0.6338310195567847, 0.23421307667681132, 0.19598605493000323, 0.07241849476853167, 0.37680951627534076],
    [0.00416914517818048, 0.06365384973122892, 0.3225690713987473, 0.007386460868676581, 0.14299682202322592,
     0.057343207848468754, 0.8363924115590621],
    [0.0029192794896395428, 0.04767242253179303, 0.24478922835554964, 0.006239599572708437,
     0.08510174483222896, 0.022736633189142562, 0.2592651373169393],
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "what", "known"),
    [
        ("schools", "2,045 schools of three states, 2000-01", THREE_STATES),
        ("kentucky", "1,420 schools of Kentucky, 2016-17, seven groups", KENTUCKY),
    ],
    ids=["three states", "Kentucky"],
)
def test_real_schools_against_pysal(outside, request, name, what, known):
    frame = request.getfixturevalue(name)
    indices, others, own, beyond = known
    functions = (s.mutual_information, s.theil_h, s.dissimilarity)
    mixed = on(frame, s.entropy, count="n", group="race")
    outside("segregation.entropy", what, mixed.value, indices[0], source=PYSAL, within=1e-9)
    for function, expected in zip(functions, indices[1:], strict=True):
        found = on(frame, function, **COLUMNS).value
        outside(f"segregation.{function.__name__}", what, found, expected, source=PYSAL, within=1e-9)
    found = on(frame, partial(s.multigroup, draws=0), **COLUMNS)
    outside("segregation.multigroup", what, found.value, others, source=PYSAL, within=1e-9)
    alone = on(frame, s.isolation, **COLUMNS)
    outside("segregation.isolation", what, alone.value, own, source=PYSAL, within=1e-9)
    outside(
        "segregation.isolation", f"{what}, beyond chance", alone.beyond, beyond, source=PYSAL, within=1e-9
    )


counts = st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(table=counts, factor=st.integers(2, 5), seed=st.integers(0, 99))
def test_laws_of_all_indices(table, factor, seed):
    """Order, scale, units cut in two with one mix, and bounds."""
    n = np.array(table) + np.eye(len(table), 3, dtype=int)
    unit, group = np.indices(n.shape)
    long = {"count": n.ravel(), "unit": unit.ravel(), "group": group.ravel()}
    order = np.random.default_rng(seed).permutation(n.size)
    split = {
        "count": np.concatenate([n.ravel() / 4, n.ravel() * 3 / 4]),
        "unit": np.concatenate([unit.ravel(), unit.ravel() + 100]),
        "group": np.concatenate([group.ravel()] * 2),
    }
    for function in (s.mutual_information, s.theil_h, s.dissimilarity):
        value = function(**long).value
        assert 0 <= value <= (np.log(3) if function is s.mutual_information else 1) + 1e-12
        shuffled = {name: np.asarray(column)[order] for name, column in long.items()}
        assert function(**shuffled).value == pytest.approx(value, abs=1e-12)
        assert function(**{**long, "count": n.ravel() * factor}).value == pytest.approx(value, abs=1e-12)
        assert function(**split).value == pytest.approx(value, abs=1e-9)
    assert s.exposure(**long).value.sum(axis=1) == pytest.approx(1.0)
    same = {**long, "count": (n.sum(axis=0) * (unit + 1)).ravel()}
    for function in (s.mutual_information, s.theil_h, s.dissimilarity):
        assert function(**same).value == pytest.approx(0, abs=1e-12)


def test_intervals_are_as_wide_as_those_of_the_bootstrap(schools):
    """The delta method says what drawing the students again says, within its own chance."""
    found = on(schools, partial(s.bootstrap, index=("information", "theil", "dissimilarity")), **COLUMNS)
    for place, function in enumerate((s.mutual_information, s.theil_h, s.dissimilarity)):
        estimate = on(schools, function, **COLUMNS)
        se = (estimate.high - estimate.value) / 1.959964
        assert se == pytest.approx(found.se[place], rel=0.25)


@pytest.mark.parametrize("function", [s.exposure, s.isolation, s.entropy])
def test_intervals_hold_the_truth_as_often_as_they_say(function):
    """400 times the same chances: the share of intervals with the truth is .95, give or take."""
    rng = np.random.default_rng(5)
    chances = np.array([[0.2, 0.3], [0.05, 0.2], [0.02, 0.23]])
    unit, group = np.indices(chances.shape)
    labels = (
        {"group": group.ravel()} if function is s.entropy else {"unit": unit.ravel(), "group": group.ravel()}
    )
    truth = function(chances.ravel(), **labels).value.ravel()[0]
    inside = 0
    for _ in range(400):
        found = function(rng.multinomial(900, chances.ravel()), **labels)
        inside += bool(found.low.ravel()[0] <= truth <= found.high.ravel()[0])
    assert 0.92 <= inside / 400 <= 0.98


def test_questions_without_an_answer():
    one = {"count": [3, 4], "unit": [1, 2], "group": ["a", "a"]}
    assert np.isnan(s.theil_h(**one).value)
    assert np.isnan(s.dissimilarity(**one).value)
    assert s.mutual_information(**one).value == 0
    nobody = {"count": [0], "unit": [1], "group": ["a"]}
    assert np.isnan(s.mutual_information(**nobody).value)
    with pytest.raises(ValueError, match="2 of 3 counts are negative or missing"):
        s.theil_h([1, -1, np.nan], [1, 2, 3], ["a", "b", "a"])
    with pytest.raises(ValueError, match="3 counts and 2 labels"):
        s.theil_h([1, 1, 1], [1, 2], ["a", "b", "a"])
    with pytest.raises(ValueError, match="no students in group 'c'"):
        s.dissimilarity(**SMALL, between=("a", "c"))
    with pytest.raises(ValueError, match="base is 1"):
        s.mutual_information(**SMALL, base=1)

"""Agreement of raters against published vectors and another program's output."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import agreement

VALUES = Path(__file__).parents[4] / "shared" / "reference" / "values"

FOUR_RATERS = np.array(
    [
        [1, 1, np.nan, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [np.nan, 5, 5, 5],
        [np.nan, np.nan, 1, 1],
        [np.nan, np.nan, 3, np.nan],
    ]
)
IRRCAC = "R irrCAC 1.0"


@pytest.mark.parametrize(
    ("name", "observed", "chance", "value", "error", "low"),
    [
        ("gwet", 0.818182, 0.190321, 0.77544, 0.14295, 0.46081),
        ("fleiss", 0.818182, 0.238715, 0.76117, 0.15302, 0.42438),
        ("conger", 0.818182, 0.233425, 0.76282, 0.14917, 0.43450),
        ("brennan_prediger", 0.818182, 0.2, 0.77273, 0.14472, 0.45421),
    ],
)
def test_coefficients_of_four_raters(outside, name, observed, chance, value, error, low):
    found = getattr(agreement, name)(FOUR_RATERS)
    outside(
        f"agreement.{name}",
        "4 raters, 12 units: agreement, by chance, value, standard error, lower bound",
        [found.observed, found.chance, found.value, found.error, found.low],
        [observed, chance, value, error, low],
        source=IRRCAC,
        within=6e-6,
    )
    assert found.high == 1
    assert found.units == 12


def test_the_table_is_that_of_the_reference_values():
    file = VALUES / "agreement-4raters-ratings.csv"
    if not file.exists():
        pytest.skip("needs ../shared/reference/values")
    rows = list(csv.reader(file.open(encoding="utf-8")))[1:]
    table = [[float(x) if x else np.nan for x in row[1:]] for row in rows]
    np.testing.assert_array_equal(FOUR_RATERS, table)


@pytest.mark.parametrize(
    ("level", "value"),
    [
        ("nominal", 0.743421052631579),
        ("ordinal", 0.815388),
        ("interval", 0.849107),
        ("ratio", 0.797403),
    ],
)
def test_alpha_of_four_raters(outside, level, value):
    found = agreement.krippendorff(FOUR_RATERS, level=level)
    outside(
        "agreement.krippendorff",
        f"4 raters, 12 units, {level}",
        found.value,
        value,
        source="krippendorff 0.9.0",
        within=1e-12 if level == "nominal" else 5e-7,
    )
    assert found.low < found.value < found.high
    assert found.units == 11


def test_alpha_of_three_coders_with_many_missing(outside):
    a = [0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3]
    b = [1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0]
    c = [0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4]
    table = np.array([a, b, c], dtype=float).T
    table[table == 0] = np.nan
    levels = ("nominal", "ordinal", "interval", "ratio")
    found = [agreement.krippendorff(table, level=level, draws=2).value for level in levels]
    outside(
        "agreement.krippendorff",
        "3 coders, 15 units, 16 ratings missing, four levels",
        found,
        [0.691358, 0.806721, 0.810845, 0.808944],
        source="krippendorff 0.9.0",
        within=6e-7,
    )


def test_alpha_of_words():
    """Words and the numbers that stand for them give the same."""
    table = [list(pair) for pair in zip("abbabbabba", "baabbabbba", strict=True)]
    numbers = [[float("ab".index(x)) for x in pair] for pair in table]
    words, coded = agreement.krippendorff(table), agreement.krippendorff(numbers)
    assert words.value == coded.value
    assert words.low == coded.low


def test_alpha_of_two_coders(outside):
    table = np.column_stack([list("1122121121"), list("1121122121")])
    outside(
        "agreement.krippendorff",
        "2 coders, 10 units, nominal",
        agreement.krippendorff(table).value,
        0.604,
        source="krippendorff 0.9.0",
        within=5e-4,
    )


def two_coders():
    """[[20, 5], [10, 15]]: yes/yes 20, yes/no 5, no/yes 10, no/no 15."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    return first, second


def test_cohen_of_two_coders(outside):
    """p_o = 35/50 = .70; p_e = .5*.6 + .5*.4 = .50; kappa .20/.50 = .40; PABAK 2*.7 - 1 = .40."""
    found = agreement.cohen(*two_coders())
    outside(
        "agreement.cohen",
        "2 coders, 50 units: agreement, by chance, kappa",
        [found.observed, found.chance, found.value],
        [0.70, 0.50, 0.40],
        source="by hand",
        within=1e-12,
    )
    outside("agreement.pabak", "2 coders, 50 units", agreement.pabak(*two_coders()).value, 0.40,
            source="by hand", within=1e-12)  # fmt: skip
    # Its standard error: sum p (w - .6 (column share of i + row share of j))^2: alike (1 - .6*1.1)^2 .4 and
    # (1 - .6*.9)^2 .3; yes/no (.6*1.1)^2 .1, no/yes (.6*.9)^2 .2; less (.4 - .5*.6)^2; over 50 * .5^2.
    squares = 0.34**2 * 0.4 + 0.46**2 * 0.3 + 0.66**2 * 0.1 + 0.54**2 * 0.2 - 0.1**2
    outside("agreement.cohen", "2 coders, 50 units: standard error", found.error, np.sqrt(squares / 12.5),
            source="by hand", within=1e-12)  # fmt: skip


def test_weighted_kappa_by_hand(outside):
    """Three categories, table [[2, 1, 0], [0, 2, 1], [0, 0, 4]] of 10 units.

    Linear weights 1, 1/2, 0: p_o = (2+2+4 + (1+1)/2)/10 = .9. Rows .3 .3 .4, columns .2 .3 .5.
    p_e = .3*.2 + .3*.3 + .4*.5 + (.3*.3 + .3*.2 + .3*.5 + .4*.3)/2 = .35 + .21 = .56; kappa .34/.44.
    Quadratic 1, 3/4, 0: p_o = .8 + 2*.075 = .95; p_e = .35 + .42*.75 = .665; kappa .285/.335.
    """
    first = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3]
    second = [1, 1, 2, 2, 2, 3, 3, 3, 3, 3]
    found = [agreement.cohen(first, second, weights=kind).value for kind in ("linear", "quadratic")]
    outside("agreement.cohen", "3 ordered categories, linear and quadratic weights", found,
            [0.34 / 0.44, 0.285 / 0.335], source="by hand", within=1e-12)  # fmt: skip


def test_cohen_of_two_is_conger_of_two():
    first, second = two_coders()
    conger = agreement.conger([list(pair) for pair in zip(first, second, strict=True)])
    assert conger.value == pytest.approx(agreement.cohen(first, second).value)
    # The two standard errors come from different formulas for large n, and agree there.
    assert conger.error == pytest.approx(float(agreement.cohen(first, second).error), rel=0.02)


def test_bootstrap_finds_the_truth_as_often_as_it_says():
    """Raters who copy the truth 8 times of 10; alpha of the process is that of a very large sample."""
    rng = np.random.default_rng(4)

    def sample(units):
        truth = rng.integers(0, 3, (units, 1))
        given = np.where(rng.random((units, 3)) < 0.8, truth, rng.integers(0, 3, (units, 3))).astype(float)
        return np.where(rng.random((units, 3)) < 0.2, np.nan, given)

    truth = agreement.krippendorff(sample(40_000), draws=2).value
    held = [
        found.low <= truth <= found.high
        for found in (agreement.krippendorff(sample(60), draws=300) for _ in range(200))
    ]
    assert 0.90 <= np.mean(held) <= 0.99


tables = st.integers(0, 2**32 - 1).map(
    lambda seed: np.where(
        np.random.default_rng(seed).random((12, 4)) < 0.2,
        np.nan,
        np.random.default_rng(seed).integers(1, 4, (12, 4)),
    )
)


@given(tables)
def test_order_of_raters_and_units_and_names_do_not_matter(table):
    functions = [agreement.gwet, agreement.fleiss, agreement.conger, agreement.brennan_prediger]
    for function in functions:
        other = np.array([7.0, 9.0, 8.0])[np.nan_to_num(table, nan=1).astype(int) - 1]
        other = np.where(np.isnan(table), np.nan, other)[::-1, ::-1]
        assert function(table).value == pytest.approx(float(function(other).value), nan_ok=True)
        assert function(table).error == pytest.approx(float(function(other).error), nan_ok=True)


@given(tables)
def test_interval_alpha_does_not_change_with_the_scale(table):
    ours, theirs = (agreement.krippendorff(x, level="interval", draws=2) for x in (table, 3 * table + 5))
    assert ours.value == pytest.approx(float(theirs.value), nan_ok=True)


def test_all_alike_is_one_and_nothing_is_nan():
    alike = [[1, 1], [2, 2], [3, 3]]
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert agreement.krippendorff(alike, level=level).value == 1
    assert agreement.gwet(alike).value == 1
    assert np.isnan(agreement.krippendorff([[1, 1], [1, 1]]).value)
    assert np.isnan(agreement.cohen(["a"], ["a"]).value)
    assert np.isnan(agreement.fleiss(np.full((3, 2), np.nan)).value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: agreement.cohen([1, 2], [1]), "one rater has 2 ratings"),
        (lambda: agreement.cohen([1], [1], weights="cubic"), "write 'none', 'linear' or 'quadratic'"),
        (lambda: agreement.pabak([1, 2, 3], [1, 2, 3]), "3 categories occur"),
        (lambda: agreement.krippendorff([["a", "b"]], level="interval"), "needs numbers"),
        (lambda: agreement.krippendorff([[1, 2]], level="other"), "write one of nominal"),
        (lambda: agreement.krippendorff([[-1, 2], [1, 1]], level="ratio"), "below 0"),
        (lambda: agreement.gwet([1, 2]), "give units x raters"),
        (lambda: agreement.gwet([["a", "c"]], categories=["a", "b"]), "the categories are a, b"),
    ],
)
def test_what_cannot_be_meant_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()

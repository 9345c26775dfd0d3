"""Growth percentiles: knots as published, a rebuild by another solver, and the laws they keep."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog
from tests.rdata import read_frame

from evenground.measures.growth import basis, knots, percentiles
from evenground.measures.growth.percentile import TAUS


@pytest.fixture(scope="module")
def long(request):
    path = request.getfixturevalue("shared_data")("sgpdata-long") / "sgpData_LONG.rda"
    frame = read_frame(path)
    kept = (frame["CONTENT_AREA"] == "READING") & np.isin(frame["GRADE"], ["3", "4", "5", "6"])
    return {
        "student": frame["ID"][kept],
        "year": np.array([int(year[-4:]) for year in frame["YEAR"][kept]]),
        "grade": frame["GRADE"][kept].astype(int),
        "score": frame["SCALE_SCORE"][kept],
    }


@pytest.fixture(scope="module")
def reading(long):
    return percentiles(**long)


def made(n, years=2, seed=1):
    """Columns of n students over some years, one grade a year, whole scores."""
    rng = np.random.default_rng(seed)
    able = rng.normal(0, 1, n)
    year = np.repeat(np.arange(years), n)
    score = np.round(500 + 40 * (np.tile(able, years) + rng.normal(0, 0.5, n * years)) + 20 * year)
    return {
        "student": np.tile(np.arange(n), years),
        "year": 2020 + year,
        "grade": 4 + year,
        "score": score,
    }


def test_knots_of_the_published_run(outside):
    """Grade 4 reading of 2023 runs from 180 to 773: a tenth of the width beyond either end is 59.3."""
    placed = knots([180, 773, 400, 500])
    outside(
        "growth.knots",
        "ends of a curve, scores from 180 to 773",
        [placed.low, placed.high],
        [120.7, 832.3],
        source="R SGP 2.2, grade 4 reading 2023",
        within=1e-9,
    )
    inner = knots(np.arange(1, 12)).interior
    outside(
        "growth.knots",
        "quantiles of 1 to 11",
        inner,
        [3, 5, 7, 9],
        source="by hand: 1 + 10 q, R's type 7",
        within=1e-12,
    )


def test_splines_at_the_end_and_in_the_middle(outside):
    """Knots 0 0 0 0 1 2 3 4 5 5 5 5: at 2.5 cubic B-splines on whole knots are 1/48, 23/48, 23/48, 1/48."""
    placed = knots([0.0, 5.0], beyond=0.0)
    placed = type(placed)((1.0, 2.0, 3.0, 4.0), 0.0, 5.0)
    outside(
        "growth.basis",
        "knots 0 to 5, at 2.5 and at the ends",
        basis([2.5, 0.0, 5.0], placed),
        [
            [0, 1 / 48, 23 / 48, 23 / 48, 1 / 48, 0, 0],
            [0] * 7,
            [0, 0, 0, 0, 0, 0, 1],
        ],
        source="by hand: cubic B-splines on whole knots; all end on one at 5, the first, left out, at 0",
        within=1e-15,
    )
    with pytest.raises(ValueError, match="only from"):
        basis([6.0], placed)


def rebuilt(prior, score, prior_scores):
    """The six steps once more, with another solver and a plain loop over students."""
    placed = knots(prior_scores)
    design = np.column_stack([np.ones(len(prior)), basis(prior, placed)])
    n, p = design.shape
    sides = sparse.hstack([sparse.csr_matrix(design), sparse.eye(n), -sparse.eye(n)])
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)
    predicted = []
    for tau in TAUS:
        prices = np.concatenate([np.zeros(p), np.full(n, tau), np.full(n, 1 - tau)])
        met = linprog(prices, A_eq=sides, b_eq=score, bounds=bounds, method="highs")
        predicted.append(design @ met.x[:p])
    found = []
    for student in range(n):
        line = [round(float(value), 5) for value in sorted(curve[student] for curve in predicted)]
        place = max((rank + 1 for rank, value in enumerate(line) if value < score[student]), default=0)
        found.append(min(max(place, 1), 99))
    return found


def test_percentiles_are_those_of_a_rebuild_by_another_solver(outside):
    data = made(260, seed=3)
    found = percentiles(**data)
    assert np.isnan(found.value[:260]).all()
    prior, score = data["score"][:260], data["score"][260:]
    outside(
        "growth.percentiles",
        "260 made-up students, one earlier score, each percentile",
        found.value[260:],
        rebuilt(prior, score, prior),
        source="the six published steps with scipy's HiGHS",
        within=0,
    )


def test_the_two_checks_that_need_no_peer(long, reading, outside):
    """Within students of the same earlier score percentiles are uniform, and their mean is 50."""
    one = reading.priors == 1
    outside(
        "growth.percentiles",
        "mean percentile of all with one earlier score, sgpdata-long, reading",
        reading.value[one].mean(),
        50,
        source="published check of SGP: with one earlier score the mean is close to 50",
        within=0.5,
    )
    first = (long["year"] == 2022) & (long["grade"] == 4) & one
    before = {
        who: score
        for who, year, score in zip(long["student"], long["year"], long["score"], strict=True)
        if year == 2021
    }
    prior = np.array([before.get(who, np.nan) for who in long["student"][first]])
    edges = np.quantile(prior, np.linspace(0, 1, 9)[1:-1])
    for part in range(8):
        inside = reading.value[first][np.searchsorted(edges, prior) == part]
        counts = np.histogram(inside, bins=[0, 20, 40, 60, 80, 100])[0]
        assert counts.sum() > 300
        assert ((counts - counts.sum() / 5) ** 2 / (counts.sum() / 5)).sum() < 9  # the .94 quantile of chance


def test_longer_histories_are_used_where_they_are(long, reading):
    assert set(np.unique(reading.priors)) == {0, 1, 2, 3}
    assert (np.isnan(reading.value) == (reading.priors == 0)).all()
    # Of all, nobody has a percentile in the first year or grade
    assert not reading.priors[(long["year"] == 2021) | (long["grade"] == 3)].any()
    assert reading.value[reading.priors > 0].min() == 1
    assert reading.value[reading.priors > 0].max() == 99


def test_order_and_names_do_not_matter():
    data = made(300, years=3, seed=8)
    plain = percentiles(**data)
    mixed = np.random.default_rng(2).permutation(900)
    names = {name: column[mixed] for name, column in data.items()}
    names["student"] = np.array([f"S{number:04d}" for number in names["student"]], dtype=object)
    assert np.array_equal(percentiles(**names).value, plain.value[mixed], equal_nan=True)
    stretched = dict(data, score=data["score"] * 4 + 1000)
    assert np.array_equal(percentiles(**stretched).value, plain.value, equal_nan=True)


def test_a_break_in_the_history_ends_it():
    data = made(300, years=3, seed=8)
    data["score"][300] = np.nan  # student 0 has no score in the second year
    data["grade"][301] = 4  # student 1 was in the same grade twice
    found = percentiles(**data, fewest=15)
    assert found.priors[[300, 301, 302]].tolist() == [0, 0, 1]
    assert found.priors[[600, 601, 602]].tolist() == [0, 0, 2]
    assert found.peers[602] == 298


def test_too_few_students_for_a_long_history_keep_a_short_one():
    data = made(300, years=3, seed=8)
    assert percentiles(**data, fewest=25).priors.max() == 1  # 15 coefficients would need 375
    assert percentiles(**data, fewest=40).priors.max() == 0
    assert percentiles(**data, most=1, fewest=10).priors.max() == 1


def test_subjects_stand_apart():
    data = made(250)
    other = dict(data, score=data["score"][::-1].copy())
    both = {name: np.concatenate([data[name], other[name]]) for name in data}
    subject = np.repeat(["mathematics", "reading"], 500)
    found = percentiles(**both, subject=subject)
    assert np.array_equal(found.value[:500], percentiles(**data).value, equal_nan=True)


def test_an_error_of_measurement_gives_an_interval():
    data = made(400, seed=4)
    found = percentiles(**data, sem=np.full(800, 10.0))
    known = found.priors > 0
    assert (found.low <= found.value)[known].all()
    assert (found.high >= found.value)[known].all()
    middle = known & (found.value > 40) & (found.value < 60)
    assert (found.high - found.low)[middle].mean() > 20
    exact = percentiles(**data, sem=np.zeros(800))
    assert np.array_equal(exact.low, exact.value, equal_nan=True)


def test_two_scores_of_one_year_are_refused():
    data = made(250)
    data["student"][1] = 0
    with pytest.raises(ValueError, match="1 rows repeat a student, subject and year"):
        percentiles(**data)

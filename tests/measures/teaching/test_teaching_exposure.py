"""Exposure to teachers: the worked example, surveys with published errors, real states, and laws."""

import csv
import gzip
import io
import zipfile
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import teaching
from evenground.measures.estimate import student_quantile

R_SURVEY = "documentation of the R package survey, svymean(~api00)"


def rows_of(file):
    with gzip.open(file, "rt", encoding="utf-8") as open_file:
        yield from csv.DictReader(open_file)


def test_two_schools(outside):
    """q .30 and .10; Black students 300 and 100, white students 100 and 300: .25 against .15."""
    found = teaching.exposure(
        [300, 100, 100, 300],
        [0.3, 0.3, 0.1, 0.1],
        ["black", "white"] * 2,
        ["s1", "s1", "s2", "s2"],
        reference="white",
    )
    source = "worked example of teacher equity (ESEA 1111(g)(1)(B)), by hand"
    outside("teaching.exposure", "two schools", found.value, [0.25, 0.15], source=source, within=1e-15)
    outside(
        "teaching.exposure",
        "gap and ratio",
        [found.gap.value[0], found.ratio.value[0]],
        [0.10, 5 / 3],
        source=source,
        within=1e-15,
    )
    assert np.isnan([found.gap.low[1], found.ratio.low[1]]).all()  # against itself


def test_the_error_by_hand(outside):
    """Three schools, one group, 10, 20 and 30 students, values .1, .2, .6: mean 23/60 = .383333.

    z = n (q - mean)/60: -.0472222, -.0611111, .1083333; squares sum to .0177006; x 3/2, root: .1629446.
    """
    found = teaching.exposure([10, 20, 30], [0.1, 0.2, 0.6], ["g"] * 3, [1, 2, 3])
    outside(
        "teaching.exposure",
        "its standard error, three schools",
        found.error[0],
        0.1629446,
        source="by hand",
        within=1e-7,
    )
    assert found.high[0] - found.value[0] == pytest.approx(4.302653 * 0.1629446, abs=1e-6)  # t, 2 degrees


@pytest.mark.parametrize(
    ("file", "cluster", "population", "mean", "error"),
    [("apisrs", None, 6194, 656.585, 9.2497), ("apiclus1", "dnum", 757, 644.169, 23.542)],
)
def test_california_2000_as_a_survey(shared_data, outside, file, cluster, population, mean, error):
    """Published errors hold for draws without replacement: ours x sqrt(1 - drawn/population)."""
    rows = list(rows_of(shared_data("ca-api-2000") / f"{file}.csv.gz"))
    drawn = [row[cluster] if cluster else str(number) for number, row in enumerate(rows)]
    found = teaching.exposure(
        np.ones(len(rows)),
        [float(row["api00"]) for row in rows],
        ["all"] * len(rows),
        drawn,
        weights=[float(row["pw"]) for row in rows],
    )
    outside(
        "teaching.exposure",
        f"California 2000, sample {file}, mean",
        found.value[0],
        mean,
        source=R_SURVEY,
        within=5e-4,
    )
    corrected = found.error[0] * np.sqrt(1 - found.clusters[0] / population)
    outside(
        "teaching.exposure",
        f"California 2000, sample {file}, standard error",
        corrected,
        error,
        source=R_SURVEY,
        within=5e-4,
    )


def test_stratified_weights(shared_data, outside):
    rows = list(rows_of(shared_data("ca-api-2000") / "apistrat.csv.gz"))
    found = teaching.exposure(
        np.ones(len(rows)),
        [float(row["api00"]) for row in rows],
        ["all"] * len(rows),
        range(len(rows)),
        weights=[float(row["pw"]) for row in rows],
    )
    outside(
        "teaching.exposure",
        "California 2000, sample apistrat, mean",
        found.value[0],
        662.287,
        source=R_SURVEY,
        within=5e-4,
    )


def test_who_is_taught_by_new_teachers_in_the_civil_rights_sample(shared_data, outside):
    """1,000 schools of 2013-14: teachers in their first or second year, as each race meets them."""
    with zipfile.ZipFile(shared_data("crdc-2013-sample") / "crdc201314csv.zip") as packed:
        text = packed.read("CRDC2013_14.csv").decode("latin-1")
    races = ("HI", "AM", "AS", "HP", "BL", "WH", "TR")
    columns = defaultdict(list)
    people, weighted = dict.fromkeys(races, 0.0), dict.fromkeys(races, 0.0)
    for row in csv.DictReader(io.StringIO(text)):
        total, first, second = (float(row[f"SCH_FTETEACH_{part}"]) for part in ("TOT", "FY", "SY"))
        share = (first + second) / total if total > 0 and first >= 0 and second >= 0 else np.nan
        for race in races:
            count = sum(max(float(row[f"SCH_ENR_{race}_{sex}"]), 0) for sex in "MF")
            columns["n"].append(count)
            columns["q"].append(share)
            columns["race"].append(race)
            columns["school"].append(row["COMBOKEY"])
            if share == share:
                people[race] += count
                weighted[race] += count * share
    found = teaching.exposure(columns["n"], columns["q"], columns["race"], columns["school"], reference="WH")
    outside(
        "teaching.exposure",
        "new teachers, CRDC sample 2013-14, seven groups",
        found.value,
        [weighted[race] / people[race] for race in found.groups],
        source="the published counts, summed school by school",
        within=1e-12,
    )
    black = found.of("BL")
    assert found.gap.low[black] > 0  # clearly more new teachers than white students have
    assert 0.9 < found.covered[black] <= 1


def test_kentucky_between_districts_and_inside_them(shared_data, outside):
    """Years of experience of the teachers of Black and of white students, 2016-17."""
    folder = shared_data("ky-kysrc")
    years = {
        row["sch_id"]: float(row["avg_t_exp"])
        for row in rows_of(folder / "teach_sch.csv.gz")
        if row["year"] == "2016-2017" and row["avg_t_exp"] and float(row["fte_total"] or 0) > 0
    }
    rows = [
        (row["sch_id"], row["race"], float(row["s_count"]))
        for row in rows_of(folder / "race_sch.csv.gz")
        if row["year"] == "2016-2017"
        and row["s_count"]
        and row["sch_id"] in years
        and row["race"] in ("Black", "White")
    ]
    school, race, n = zip(*rows, strict=True)
    value = [years[one] for one in school]
    district = [one[:3] for one in school]
    found = teaching.parts(n, value, race, [district, school], first="Black", second="White", draws=50)
    levels = {}
    for which in ("Black", "White"):
        own = [(one, many) for one, of, many in rows if of == which]
        levels[which] = sum(many * years[one] for one, many in own) / sum(many for _, many in own)
    gap = levels["Black"] - levels["White"]
    source = "the published counts, summed school by school"
    outside(
        "teaching.parts",
        "teachers' experience, Kentucky 2016-17, gap in years",
        found.gap.value,
        gap,
        source=source,
        within=1e-12,
    )
    # Between districts, Kitagawa's formula written out.
    total = {which: sum(many for _, of, many in rows if of == which) for which in levels}
    between = 0.0
    for one in sorted(set(district)):
        held = {
            which: [(s, many) for s, of, many in rows if of == which and s[:3] == one]
            for which in ("Black", "White")
        }
        size = {which: sum(many for _, many in cells) for which, cells in held.items()}
        rates = [sum(m * years[s] for s, m in held[w]) / size[w] for w in held if size[w]]
        if rates:
            between += (
                (size["Black"] / total["Black"] - size["White"] / total["White"]) * sum(rates) / len(rates)
            )
    outside(
        "teaching.parts",
        "the part between districts",
        found.parts.value[0],
        between,
        source="Kitagawa's formula, district by district",
        within=1e-10,
    )
    assert found.parts.value[2] == pytest.approx(
        0, abs=1e-12
    )  # nobody knows who teaches whom inside a school
    assert found.gap.high < 0


def test_a_school_that_did_not_report_is_seen_in_what_is_covered():
    found = teaching.exposure([60, 40, 50], [0.2, np.nan, 0.1], ["a", "a", "b"], [1, 2, 1])
    assert found.value == pytest.approx([0.2, 0.1])
    assert found.covered == pytest.approx([0.6, 1])
    assert found.students.tolist() == [60, 50]


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="no group 'purple'; there are a, b"):
        teaching.exposure([1, 1], [1, 1], ["a", "b"], [1, 1], reference="purple")
    with pytest.raises(ValueError, match="students has 1 numbers below 0"):
        teaching.exposure([1, -1], [1, 1], ["a", "b"], [1, 1])
    with pytest.raises(ValueError, match="students has 2, value has 1"):
        teaching.exposure([1, 1], [1], ["a", "b"], [1, 1])


school_rows = st.lists(
    st.tuples(st.integers(1, 200), st.integers(1, 200), st.floats(0.01, 1)), min_size=3, max_size=12
)


@given(school_rows, st.floats(0.1, 100))
def test_scale_moves_values_and_errors_alike_and_others_are_all_others(rows, scale):
    n = np.array([(a, b) for a, b, _ in rows], float).ravel()
    q = np.repeat([share for *_, share in rows], 2)
    group, school = ["a", "b"] * len(rows), np.repeat(np.arange(len(rows)), 2)
    plain = teaching.exposure(n, q, group, school)
    scaled = teaching.exposure(n, q * scale, group, school)
    np.testing.assert_allclose(scaled.value, plain.value * scale, rtol=1e-9)
    np.testing.assert_allclose(scaled.ratio.value, plain.ratio.value, rtol=1e-9)
    named = teaching.exposure(n, q, group, school, reference="b")
    np.testing.assert_allclose(
        named.gap.value[0], plain.gap.value[0], atol=1e-12
    )  # with two groups, b is the others
    assert plain.value.min() >= q.min() - 1e-12
    assert plain.value.max() <= q.max() + 1e-12


def test_the_interval_covers_nearly_as_often_as_it_says():
    """1,000 samples of 100 schools from a made-up state in which a group attends schools with new teachers.

    E[n_a q]/E[n_a] - E[n_b q]/E[n_b] with q ~ Beta(4, 6), mean .4, mean square 20/110. (With few schools and
    shares as uneven as Beta(2, 8) it covers less: 89 in 100 with 40 schools. The page says so.)
    """
    rng = np.random.default_rng(11)
    mean, square, runs, held = 0.4, 20 / 110, 1000, 0
    truth = (20 * mean + 100 * square) / (20 + 100 * mean) - (60 * mean - 30 * square) / (60 - 30 * mean)
    group, school = np.repeat(["a", "b"], 100), np.tile(np.arange(100), 2)
    for _ in range(runs):
        share = rng.beta(4, 6, 100)
        n = np.r_[rng.poisson(20 + 100 * share), rng.poisson(60 - 30 * share)]
        found = teaching.exposure(n, np.r_[share, share], group, school, reference="b")
        held += found.gap.low[0] <= truth <= found.gap.high[0]
    assert 0.91 < held / runs < 0.97


def test_the_quantile_is_of_the_clusters_of_the_group():
    found = teaching.exposure([10, 20, 30, 5, 5], [1, 2, 4, 3, 5], ["a", "a", "a", "b", "b"], [1, 2, 3, 1, 2])
    half = student_quantile(np.array([2, 1]), 0.95) * found.error
    np.testing.assert_allclose(found.high - found.value, half)

"""Kentucky's numbers about the whole system against its raw files, by another road: pandas and arithmetic.

The computing half (everything in `From the raw files`) knows nothing of evenground.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

RACES = ["White", "Black", "Hispanic", "Asian", "American Indian/Alaska Native", "Hawaiian/Pacific Islander",
         "Two or More/Other"]  # fmt: skip
POOR, ALL, BLACK = "Free/Reduced-Price Meals", "All Students", "African American"
LEVELS = ["novice_pct", "apprentice_pct", "proficient_pct", "distinguished_pct"]
YEARS = ["2014-2015", "2015-2016", "2016-2017"]

# From the raw files


@cache
def raw(folder: Path, name: str) -> pd.DataFrame:
    """A file without the state's row and without cooperatives, which repeat what their districts report."""
    rows = pd.read_csv(folder / f"{name}.csv.gz", dtype={"sch_id": str})
    district = rows.sch_id.str[:3]
    rows["district"] = district
    return rows[~district.between("901", "998")]


def taught(folder: Path) -> pd.DataFrame:
    """Students of 2016-17: a row a school whose teachers' years are reported, a column a race."""
    teachers, races = raw(folder, "teach_sch"), raw(folder, "race_sch")
    known = teachers[(teachers.year == "2016-2017") & teachers.avg_t_exp.between(0, 60)].sch_id
    here = races[(races.year == "2016-2017") & races.sch_id.isin(known)]
    return here.pivot_table(index="sch_id", columns="race", values="s_count", aggfunc="sum")[RACES].fillna(0)


def dissimilarity(students: pd.DataFrame, race: str) -> float:
    own, others = students[race], students.drop(columns=race).sum(axis=1)
    return float((own / own.sum() - others / others.sum()).abs().sum() / 2)


def entropy(counts: np.ndarray) -> np.ndarray:
    share = counts / counts.sum(axis=-1, keepdims=True)
    return np.asarray(-np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0).sum(axis=-1))


def theil(students: pd.DataFrame) -> float:
    """H: how far the mix of each place is from the mix of all, as a part of the most that it could be."""
    counts = students[students.sum(axis=1) > 0].to_numpy()
    whole = float(entropy(counts.sum(axis=0)))
    return 1 - float(counts.sum(axis=1) @ entropy(counts)) / (float(counts.sum()) * whole)


def sent_home(folder: Path) -> pd.DataFrame:
    """Districts by year: suspensions and students, of Black students and of all others."""
    events, races = raw(folder, "discipline_dist"), raw(folder, "race_dist")
    events = events[events.category == "Out-of-School Suspensions"]
    told = events.pivot_table(index=["sch_id", "year"], columns="student_group", values="n_students")
    students = races.pivot_table(index=["sch_id", "year"], columns="race", values="s_count")
    both = pd.DataFrame({"events": told.black, "others_events": told.total_unique_event - told.black})
    both["students"], both["others"] = students.Black, students[RACES].sum(axis=1) - students.Black
    return both.drop(index="999", errors="ignore")


def levels(folder: Path, period: str) -> pd.DataFrame:
    """Students of the state at each level of mathematics, by group; over the three kinds of school."""
    rows = raw(folder, "ach_level_state")
    rows = rows[(rows.subject == "Mathematics") & (rows.year == period)]
    counts = rows[LEVELS].mul(rows.n_tested, axis=0)
    # shares of three decimals do not always add up to 1: the lowest level is who is left
    counts[LEVELS[0]] = rows.n_tested - counts[LEVELS[1:]].sum(axis=1)
    return counts.groupby(rows.student_group).sum()


def guesses(group: np.ndarray, others: np.ndarray) -> float:
    """Of a student who reached it and one who did not: how often `group` tells who is who; a tie is half.
    Each is (reached, not reached)."""
    reached, missed = group[0] + others[0], group[1] + others[1]
    right = others[0] / reached * group[1] / missed
    same = group[0] / reached * group[1] / missed + others[0] / reached * others[1] / missed
    return float(right + same / 2)


def ordered_gap(group: np.ndarray, others: np.ndarray) -> float:
    """Two normal curves and three cut points, by maximum likelihood: the gap in standard deviations."""

    def unlikely(at: np.ndarray) -> float:
        cuts = np.concatenate([[-np.inf], at[2] + np.cumsum([0, *np.exp(at[3:])]), [np.inf]])
        theirs, own = np.diff(norm.cdf(cuts)), np.diff(norm.cdf((cuts - at[0]) / np.exp(at[1])))
        return -float(others @ np.log(theirs) + group @ np.log(own)) / float(others.sum())

    how = {"maxiter": 20_000, "xatol": 1e-9, "fatol": 1e-14}
    found = minimize(unlikely, [-0.5, 0, -1, 0, 0], method="Nelder-Mead", options=how)
    return float(found.x[0] / sqrt((1 + np.exp(found.x[1]) ** 2) / 2))


def high_schools(folder: Path) -> pd.DataFrame:
    """High schools of 2016-17 that report who took an AP exam: what they are alike in, and the rate."""
    exams, races = raw(folder, "ap_sch"), raw(folder, "race_sch")
    took = exams[(exams.year == "2016-2017") & (exams.student_group == ALL)].set_index("sch_id").ap_n_tested
    here = races[races.year == "2016-2017"]
    students = here.pivot_table(index="sch_id", columns="race", values="s_count", aggfunc="sum")[RACES]
    size = students.sum(axis=1)
    alike = students[["White", "Black", "Hispanic"]].div(size, axis=0).assign(size=np.log(size))
    fed = meals(folder, "2016-2017")
    there = alike.assign(students=size, rate=took / size, need=fed.frpl_total / fed.enroll)
    return there.dropna(subset=["rate", "need"])


def meals(folder: Path, period: str) -> pd.DataFrame:
    """Schools: students who can get free or low-cost meals, and all; no rows that count more than all."""
    rows = raw(folder, "frpl_sch")
    known = (rows.year == period) & (rows.enroll > 0) & (rows.frpl_total <= rows.enroll)
    return rows[known].set_index("sch_id")[["frpl_total", "enroll"]]


def money(folder: Path) -> pd.DataFrame:
    """Districts of 2015-16: dollars for each student, students, and the part of them in need."""
    rows = raw(folder, "rev_exp_dist")
    spent = rows[(rows.year == "2015-2016") & (rows.type == "expenditure") & (rows.tot_pp == "pp")]
    dollars = spent[spent.category == "total"].set_index("sch_id").value
    races = raw(folder, "race_dist")
    students = races[races.year == "2015-2016"].groupby("sch_id").s_count.sum()
    fed = meals(folder, "2015-2016")
    fed = fed.groupby(fed.index.str[:3]).sum()
    of = {"dollars": dollars, "students": students, "need": fed.frpl_total / fed.enroll}
    return pd.DataFrame(of).dropna()


def quarters(folder: Path) -> np.ndarray:
    """Teachers not fully certified, 2016-17, in each quarter of the students: schools in order of need; one
    that lies in two quarters counts in both, by its students there."""
    teachers, races = raw(folder, "teach_sch"), raw(folder, "race_sch")
    there = teachers[(teachers.year == "2016-2017") & teachers.avg_t_exp.notna()].set_index("sch_id")
    students = races[races.year == "2016-2017"].groupby("sch_id").s_count.sum()
    fed = meals(folder, "2016-2017")
    of = {"share": there.prov_pct, "students": students, "need": fed.frpl_total / fed.enroll}
    schools = pd.DataFrame(of).dropna().sort_values("need")
    upto = np.concatenate([[0], schools.students.cumsum()])
    met = np.concatenate([[0], (schools.share * schools.students).cumsum()])
    return np.asarray(np.diff(np.interp(np.linspace(0, upto[-1], 5), upto, met)) / (upto[-1] / 4))


# Against the review


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    return shared("ky-kysrc")


@pytest.fixture(scope="module")
def findings(request: pytest.FixtureRequest) -> pd.DataFrame:
    bundle: Callable[[str], Path] = request.getfixturevalue("bundle")
    return pd.read_parquet(bundle("kentucky") / "findings.parquet").set_index("finding_id")


def of_all(findings: pd.DataFrame, measure: str, group: str = "all", **more: str) -> pd.Series:
    """The one row of a measure about the state."""
    rows = findings[
        (findings.unit_level == "state") & (findings.measure == measure) & (findings.group == group)
    ]
    for column, value in more.items():
        rows = rows[rows[column] == value]
    (row,) = [row for _, row in rows.iterrows()]
    return row


def test_how_far_black_students_are_from_all_others(folder: Path, findings: pd.DataFrame) -> None:
    students = taught(folder)
    told = of_all(findings, "dissimilarity", "race_ethnicity:black")
    assert told.n == students.Black.sum() == 69_455
    assert told.value == pytest.approx(dissimilarity(students, "Black"), abs=1e-9)
    assert round(told.value, 4) == 0.5967


def test_what_sets_schools_apart_lies_mostly_between_districts(folder: Path, findings: pd.DataFrame) -> None:
    students = taught(folder)
    between = theil(students.groupby(students.index.str[:3]).sum())
    assert of_all(findings, "theil_h").value == pytest.approx(theil(students), abs=1e-9)
    told = of_all(findings, "theil_part", reference="level:district").value
    assert told == pytest.approx(between, abs=1e-9)
    assert round(100 * between / theil(students)) == 74


def test_suspensions_of_black_students_and_of_all_others(folder: Path, findings: pd.DataFrame) -> None:
    events = pd.read_csv(folder / "discipline_state.csv.gz")
    events = events[(events.year == "2016-2017") & (events.category == "Out-of-School Suspensions")]
    events = events.set_index("student_group").n_students
    races = pd.read_csv(folder / "race_state.csv.gz")
    students = races[races.year == "2016-2017"].set_index("race").s_count
    own = events.black / students.Black
    others = (events.total_unique_event - events.black) / (students[RACES].sum() - students.Black)
    told = of_all(findings, "risk_ratio", "race_ethnicity:black")
    assert told.value == pytest.approx(own / others, abs=1e-9)
    assert (round(100 * own), round(100 * others)) == (31, 7)


def test_districts_over_three_times_for_three_years(folder: Path, findings: pd.DataFrame) -> None:
    """34 CFR 300.647: 10 cases and 30 students at least, of the group and of all others."""
    rows = sent_home(folder)
    enough = (rows[["events", "others_events"]] >= 10).all(axis=1)
    enough &= (rows[["students", "others"]] >= 30).all(axis=1)
    ratio = (rows.events / rows.students) / (rows.others_events / rows.others)
    judged = enough.unstack()[YEARS].eq(True).all(axis=1)
    over = judged & (ratio.unstack()[YEARS] > 3).all(axis=1)
    here = findings[(findings.group == "race_ethnicity:black") & (findings.measure == "years_over")]
    assert set(here.unit_id) == set(over[over].index) == {"165", "275", "395", "446", "465", "531"}
    assert of_all(findings, "places_judged", "race_ethnicity:black").value == judged.sum() == 51
    for unit in here.unit_id:
        told = findings.loc[
            f"suspension_events/district:{unit}/2016-17/race_ethnicity:black/risk_ratio/others"
        ]
        assert told.value == pytest.approx(ratio[unit, "2016-2017"], abs=1e-9)


def test_what_family_income_alone_tells_of_advanced_mathematics(folder: Path, findings: pd.DataFrame) -> None:
    counts = levels(folder, "2017-2018")
    reached = np.array([counts.distinguished_pct, counts.sum(axis=1) - counts.distinguished_pct])
    at = {group: reached[:, counts.index.get_loc(group)] for group in (ALL, POOR)}
    of = {"indicator": "mathematics_advanced", "period": "2017-18"}
    told = of_all(findings, "background_order", reference="dimension:economic_disadvantage", **of)
    # the state's shares have three decimals; counts of whole students move the result by less than .00002
    assert told.value == pytest.approx(guesses(at[POOR], at[ALL] - at[POOR]), abs=2e-5)
    assert round(told.value, 4) == 0.6495


def test_gaps_at_every_level_of_mathematics(folder: Path, findings: pd.DataFrame) -> None:
    counts = levels(folder, "2017-2018")
    own, others = counts.loc[BLACK].to_numpy(), (counts.loc[ALL] - counts.loc[BLACK]).to_numpy()
    above = [np.cumsum(group[::-1])[::-1][1:] / group.sum() for group in (own, others)]
    whole = 3 * 0.5 / own.sum()  # counts of whole students: half a one in each of three kinds of school
    for level, gap in zip(("basic", "proficient", "advanced"), above[0] - above[1], strict=True):
        told = of_all(findings, "level_gap", "race_ethnicity:black", indicator=f"mathematics_{level}")
        assert told.value == pytest.approx(gap, abs=whole)


def test_the_gap_over_all_levels_is_that_of_two_curves(folder: Path, findings: pd.DataFrame) -> None:
    counts = levels(folder, "2017-2018")
    own, others = counts.loc[BLACK].to_numpy(), (counts.loc[ALL] - counts.loc[BLACK]).to_numpy()
    told = of_all(findings, "v", "race_ethnicity:black", indicator="mathematics_proficient")
    expected = ordered_gap(own, others)
    assert round(expected, 3) == -0.682
    # fitted through three points, which two curves of the normal kind meet nearly, not exactly
    assert told.value == pytest.approx(expected, abs=0.001)
    assert told.low < expected < told.high


def test_a_rate_and_its_interval_by_wilsons_formula(folder: Path, findings: pd.DataFrame) -> None:
    """Students of 2016-17 suspended at least once, of all enrolled: the formula of Wilson (1927)."""
    events = pd.read_csv(folder / "discipline_state.csv.gz")
    chosen = (events.year == "2016-2017") & (events.category == "Out-of-School Suspensions")
    (k,) = events[chosen & (events.student_group == "total_stdnt")].n_students
    races = pd.read_csv(folder / "race_state.csv.gz")
    n = races[(races.year == "2016-2017") & races.race.isin(RACES)].s_count.sum()
    z, p = 1.959964, k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    told = of_all(findings, "rate", indicator="suspension", period="2016-17")
    assert (told.value, told.n) == (pytest.approx(p, abs=1e-12), n)
    assert (told.low, told.high) == (
        pytest.approx(middle - half, abs=1e-9),
        pytest.approx(middle + half, abs=1e-9),
    )


def test_money_of_students_with_low_family_income_and_of_others(folder: Path, findings: pd.DataFrame) -> None:
    at = money(folder)
    poor = np.average(at.dollars, weights=at.students * at.need)
    others = np.average(at.dollars, weights=at.students * (1 - at.need))
    told = of_all(findings, "money_poor"), of_all(findings, "money_others")
    assert [row.n for row in told] == [len(at)] * 2
    assert [row.value for row in told] == pytest.approx([poor, others], abs=0.01)
    assert (round(poor), round(others)) == (13_941, 13_841)


def test_teachers_not_fully_certified_by_quarters_of_need(folder: Path, findings: pd.DataFrame) -> None:
    expected = quarters(folder)
    of = {"indicator": "uncertified_teachers"}
    told = [of_all(findings, "quarter", reference=f"quarter:{part}", **of).value for part in (1, 2, 3, 4)]
    assert told == pytest.approx(expected, abs=1e-9)
    gap = of_all(findings, "quarter_gap", **of)
    assert gap.value == pytest.approx(expected[3] - expected[0], abs=1e-9)
    assert (round(1000 * expected[3]), round(1000 * expected[0])) == (7, 6)


def test_intervals_stay_within_what_schools_could_have(findings: pd.DataFrame) -> None:
    """Where one school has nearly all students of a district, none rests on it alone."""
    told = findings[(findings.indicator == "students_per_teacher") & (findings.measure == "difference")]
    assert told.low.notna().sum() > 500
    assert (told.high - told.low).max() < 150


def test_a_bright_spot_by_name(folder: Path, findings: pd.DataFrame) -> None:
    """Highlands High School: its share with an AP exam, and the mean of the schools most like it."""
    schools = high_schools(folder)
    own = schools.loc["176010"]
    near = findings[findings.index.str.startswith("ap_exam_taking/school:176010/2016-17/all/likeness/")]
    alike = schools[["size", "need", "White", "Black", "Hispanic"]]
    away = ((alike - alike.loc["176010"]) / alike.std()).pow(2).sum(axis=1).pow(0.5).drop("176010")
    nearest = away.nsmallest(len(near))
    assert set(near.reference.str.removeprefix("unit:")) == set(nearest.index)
    told = findings.loc["ap_exam_taking/school:176010/2016-17/all/advantage_expected/similar"]
    assert told.value == pytest.approx(schools.loc[nearest.index].rate.mean(), abs=1e-9)
    advantage = findings.loc["ap_exam_taking/school:176010/2016-17/all/advantage/similar"]
    # what is told is pulled towards 0 by what chance can add
    assert 0 < advantage.value < own.rate - told.value
    assert (round(own.rate, 3), round(told.value, 3)) == (0.604, 0.257)

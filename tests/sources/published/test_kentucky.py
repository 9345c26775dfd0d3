"""Kentucky's leaves against the raw files, read here a second time with nothing but the csv module."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest

from evenground.sources.dataset import Dataset

RACES = {
    "White": "white",
    "Black": "black",
    "Hispanic": "hispanic",
    "Asian": "asian",
    "American Indian/Alaska Native": "american_indian",
    "Hawaiian/Pacific Islander": "pacific_islander",
    "Two or More/Other": "two_or_more",
}
GROUPS = {
    "All Students": {},
    "African American": {"race_ethnicity": "black"},
    "White (Non-Hispanic)": {"race_ethnicity": "white"},
    "Hispanic": {"race_ethnicity": "hispanic"},
    "Female": {"sex": "female"},
    "Male": {"sex": "male"},
    "Disability-With IEP (Total)": {"disability": "with_disability"},
    "Limited English Proficiency": {"english_learner": "english_learner"},
    "English Learners": {"english_learner": "english_learner"},
    "Free/Reduced-Price Meals": {"economic_disadvantage": "disadvantaged"},
    "Gap Group (non-duplicated)": {"gap_group": "gap_group"},
    "GAP": {"gap_group": "gap_group"},
    "Migrant": {"migrant": "migrant"},
}
DISCIPLINE = {
    "white": "white",
    "black": "black",
    "hispanic": "hispanic",
    "asian": "asian",
    "other": "two_or_more",
}


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def period(year: str) -> str:
    return f"{year[:5]}{year[7:]}"


def sample(folder: Path, name: str, every: int) -> list[dict[str, str]]:
    """Every n-th row whose group we know, n being prime to the files' regular order."""
    known = [row for row in rows(folder, name) if row["student_group"] in GROUPS]
    return known[::every]


@pytest.fixture(scope="module")
def enrolment(kentucky_folder: Path) -> dict[tuple[str, str, str], dict[str, float]]:
    """(level, unit, period) -> race -> students."""
    students: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for level, name in (("school", "race_sch"), ("district", "race_dist"), ("state", "race_state")):
        for row in rows(kentucky_folder, name):
            unit = "KY" if level == "state" else row["sch_id"]
            students[level, unit, period(row["year"])][RACES[row["race"]]] = float(row["s_count"])
    return students


def test_levels_of_achievement(kentucky_folder: Path, kentucky_cells) -> None:
    levels = {"Elementary School": "elementary", "Middle School": "middle", "High School": "high"}
    checked = 0
    for row in sample(kentucky_folder, "ach_level_dist", 4999):
        if row["subject"] not in ("Reading", "Mathematics") or row["sch_id"].startswith("9"):
            continue
        group = {**GROUPS[row["student_group"]], "grade_band": levels[row["school_level"]]}
        for name, columns in (
            ("basic", ("apprentice_pct", "proficient_pct", "distinguished_pct")),
            ("proficient", ("proficient_pct", "distinguished_pct")),
            ("advanced", ("distinguished_pct",)),
        ):
            indicator = f"{row['subject'].lower()}_{name}"
            cell = kentucky_cells(indicator, "district", row["sch_id"], period(row["year"]), **group)
            assert cell is not None
            if row["novice_pct"] == "":
                assert (cell["state"], cell["n"], cell["value"]) == ("hidden", None, None)
            elif row["n_tested"]:
                n, share = float(row["n_tested"]), sum(float(row[column]) for column in columns)
                assert cell["n"] == n
                assert cell["total"] == pytest.approx(n * share, abs=max(0.51, 0.0015 * n))
                assert cell["total"] == round(cell["total"])
                assert cell["value"] == cell["total"] / n
                checked += 1
            else:
                assert cell["value"] == pytest.approx(sum(float(row[column]) for column in columns))
                assert cell["n"] is None
    assert checked >= 30


def test_counts_and_rates_of_schools(kentucky_folder: Path, kentucky_cells) -> None:
    checked = 0
    for row in sample(kentucky_folder, "ccr_sch", 331):
        where = ("school", row["sch_id"], period(row["year"]))
        for indicator, column in (("college_career_ready", "ccr_total"), ("college_ready", "college_ready")):
            cell = kentucky_cells(indicator, *where, **GROUPS[row["student_group"]])
            if row["n_grads"]:
                assert (cell["n"], cell["total"]) == (float(row["n_grads"]), float(row[column]))
                assert cell["total_sq"] == cell["total"]
                checked += 1
            else:
                assert cell["state"] == "hidden"
    for name, level in (("grad_sch", "school"), ("grad_dist", "district")):
        for row in sample(kentucky_folder, name, 277):
            if row["sch_id"].startswith("9"):
                continue
            cell = kentucky_cells(
                "graduation", level, row["sch_id"], period(row["year"]), **GROUPS[row["student_group"]]
            )
            expected = (
                (None, None, float(row["grad_rate"]), "value")
                if row["grad_rate"]
                else (None, None, None, "hidden")
            )
            assert (cell["n"], cell["total"], cell["value"], cell["state"]) == expected
            checked += 1
    assert checked >= 100


def test_act_percentages(kentucky_folder: Path, kentucky_cells) -> None:
    checked = 0
    for row in sample(kentucky_folder, "act_sch", 397):
        cell = kentucky_cells(
            "act_mathematics_benchmark",
            "school",
            row["sch_id"],
            period(row["year"]),
            **GROUPS[row["student_group"]],
        )
        if row["act_n_tested"] and row["act_math_bench_pct"]:
            assert cell["n"] == float(row["act_n_tested"])
            assert cell["value"] == pytest.approx(float(row["act_math_bench_pct"]), abs=0.00051)
            checked += 1
    assert checked >= 15


def test_exams(kentucky_folder: Path, kentucky_cells) -> None:
    checked = 0
    for name, level in (("ap_sch", "school"), ("ap_dist", "district")):
        for row in sample(kentucky_folder, name, 83):
            cell = kentucky_cells(
                "ap_exam_success", level, row["sch_id"], period(row["year"]), **GROUPS[row["student_group"]]
            )
            if row["exam_cnt"]:
                assert (cell["n"], cell["total"]) == (float(row["exam_cnt"]), float(row["exam_3plus"]))
                checked += 1
            else:
                assert cell["state"] == "hidden"
    assert checked >= 30


def test_exam_taking_is_over_the_school_not_over_the_takers(
    kentucky_folder: Path, kentucky_cells, enrolment
) -> None:
    checked = 0
    for row in sample(kentucky_folder, "ap_sch", 29):
        group = GROUPS[row["student_group"]]
        if row["ap_n_tested"] and set(group) <= {"race_ethnicity"}:
            where = ("school", row["sch_id"], period(row["year"]))
            students = enrolment[where]
            n = students[group["race_ethnicity"]] if group else sum(students.values())
            cell = kentucky_cells("ap_exam_taking", *where, **group)
            assert (cell["n"], cell["total"]) == (n, float(row["ap_n_tested"]))
            checked += 1
    assert checked >= 30
    # duPont Manual 2015-16: 137 Black students took exams; ap_pct_tested 0.1026 is their share of the takers
    cell = kentucky_cells("ap_exam_taking", "school", "275200", "2015-16", race_ethnicity="black")
    assert cell["total"] == 137
    assert cell["value"] > 0.3


def test_exam_taking_of_a_district_is_over_its_schools_with_takers(
    kentucky_folder: Path, kentucky_cells, enrolment
) -> None:
    takers, schools = {}, defaultdict(list)
    for row in rows(kentucky_folder, "ap_dist"):
        if row["student_group"] == "African American" and row["year"] == "2016-2017":
            takers[row["sch_id"]] = row["ap_n_tested"]
    for row in rows(kentucky_folder, "ap_sch"):
        if row["student_group"] == "All Students" and row["year"] == "2016-2017" and row["ap_n_tested"]:
            schools[row["sch_id"][:3]].append(row["sch_id"])
    for district in ("275", "165", "231"):  # Jefferson, Fayette, Hardin
        cell = kentucky_cells("ap_exam_taking", "district", district, "2016-17", race_ethnicity="black")
        n = sum(enrolment["school", school, "2016-17"]["black"] for school in schools[district])
        assert (cell["n"], cell["total"]) == (n, float(takers[district]))


def test_a_group_that_many_districts_hide_is_not_added_up_to_the_state(kentucky_cells) -> None:
    # the districts that publish the group have 83 % of the Black students in AP schools, and the high rates
    assert (
        kentucky_cells("ap_exam_taking", "state", "KY", "2016-17", race_ethnicity="black")["state"]
        == "hidden"
    )
    assert kentucky_cells("ap_exam_taking", "state", "KY", "2015-16", race_ethnicity="white") is None


def test_discipline(kentucky_folder: Path, kentucky_cells, enrolment) -> None:
    wanted = {
        "Out-of-School Suspensions": "suspension_events",
        "In-School Removal": "in_school_removal_events",
    }
    checked = 0
    for name, level in (
        ("discipline_sch", "school"),
        ("discipline_dist", "district"),
        ("discipline_state", "state"),
    ):
        found = [
            row
            for row in rows(kentucky_folder, name)
            if row["category"] in wanted and row["student_group"] in DISCIPLINE
        ]
        for row in found[:: {"school": 4001, "district": 401, "state": 7}[level]]:
            unit = "KY" if level == "state" else row["sch_id"]
            race = DISCIPLINE[row["student_group"]]
            n = enrolment[level, unit, period(row["year"])][race]
            cell = kentucky_cells(
                wanted[row["category"]], level, unit, period(row["year"]), race_ethnicity=race
            )
            if n == 0:
                assert cell["state"] == "not_applicable"
            elif row["n_students"] == "":
                assert cell["state"] == "hidden"
            else:
                assert (cell["n"], cell["total"], cell["total_sq"]) == (n, float(row["n_students"]), None)
                checked += 1
    assert checked >= 30


def test_students_suspended_are_known_for_all_students_only(kentucky_cells, enrolment) -> None:
    # discipline_state.csv, Out-of-School Suspensions 2011-12: 34,664 students; by race only 60,744 events
    cell = kentucky_cells("suspension", "state", "KY", "2011-12")
    assert (cell["total"], cell["n"]) == (34664, sum(enrolment["state", "KY", "2011-12"].values()))
    assert kentucky_cells("suspension", "state", "KY", "2011-12", race_ethnicity="black") is None
    assert kentucky_cells("suspension_events", "state", "KY", "2011-12")["total"] == 60744
    # in 2013-14 total_stdnt (49,497) counts events as well: not used
    assert kentucky_cells("suspension", "state", "KY", "2013-14")["state"] == "not_reported"


def test_expulsions_add_both_kinds(kentucky_cells) -> None:
    # discipline_state.csv 2011-12, white: 144 receiving services + 27 without
    assert kentucky_cells("expulsion", "state", "KY", "2011-12", race_ethnicity="white")["total"] == 171


def test_exposures(kentucky_folder: Path, kentucky_cells, enrolment) -> None:
    checked = 0
    for row in list(rows(kentucky_folder, "teach_sch"))[::331]:
        where = ("school", row["sch_id"], period(row["year"]))
        students = enrolment.get(where)
        cell = kentucky_cells("teacher_experience", *where, race_ethnicity="white")
        if not students or not students["white"]:
            assert cell is None
        elif row["avg_t_exp"]:
            n, q = students["white"], float(row["avg_t_exp"])
            assert (cell["n"], cell["weight_sq"], cell["value"]) == (n, n * n, q)
            assert cell["total"] == pytest.approx(n * q)
            assert cell["total_sq"] == pytest.approx(n * q * q)
            assert kentucky_cells("teacher_experience", *where)["n"] == sum(students.values())
            checked += 1
        else:
            assert cell["state"] == "not_reported"
            # nobody reported: a share of 0 % provisional certificates is no number either
            assert (
                kentucky_cells("uncertified_teachers", *where, race_ethnicity="white")["state"]
                == "not_reported"
            )
    assert checked >= 15


def test_meals(kentucky_folder: Path, kentucky: Dataset) -> None:
    """Every row of the file: used as it is, unless it counts more students than there are or is empty."""
    leaves = kentucky.leaves.filter(pc.equal(kentucky.leaves["indicator"], "meals")).to_pylist()
    cells = {(cell["unit_id"], cell["period"]): cell for cell in leaves}
    contradict, years, blank = 0, defaultdict(float), ("", "nan", "NaN")
    for row in rows(kentucky_folder, "frpl_sch"):
        cell = cells[row["sch_id"], period(row["year"])]
        known = row["frpl_total"] not in blank and row["enroll"] not in blank
        above = known and float(row["frpl_total"]) > float(row["enroll"])
        contradict += above
        assert cell["state"] == ("value" if known and not above else "not_reported"), row
        if cell["state"] == "value":
            assert (cell["n"], cell["total"]) == (float(row["enroll"]), float(row["frpl_total"]))
            years[row["year"]] += cell["total"]
    assert contradict == 38
    assert [check.count for check in kentucky.checks if "(meals)" in check.found] == [38]
    # summed by another tool
    assert (years["2011-2012"], years["2016-2017"]) == (356_295, 398_792)


def test_spending(kentucky_cells, enrolment) -> None:
    # rev_exp_dist.csv: Adair County 2015-16, expenditure, pp, total = 12531
    cell = kentucky_cells("spending", "district", "001", "2015-16", race_ethnicity="hispanic")
    n = enrolment["district", "001", "2015-16"]["hispanic"]
    assert (cell["n"], cell["total"], cell["value"]) == (n, n * 12531, 12531)
    assert (
        kentucky_cells("spending", "district", "001", "2016-17")["state"] == "not_reported"
    )  # 0 in the file


def test_bands_add_up_where_all_are_there(kentucky_folder: Path, kentucky_cells) -> None:
    parts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows(kentucky_folder, "ach_level_state"):
        if row["subject"] == "Reading" and row["student_group"] == "African American":
            parts[period(row["year"])].append((float(row["n_tested"]), float(row["prof_dist_pct"])))
    for year, bands in parts.items():
        n = sum(size for size, _ in bands)
        cell = kentucky_cells("reading_proficient", "state", "KY", year, race_ethnicity="black")
        assert cell["n"] == n
        assert cell["value"] == pytest.approx(sum(size * share for size, share in bands) / n, abs=0.0011)
    assert len(parts) == 7


def test_units_checks_and_what_is_not_there(kentucky: Dataset) -> None:
    units = {(row["unit_level"], row["unit_id"]): row for row in kentucky.units.to_pylist()}
    assert units["state", "KY"]["unit_name"] == "Kentucky"
    assert units["district", "275"] == {
        "unit_level": "district",
        "unit_id": "275",
        "unit_name": "Jefferson County",
        "parent_id": "KY",
    }
    assert units["school", "001010"]["unit_name"] == "Adair County High School"
    assert units["school", "001010"]["parent_id"] == "001"
    assert ("district", "901") not in units  # a cooperative of districts
    assert all(row["unit_name"] != row["unit_id"] for row in units.values())
    found = " ".join(problem.sentence() for problem in kentucky.checks)
    for expected in (
        "'total pp'",
        "'Gifted/Talented'",
        "educational cooperatives",
        "add up to 0.992",
        "+3.3%",
        "frpl_sch.csv.gz",
    ):
        assert expected in found
    assert all(problem.severity in ("note", "warning") for problem in kentucky.checks)
    assert "novice_teachers" in {entry.indicator for entry in kentucky.not_measured}
    assert "teach_dist.csv.gz" not in kentucky.inputs
    assert "race_sch.csv.gz" in kentucky.inputs


def test_laws_of_every_leaf(kentucky_cells) -> None:
    keys = "indicator, unit_level, unit_id, period, " + ", ".join(kentucky_cells.dimensions)
    assert kentucky_cells.sql(
        f"SELECT COUNT(*) FROM (SELECT 1 FROM leaves GROUP BY {keys} HAVING COUNT(*) > 1)"
    ) == [(0,)]
    numbers = "COALESCE(n, total, total_sq, weight_sq, value)"
    assert kentucky_cells.sql(
        f"SELECT COUNT(*) FROM leaves WHERE state <> 'value' AND {numbers} IS NOT NULL"
    ) == [(0,)]
    assert kentucky_cells.sql("SELECT COUNT(*) FROM leaves WHERE state = 'value' AND value IS NULL") == [(0,)]
    rates = "indicator NOT IN ('suspension_events', 'in_school_removal_events') AND weight_sq IS NULL"
    assert kentucky_cells.sql(
        f"SELECT COUNT(*) FROM leaves WHERE {rates} AND (value > 1 OR total > n OR total < 0)"
    ) == [(0,)]
    nested = """
        SELECT COUNT(*) FROM leaves AS low
        JOIN leaves AS high USING (unit_level, unit_id, period, grade_band, race_ethnicity)
        WHERE low.indicator = 'reading_basic' AND high.indicator = 'reading_proficient'
          AND low.state = 'value' AND race_ethnicity IS NOT NULL AND high.value > low.value + 1e-12"""
    assert kentucky_cells.sql(nested) == [(0,)]

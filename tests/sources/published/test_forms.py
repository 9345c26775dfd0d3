"""Each form in which a publisher gives a number, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.published.tiny import FILES, MAPPING, problems, read, write

HIDDEN = (None, None, None, "hidden")
NOT_REPORTED = (None, None, None, "not_reported")
NOT_APPLICABLE = (None, None, None, "not_applicable")


@pytest.fixture
def cell(tmp_path: Path):
    """`cell(indicator, unit, **group)`: (n, total, value, state) in 2015-16."""
    return finder(read(write(tmp_path)))


def finder(dataset, period: str = "2015-16"):
    def find(indicator: str, unit: str, **group: str):
        found = [
            row
            for row in dataset.leaves.to_pylist()
            if (row["indicator"], row["unit_id"], row["period"]) == (indicator, unit, period)
            and all(row[name] == group.get(name) for name in dataset.dimensions)
        ]
        assert len(found) <= 1
        return (found[0]["n"], found[0]["total"], found[0]["value"], found[0]["state"]) if found else None

    return find


def test_counts(cell) -> None:
    assert cell("college_ready", "0101") == (40, 25, 0.625, "value")
    assert cell("college_ready", "0101", race_ethnicity="black") == (10, 4, 0.4, "value")
    assert cell("college_ready", "0101", race_ethnicity="white") == HIDDEN
    assert cell("college_ready", "0102") == NOT_APPLICABLE  # of no graduates


def test_share_alone(cell) -> None:
    assert cell("graduation", "0101") == (None, None, 0.912, "value")
    assert cell("graduation", "0101", race_ethnicity="white") == HIDDEN
    assert cell("graduation", "0102") == NOT_APPLICABLE


def test_shares_with_n(cell) -> None:
    # 30 * (0.467 + 0.2) = 20.01, within 30 * 2 * 0.0005 of 20 students
    assert cell("reading_proficient", "0101", grade_band="elementary") == (30, 20, 20 / 30, "value")
    assert cell("reading_advanced", "0101", grade_band="elementary") == (30, 6, 0.2, "value")
    # 11 * 0.6 = 6.6 is no whole number of students: the base was another one, the share stays as published
    n, total, value, state = cell("reading_advanced", "0102", grade_band="elementary")
    assert (n, state) == (11, "value")
    assert (total, value) == (pytest.approx(6.6), pytest.approx(0.6))
    # n is hidden and the share is published: as published
    assert cell("reading_advanced", "0101", grade_band="elementary", race_ethnicity="white") == (
        None,
        None,
        0.25,
        "value",
    )


def test_bands_are_added_where_all_are_there(cell) -> None:
    # 20 of 30 and 10 of 20
    assert cell("reading_proficient", "0101") == (50, 30, 0.6, "value")
    assert cell("reading_proficient", "0101", race_ethnicity="black") == HIDDEN
    assert cell("reading_proficient", "0101", race_ethnicity="white") == HIDDEN
    n, total, value, state = cell("reading_proficient", "0102")  # one band alone: 11 * (0.05 + 0.6)
    assert (n, state) == (11, "value")
    assert (total, value) == (pytest.approx(7.15), pytest.approx(0.65))


def test_counts_over_students(cell) -> None:
    assert cell("suspension_events", "0101", race_ethnicity="black") == (
        10,
        15,
        1.5,
        "value",
    )  # a mean may be above 1
    assert cell("suspension_events", "0101") == (40, 44, 1.1, "value")  # everybody: 10 + 30
    assert cell("suspension_events", "0102", race_ethnicity="black") == NOT_APPLICABLE  # no students
    # both kinds: 15 + 2 of 10 is no rate; 0102 has not both kinds for everybody's parts
    assert cell("expulsion", "0101", race_ethnicity="black") == NOT_REPORTED
    assert cell("expulsion", "01") == (60, 53, 53 / 60, "value")
    assert cell("expulsion", "01", race_ethnicity="white") == NOT_REPORTED  # `in` alone


def test_counts_over_the_schools_that_report(cell) -> None:
    # the district's 8 are all of school 0101: over its 40 students, not over the district's 60
    assert cell("ap_exam_taking", "01") == (40, 8, 0.2, "value")
    assert cell("ap_exam_taking", "01", race_ethnicity="white") == (30, 6, 0.2, "value")
    assert cell("ap_exam_taking", "TY", race_ethnicity="black") == HIDDEN  # the only district hides it
    assert cell("ap_exam_taking", "TY", race_ethnicity="white") is None


def test_a_district_with_more_than_its_schools(tmp_path: Path) -> None:
    changed = FILES["events_district.csv"].replace("All,in,8", "All,in,9")  # 8 of 9 is less than 0.9
    dataset = read(write(tmp_path, events_district=changed))
    assert finder(dataset)("ap_exam_taking", "01") == NOT_REPORTED
    assert any("more than its schools" in problem.found for problem in dataset.checks)


def test_numbers_that_mean_something_else(tmp_path: Path) -> None:
    earlier = lines_with(FILES["events.csv"], "0101,2014-2015,All,out,3")
    students = lines_with(FILES["students.csv"], "0101,First,2014-2015,Black,10")
    dataset = read(write(tmp_path, events=earlier, students=students))
    assert finder(dataset, "2014-15")("suspension", "0101") == NOT_REPORTED
    assert finder(dataset, "2014-15")("suspension_events", "0101") == (10, 3, 0.3, "value")
    assert any("counted otherwise" in problem.found for problem in dataset.checks)
    assert dataset.periods == ("2014-15", "2015-16")


def test_exposures(tmp_path: Path) -> None:
    dataset = read(write(tmp_path))
    rows = {
        (row["unit_id"], row["race_ethnicity"]): row
        for row in dataset.leaves.to_pylist()
        if row["indicator"] == "teacher_experience"
    }
    black, everybody = rows["0101", "black"], rows["0101", None]
    # 10 students with 12 years: 120, 10 * 144 = 1440, 10 * 10
    assert [black[name] for name in ("n", "total", "total_sq", "weight_sq", "value")] == [
        10,
        120,
        1440,
        100,
        12,
    ]
    assert [everybody[name] for name in ("n", "total", "total_sq", "weight_sq")] == [40, 480, 5760, 1600]
    assert rows["0102", "white"]["state"] == "not_reported"
    assert ("0102", "black") not in rows  # no such students
    # 40 of the 60 students are in the school that says how long its teachers have taught
    assert any(
        "66.7% of students in 2015-16 (teacher_experience)" in problem.found for problem in dataset.checks
    )
    find = finder(dataset)
    assert find("uncertified_teachers", "0101", race_ethnicity="white") == (30, 3, 0.1, "value")
    assert find("uncertified_teachers", "0102", race_ethnicity="white") == NOT_REPORTED


def test_a_figure_out_of_range_is_not_used(tmp_path: Path) -> None:
    dataset = read(
        write(tmp_path, staff=FILES["staff.csv"].replace("0101,2015-2016,12", "0101,2015-2016,120"))
    )
    assert finder(dataset)("teacher_experience", "0101") == NOT_REPORTED
    assert [problem.row for problem in dataset.checks if "outside what is possible" in problem.found] == [2]


def test_squares_are_those_of_the_kind(tmp_path: Path) -> None:
    for row in read(write(tmp_path)).leaves.to_pylist():
        if row["state"] == "value" and row["weight_sq"] is None:
            expected = None if row["indicator"] == "suspension_events" else row["total"]
            assert row["total_sq"] == expected


def test_identical_rows_count_once(tmp_path: Path) -> None:
    twice = lines_with(FILES["graduates.csv"], "0101,2015-2016,All,40,25,0.912")
    dataset = read(write(tmp_path, graduates=twice))
    assert finder(dataset)("college_ready", "0101") == (40, 25, 0.625, "value")
    assert [
        (problem.row, problem.count) for problem in dataset.checks if "same numbers" in problem.found
    ] == [(7, 1)]


def test_words_for_the_same_group_add_up(tmp_path: Path) -> None:
    """As California's codes 0 and 8: 10 + 5 graduates, 4 + 2 ready; shares without n cannot be added."""
    mapping = MAPPING.replace(
        'White: "race_ethnicity:white"', 'White: "race_ethnicity:white", B: "race_ethnicity:black"'
    )
    more = lines_with(FILES["graduates.csv"], "0101,2015-2016,B,5,2,0.5")
    dataset = read(write(tmp_path, graduates=more), mapping)
    assert finder(dataset)("college_ready", "0101", race_ethnicity="black") == (15, 6, 0.4, "value")
    assert finder(dataset)("graduation", "0101", race_ethnicity="black") == NOT_REPORTED


def test_groups_that_stand_in_columns(tmp_path: Path) -> None:
    """The same counts with one column a group and the sexes in rows, as some federal files have them."""
    race = "race: {BL: 'race_ethnicity:black', WH: 'race_ethnicity:white', XX: skip}"
    mapping = MAPPING.replace(
        """      groups: {group: group}
      statistics:
        college_ready: {n: graduates, total: ready}
        graduation: {share: [rate]}
""",
        """      groups: {"{race}": race, sex: sex}
      statistics:
        college_ready: {n: "GRADS_{race}", total: "READY_{race}"}
""",
    ).replace("  codes:", f"  codes:\n    {race}\n    sex: {{F: 'sex:female'}}")
    wide = """id,year,sex,GRADS_BL,READY_BL,GRADS_WH,READY_WH
        0101,2015-2016,F,10,4,30,*
        0102,2015-2016,F,0,0,7,7"""
    find = finder(read(write(tmp_path, graduates=wide), mapping))
    assert find("college_ready", "0101", race_ethnicity="black", sex="female") == (10, 4, 0.4, "value")
    assert find("college_ready", "0101", race_ethnicity="white", sex="female") == HIDDEN
    assert find("college_ready", "0102", race_ethnicity="black", sex="female") == NOT_APPLICABLE
    assert find("college_ready", "0102", race_ethnicity="white", sex="female") == (7, 7, 1, "value")
    found = problems(write(tmp_path, graduates=wide.replace("READY_WH", "READY_W")), mapping)
    assert [(problem.row, problem.column) for problem in found] == [(1, "READY_WH")]
    found = problems(write(tmp_path, graduates=wide.replace("F,0,0", "F,zero,0")), mapping)
    assert [(problem.row, problem.found) for problem in found] == [(3, "'zero'")]


def test_names_and_notes(tmp_path: Path) -> None:
    dataset = read(write(tmp_path, note="for reading"))
    assert {row["unit_id"]: row["unit_name"] for row in dataset.units.to_pylist()} == {
        "TY": "Tiny",
        "01": "01",
        "0101": "First",
        "0102": "Second",
    }
    found = [problem.sentence() for problem in dataset.checks]
    assert any("'Gifted'" in sentence for sentence in found)  # left out, and counted
    assert set(dataset.inputs) == set(FILES)
    assert dataset.not_measured[0].reason == "not_in_source"


def lines_with(content: str, line: str) -> str:
    return f"{content}\n{line}"

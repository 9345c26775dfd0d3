"""The columns of the student-years that a table of the roster gives, on folders counted by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.sources.roster.folders import ABOUT

from evenground.definitions import load
from evenground.sources.roster import read_roster

SCHOOLS = """school_id,school_name,district_id,district_name
H1,Oak High,0100,Test Unified
H2,Elm High,0100,Test Unified
"""
_GROUPS = "english_learner,disability,economic_disadvantage,foster,meals,direct_certified"
STUDENTS = f"""student_id,school_year,sex,{_GROUPS}
a,2023-24,F,1,0,1,,1,1
b,2023-24,M,0,1,1,,0,0
c,2023-24,F,0,0,0,,0,0
d,2023-24,M,1,0,0,,,0
"""
ENROLLMENTS = """student_id,school_id,school_year,grade,entry_date,exit_date
a,H1,2023-24,9,,
b,H1,2023-24,9,,
c,H1,2023-24,12,,
d,H2,2023-24,KG,,
"""
BASE = {"schools": SCHOOLS, "students": STUDENTS, "enrollments": ENROLLMENTS}


def rows_of(folder: Path, **tables: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """(student, school) -> its row; with several years (student, school, year)."""
    folder.mkdir()
    for table, text in {**BASE, **tables}.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    (folder / "about.yaml").write_text(ABOUT, encoding="utf-8")
    dataset = read_roster(folder, folder.with_name("private"), load())
    assert dataset.student_years is not None
    rows = pq.read_table(dataset.student_years).to_pylist()
    key = ("student_id", "school_id", "period")[: 3 if len(dataset.periods) > 1 else 2]
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows)
    return found


def column(rows: dict[tuple[str, ...], dict[str, Any]], name: str) -> list[Any]:
    """The values of students a, b, c and d, who have one row each."""
    assert len(rows) == 4
    return [row[name] for _, row in sorted(rows.items())]


def test_courses(tmp_path: Path) -> None:
    courses = """student_id,school_year,course_code,course_type,subject,credits_earned,passed
a,2023-24,E1,general,english,1,1
a,2023-24,M1,algebra_1,mathematics,1,1
a,2023-24,S1,ib,physics,1,1
a,2023-24,C1,dual_enrollment,computer_science,2,1
b,2023-24,E1,general,english,0,0
b,2023-24,M1,ap,calculus,5,0
c,2023-24,P1,honors,advanced_mathematics,1,1
"""
    rows = rows_of(tmp_path / "roster", courses=courses)
    assert column(rows, "ib_course") == [1, 0, 0, 0]
    assert column(rows, "dual_enrollment") == [1, 0, 0, 0]
    assert column(rows, "physics") == [1, 0, 0, 0]
    assert column(rows, "computer_science") == [1, 0, 0, 0]
    assert column(rows, "calculus") == [0, 1, 0, 0]
    assert column(rows, "advanced_mathematics") == [0, 1, 1, 0]
    # a: 5 credits, all passed. b: 5 credits, but English and calculus not passed. c, d: not in grade 9.
    assert column(rows, "ninth_grade_on_track") == [1, 0, None, None]
    assert column(rows, "ap_offered") == [1, 1, 1, 0]  # b takes one at Oak High; nobody does at Elm High


def test_a_kind_of_course_that_nobody_names_is_unknown(tmp_path: Path) -> None:
    courses = "student_id,school_year,course_code,course_type\na,2023-24,E1,ap\n"
    rows = rows_of(tmp_path / "roster", courses=courses)
    assert column(rows, "ap_course") == [1, 0, 0, 0]
    for name in ("ib_course", "dual_enrollment", "calculus", "physics", "ninth_grade_on_track"):
        assert column(rows, name) == [None] * 4, name


def test_requests_for_advanced_courses(tmp_path: Path) -> None:
    requests = """student_id,school_year,course_code,course_type,placed
a,2023-24,A1,ap,0
a,2023-24,A2,ib,1
b,2023-24,A1,ap,0
b,2023-24,E1,general,1
c,2023-24,A1,ap,
"""
    rows = rows_of(tmp_path / "roster", course_requests=requests)
    assert column(rows, "course_request_met") == [1, 0, None, None]  # c: not known; d: did not ask


def test_exams(tmp_path: Path) -> None:
    exams = """student_id,school_year,exam,subject,score,met_benchmark
a,2023-24,ap,biology,2,
a,2023-24,ap,history,3,
b,2023-24,ap,biology,2,
b,2023-24,sat,math,600,1
b,2023-24,sat,reading,400,0
c,2023-24,sat,math,600,1
c,2023-24,sat,reading,600,1
"""
    rows = rows_of(tmp_path / "roster", exams=exams)
    assert column(rows, "ap_exam") == [1, 1, 0, None]  # nobody at Elm High took one: not counted there
    assert column(rows, "ap_exam_passed") == [1, 0, 0, 0]
    assert column(rows, "sat_taken") == [0, 1, 1, 0]
    assert column(rows, "sat_benchmark") == [None, 0, 1, None]  # the goal holds for every part of the test


def test_classes(tmp_path: Path) -> None:
    staff = """staff_id,school_id,school_year,fte,in_field
T1,H1,2023-24,1,1
T2,H1,2023-24,1,0
T3,H2,2023-24,1,
"""
    sections = """section_id,school_id,school_year,course_code,course_type,staff_id,minutes_per_week
S1,H1,2023-24,E1,general,T1,225
S2,H1,2023-24,M1,ap,T2,150
S3,H2,2023-24,K1,general,T3,1500
"""
    seats = """student_id,section_id,school_year
a,S1,2023-24
b,S1,2023-24
c,S1,2023-24
a,S2,2023-24
d,S3,2023-24
"""
    rows = rows_of(tmp_path / "roster", staff=staff, sections=sections, section_students=seats)
    # a sits in classes of 3 and 1 students: (3 + 1) / 2 = 2.
    assert column(rows, "class_size") == [2, 3, 3, 1]
    assert column(rows, "instructional_hours") == [6.25, 3.75, 3.75, 25]
    assert column(rows, "out_of_field_share") == [0.5, 0, 0, None]  # T3's license is not known
    assert column(rows, "ap_offered") == [1, 1, 1, 0]


def test_without_sections_the_teachers_of_the_school_stand_for_the_students_own(tmp_path: Path) -> None:
    staff = """staff_id,school_id,school_year,fte,in_field
T1,H1,2023-24,1,1
T2,H1,2023-24,0.5,0
"""
    rows = rows_of(tmp_path / "roster", staff=staff)
    assert column(rows, "out_of_field_share") == [pytest.approx(0.5 / 1.5)] * 3 + [None]


def test_staff_by_role(tmp_path: Path) -> None:
    staff = """staff_id,school_id,school_year,fte,role,years_experience,days_absent,returned_next_year,salary
T1,H1,2023-24,1,,5,10,1,60000
T2,H1,2023-24,0.5,teacher,1,11,0,40000
L1,H1,2023-24,1,leader,1,,,
L2,H1,2023-24,1,leader,9,,,
C1,H1,2023-24,0.5,counselor,,,,
P1,H2,2023-24,1,police,,,,
"""
    rows = rows_of(tmp_path / "roster", staff=staff)
    first = rows["a", "H1"]
    assert first["students_per_teacher"] == 3 / 1.5  # leaders, counselors and police do not teach
    assert first["teacher_experience"] == pytest.approx((5 + 0.5) / 1.5)
    assert first["absent_teacher_share"] == pytest.approx(0.5 / 1.5)  # more than ten days: 11, not 10
    assert first["teacher_turnover"] == pytest.approx(0.5 / 1.5)
    assert first["teacher_salary"] == pytest.approx((60000 + 20000) / 1.5)
    assert first["leader_experience"] == 5
    assert first["first_year_leader_share"] == 0.5
    assert first["students_per_counselor"] == 3 / 0.5
    assert column(rows, "police_present") == [0, 0, 0, 1]
    assert rows["d", "H2"]["students_per_counselor"] is None  # no counselor: no ratio


def test_discipline(tmp_path: Path) -> None:
    incidents = """student_id,school_year,date,consequence,days
a,2023-24,2023-10-05,oss,2
a,2023-24,2023-11-05,oss,1.5
b,2023-24,2023-10-05,oss,
c,2023-24,2023-10-05,restraint,
c,2023-24,2023-10-06,referral,
"""
    rows = rows_of(tmp_path / "roster", incidents=incidents)
    assert column(rows, "days_suspended") == [3.5, None, 0, 0]  # b was suspended, for how long is not known
    assert column(rows, "restrained") == [0, 0, 1, 0]
    assert column(rows, "referred") == [0, 0, 1, 0]
    assert column(rows, "arrested") == [None] * 4  # no row names an arrest: not told, so not zero


def test_answers_of_a_survey(tmp_path: Path) -> None:
    answers = """student_id,school_year,scale,item,answer
a,2023-24,belonging,1,4
a,2023-24,belonging,2,3
b,2023-24,belonging,1,3
b,2023-24,safety,1,5
"""
    rows = rows_of(tmp_path / "roster", survey_answers=answers)
    assert column(rows, "belongs") == [1, 0, None, None]  # (4 + 3) / 2 = 3.5 is favorable, 3 is not
    assert column(rows, "feels_safe") == [None, 1, None, None]


def test_programs(tmp_path: Path) -> None:
    programs = """student_id,school_year,program,hours
a,2023-24,reclassified,
b,2023-24,inclusion,
b,2023-24,tutoring,30
c,2023-24,gate,
d,2023-24,pre-k,
c,2023-24,dual_enrollment,
"""
    rows = rows_of(tmp_path / "roster", programs=programs)
    assert column(rows, "reclassified") == [1, None, None, 0]  # a and d are English learners
    assert column(rows, "inclusion") == [None, 1, None, None]  # b is the one with disabilities
    assert column(rows, "program_support") == [0, 1, 0, 0]
    assert column(rows, "gifted") == [0, 0, 1, 0]
    assert column(rows, "preschool") == [None, None, None, 1]  # d is the one in kindergarten
    assert column(rows, "dual_enrollment") == [0, 0, 1, 0]


def test_money(tmp_path: Path) -> None:
    budgets = """school_id,school_year,category,source,amount
H1,2023-24,instruction,state,6000
H1,2023-24,instruction,federal,3000
H1,2023-24,support,state,1500
H2,2023-24,instruction,state,5000
"""
    rows = rows_of(tmp_path / "roster", budgets=budgets)
    assert column(rows, "instruction_spending") == [3000, 3000, 3000, 5000]  # 9000 / 3 students, 5000 / 1
    assert column(rows, "support_spending") == [500, 500, 500, 0]
    assert column(rows, "supplemental_spending") == [None] * 4  # no school has it


def test_needs(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "roster")
    assert column(rows, "meals") == [1, 0, 0, None]
    assert column(rows, "direct_certified") == [1, 0, 0, 0]
    assert column(rows, "unduplicated") == [1, 0, 0, None]  # d learns English, but meals are not known


def test_tests_and_what_the_cohort_reached(tmp_path: Path) -> None:
    names = ("graduated", "ag_complete", "dropped_out", "seal_of_biliteracy", "college_enrolled")
    graduates = f"""student_id,cohort_year,school_id,{",".join(names)}
c,2023-24,H1,1,1,0,1,0
x,2023-24,H2,0,,1,0,
"""
    assessments = "student_id,school_year,subject,level,score\na,2023-24,reading,3,520\n"
    rows = rows_of(tmp_path / "roster", graduates=graduates, assessments=assessments)
    assert rows["a", "H1"]["reading_score"] == 520
    assert rows["a", "H1"]["ag_in_cohort"] is None
    done, left = rows["c", "H1"], rows["x", "H2"]
    counted = ("in_cohort", "graduated", "ag_in_cohort", *names[2:])
    assert [done[name] for name in counted] == [1, 1, 1, 0, 1, 0]
    assert [left[name] for name in counted] == [1, 0, 0, 1, 0, None]
    assert (left["grade"], left["on_census_day"]) == ("g12", 0)


def test_a_grade_done_again(tmp_path: Path) -> None:
    students = STUDENTS + "".join(f"{name},2024-25,F,0,0,0,,,\n" for name in "abd")
    enrollments = ENROLLMENTS + "a,H1,2024-25,9,,\nb,H1,2024-25,10,,\nd,H2,2024-25,KG,,\n"
    rows = rows_of(tmp_path / "roster", students=students, enrollments=enrollments)
    assert [rows[name, "H1", "2023-24"]["retained"] for name in "abc"] == [None] * 3  # the first year
    assert rows["a", "H1", "2024-25"]["retained"] == 1
    assert rows["b", "H1", "2024-25"]["retained"] == 0
    assert rows["d", "H2", "2024-25"]["retained"] is None  # transitional kindergarten comes as kindergarten


def test_a_school_of_mostly_low_income_families(tmp_path: Path) -> None:
    """Oak High: 30 of 40 is 75 in 100; Elm High: 29 of 40; Ash: 39 students are too few to say it."""
    sizes = {"H1": (30, 40), "H2": (29, 40), "H3": (39, 39)}
    schools = SCHOOLS + "H3,Ash,0100,Test Unified\n"
    students, enrollments = (
        "student_id,school_year,economic_disadvantage\n",
        ENROLLMENTS.splitlines()[0] + "\n",
    )
    for school, (poor, every) in sizes.items():
        for number in range(every):
            students += f"{school}{number:02d},2023-24,{int(number < poor)}\n"
            enrollments += f"{school}{number:02d},{school},2023-24,5,,\n"
    rows = rows_of(tmp_path / "roster", schools=schools, students=students, enrollments=enrollments)
    told = {
        school: {row["high_poverty_school"] for (_, at), row in rows.items() if at == school}
        for school in sizes
    }
    assert told == {"H1": {1}, "H2": {0}, "H3": {None}}


MOVERS = """student_id,school_id,school_year,grade,entry_date,exit_date
a,H1,2023-24,9,2023-08-15,2023-12-01
a,H2,2023-24,9,2023-12-02,2024-06-10
b,H1,2023-24,9,2023-08-15,2024-03-01
b,H2,2023-24,9,2024-03-02,2024-06-10
c,H1,2023-24,12,2023-11-01,
d,H2,2023-24,KG,,
"""


def test_students_who_move_count_where_each_indicator_says(tmp_path: Path) -> None:
    """a: at Oak High on census day (1 October), at Elm High for most of the year; b: most of it at Oak High;
    c: came after census day."""
    rows = rows_of(
        tmp_path / "roster",
        enrollments=MOVERS,
        courses="student_id,school_year,course_code,course_type\na,2023-24,E1,ap\n",
        incidents="student_id,school_year,date,consequence\na,2023-24,2023-10-05,oss\n",
        attendance="student_id,school_year,days_enrolled,days_absent\na,2023-24,180,18\nc,2023-24,120,1\n",
        graduates="student_id,cohort_year,school_id,graduated,ag_complete\na,2023-24,H1,1,1\nc,2023-24,H2,1,1\n",
        programs="student_id,school_year,program\na,2023-24,gifted\n",
    )
    assert set(rows) == {("a", "H1"), ("a", "H2"), ("b", "H1"), ("c", "H1"), ("c", "H2"), ("d", "H2")}

    def told(name: str, *keys: str) -> list[Any]:
        return [rows[student, school][name] for student, school in (key.split("@") for key in keys)]

    assert told("on_census_day", "a@H1", "a@H2", "b@H1", "c@H1", "c@H2") == [1, 0, 1, 0, 0]
    for name, value in (("ap_course", 1), ("gifted", 1)):  # census day
        assert told(name, "a@H1", "a@H2", "b@H1", "c@H1") == [value, None, 0, None], name
    for name, value in (("suspended", 1), ("chronically_absent", 1), ("changed_school", 1)):  # whole year
        assert told(name, "a@H1", "a@H2") == [None, value], name
    assert told("suspended", "b@H1", "c@H1", "c@H2") == [0, 0, None]
    assert told("changed_school", "b@H1", "c@H1", "d@H2") == [1, 0, 0]
    assert told("graduated", "a@H1", "a@H2", "c@H1", "c@H2") == [1, None, None, 1]  # the cohort's school


def test_a_student_counts_once_for_census_day_and_once_for_the_year(tmp_path: Path) -> None:
    """200 students with up to three stays each, placed again in plain Python."""
    chance = random.Random(7)
    first, census = date(2023, 7, 1), date(2023, 10, 1)
    stays: dict[str, list[tuple[date, date, str]]] = {}
    for number in range(200):
        days = sorted(chance.sample(range(366), 2 * chance.randint(1, 3)))
        edges = [first + timedelta(days=day) for day in days]
        schools = [chance.choice(("H1", "H2", "H3")) for _ in edges[::2]]
        stays[f"s{number:03d}"] = list(zip(edges[::2], edges[1::2], schools, strict=True))
    lines = [
        f"{student},{school},2023-24,5,{enters},{leaves}"
        for student, own in stays.items()
        for enters, leaves, school in own
    ]
    rows = rows_of(
        tmp_path / "roster",
        schools=SCHOOLS + "H3,Ash,0100,Test Unified\n",
        students="student_id,school_year\n" + "".join(f"{student},2023-24\n" for student in stays),
        enrollments="student_id,school_id,school_year,grade,entry_date,exit_date\n" + "\n".join(lines) + "\n",
    )
    for student, own in stays.items():
        there = {school for enters, leaves, school in own if enters <= census <= leaves}
        counted = {school for (name, school), row in rows.items() if name == student and row["on_census_day"]}
        assert counted == there, own  # stays do not overlap: one school at most
        most = max((leaves - enters).days for enters, leaves, _ in own)
        longest = {school for enters, leaves, school in own if (leaves - enters).days == most}
        years = [
            (school, row["changed_school"])
            for (name, school), row in rows.items()
            if name == student and row["changed_school"] is not None
        ]
        assert len(years) == 1, own
        assert years[0][0] in longest
        assert years[0][1] == (len({school for *_, school in own}) > 1)
        assert len([key for key in rows if key[0] == student]) == len(counted | {years[0][0]})
    assert len(rows) > len(stays)  # some count at two schools


def test_every_column_counts_as_its_indicators_population_says(tmp_path: Path) -> None:
    """A student with three rows: one of census day, one of the year, one of the cohort. Each indicator's
    column is filled only in the row of its population."""
    definitions = load()
    rows = rows_of(
        tmp_path / "roster",
        schools=SCHOOLS + "H3,Ash High,0100,Test Unified\n",
        students="\n".join(STUDENTS.splitlines()[:2]) + "\n",
        staff="staff_id,school_id,school_year,fte,salary\nT1,H1,2023-24,1,9\nT2,H2,2023-24,1,9\n",
        enrollments="student_id,school_id,school_year,grade,entry_date,exit_date\n"
        "a,H1,2023-24,11,2023-08-15,2023-12-01\na,H2,2023-24,11,2023-12-02,2024-06-10\n",
        courses="student_id,school_year,course_code,course_type,subject\na,2023-24,E1,ap,calculus\n",
        exams="student_id,school_year,exam,subject,score,met_benchmark\na,2023-24,ap,,4,\n"
        "a,2023-24,sat,,1200,1\n",
        incidents="student_id,school_year,date,consequence,days\na,2023-24,,oss,1\na,2023-24,,arrest,\n"
        "a,2023-24,,referral,\na,2023-24,,seclusion,\n",
        attendance="student_id,school_year,days_enrolled,days_absent\na,2023-24,180,18\n",
        assessments="student_id,school_year,subject,level,score\na,2023-24,reading,3,520\n"
        "a,2023-24,math,3,520\n",
        graduates="student_id,cohort_year,school_id,graduated,ag_complete,dropped_out,seal_of_biliteracy,"
        "college_enrolled\na,2023-24,H3,1,1,0,1,1\n",
        programs="student_id,school_year,program\na,2023-24,gifted\na,2023-24,tutoring\n"
        "a,2023-24,reclassified\n",
        survey_answers="student_id,school_year,scale,answer\na,2023-24,belonging,4\na,2023-24,safety,4\n",
        course_requests="student_id,school_year,course_code,course_type,placed\na,2023-24,E1,ap,1\n",
    )
    place = {"census_day": "H1", "whole_year": "H2", "cohort": "H3"}
    seen = set()
    for key, indicator in definitions.indicators.items():
        if indicator.records is None:
            continue
        counted, over = indicator.records.counted, indicator.records.over
        filled = {
            school
            for (_, school), row in rows.items()
            if row[counted] is not None and (over is None or row[over] == 1)
        }
        expected = place[definitions.populations[indicator.over].as_of]
        assert filled <= {expected}, key
        seen |= {indicator.over} if filled else set()
    assert len(seen) >= 14

"""The flat files beside DataQuest, made in their documented layout: one folder, one source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sources.california.conftest import Leaves, text

from evenground.model import InputProblems

Made = Callable[..., Leaves]
LA = {"county": "19", "district": "64733", "name": "Los Angeles Unified"}
SPACED = (
    "Academic Year",
    "Aggregate Level",
    "County Code",
    "District Code",
    "School Code",
    "County Name",
    "District Name",
    "School Name",
    "Charter School",
    "DASS",
    "Reporting Category",
)
JOINED = tuple(name.replace(" ", "") for name in SPACED)


def row(
    names: tuple[str, ...], level: str, category: str, *, school: str = "", flags: str = "All", **more: object
) -> dict[str, object]:
    """One line of a flat file: codes and names of its level, charter and DASS flags, then its figures."""
    low, high = level in "CDS", level in "DS"
    values = (
        "2023-24",
        level,
        "19" if low else "00",
        "64733" if high else "",
        school,
        "Los Angeles" if low else "State",
        LA["name"] if high else "",
        "Belmont" if school else "",
        flags,
        flags,
        category,
    )
    return {**dict(zip(names, values, strict=True)), **more}


def cohort(
    students: object, diplomas: object, ag: object, seal: object, dropout: object
) -> dict[str, object]:
    """The cohort file's pairs that are read, and the header with its missing bracket."""
    return {
        "CohortStudents": students,
        "Regular HS Diploma Graduates (Count)": diplomas,
        "Regular HS Diploma Graduates (Rate)": "0",
        "Met UC/CSU Grad Req's (Count)": ag,
        "Met UC/CSU Grad Req's (Rate)": "0",
        "Seal of Biliteracy (Count)": seal,
        "Seal of Biliteracy (Rate)": "0",
        "Golden State Seal Merit Diploma (Count)": "1",
        "Golden State Seal Merit Diploma (Rate": "0",
        "Dropout (Count)": dropout,
        "Dropout (Rate)": "0",
    }


def write_cohort(folder: Path) -> None:
    """2023-24: the state's 506,803 students and 86.4 %, Los Angeles' 41,955 and 88.5 %, as the CDE says."""
    hidden = cohort("*", "*", "*", "*", "*")
    text(
        folder / "acgr24.txt",
        [
            row(JOINED, "T", "TA", **cohort(506_803, 437_878, 226_000, 60_000, 45_000)),
            row(JOINED, "T", "TA", flags="Y", **cohort(60_000, 50_000, 20_000, 5_000, 5_000)),
            row(JOINED, "C", "TA", **cohort(118_000, 100_000, 60_000, 9_000, 9_000)),
            row(JOINED, "D", "TA", **cohort(41_955, 37_130, 21_000, 4_000, 3_000)),
            row(JOINED, "D", "TA", flags="N", **cohort(30_000, 27_000, 14_000, 3_000, 2_000)),
            row(JOINED, "D", "RT", **cohort(400, 360, 180, 40, 20)),
            row(JOINED, "D", "RD", **cohort(90, 70, 20, 1, 9)),
            row(JOINED, "S", "TA", school="1931039", flags="N", **cohort(200, 180, 90, 30, 10)),
            row(JOINED, "S", "RP", school="1931039", flags="N", **hidden),
        ],
    )


def test_the_cohort_of_2024(made: Made, tmp_path: Path) -> None:
    write_cohort(tmp_path)
    leaves = made("cde-dataquest")
    state, district = leaves("graduation", "CA"), leaves("graduation", "1964733")
    assert (state["n"], round(100 * state["value"], 1)) == (506_803, 86.4)
    assert (district["n"], round(100 * district["value"], 1)) == (41_955, 88.5)


def test_a_g_over_diplomas_and_over_the_cohort(made: Made, tmp_path: Path) -> None:
    write_cohort(tmp_path)
    leaves = made("cde-dataquest")
    assert leaves("ag_completion", "19647331931039")["value"] == 90 / 180
    assert leaves("ag_completion_cohort", "19647331931039")["value"] == 90 / 200
    assert leaves("seal_of_biliteracy", "19647331931039")["value"] == 30 / 180
    assert leaves("dropout", "19647331931039")["value"] == 10 / 200


def test_rt_is_two_or_more_races_and_rd_not_reported(made: Made, tmp_path: Path) -> None:
    write_cohort(tmp_path)
    leaves = made("cde-dataquest")
    assert leaves("graduation", "1964733", race_ethnicity="two_or_more")["n"] == 400
    assert leaves("graduation", "1964733", race_ethnicity="unknown")["n"] == 90
    assert leaves("graduation", "19647331931039", race_ethnicity="pacific_islander")["state"] == "hidden"


@pytest.mark.parametrize(
    ("names", "encoding"), [(SPACED, "utf-8"), (JOINED, "utf-8-sig"), (SPACED, "utf-16")]
)
def test_absence_in_both_spellings_and_encodings(
    made: Made, tmp_path: Path, names: tuple[str, ...], encoding: str
) -> None:
    def absent(students: int, count: int) -> dict[str, object]:
        return {"ChronicAbsenteeismEligibleCumulativeEnrollment": students, "ChronicAbsenteeismCount": count}

    rows = [
        row(names, "D", "TA", **absent(500_000, 160_000)),
        row(names, "D", "TA", flags="No ", **absent(400_000, 130_000)),
        row(names, "S", "GX", school="1931039", flags="No ", **absent(20, 5)),
    ]
    text(tmp_path / "chronicabsenteeism24.txt", rows, encoding=encoding)
    leaves = made("cde-dataquest")
    assert leaves("chronic_absence", "1964733")["n"] == 500_000
    assert leaves("chronic_absence", "19647331931039", sex="nonbinary")["value"] == 0.25


def test_suspension_expulsion_and_stability(made: Made, tmp_path: Path) -> None:
    names = (*JOINED[:8], "CharterYN", "ReportingCategory")

    def line(category: str, **figures: object) -> dict[str, object]:
        values = ("2023-24", "D", "19", "64733", "", "Los Angeles", LA["name"], "", "All", category)
        return {**dict(zip(names, values, strict=True)), **figures}

    text(
        tmp_path / "suspension24.txt",
        [
            line(
                "RB",
                **{
                    "CumulativeEnrollment": 1000,
                    "Total Suspensions": 60,
                    "Suspension Count Defiance-Only": 12,
                    "Unduplicated Count of Students Suspended (Total)": 40,
                },
            )
        ],
    )
    text(
        tmp_path / "expulsion24.txt",
        [line("RB", **{"CumulativeEnrollment": 1000, "Unduplicated Count of Students Expelled (Total)": 1})],
    )
    text(
        tmp_path / "stability24.txt",
        [
            row(
                SPACED,
                "D",
                "RB",
                **{"Adjusted Cumulative Enrollment": 900, "Non-Stability Rate (percent)": "12.0"},
            )
        ],
    )
    leaves = made("cde-dataquest")
    assert leaves("suspension_any", "1964733", race_ethnicity="black")["value"] == 0.04
    assert leaves("suspension_defiance", "1964733", race_ethnicity="black")["value"] == 0.2
    assert leaves("expulsion", "1964733", race_ethnicity="black")["value"] == 0.001
    assert leaves("mobility", "1964733", race_ethnicity="black")["total"] == 108


def test_what_a_schools_teachers_are_like_goes_to_its_students(made: Made, tmp_path: Path) -> None:
    """Two schools: out of field 30 % and 10 %; Black students 300 and 100, white 100 and 300: 25 and 15 %.

    The example of the reference on teacher equity, worked by hand.
    """
    schools = (("1931039", 30, {"RE_B": 300, "RE_W": 100}), ("1931047", 10, {"RE_B": 100, "RE_W": 300}))
    enrolment, assignments, experience = [], [], []
    for code, out_of_field, students in schools:
        for category, count in (("TA", 400), *students.items()):
            line = ("2023-24", "S", "N", "19", "64733", code, category, count)
            names = (
                "AcademicYear",
                "AggregateLevel",
                "Charter",
                "CountyCode",
                "DistrictCode",
                "SchoolCode",
                "ReportingCategory",
                "TOTAL_ENR",
            )
            enrolment.append(
                {
                    **dict(zip(names, line, strict=True)),
                    "DistrictName": LA["name"],
                    "SchoolName": f"School {code}",
                }
            )
        place = ("2023-24", "S", "19", "64733", code, "Los Angeles", LA["name"], code, "No ", "No ")
        base = dict(zip(SPACED[:10], place, strict=True))
        kinds = (("ALL", "TA", out_of_field), ("EXP", "TA", 0), ("ALL", "MATH", 99))
        for experience_level, subject, share in kinds:
            assignments.append(
                base
                | {
                    "School Grade Span": "GR912",
                    "Teacher Experience Level": experience_level,
                    "Teacher Credential Level": "ALL",
                    "Subject Area": subject,
                    "Total FTE": 100,
                    "Out-of-Field FTE (count)": share,
                    "Ineffective FTE (count)": 5,
                }
            )
        for kind, years in (("TCH", 11), ("ADM", 20)):
            experience.append(
                base
                | {
                    "Staff Type": kind,
                    "School Grade Span": "GS_912",
                    "Staff Gender": "ALL",
                    "Total Staff Count": 50,
                    "Average Total Years Experience": years,
                    "First Year": 3,
                    "Second Year": 2,
                }
            )
    text(tmp_path / "cdenroll2324.txt", enrolment)
    text(tmp_path / "tamo2324.txt", assignments)
    text(tmp_path / "stex2324.txt", experience)
    leaves = made("cde-dataquest")
    for race, expected in (("black", 0.25), ("white", 0.15)):
        cells = leaves.of("out_of_field_teachers", race_ethnicity=race)
        assert cells["total"].sum() / cells["n"].sum() == pytest.approx(expected)
    assert leaves("novice_teachers", "19647331931039")["value"] == 0.1
    assert leaves("teacher_experience", "19647331931039", race_ethnicity="black")["value"] == 11


def test_a_group_code_that_nobody_knows_stops_the_reading(made: Made, tmp_path: Path) -> None:
    text(tmp_path / "acgr24.txt", [row(JOINED, "T", "RQ", **cohort(10, 9, 8, 7, 1))])
    with pytest.raises(InputProblems, match="RQ"):
        made("cde-dataquest")

"""CDE workbooks of need and of spending, made as they are: titles above, names of several lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from tests.sources.california.conftest import Leaves

Made = Callable[..., Leaves]


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line in rows:
            sheet.append(list(line))
    book.save(path)


def test_unduplicated_students_of_the_sheet_of_schools(made: Made, tmp_path: Path) -> None:
    header = [
        "Academic Year",
        "County Code",
        "District Code",
        "School Code",
        "County Name",
        "District Name",
        "School Name",
        "Total \nEnrollment",
        "Free &\nReduced\nMeal\nProgram",
        "Foster",
        "Direct Certification",
        "Unduplicated\nFRPM Eligible \nCount",
        "English \nLearner \n(EL)",
        "CALPADS Unduplicated \nPupil Count\n(UPC)",
    ]
    school = [
        "2022-2023",
        "01",
        "10017",
        "0112607",
        "Alameda",
        "Alameda County Office of Education",
        "Envision Academy",
        400,
        290,
        3,
        120,
        300,
        80,
        320,
    ]
    title = ["2022-23 CALPADS Unduplicated Pupil Count (UPC) of Free/Reduced-Price Meals"]
    workbook(
        tmp_path / "cupc2223-k12.xlsx",
        {
            "Title Page": [["CALPADS UPC Data"]],
            "LEA-Level CALPADS UPC Data": [title, header, [*school[:3], "0000000", *school[4:]]],
            "School-Level CALPADS UPC Data": [title, header, school],
        },
    )
    leaves = made("cde-need")
    unit = "01100170112607"
    assert (leaves("unduplicated", unit)["total"], leaves("unduplicated", unit)["n"]) == (320, 400)
    assert leaves("direct_certified", unit)["value"] == 0.3
    assert leaves("meals", unit, "2022-23")["value"] == 0.75
    assert len(leaves.of("unduplicated")) == 1


def test_meals_with_codes_that_lost_their_zeros(made: Made, tmp_path: Path) -> None:
    header = [
        "Academic Year",
        "County Code",
        "District Code",
        "School Code",
        "County Name",
        "District Name",
        "School Name",
        "Enrollment \n(K-12)",
        "FRPM Count \n(K-12)",
        "Percent (%) \nEligible FRPM \n(K-12)",
    ]
    school = [
        "2023-2024",
        1,
        10017,
        112607,
        "Alameda",
        "Alameda County Office of Education",
        "Envision Academy",
        395,
        186,
        0.47088607594,
    ]
    workbook(
        tmp_path / "frpm2324.xlsx",
        {
            "Title Page": [["Unduplicated Student Poverty"]],
            "FRPM School-Level Data": [["2023-24 FRPM"], header, school],
        },
    )
    leaves = made("cde-need")
    assert leaves("meals", "01100170112607", "2023-24")["total"] == 186
    assert "lost a zero" in leaves.checks


def test_totals_filed_as_spending_per_student_are_not_used(made: Made, tmp_path: Path) -> None:
    """5,000 to 500,000 dollars for each student; Granada Hills filed $99,223,734 for its 5,927 students."""
    header = [
        "County",
        "LEA Name",
        "LEA CDS Code",
        "School Name",
        "School CDS Code",
        "Student Membership",
        "School Expenditures–Federal ($)",
        "School Expenditures–State & Local ($)",
        "Central Expenditures–Federal ($)",
        "Central Expenditures–State & Local ($)",
    ]
    rows = [
        ["Los Angeles", "LAUSD", "19647330000000", "Belmont", "19647331931039", 500, 1000, 12000, 500, 2500],
        [
            "Los Angeles",
            "Granada Hills",
            "19647331933746",
            "Granada",
            "19647331933746",
            5927,
            0,
            99_223_734,
            0,
            0,
        ],
        ["Los Angeles", "Other", "19647250000000", "Tiny", "19647251930001", 80, 0, 40, 0, 0],
    ]
    sheets = {"Notes": [["ESSA PPE"]], "ESSA School Data": [["2024-25"], header, *rows]}
    workbook(tmp_path / "essappe2425data.xlsx", sheets)
    leaves = made("cde-spending")
    assert leaves("spending", "19647331931039", "2024-25")["value"] == 16_000
    assert leaves("spending", "19647331933746")["state"] == "not_reported"
    assert leaves("spending", "19647251930001")["state"] == "not_reported"
    assert "a figure outside what is possible" in leaves.checks

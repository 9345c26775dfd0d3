"""Files of counts made from a known truth, in the layouts and spellings of analysts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

GROUPS = {
    "all": ("All Students", "All", "Total", "ALL STUDENTS", "All Students"),
    "race_ethnicity:black": ("Black", "African American", "Black or African American", "AFRICAN_AM", "Blk"),
    "race_ethnicity:hispanic": ("Hispanic", "Hispanic/Latino", "Latinx", "HISPANIC", "Hisp"),
    "race_ethnicity:white": ("White", "White (Non-Hispanic)", "Caucasian", "WHITE", "Wht"),
    "race_ethnicity:two_or_more": (
        "Two or More",
        "Two or More Races",
        "Multiracial",
        "TWO_MORE_RACES",
        "Multi",
    ),
    "economic_disadvantage:disadvantaged": ("Econ. Disadv.", "FARMS", "Low Income", "ECON_DISADV", "SED"),
    "disability:with_disability": ("SWD", "Students with Disabilities", "Special Education", "SPED", "IEP"),
    "english_learner:english_learner": ("LEP", "English Learners", "ELL", "ENGLISH_LEARNER", "EL"),
}
"""Our group -> how five analysts write it; the fourth and fifth are fit for names of columns."""

SCHOOLS = {
    "012340001": "Peña Elementary",
    "012340002": "Rosa Parks Middle",
    "056780001": "Cañon High",
    "056780002": "Ñuñoa School",
}
DISTRICTS = {"01234": "North Valley", "05678": "Rio Grande"}
YEARS = ("2021-22", "2022-23")
Cell = tuple[str, str, str]  # school, year, group
Counts = tuple[int, int]  # students, counted


def truth() -> dict[Cell, Counts]:
    """Numbers that no two cells share, so that a mistaken place is seen."""
    found: dict[Cell, Counts] = {}
    for school_place, school in enumerate(SCHOOLS):
        for year_place, year in enumerate(YEARS):
            for place, group in enumerate(GROUPS):
                n = 200 + 37 * school_place + 11 * year_place - 20 * place
                found[school, year, group] = (n, n // 2 + 3 * place + school_place + year_place)
    return found


@dataclass(frozen=True)
class Spelling:
    """How one analyst names things. `{}` stands for the group in the names of wide files."""

    speech: int
    school: str
    district: str
    name: str
    district_name: str
    year: str
    group: str
    n: str
    total: str
    percent: str
    years: Callable[[str], str] = field(default=str)


SPELLINGS = (
    Spelling(0, "School ID", "District ID", "School", "District", "School Year", "Student Group",
             "Students Tested", "Students Proficient", "Percent Proficient in Math"),
    Spelling(1, "sch_code", "dist_code", "sch_name", "dist_name", "year", "subgroup",
             "n_tested", "num_prof", "pct_prof_math", lambda year: str(int(year[:4]) + 1)),
    Spelling(2, "SchoolNumber", "DistrictNumber", "SchoolName", "DistrictName", "AcademicYear", "Demographic",
             "NumberTested", "NumberMetOrExceeded", "MathPctMetOrExceeded",
             lambda year: f"{year[:4]}-20{year[5:]}"),
)  # fmt: skip


def long_frame(spelling: Spelling, form: str, decimals: int = 1) -> pd.DataFrame:
    """One row a school, year and group. `form`: counts, percent with n, percent alone, fraction with n."""
    rows = []
    for (school, year, group), (n, total) in truth().items():
        rows.append({**_place(spelling, school, year), spelling.group: GROUPS[group][spelling.speech],
                     **_numbers(spelling, form, n, total, decimals)})  # fmt: skip
    return pd.DataFrame(rows)


def wide_frame(spelling: Spelling, form: str, pattern: Callable[[str, str], str]) -> pd.DataFrame:
    """One row a school and year; `pattern(group, measure)` is the name of a column."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for (school, year, group), (n, total) in truth().items():
        row = rows.setdefault((school, year), _place(spelling, school, year))
        for measure, value in _numbers(spelling, form, n, total, 1).items():
            row[pattern(GROUPS[group][3 + spelling.speech % 2], measure)] = value
    return pd.DataFrame(list(rows.values()))


def _place(spelling: Spelling, school: str, year: str) -> dict[str, object]:
    return {
        spelling.district: school[:5],
        spelling.district_name: DISTRICTS[school[:5]],
        spelling.school: school,
        spelling.name: SCHOOLS[school],
        spelling.year: spelling.years(year),
    }


def _numbers(spelling: Spelling, form: str, n: int, total: int, decimals: int) -> dict[str, object]:
    if form == "counts":
        return {spelling.n: n, spelling.total: total}
    share = total / n
    if form == "percent alone":
        return {spelling.percent: f"{100 * share:.{decimals}f}"}
    if form == "percent signs":
        return {spelling.n: n, spelling.percent: f"{100 * share:.{decimals}f}%"}
    if form == "fraction with n":
        return {spelling.n: n, spelling.percent: f"{share:.4f}"}
    return {spelling.n: n, spelling.percent: f"{100 * share:.{decimals}f}"}


WRITERS: dict[str, Callable[[pd.DataFrame, Path], Path]] = {}


def writer(
    name: str,
) -> Callable[[Callable[[pd.DataFrame, Path], Path]], Callable[[pd.DataFrame, Path], Path]]:
    def add(write: Callable[[pd.DataFrame, Path], Path]) -> Callable[[pd.DataFrame, Path], Path]:
        WRITERS[name] = write
        return write

    return add


def _text(delimiter: str, encoding: str, ending: str) -> Callable[[pd.DataFrame, Path], Path]:
    def write(frame: pd.DataFrame, base: Path) -> Path:
        path = base.with_name(f"{base.name}{ending}")
        text = frame.to_csv(index=False, sep=delimiter)
        path.write_bytes(text.encode(encoding))
        return path

    return write


for _name, _delimiter, _encoding, _ending in (
    ("CSV, UTF-8", ",", "utf-8", ".csv"),
    ("CSV, UTF-8 with a mark", ",", "utf-8-sig", ".csv"),
    ("CSV, Latin-1", ",", "latin-1", ".csv"),
    ("TSV, cp1252", "\t", "cp1252", ".tsv"),
    ("^, UTF-8", "^", "utf-8", ".txt"),
    ("CSV, UTF-16", ",", "utf-16", ".csv"),
    ("semicolons", ";", "utf-8", ".csv"),
):
    WRITERS[_name] = _text(_delimiter, _encoding, _ending)


def _excel(frame: pd.DataFrame, base: Path) -> Path:
    path = base.with_name(f"{base.name}.xlsx")
    frame.to_excel(path, index=False)
    return path


def _titled(frame: pd.DataFrame, base: Path) -> Path:
    path = base.with_name(f"{base.name}.xlsx")
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        frame.to_excel(book, index=False, startrow=3)
        sheet = book.sheets["Sheet1"]
        sheet.cell(1, 1, "Department of Education")
        sheet.cell(2, 1, "Results by student group")
    return path


def _parquet(frame: pd.DataFrame, base: Path) -> Path:
    path = base.with_name(f"{base.name}.parquet")
    frame.to_parquet(path, index=False)
    return path


WRITERS |= {"Excel": _excel, "Excel, under a title": _titled, "Parquet": _parquet}

"""Dashboard downloads, made in the CDE's record layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.sources.california.conftest import Leaves, text

FILES = {
    "ela": "reading_distance",
    "math": "mathematics_distance",
    "chronic": "chronic_absence",
    "grad": "graduation_five_year",
    "susp": "suspension_any",
    "cci": "college_career_ready",
    "elpi": "english_progress",
}


def write(folder: Path) -> None:
    for name in FILES:
        distance = name in ("ela", "math")
        rows = []
        for cds, rtype in (("00000000000000", "X"), ("19647330000000", "D"), ("19647331931039", "S")):
            groups = (("ALL", 50, 200, "-12.3"), ("AA", 10, 40, "-60.5"), ("FI", "", "", ""))
            for group, numerator, students, status in groups:
                rows.append(
                    {
                        "cds": cds,
                        "rtype": rtype,
                        "schoolname": "Belmont" if rtype == "S" else "",
                        "districtname": "Los Angeles Unified" if rtype != "X" else "",
                        "countyname": "Los Angeles",
                        "charter_flag": "",
                        "coe_flag": "",
                        "dass_flag": "",
                        "studentgroup": group,
                        **({} if distance else {"currnumer": numerator}),
                        "currdenom": students,
                        "currstatus": status if distance else "25.0",
                        "statuslevel": 1,
                        "changelevel": 3,
                        "color": 0,
                        "box": 0,
                        "smalldenom": "",
                        "currnsizemet": "Y",
                        "indicator": name,
                        "reportingyear": 2024,
                    }
                )
        text(folder / f"{name}download2024.txt", rows)


def test_every_file_and_level(made: Callable[..., Leaves], tmp_path: Path) -> None:
    write(tmp_path)
    leaves = made("cde-dashboard")
    for indicator in FILES.values():
        for unit in ("CA", "1964733", "19647331931039"):
            cell = leaves(indicator, unit, "2023-24")
            expected = -12.3 if indicator.endswith("distance") else 0.25
            assert (cell["n"], round(cell["value"], 6)) == (200, expected)
            assert leaves(indicator, unit, race_ethnicity="filipino")["state"] == "hidden"
    assert leaves("reading_distance", "1964733", race_ethnicity="black")["value"] == -60.5
    units = leaves.dataset.units.to_pandas().set_index("unit_id")
    assert units.loc["19647331931039", "unit_name"] == "Belmont"


def test_one_file_alone_is_enough(made: Callable[..., Leaves], tmp_path: Path) -> None:
    write(tmp_path)
    for name in set(FILES) - {"susp"}:
        (tmp_path / f"{name}download2024.txt").unlink()
    leaves = made("cde-dashboard")
    assert set(leaves.frame["indicator"]) == {"suspension_any"}

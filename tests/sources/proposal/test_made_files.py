"""A mapping made by `evenground map` alone, with no edit, reads made files of every layout to the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from tests.sources.proposal.made import SPELLINGS, WRITERS, Spelling, long_frame, truth, wide_frame

from evenground.definitions import load
from evenground.model import group_key
from evenground.sources import Dataset, open_source
from evenground.sources.proposal import Proposal, propose
from evenground.workspace.proposal import Mapped, map_file

INDICATOR = "mathematics_proficient"
FORMS = ("counts", "percent with n", "percent alone", "fraction with n", "percent signs")
PATTERNS = {
    "Black_Tested": lambda group, measure: f"{group}_{measure}",
    "Tested Black": lambda group, measure: f"{measure} {group}",
    "pct_black_math": lambda group, measure: f"{measure}: {group}",
}


def mapped(path: Path, tmp_path: Path) -> Dataset:
    """The file by its proposed mapping, as it is, on the road of a review."""
    found = propose(path)
    assert isinstance(found, Proposal)
    mapping = path.with_name(f"{path.name}.mapping.yaml")
    mapping.write_text(found.text([]), encoding="utf-8")
    return open_source(tmp_path, None, tmp_path / "private", load(), mapping)


def cells(dataset: Dataset, indicator: str) -> dict[tuple[str, str, str], tuple[float | None, float]]:
    assert dataset.leaves is not None
    rows = [row for row in dataset.leaves.to_pylist() if row["indicator"] == indicator]
    return {
        (
            row["unit_id"],
            row["period"],
            group_key([(name, row[name]) for name in dataset.dimensions if row[name] is not None]),
        ): (row["n"], row["value"])
        for row in rows
        if row["state"] == "value" and row["unit_level"] == "school"
    }


def agree(found: dict[tuple[str, str, str], tuple[float | None, float]], form: str) -> None:
    expected = truth()
    assert set(found) == set(expected)
    for key, (n, total) in expected.items():
        assert found[key][0] == (None if form == "percent alone" else n), key
        exact = form == "counts"
        assert found[key][1] == pytest.approx(total / n, abs=0 if exact else 0.0006), key


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.group)
def test_one_row_a_group(tmp_path: Path, spelling: Spelling, form: str) -> None:
    path = WRITERS["CSV, UTF-8"](long_frame(spelling, form), tmp_path / "math_results")
    agree(cells(mapped(path, tmp_path), INDICATOR), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_groups_in_the_names_of_columns(tmp_path: Path, pattern: str, form: str) -> None:
    spelling = SPELLINGS[(FORMS.index(form) + [*PATTERNS].index(pattern)) % len(SPELLINGS)]
    path = WRITERS["CSV, UTF-8"](wide_frame(spelling, form, PATTERNS[pattern]), tmp_path / "math_results")
    agree(cells(mapped(path, tmp_path), INDICATOR), form)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.group)
def test_one_column_a_group(tmp_path: Path, spelling: Spelling) -> None:
    """The header is the group's name alone; only the file's name says what is counted."""
    frame = wide_frame(spelling, "percent alone", lambda group, measure: group)
    path = WRITERS["CSV, UTF-8"](frame, tmp_path / "Math percent proficient")
    agree(cells(mapped(path, tmp_path), INDICATOR), "percent alone")


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_and_encoding(tmp_path: Path, kind: str) -> None:
    path = WRITERS[kind](long_frame(SPELLINGS[0], "percent with n"), tmp_path / "math_results")
    dataset = mapped(path, tmp_path)
    agree(cells(dataset, INDICATOR), "percent with n")
    names = dict(
        zip(dataset.units["unit_id"].to_pylist(), dataset.units["unit_name"].to_pylist(), strict=True)
    )
    assert names["012340001"] == "Peña Elementary"
    assert names["056780002"] == "Ñuñoa School"


def test_marks_of_hidden_numbers_stay_apart_from_zero_and_missing(tmp_path: Path) -> None:
    frame = long_frame(SPELLINGS[0], "counts").astype(str)
    for place, mark in enumerate(("*", "N<10", "--", "0", "-9")):
        frame.loc[place, "Students Proficient"] = mark
    path = WRITERS["CSV, UTF-8"](frame, tmp_path / "math_results")
    leaves = mapped(path, tmp_path).leaves
    assert leaves is not None
    rows = [row for row in leaves.to_pylist() if (row["unit_id"], row["period"]) == ("012340001", "2021-22")]
    states = {
        group_key([(k, v) for k, v in row.items() if k in GROUPING and v]): row["state"] for row in rows
    }
    assert states["all"] == "hidden"
    assert states["race_ethnicity:black"] == "hidden"
    assert states["race_ethnicity:hispanic"] == "not_reported"
    assert states["race_ethnicity:white"] == "value"
    assert states["race_ethnicity:two_or_more"] == "not_applicable"


GROUPING = ("race_ethnicity", "economic_disadvantage", "disability", "english_learner")


def test_ranges_are_bounds_and_never_a_guess(tmp_path: Path) -> None:
    frame = long_frame(SPELLINGS[0], "percent with n").astype(str)
    column = "Percent Proficient in Math"
    for place, mark in enumerate(("<5", ">=95", "21-39")):
        frame.loc[place, column] = mark
    path = WRITERS["CSV, UTF-8"](frame, tmp_path / "math_results")
    dataset = mapped(path, tmp_path)
    assert dataset.leaves is not None
    assert dataset.bounds is not None
    hidden = [row for row in dataset.leaves.to_pylist() if row["state"] == "hidden"]
    assert len(hidden) == 3
    assert sorted((row["low"], row["high"]) for row in dataset.bounds.to_pylist()) == [
        (0.0, 0.05),
        (0.21, 0.39),
        (0.95, 1.0),
    ]


def test_levels_in_one_file(tmp_path: Path) -> None:
    frame = long_frame(SPELLINGS[0], "counts")
    frame.insert(0, "Level", "School")
    districts = frame[frame["School ID"].str.endswith("1")].copy()
    districts["Level"], districts["School ID"] = "District", districts["District ID"] + "0000"
    path = WRITERS["CSV, UTF-8"](pd.concat([frame, districts]), tmp_path / "math_results")
    dataset = mapped(path, tmp_path)
    assert dataset.leaves is not None
    assert set(dataset.leaves["unit_level"].to_pylist()) == {"school", "district"}
    agree(cells(dataset, INDICATOR), "counts")


def test_both_subjects_in_one_file(tmp_path: Path) -> None:
    mathematics = long_frame(SPELLINGS[0], "counts").assign(Subject="Math")
    reading = mathematics.assign(Subject="ELA")
    reading["Students Proficient"] -= 1
    science = mathematics.assign(Subject="Science")
    path = WRITERS["CSV, UTF-8"](pd.concat([mathematics, reading, science]), tmp_path / "results")
    dataset = mapped(path, tmp_path)
    agree(cells(dataset, INDICATOR), "counts")
    of_reading = cells(dataset, "reading_proficient")
    assert {key: round(n * value) for key, (n, value) in of_reading.items() if n is not None} == {
        key: total - 1 for key, (_, total) in truth().items()
    }


def test_schools_that_have_only_names(tmp_path: Path) -> None:
    frame = long_frame(SPELLINGS[0], "counts").drop(columns=["School ID", "District ID"])
    path = WRITERS["CSV, UTF-8"](frame, tmp_path / "math_results")
    found = cells(mapped(path, tmp_path), INDICATOR)
    n, total = truth()["012340001", "2021-22", "race_ethnicity:black"]
    assert found["North Valley/Peña Elementary", "2021-22", "race_ethnicity:black"] == (n, total / n)
    assert len(found) == len(truth())


def test_lost_zeros_are_put_back(tmp_path: Path) -> None:
    frame = long_frame(SPELLINGS[0], "counts").drop(columns=["District ID"])
    frame["School ID"] = frame["School ID"].str.lstrip("0")
    frame.loc[frame["School ID"].str.startswith("5"), "School ID"] = "156780001"
    frame = frame[frame["School"] != "Ñuñoa School"]
    path = WRITERS["CSV, UTF-8"](frame, tmp_path / "math_results")
    units = {unit for unit, _, _ in cells(mapped(path, tmp_path), INDICATOR)}
    assert units == {"012340001", "012340002", "156780001"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "math_results.csv"
    long_frame(SPELLINGS[0], "percent with n").map(_with_comma).to_csv(path, index=False, sep=delimiter)
    assert "60,9" in path.read_text(encoding="utf-8")
    agree(cells(mapped(path, tmp_path), INDICATOR), "percent with n")


def _with_comma(value: object) -> object:
    return value.replace(".", ",") if isinstance(value, str) and re.fullmatch(r"\d+\.\d", value) else value


SPANISH = """\
Código Escuela;Escuela;Distrito;Grupo;Año;Estudiantes de la cohorte;Graduados;Porcentaje de graduación
0101;Peña;Norte;Todos los estudiantes;2022-23;100;80;80,0
0101;Peña;Norte;Negros o afroamericanos;2022-23;40;30;75,0
0101;Peña;Norte;Hispanos;2022-23;60;50;83,3
0101;Peña;Norte;Mujeres;2022-23;48;42;87,5
0101;Peña;Norte;Hombres;2022-23;52;38;73,1
0201;Cañón;Sur;Aprendices de inglés;2022-23;30;15;50,0
0201;Cañón;Sur;Con discapacidad;2022-23;20;11;55,0
0201;Cañón;Sur;En desventaja económica;2022-23;50;35;70,0
"""


def test_a_file_in_spanish(tmp_path: Path) -> None:
    path = tmp_path / "resultados.csv"
    path.write_bytes(SPANISH.encode("latin-1"))
    assert cells(mapped(path, tmp_path), "graduation") == {
        ("0101", "2022-23", "all"): (100, 0.8),
        ("0101", "2022-23", "race_ethnicity:black"): (40, 0.75),
        ("0101", "2022-23", "race_ethnicity:hispanic"): (60, pytest.approx(50 / 60)),
        ("0101", "2022-23", "sex:female"): (48, 0.875),
        ("0101", "2022-23", "sex:male"): (52, pytest.approx(38 / 52)),
        ("0201", "2022-23", "english_learner:english_learner"): (30, 0.5),
        ("0201", "2022-23", "disability:with_disability"): (20, 0.55),
        ("0201", "2022-23", "economic_disadvantage:disadvantaged"): (50, 0.7),
    }


def test_two_letters_of_federal_collections(tmp_path: Path) -> None:
    path = tmp_path / "absence_2022-23.csv"
    codes = ["All", "AA", "WH", "HI", "FE", "MA", "SPED", "ZQ"]
    rows = [f"0{unit},{code},{20 + unit}.5" for unit in range(10, 30) for code in codes]
    path.write_text("\n".join(["District Code,Subgroup,Chronically Absent Pct", *rows]), encoding="utf-8")
    found = propose(path)
    assert isinstance(found, Proposal)
    text = found.text([])
    expected = {
        "WH": "race_ethnicity:white",
        "HI": "race_ethnicity:hispanic",
        "FE": "sex:female",
        "MA": "sex:male",
        "ZQ": "skip",
    }
    for code, group in expected.items():
        (line,) = [line for line in text.splitlines() if line.strip().startswith(f"{code}: ")]
        assert group in line
        assert "please check" in line


def test_the_year_stands_above_the_table(tmp_path: Path) -> None:
    path = tmp_path / "absence.csv"
    rows = [f"0{unit},{group},{20 + unit}.5" for unit in range(10, 30) for group in ("All", "White", "Black")]
    table = ["District Code,Subgroup,Chronically Absent Pct", *rows]
    path.write_text("\n".join(["Chronic absence in 2021-22", "", *table]), encoding="utf-8")
    found = propose(path)
    assert isinstance(found, Proposal)
    assert 'period: {is: "2021-22"}' in found.text([])
    assert found.notes == []
    path.write_text("\n".join(table), encoding="utf-8")
    without = propose(path)
    assert isinstance(without, Proposal)
    assert len(without.notes) == 1


def test_the_year_to_be_written_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "absence.csv"
    rows = [f"0{unit},{group},{20 + unit}.5" for unit in range(10, 30) for group in ("All", "White", "Black")]
    path.write_text("\n".join(["District Code,Subgroup,Chronically Absent Pct", *rows]), encoding="utf-8")
    found = map_file(path)
    assert isinstance(found, Mapped)
    assert len(found.proposal.notes) == 1
    assert found.problems == ()

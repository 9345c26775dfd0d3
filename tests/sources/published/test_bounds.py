"""A blurred value is an interval, never a guess: over the whole road, from the file to the page."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from evenground import report
from evenground.workspace import Request, review, verify

MAPPING = """
blurred:
  title: Blurred
  publisher: Example
  licence: public domain
  policy: published
  source: made for this test
  date: 2026-11-21
  confidence: ours
  absent_rows: unknown
  missing: {"": not_reported, PS: hidden}
  units: {state: {id: EX, name: Example}, district_digits: 2, school_digits: 4}
  codes:
    group:
      ALL: all
      MBL: race_ethnicity:black
      MWH: race_ethnicity:white
      MHI: race_ethnicity:hispanic
  tables:
    proficiency:
      files: {school: scores.csv}
      unit: id
      period: {is: 2017-18}
      groups: {"{group}": group}
      percent: true
      blurred: true
      decimals: 0
      statistics:
        mathematics_proficient: {n: "{group}_N", share: "{group}_PCT"}
"""
FILE = """id,ALL_N,ALL_PCT,MBL_N,MBL_PCT,MWH_N,MWH_PCT,MHI_N,MHI_PCT
0101,400,62,12,LT50,28,60-79,3,PS
0102,350,41,20,GE95,30,<=20,40,"30-39 %"
"""
EXPECTED = {
    ("0101", "race_ethnicity:black"): (0, 0.5),
    ("0101", "race_ethnicity:white"): (0.6, 0.79),
    ("0101", "race_ethnicity:hispanic"): (None, None),  # PS says nothing
    ("0102", "race_ethnicity:black"): (0.95, 1),
    ("0102", "race_ethnicity:white"): (0, 0.2),
    ("0102", "race_ethnicity:hispanic"): (0.3, 0.39),
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "scores.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(MAPPING, encoding="utf-8")
    request = Request(tmp_path / "files", unit="school:0101", mapping=tmp_path / "mine.yaml")
    review(request, tmp_path / "bundle")
    return tmp_path / "bundle"


def test_from_the_file_to_the_page(bundle: Path) -> None:
    cells = parquet.read_table(bundle / "cells.parquet").to_pylist()
    hidden = {cell["group"]: cell for cell in cells if cell["state"] == "hidden"}
    assert set(hidden) == {group for school, group in EXPECTED if school == "0101"}
    for group, cell in hidden.items():
        assert (cell["low"], cell["high"]) == EXPECTED["0101", group]
        assert cell["value"] is None
        assert cell["n"] is None
    page = (bundle / "index.html").read_text(encoding="utf-8")
    assert "between 60.0% and 79.0%" in page
    assert "entre 60.0% y 79.0%" in page


def test_the_mapping_is_an_input(bundle: Path) -> None:
    folder = bundle.parent / "files"
    assert set(report.read(bundle).inputs) == {"scores.csv", "mine.yaml"}
    assert verify(bundle, folder, mapping=bundle.parent / "mine.yaml") == []
    (bundle.parent / "mine.yaml").write_text(
        MAPPING.replace("PS: hidden", "PS: not_reported"), encoding="utf-8"
    )
    differences = verify(bundle, folder, mapping=bundle.parent / "mine.yaml")
    assert "input mine.yaml has changed" in differences
    assert any("race_ethnicity:hispanic" in difference for difference in differences)


def test_a_policy_that_hides_itself_says_nothing_of_it(tmp_path: Path, bundle: Path) -> None:
    request = Request(tmp_path / "files", unit="school:0101", mapping=tmp_path / "mine.yaml", policy="n10")
    review(request, tmp_path / "strict")
    for cell in parquet.read_table(tmp_path / "strict" / "cells.parquet").to_pylist():
        assert cell["state"] == "value" or cell["low"] is None

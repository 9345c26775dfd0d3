"""California's graduates, all the way: the figures that others can check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pytest
from tests.plain import of_released

import evenground
from evenground.model import Released


@pytest.fixture(scope="module")
def los_angeles(request: pytest.FixtureRequest) -> Released:
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    return evenground.review(
        shared("ca-graduates-ag"),
        source="cde-graduates",
        unit="district:1964733",
        period=2016,
        by=("race_ethnicity", "sex"),
    )


def test_every_sentence_is_easy_to_read_in_both_languages(los_angeles: Released) -> None:
    assert of_released(los_angeles) == []


@pytest.mark.parametrize(
    ("group", "percent"),
    [
        # recomputed from the files of the California Department of Education, see SOURCE.txt beside them
        ("race_ethnicity:hispanic", 53.5),
        ("race_ethnicity:black", 47.3),
        ("race_ethnicity:white", 58.1),
        ("race_ethnicity:asian", 77.3),
        ("race_ethnicity:filipino", 70.7),
        ("race_ethnicity:hispanic+sex:female", 60.2),
        ("race_ethnicity:hispanic+sex:male", 46.2),
    ],
)
def test_a_g_completion_2015_16(los_angeles: Released, group: str, percent: float) -> None:
    cells = los_angeles.cells
    here = pc.and_(pc.equal(cells["unit_id"], "1964733"), pc.equal(cells["period"], "2015-16"))
    found = cells.filter(pc.and_(here, pc.equal(cells["group"], group))).to_pylist()
    assert [round(100 * cell["value"], 1) for cell in found] == [percent]


def test_the_finding_of_a_gap_is_its_cells(los_angeles: Released) -> None:
    findings = los_angeles.findings
    wanted = "ag_completion/district:1964733/2015-16/race_ethnicity:hispanic+sex:male/difference/overall"
    (gap,) = findings.filter(pc.equal(findings["finding_id"], wanted)).to_pylist()
    # 6,162 of 13,328 Latinos and 20,734 of 37,750 graduates, by hand from the file
    assert gap["n"] == 13328
    assert gap["value"] == pytest.approx(0.4623 - 0.5492, abs=2e-4)
    assert gap["verdict"] == "below"

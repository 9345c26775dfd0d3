"""What a person asks of a review reaches its page: unit, year, groups, comparison, indicators, questions."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report.story.rows import Ledger, ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story, story_of
from evenground.workspace import Request, release

FILE = "graduates_LAcounty_9293_1516.csv.gz"
LOS_ANGELES, BLACK, WHITE = "1964733", "6", "7"  # the district, and the publisher's codes of the groups
LINCOLN = "19647331935121"


def told(released: Released) -> tuple[Ledger, Story]:
    ledger = ledger_of(list(rows_of(released.findings, released.cells)), released.about.unit)
    return ledger, story_of(released, ledger, Speech(load(), load_wording()))


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    shared: Callable[[str], Path] = request.getfixturevalue("shared_data")
    return shared("ca-graduates-ag")


def rate(folder: Path, year: str, place: str, *ethnic: str) -> float:
    """A-G completers over graduates, straight from the file."""
    with gzip.open(folder / FILE, "rt") as lines:
        rows = [
            (float(row["UC_GRADS"]), float(row["GRADS"]))
            for row in csv.DictReader(lines)
            if row["YEAR"] == year
            and row["CDS_CODE"].zfill(14).startswith(place)
            and (not ethnic or row["ETHNIC"] in ethnic)
        ]
    return sum(done for done, _ in rows) / sum(n for _, n in rows)


def test_year_groups_comparison_and_question(folder: Path) -> None:
    ledger, story = told(
        release(
            Request(
                input=folder,
                unit=f"district:{LOS_ANGELES}",
                period="2012",
                by=("race_ethnicity",),
                reference="group:white",
                indicators=("ag_completion",),
                questions=("doors",),
            )
        )
    )
    assert story.title.en.endswith("1992-93 to 2011-12")
    assert [section.key for section in story.sections] == ["doors"]
    assert story.sections[0].compared.en == "Each group is compared with white students."
    assert {dimension for _, dimension in ledger.groups} == {"race_ethnicity"}
    gap = ledger.get("ag_completion", "race_ethnicity:black", "difference")
    assert gap
    black, white = (rate(folder, "1112", LOS_ANGELES, code) for code in (BLACK, WHITE))
    assert gap.value == pytest.approx(black - white)
    assert f"of every 100 white graduates, {round(white * 100)}." in story.items[0].headline.en


def test_a_school_against_a_target(folder: Path) -> None:
    released = release(Request(input=folder, unit=f"school:{LINCOLN}", reference="target:0.8"))
    ledger, story = told(released)
    assert released.about.unit_level == "school"
    whole = ledger.level("ag_completion", "all")
    assert whole
    assert whole.value == pytest.approx(rate(folder, "1516", LINCOLN))
    assert story.sections[0].compared.en == "Each group is compared with the target of 80 of every 100."
    assert story.sections[0].blocks[0].where is None  # nothing is below a school
    assert story.items[-1].good

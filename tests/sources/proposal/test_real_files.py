"""Real files read without the mapping that comes with evenground: what is recognised, against an answer key.

The key is what a person says who has read SOURCE.txt and the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from evenground.definitions import load
from evenground.sources import open_source
from evenground.sources.proposal import Proposal, propose
from evenground.sources.published.mapping import Source, sources_from

Folder = Callable[[str], Path]
RACES = {
    "american_indian": ("AM_IND", "native", "aian", "American Indian/Alaska Native",
                        "American Indian or Alaska Native"),
    "asian": ("ASIAN", "asian", "Asian"),
    "black": ("AFRICAN_AM", "black", "Black", "African American"),
    "filipino": ("FILIPINO",),
    "hispanic": ("HISPANIC", "hisp", "hispanic", "Hispanic"),
    "pacific_islander": ("PAC_ISLD", "hawaiian", "Hawaiian/Pacific Islander",
                         "Native Hawaiian/Pacific Islander", "Native Hawaiian or Other Pacific Islander"),
    "two_or_more": ("TWO_MORE_RACES", "Two or More/Other", "Two or More Races", "Two or more races"),
    "white": ("WHITE", "white", "White", "White (Non-Hispanic)"),
    "unknown": ("NOT_REPORTED",),
}  # fmt: skip
OTHERS = {
    "all": ("TOTAL", "total", "total_stdnt", "All Students"),
    "sex:female": ("female", "Female"),
    "sex:male": ("male", "Male"),
    "disability:with_disability": ("Disability-With IEP (Total)",),
    "economic_disadvantage:disadvantaged": ("Free/Reduced-Price Meals",),
    "english_learner:english_learner": ("Limited English Proficiency", "English Learners"),
    "migrant:migrant": ("Migrant",),
    "homeless:homeless": ("Homeless",),
    # what is none of our groups has to be left out, not forced into one
    "skip": ("other", "total_unique_event", "GAP", "Gap Group (non-duplicated)", "Gifted/Talented", "Title I",
             "English Learner plus Monitored", "Disability-Alternate Only",
             "Disability-With IEP (not including Alternate)",
             "Disability-With Accommodation (not including Alternate)"),
}  # fmt: skip
WORDS = {word: f"race_ethnicity:{race}" for race, words in RACES.items() for word in words} | {
    word: group for group, words in OTHERS.items() for word in words
}
CDE = {"0": "unknown", "1": "american_indian", "2": "asian", "3": "pacific_islander", "4": "filipino",
       "5": "hispanic", "6": "black", "7": "white", "9": "two_or_more"}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """What a person says that the columns are: kinds as the program names them, the rest as a mapping."""

    file: str
    kinds: dict[str, str]
    statistics: dict[str, dict[str, str]]
    units: dict[str, object]
    words: dict[str, str] = field(default_factory=lambda: WORDS)
    periods: str | None = None


KEYS = (
    Key(
        "ca-frpm-sat-1415/frpm1415.csv.gz",
        {"Academic Year": "school year", "County Code": "id county", "District Code": "id district",
         "School Code": "id school", "County Name": "name county", "District Name": "name district",
         "School Name": "name school", "District Type": "not used", "School Type": "not used",
         "Educational Option Type": "not used", "NSLP Provision Status": "not used",
         "Charter Funding Type": "not used", "Low Grade": "not used", "High Grade": "not used",
         "Enrollment (K-12)": "number", "Free Meal Count (K-12)": "number", "FRPM Count (K-12)": "number",
         "Percent (%) Eligible Free (K-12)": "number", "Percent (%) Eligible FRPM (K-12)": "number",
         "Enrollment (Ages 5-17)": "number", "Free Meal Count (Ages 5-17)": "number",
         "FRPM Count (Ages 5-17)": "number", "Percent (%) Eligible Free (Ages 5-17)": "number",
         "Percent (%) Eligible FRPM (Ages 5-17)": "number", "Charter School (Y/N)": "not used",
         "Charter School Number": "not used", "IRC": "not used",
         "2013-14 CALPADS Fall 1 Certification Status": "not used"},
        {"meals": {"n": "Enrollment (K-12)", "total": "FRPM Count (K-12)"}},
        {"district_digits": 7, "school_digits": 14},
    ),
    Key(
        "ca-frpm-sat-1415/sat1415.csv.gz",
        {"cds": "id any", "rtype": "level", "sname": "name school", "dname": "name district",
         "cname": "name county", "enroll12": "number", "NumTstTakr": "number", "AvgScrRead": "number",
         "AvgScrMath": "number", "AvgScrWrite": "number", "NumGE1500": "number", "PctGE1500": "number"},
        {"sat_benchmark": {"n": "NumTstTakr", "total": "NumGE1500"},
         "reading_score": {"n": "NumTstTakr", "mean": "AvgScrRead"},
         "mathematics_score": {"n": "NumTstTakr", "mean": "AvgScrMath"}},
        {"district_digits": 7, "school_digits": 14},
    ),
    Key(
        "ca-frpm-sat-1415/Eth_grad_1415.xls",
        {"CDS_CODE": "id school", "COUNTY": "name county", "DISTRICT": "name district",
         "SCHOOL": "name school", "YEAR": "school year"}
        | dict.fromkeys(("HISPANIC", "AM_IND", "ASIAN", "PAC_ISLD", "FILIPINO", "AFRICAN_AM", "WHITE",
                         "TWO_MORE_RACES", "NOT_REPORTED", "TOTAL"), "number"),
        {},  # graduates, with nothing that they are counted over
        {"district_digits": 7, "school_digits": 14},
    ),
    Key(
        "ky-kysrc/grad_dist.csv.gz",
        {"sch_id": "id school", "dist_name": "name district", "student_group": "student group",
         "year": "school year", "grad_rate": "number"},
        {"graduation": {"share": "grad_rate"}},
        {"district_digits": 3},
    ),
    Key(
        "ky-kysrc/race_sch.csv.gz",
        {"sch_id": "id school", "dist_name": "name district", "sch_name": "name school",
         "year": "school year",
         "race": "student group", "s_count": "number", "calc_pct": "number"},
        {"same_group_share": {"own": "race_ethnicity", "over": "race_sch"}},
        {"district_digits": 3, "school_digits": 6},
    ),
    Key(
        "ky-kysrc/ccr_sch.csv.gz",
        {"sch_id": "id school", "dist_name": "name district", "sch_name": "name school",
         "year": "school year",
         "student_group": "student group", "n_grads": "number", "college_ready": "number",
         "career_ready": "number", "ccr_total": "number", "ccr_pct": "number", "college_ready_pct": "number",
         "career_ready_pct": "number"},
        {"college_career_ready": {"n": "n_grads", "total": "ccr_total"},
         "college_ready": {"n": "n_grads", "total": "college_ready"}},
        {"district_digits": 3, "school_digits": 6},
    ),
    Key(
        "ccd-usschools-2000-2005/usschools00.csv.gz",
        {"state": "id state", "district": "id district", "school": "id school", "race": "student group",
         "n": "number"},
        {"same_group_share": {"own": "race_ethnicity", "over": "usschools_00"}},
        {"district_digits": 7, "school_digits": 12, "states": "fips", "state_digits": 2},
    ),
    Key(
        "crdc-2015-ap-by-race/school_ap_enrollment_by_race.csv.gz",
        {"state": "name state", "district": "name district", "school": "name school", "ap": "not used",
         "type": "indicator"}
        | dict.fromkeys(("total", "American Indian/Alaska Native", "Asian", "Black", "Hispanic",
                         "Native Hawaiian/Pacific Islander", "Two or More Races", "White"), "number"),
        {"ap_participation": {"total": "students {race}", "over": "students"}},
        {"states": "name"},
    ),
    Key(
        "ca-suspensions/suspensions_1112_1415.csv.gz",
        {"AGGEGATELEVEL": "level", "CDS": "id any", "NAME": "name any", "DISCIPLINETYPE": "indicator",
         "ETHNICITY": "student group", "YEAR": "school year"}
        | dict.fromkeys(("WEAPONS", "DRUGS", "VIOLENCEWITHINJURY", "VIOLENCEWITHOUTINJURY",
                         "OTHERNONDEFIANCE", "OTHERDEFIANCE", "TOTAL"), "number"),
        {},  # events, with nothing that they are counted over
        {"district_digits": 7, "school_digits": 14},
        {code: f"race_ethnicity:{race}" for code, race in CDE.items()},
    ),
)  # fmt: skip


def proposed(shared_data: Folder, file: str, tmp_path: Path) -> tuple[Proposal, Source]:
    folder, name = file.split("/")
    proposal = propose(shared_data(folder) / name)
    assert isinstance(proposal, Proposal)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(proposal.text([]), encoding="utf-8")
    return proposal, next(iter(sources_from(mapping).values()))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.file.rpartition("/")[2])
def test_columns_codes_and_statistics_are_recognised(shared_data: Folder, key: Key, tmp_path: Path) -> None:
    proposal, source = proposed(shared_data, key.file, tmp_path)
    kinds = {name: kind for name, kind, _, _ in proposal.decisions}
    assert set(kinds) == set(key.kinds)
    # a column of numbers that nothing is made of may be called either
    wrong = {
        name: kind
        for name, kind in kinds.items()
        if kind != key.kinds[name] and {kind, key.kinds[name]} != {"number", "not used"}
    }
    assert wrong == {}
    words = {word: group for codes in source.codes.values() for word, group in codes.items()}
    assert {word: group for word, group in words.items() if key.words[word] != group} == {}
    found = {
        indicator: {part: _plain(getattr(statistic, part)) for part in wanted}
        for table in source.tables.values()
        for indicator, statistic in table.statistics.items()
        for wanted in [key.statistics.get(indicator, {})]
    }
    assert found == key.statistics
    units = source.units.model_dump()
    assert {name: units[name] for name in key.units} == key.units


def _plain(value: object) -> object:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def test_the_sat_file_is_read_by_its_proposed_mapping_alone(shared_data: Folder, tmp_path: Path) -> None:
    """The state's row as the publisher wrote it: 210,706 took the SAT, 93,334 of them scored 1500 or more."""
    proposal = propose(shared_data("ca-frpm-sat-1415") / "sat1415.csv.gz")
    assert isinstance(proposal, Proposal)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(proposal.text([]), encoding="utf-8")
    file = shared_data("ca-frpm-sat-1415") / "sat1415.csv.gz"
    dataset = open_source(file, None, tmp_path / "private", load(), mapping)
    assert dataset.leaves is not None
    rows = {row["indicator"]: row for row in dataset.leaves.to_pylist() if row["unit_level"] == "state"}
    assert (rows["sat_benchmark"]["n"], rows["sat_benchmark"]["total"]) == (210706, 93334)
    assert round(rows["sat_benchmark"]["value"], 3) == 0.443  # PctGE1500 of the state's row: 44.3
    assert rows["mathematics_score"]["value"] == 500  # AvgScrMath of the state's row

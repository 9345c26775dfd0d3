"""Words of files and what they are taken for; the list of words agrees with the definitions."""

from __future__ import annotations

import pytest

from evenground.definitions import load
from evenground.sources.proposal.columns import unit_of_name
from evenground.sources.proposal.figures import figures
from evenground.sources.proposal.groups import match_group
from evenground.sources.proposal.matter import read_name
from evenground.sources.proposal.recognition import recognition


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("Black/African-American", "race_ethnicity:black"),
        ("White (Non-Hispanic)", "race_ethnicity:white"),
        ("Hispanic/Latino of any race", "race_ethnicity:hispanic"),
        ("Native Hawaiian or Other Pacific Islander", "race_ethnicity:pacific_islander"),
        ("Two or more races", "race_ethnicity:two_or_more"),
        ("Econ. Disadv.", "economic_disadvantage:disadvantaged"),
        ("Econ Disadvant", "economic_disadvantage:disadvantaged"),
        ("Not Economically Disadvantaged", "economic_disadvantage:not_disadvantaged"),
        ("Non-SWD", "disability:without_disability"),
        ("Students without Disabilities", "disability:without_disability"),
        ("SWDs", "disability:with_disability"),
        ("ELs", "english_learner:english_learner"),
        ("Black Female", "race_ethnicity:black+sex:female"),
        ("Female - Hispanic", "race_ethnicity:hispanic+sex:female"),
        ("Female Total", "sex:female"),
        ("All Students", "all"),
    ],
)
def test_a_group_is_known_however_it_is_written(word: str, group: str) -> None:
    match = match_group(word)
    assert match is not None
    assert match.group == group


@pytest.mark.parametrize(
    "word",
    ["English Learner plus Monitored", "Former EL", "Asian/Pacific Islander", "Gifted/Talented", "GAP",
     "Other", "Disability-Alternate Only", "Non-Hispanic", "Students", "", "42", "Long-Term English Learner"],
)  # fmt: skip
def test_what_is_near_to_a_group_but_none_is_not_forced_into_it(word: str) -> None:
    assert match_group(word) is None


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("School ID", "school", "id"),
        ("sch_name", "school", "name"),
        ("DistrictNumber", "district", "id"),
        ("LEA Name", "district", "name"),
        ("CDS_CODE", "school", "id"),
        ("dname", "district", "name"),
        ("School Type", "", ""),
        ("Charter School Number", "", ""),
        ("District Ranking", "", ""),
    ],
)
def test_a_column_of_units_by_its_name(name: str, level: str, kind: str) -> None:
    assert unit_of_name(name) == (level, kind)


@pytest.mark.parametrize(
    ("name", "part", "matter"),
    [
        ("grad_rate", "share", "graduation"),
        ("4-Year Graduation Rate", "share", "graduation"),
        ("Chronic Absenteeism %", "share", "chronic_absence"),
        ("PctGE1500", "share", "sat_benchmark"),
        ("NumGE1500", "counted students", "sat_benchmark"),
        ("Cumulative Enrollment", "students", None),
        ("n_tested", "students", None),
        ("Percentage Standard Met and Above", "share", "proficient"),
        ("novice_pct", "nothing", None),
        ("Standard Error", "nothing", None),
    ],
)
def test_a_column_of_numbers_by_its_name(name: str, part: str, matter: str | None) -> None:
    said = read_name(name)
    assert (said.part, said.matter) == (part, matter)


def test_groups_in_names_of_columns_are_put_together() -> None:
    columns = ["Black_Female_N", "Black_Male_N", "White_Female_N", "White_Male_N", "SCH_ENR_HI", "SCH_ENR_BL",
               "SCH_ENR_WH", "SCH_ENR_AS", "Total_Pct", "EL_Pct", "SWD_Pct", "Ages 5-17"]  # fmt: skip
    found = {figure.name: figure.words for figure in figures(columns)}
    assert [*found] == ["{race}_{sex}_N", "SCH_ENR_{race}", "{group}_Pct", "Ages 5-17"]
    assert found["{race}_{sex}_N"]["{race}"] == {
        "Black": "race_ethnicity:black",
        "White": "race_ethnicity:white",
    }
    assert found["SCH_ENR_{race}"]["{race}"]["HI"] == "race_ethnicity:hispanic"
    assert found["{group}_Pct"]["{group}"]["Total"] == "all"


def test_every_group_and_indicator_of_the_list_is_defined() -> None:
    known, definitions = recognition(), load()
    unknown = [
        f"{dimension}:{value}"
        for dimension, words in known.groups.items()
        for value in words.values
        if value != "unknown" and value not in definitions.dimensions[dimension].values
    ]
    assert unknown == []
    assert [key for key in known.indicators if key not in definitions.indicators] == []


def test_no_word_stands_for_two_groups() -> None:
    seen: dict[str, str] = {}
    twice = []
    for dimension, words in recognition().groups.items():
        for value, phrases in words.values.items():
            for phrase in phrases:
                if seen.setdefault(phrase, f"{dimension}:{value}") != f"{dimension}:{value}":
                    twice.append(phrase)
    assert twice == []

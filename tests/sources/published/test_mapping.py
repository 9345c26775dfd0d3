"""Mappings are data: what is wrong with one is said with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.published.tiny import MAPPING, problems, write

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources import open_source
from evenground.sources.published import published_sources, sources_from


def wrong(folder: Path, mapping: str) -> InputProblems:
    (folder / "tiny.yaml").write_text(mapping, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        sources_from(folder)
    return caught.value


def line(mapping: str, part: str) -> int:
    return next(number for number, text in enumerate(mapping.splitlines(), 1) if part in text)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("policy: published", "polcy: published", "polcy"),
        ("district_digits: 2", "district_digits: two", "district_digits"),
        ("{n: graduates, total: ready}", "{n: graduates}", "college_ready"),
        ('missing: {"": not_reported}', 'missing: {"": gone}', '"": gone'),
        ("decimals: 3", "decimals: 30", "decimals"),
    ],
)
def test_line_of_what_is_wrong(tmp_path: Path, old: str, new: str, place: str) -> None:
    changed = MAPPING.replace(old, new)
    error = wrong(tmp_path, changed)
    assert {problem.file for problem in error.problems} == {"tiny.yaml"}
    assert line(changed, place) in {problem.row for problem in error.problems}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("over: enrolment, between", "over: students, between", "enrolment"),
        ("groups: {group: group, level: level}", "groups: {group: group, level: band}", "group, level"),
        ("reporting_schools: 0.9, state_cover: 0.8", "reporting_schools: 0.9", "state_cover"),
        ("{share: [rate]}", "{share: [rate], between: [0, 1]}", "each"),
        ('"race_ethnicity:black"', '"black"', "dimension:value"),
    ],
)
def test_what_does_not_belong_together(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in str(wrong(tmp_path, MAPPING.replace(old, new)))


def test_groups_and_forms_that_the_definitions_do_not_know(tmp_path: Path) -> None:
    found = problems(write(tmp_path), MAPPING.replace("race_ethnicity:white", "race_ethnicity:green"))
    assert [problem.file for problem in found] == ["tiny.yaml"]
    assert "race_ethnicity:black" in found[0].allowed
    found = problems(tmp_path, MAPPING.replace("teacher_experience:", "college_career_ready:"))
    assert "college_career_ready" in found[0].found


def test_the_sources_that_come_with_evenground() -> None:
    sources = published_sources()
    assert {"kentucky", "cde-graduates"} <= set(sources)
    definitions = load()
    for source in sources.values():
        assert set(source.indicators) <= set(definitions.indicators)
        assert set(source.dimensions) <= set(definitions.dimensions)
        assert source.publisher
        assert source.licence
        assert source.known_issues
        assert source.policy in definitions.policies
    assert len({name for table in sources["kentucky"].tables.values() for name in table.files.values()}) == 18


def test_a_policy_that_nobody_knows(tmp_path: Path) -> None:
    """Every way to use a mapping reads it by `read_source`: a review, a check."""
    mapping = MAPPING.replace("policy: published", "policy: publised")
    (problem,) = problems(write(tmp_path), mapping)
    assert (problem.file, problem.row) == ("tiny.yaml", 6)
    assert "publised" in problem.found
    assert {"published", "n10"} <= set(problem.allowed.split(", "))
    assert problem.todo == "write `published`"


def test_check_says_it_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    mapping = tmp_path / "own.yaml"
    mapping.write_text(MAPPING.replace("policy: published", "policy: publised"), encoding="utf-8")
    with pytest.raises(InputProblems) as raised:
        open_source(write(folder), None, tmp_path, load(), mapping)
    assert [(problem.file, problem.row) for problem in raised.value.problems] == [("own.yaml", 6)]


def test_a_mapping_without_a_known_indicator(tmp_path: Path) -> None:
    head, _, tables = MAPPING.partition("  tables:\n")
    enrolment = tables.partition("    graduates:\n")[0]
    wrong = """\
    graduates:
      files: {school: graduates.csv}
      unit: id
      period: year
      groups: {group: group}
      statistics:
        gradution: {n: graduates, total: ready}
"""
    (problem,) = problems(write(tmp_path), f"{head}  tables:\n{enrolment}{wrong}")
    assert problem.file == "tiny.yaml"
    assert problem.row
    assert "gradution" in problem.found
    assert problem.todo == "write `graduation`"


def test_a_point_is_no_decimal_comma(tmp_path: Path) -> None:
    """25.5 is not 255: the reading stops."""
    mapping = MAPPING.replace('      missing: {"": not_reported}\n', '      decimal: ","\n')
    (problem,) = problems(write(tmp_path), mapping)
    assert (problem.file, problem.column, problem.found) == ("staff.csv", "uncertified", "'0.1'")
    assert "comma" in problem.todo

"""Mappings are data: what is wrong with one is said with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.published.tiny import MAPPING, problems, write

from evenground.definitions import load
from evenground.model import InputProblems
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
    assert len({name for table in sources["kentucky"].tables.values() for name in table.files.values()}) == 17

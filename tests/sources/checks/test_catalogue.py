"""The definitions of the checks: both languages hold the same places, and findings can be said from them."""

from __future__ import annotations

import re

import pytest
from tests.sources.checks.made import clean, raw

from evenground.model import NOTE, Problem
from evenground.sources.checks import KnownIssue, Remark, checks, in_spanish, met_issues, said

PLACE = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("key", checks())
def test_patterns_hold_the_same_places_in_both_languages(key: str) -> None:
    check = checks()[key]
    for text in (check.how, check.found, check.allowed, check.title, check.advice):
        assert sorted(PLACE.findall(text.en)) == sorted(PLACE.findall(text.es))
    assert set(PLACE.findall(check.how.en)) <= set(check.parameters)
    assert check.explained().en != check.explained().es


def test_every_parameter_is_told_or_used() -> None:
    for key, check in checks().items():
        assert all(re.fullmatch("[a-z_0-9]+", name) for name in check.parameters), key


def test_what_a_reader_said_in_its_own_words_stays() -> None:
    assert in_spanish(Problem(NOTE, "a.csv", "own words", "others", "nothing")) is None
    assert in_spanish(Problem(NOTE, "a.csv", "own words", "others", "nothing", check="lost_zeros")) is None
    problem = said(Remark("lost_zeros", "a.csv", 2, "id", 3, {"short": 6, "long": 7}))
    spanish = in_spanish(problem)
    assert spanish is not None
    assert spanish.found == "identificadores de 6 cifras, donde los otros tienen 7"


def test_known_issues_are_looked_for() -> None:
    rows = clean()
    for row in rows[5:8]:
        row[7] = "total pp"
    given = [
        "A sentence alone always holds.",
        {"id": "dirty", "text": "total pp is neither.", "where": {"kind": ["total pp"]}},
        {"id": "other", "text": "not here.", "where": {"kind": ["nothing"]}},
        {"id": "found", "text": "as found.", "check": "flat_year", "column": "passed"},
        {"id": "elsewhere", "text": "another file.", "files": ["other*.csv"]},
        {"id": "later", "text": "another year.", "years": ["2020-21"]},
    ]
    problems = [Problem("warning", "counts.csv", "", "", "", 9, "passed", 2, "flat_year")]
    issues = [KnownIssue.read(one) for one in given]
    met = list(met_issues(issues, [raw(rows)], problems))
    assert [one.state for one in met] == ["always", "met", "not_met", "met", "not_here", "not_here"]
    assert (met[1].row, met[1].count, met[3].row) == (7, 3, 9)
    assert str(issues[1]) == "total pp is neither."

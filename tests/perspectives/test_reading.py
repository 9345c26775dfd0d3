"""Readings follow from verdicts, and verdicts from intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.definitions import load
from evenground.model import group_dimensions
from evenground.perspectives import (
    AT_STANDARD,
    COUNTS,
    DOES_NOT_COUNT,
    SHORT,
    asked_about,
    of_standard,
    reading,
)

DEFINITIONS = load()
VERDICTS = ("above", "below", "no_clear_difference", "too_few", None)
RULES = ("behind", "either", "behind_in_same_place")


@pytest.mark.parametrize(
    ("verdict", "direction", "rule", "read"),
    [
        ("below", "higher", "behind", COUNTS),
        ("above", "higher", "behind", DOES_NOT_COUNT),
        ("above", "lower", "behind", COUNTS),
        ("below", "lower", "behind", DOES_NOT_COUNT),
        ("no_clear_difference", "lower", "behind", DOES_NOT_COUNT),
        ("above", "higher", "either", COUNTS),
        ("below", "higher", "either", COUNTS),
        ("no_clear_difference", "higher", "either", DOES_NOT_COUNT),
        ("below", "higher", "behind_in_same_place", COUNTS),
        ("below", "neutral", "behind", DOES_NOT_COUNT),
        ("too_few", "higher", "behind", None),
        (None, "higher", "either", None),
    ],
)
def test_how_a_verdict_is_read(verdict, direction, rule, read) -> None:
    assert reading(verdict, direction, rule) == read


@given(st.sampled_from(VERDICTS), st.sampled_from(("higher", "lower")), st.sampled_from(RULES))
def test_laws_of_reading(verdict, direction, rule) -> None:
    read = reading(verdict, direction, rule)
    # No interval, no reading.
    assert (read is None) == (verdict in (None, "too_few"))
    # What counts as behind counts as a difference.
    if read == COUNTS:
        assert reading(verdict, direction, "either") == COUNTS
    # A world in which everything is the other way round reads the same.
    turned = {"above": "below", "below": "above"}.get(verdict, verdict)
    assert reading(turned, {"higher": "lower", "lower": "higher"}[direction], rule) == read
    # A group is short of a standard exactly where it would count as behind.
    short = of_standard(verdict, direction)
    assert {COUNTS: SHORT, DOES_NOT_COUNT: AT_STANDARD, None: None}[
        reading(verdict, direction, "behind")
    ] == short


def asked(key: str, *groups: str) -> list[bool]:
    dimensions = ["+".join(group_dimensions(group)) or "all" for group in groups]
    return asked_about(DEFINITIONS.perspectives[key], groups, dimensions, DEFINITIONS).tolist()


def test_nobody_asks_about_everybody_the_unknown_and_those_told_together() -> None:
    for key in DEFINITIONS.perspectives:
        assert not any(
            asked(key, "all", "race_ethnicity:unknown", "race_ethnicity:not_shown", "gap_group:gap_group")
        )


def test_the_second_of_two_complements_is_the_first_told_backwards() -> None:
    low, other = "economic_disadvantage:disadvantaged", "economic_disadvantage:not_disadvantaged"
    assert asked("democratic_liberal", low, other) == [True, False]
    assert asked("democratic_liberal", "sex:male", "sex:female") == [True, True]


def test_whom_the_four_ask_about() -> None:
    groups = (
        "race_ethnicity:black", "race_ethnicity:white", "sex:male", "economic_disadvantage:disadvantaged",
        "race_ethnicity:black+sex:male", "race_ethnicity:white+sex:male",
    )  # fmt: skip
    assert asked("transformative", *groups) == [True, False, False, True, True, False]
    assert asked("democratic_liberal", *groups) == [True, True, True, True, False, False]
    assert asked("liberal", *groups) == [False, False, True, True, False, False]
    assert asked("libertarian", *groups) == [True, True, True, True, False, False]


@given(st.permutations(["all", "sex:male", "race_ethnicity:black", "race_ethnicity:white", "foster:foster"]))
def test_the_order_of_groups_does_not_matter(groups: list[str]) -> None:
    assert dict(zip(groups, asked("liberal", *groups), strict=True)) == {
        "all": False, "sex:male": True, "race_ethnicity:black": False, "race_ethnicity:white": False,
        "foster:foster": True,
    }  # fmt: skip

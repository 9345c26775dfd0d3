"""Which questions a review may be asked: those that exist and on which its data have something."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.model import UNITS, InputProblems
from evenground.sources import Dataset
from evenground.workspace.defaults import check_questions
from evenground.workspace.request import Request

DEFINITIONS = load()


def data(*indicators: str) -> Dataset:
    return Dataset(
        source="example",
        title="Example",
        publisher="",
        licence="",
        policy="n10",
        units=UNITS.empty_table(),
        periods=("2015-16",),
        dimensions=(),
        indicators=indicators,
    )


def test_all_wrong_questions_are_named_at_once_with_the_nearest_that_there_is() -> None:
    request = Request(questions=("door", "learning", "zzz"))
    with pytest.raises(InputProblems) as raised:
        check_questions(data("ag_completion", "teacher_experience"), request, DEFINITIONS)
    first, second, third = raised.value.problems
    assert (first.found, first.todo) == ("door", "write doors")
    assert second.found == "learning, on which these data have nothing"
    assert (third.found, third.todo) == ("zzz", "choose among them")
    assert all(
        each.allowed == "questions that these data answer: doors, teachers, background, bright"
        for each in raised.value.problems
    )


def test_no_question_and_questions_of_the_data_pass() -> None:
    for questions in ((), ("doors",), ("teachers", "doors")):
        check_questions(
            data("ag_completion", "teacher_experience"), Request(questions=questions), DEFINITIONS
        )


def test_who_learns_together_is_answered_where_students_are_counted_by_school() -> None:
    """No indicator of that question is there; a file without schools is told that it has nothing on it."""
    request = Request(questions=("together",))
    school = {
        name: "school" if name == "unit_level" else "1" for name in ("unit_level", "unit_id", "unit_name")
    }
    units = pa.Table.from_pylist([school], schema=UNITS)
    check_questions(replace(data("ag_completion"), units=units), request, DEFINITIONS)
    with pytest.raises(InputProblems):
        check_questions(data("ag_completion"), request, DEFINITIONS)

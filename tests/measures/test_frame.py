"""Measures on the columns of frames, of whatever library."""

from functools import partial

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from evenground.measures import newcombe, on, wilson

COLUMNS = {"passed": [81, 15, 0, None], "students": [263, 148, 20, 29]}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frame_of_any_library_answers_as_arrays_do(make):
    frame = make({**COLUMNS, "passed": [81, 15, 0, 1]})
    found = on(frame, partial(wilson, confidence=0.9), successes="passed", n="students")
    plain = wilson([81, 15, 0, 1], COLUMNS["students"], confidence=0.9)
    assert found.low.tolist() == plain.low.tolist()
    assert found.assumed == plain.assumed


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_an_empty_entry_has_no_answer(make):
    found = on(make(COLUMNS), wilson, successes="passed", n="students")
    assert [value != value for value in found.low.tolist()] == [False, False, False, True]


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(KeyError, match="no column pased; there are passed, students"):
        on(pl.DataFrame(COLUMNS), newcombe, successes="pased", n="students")

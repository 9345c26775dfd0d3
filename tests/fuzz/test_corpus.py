"""A sample of the broken inputs; `make fuzz` runs thousands of others. What broke is tested by its reader."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.case import name_of, run
from tests.fuzz.readers import READERS

SAMPLE = 100


def test_broken_inputs_are_read_or_told(tmp_path: Path) -> None:
    outcomes = [run(number, tmp_path / str(number)) for number in range(SAMPLE)]
    assert outcomes.count("told") > SAMPLE / 3
    assert outcomes.count("read") > SAMPLE / 20
    assert {name_of(number) for number in range(SAMPLE)} == set(READERS)

"""Measures of poverty: who counts under each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import Field, model_validator

from evenground.definitions.loader import read_entries
from evenground.definitions.schema import Key, Sourced, Text
from evenground.model import InputProblems, Problem


class PovertyMeasure(Sourced):
    """A way to tell who lives in poverty: of students (`column`), of schools (`of`), or published."""

    name: Text
    column: Key | None = None
    is_: str | None = Field(default=None, alias="is")
    at_least: float | None = None
    of: Key | None = None
    everybody: Key | None = None
    multiplier: float = 1.0
    indicator: Key | None = None
    made_of_it: tuple[Key, ...] = ()  # indicators that are no outcome, since they are made of the measure
    caution: Text

    @model_validator(mode="after")
    def _can_be_counted(self) -> PovertyMeasure:
        if self.column is not None and (self.is_ is None) == (self.at_least is None):
            raise ValueError("beside `column` either `is` or `at_least`")
        if (self.of is None) != (self.everybody is None):
            raise ValueError("`of` and `everybody` together")
        if self.column is None and self.of is None and self.indicator is None:
            raise ValueError("one of `column`, `of` or `indicator`")
        return self


@cache
def poverty_measures() -> Mapping[str, PovertyMeasure]:
    """The measures that evenground knows, by key. InputProblems names file and line of what is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "poverty.yaml"
    measures = read_entries(file, PovertyMeasure, problems)
    if problems:
        raise InputProblems(problems)
    return measures

"""What is known about the names and words of files: definitions/recognition.yaml, in its shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import Field

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import InputProblems, Problem

Phrases = tuple[str, ...]


class Limit(Strict):
    """A convention with a number in it."""

    value: float
    meaning: str


class LevelWords(Strict):
    names: Phrases
    words: Mapping[str, Phrases]  # state, district, school, skip
    letters_need_name: bool
    x_is_state: Phrases


class Entity(Strict):
    words: Phrases


class Shape(Strict):
    """Ids whose build is known."""

    digits: int
    district: int
    words: Phrases
    meaning: str
    state: str | None = None
    title: str | None = None


class UnitWords(Strict):
    school: Entity
    district: Entity
    state: Entity
    county: Entity
    id: Phrases
    name: Phrases
    both: Phrases
    both_names: Phrases
    joined: Phrases
    names_of: Mapping[str, str]
    shapes: Mapping[Key, Shape]


class CodeList(Strict):
    """Codes of one publisher that say nothing by themselves."""

    name: str
    codes: Mapping[str, str]
    needs: Phrases = ()  # used only in a column that has one of these in its name


class GroupWords(Strict):
    columns: Phrases
    values: Mapping[Key, Phrases]


class Marks(Strict):
    hidden: Phrases
    not_reported: Phrases
    not_applicable: Phrases


class NumberWords(Strict):
    share: Phrases
    count: Phrases
    students: Phrases
    counted: Phrases
    mean: Phrases
    figure: Phrases
    ignore: Phrases


class IndicatorWords(Strict):
    words: Phrases
    counted: Phrases = ()
    over: Phrases = ()


class Recognition(Sourced):
    """Everything that `evenground map` knows about names and words."""

    limits: Mapping[Key, Limit]
    period: Phrases
    level: LevelWords
    units: UnitWords
    code_lists: Mapping[Key, CodeList]
    groups: Mapping[Key, GroupWords]
    grades: Mapping[Key, Phrases]
    everybody: Phrases
    fill: Phrases
    negations: Phrases
    not_ours: Phrases
    group_columns: Phrases
    marks: Marks
    reserve: Mapping[str, str]
    numbers: NumberWords
    subjects: Mapping[Key, Phrases]
    subject_columns: Phrases
    achievement: Mapping[Key, Phrases]
    tested: Phrases
    indicators: Mapping[Key, IndicatorWords]
    enrolled: Phrases
    indicator_columns: Phrases
    indicator_letters: Mapping[Key, Mapping[str, Key]]
    totals: Phrases
    records: Mapping[Key, Phrases]
    race_flags: Mapping[Key, Key]
    personal: Phrases = Field(min_length=1)

    def limit(self, key: str) -> float:
        return self.limits[key].value


@cache
def recognition() -> Recognition:
    """What comes with evenground. Raises InputProblems when its YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "recognition.yaml"
    entries: Mapping[str, Recognition] = read_entries(file, Recognition, problems)
    if problems:
        raise InputProblems(problems)
    return entries["recognition"]

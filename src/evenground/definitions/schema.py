"""The shape of every definition. What is not in this shape is an error with file and line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Confidence = Literal["seen", "second-hand", "unverified-high", "unverified-medium", "unverified-low", "ours"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in English and Spanish."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class Sourced(Strict):
    """Where an entry comes from, when it was looked at and how sure we are."""

    source: str = Field(min_length=1)
    date: date
    confidence: Confidence


class GroupValue(Strict):
    """One value of a dimension. `name` completes "... students" where it can; `plural` names the group on its own."""

    name: Text  # row label: "Black or African American"
    plural: Text  # in a sentence: "Black students" / "estudiantes negros"
    complement: Key | None = None  # the value of everybody else, for two-valued dimensions


class Rollup(Strict):
    """Another way to put the same values together, for example the federal seven from California's eight."""

    name: Text
    values: dict[Key, tuple[Key, ...]]


class Dimension(Sourced):
    """A way of telling students apart. Every dimension also knows the value `unknown`."""

    name: Text
    overlapping: bool  # a student may be in several values: values do not add up
    complete: bool  # values and `unknown` together are everybody
    measured_by: Text | None = None  # for economic disadvantage: by which measure
    values: dict[Key, GroupValue]
    rollups: dict[Key, Rollup] = {}
    note: Text | None = None

    @model_validator(mode="after")
    def _complements_exist(self) -> Dimension:
        for key, value in self.values.items():
            if value.complement is not None and value.complement not in self.values:
                raise ValueError(f"complement {value.complement!r} of {key!r} is not a value; write one of {', '.join(self.values)}")
        return self


class Population(Strict):
    """Whom an indicator is counted over. Indicators over the same population have the same n by definition."""

    name: Text  # "students in grades 9 to 12" / "estudiantes de los grados 9 a 12"
    as_of: Literal["census_day", "whole_year", "cohort", "fiscal_year"]


class Framework(Strict):
    nasem: tuple[int, ...] = ()  # NASEM indicator numbers 1 to 16
    are: tuple[int, ...] = ()  # resource-equity dimensions 1 to 10


class FromRecords(Strict):
    """How an indicator is counted over student-year records (see definitions/student_year.yaml for the columns)."""

    over: str | None = None  # 0/1 column that says who belongs to the population; null: everybody
    grades: tuple[str, ...] = ()  # only these grades
    counted: str  # 0/1 or number column
    at_least: float | None = None  # counts students whose `counted` is at least this


class Indicator(Sourced):
    name: Text
    phrase: Text  # completes "Of every 100 students, N ...": "had completed the A-G courses"
    question: Key
    domain: Key
    kind: Literal["rate", "mean", "exposure"]  # exposure: the mean over students of what their school or district has
    unit: Literal["share", "years", "dollars", "days", "score", "students_per_teacher"]
    direction: Literal["higher", "lower", "neutral"]
    over: Key  # population
    counts: Key | None = None  # population that the counted students form, where another indicator is counted over it
    family: Key | None = None  # levels of one assessment: the indicators of a family are nested
    order: int | None = None  # place in the family: 1 = at or above the lowest cut
    records: FromRecords | None = None
    framework: Framework = Framework()
    caution: Text
    collect: Text  # what to collect where the data cannot show it


class Question(Strict):
    """A section of the review: what people ask."""

    title: Text
    domain: Key
    ask: tuple[Text, ...] = Field(min_length=2)  # questions to bring to the next meeting


class Policy(Sourced):
    """A disclosure policy. `follow` only follows what the publisher hid; `suppress` hides by the rules below."""

    name: Text
    kind: Literal["follow", "suppress"]
    minimum_n: int = 0
    minimum_numerator: int = 0
    minimum_complement: int = 0
    zero_numerator: Literal["published", "hidden"] = "published"
    zero_complement: Literal["published", "hidden"] = "published"
    smallest_range: int = 1  # how far apart the values that an outsider must still find possible have to be
    note: Text


class Parameter(Sourced):
    """A number that a measure takes, with where it comes from."""

    value: float
    meaning: Text

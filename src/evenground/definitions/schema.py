"""The shape of every definition. What is not in this shape is an error with file and line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
EntryKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
"""The name of an entry of a file; policies are named with hyphens, as people write them."""
Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Confidence = Literal["seen", "second-hand", "unverified-high", "unverified-medium", "unverified-low", "ours"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in English and Spanish."""

    en: Line
    es: Line


class Sourced(Strict):
    """Where an entry comes from, the date of that text (else of our look at it) and how sure we are."""

    source: Line
    date: date
    confidence: Confidence


class Part(Strict):
    """What a group adds to a noun, so that crosses can be said: before + noun + after."""

    before: Line | None = None  # "Black"
    after: Line | None = None  # "with disabilities"
    es: Line  # "de raza negra"


class GroupValue(Strict):
    """One value of a dimension."""

    name: Text  # row label: "Black or African American"
    plural: Text  # in a sentence: "Black students" / "estudiantes de raza negra"
    part: Part  # in a cross: "Black" + "students" + "with disabilities"
    complement: Key | None = None  # the value of everybody else, for two-valued dimensions


class CommonGroup(Strict):
    """A group that every dimension knows: `all` (everybody) and `unknown`."""

    name: Text
    plural: Text
    part: Part | None = None


class Rollup(Strict):
    """Another way to put the same values together, for example the federal seven from California's eight."""

    name: Text
    values: dict[Key, tuple[Key, ...]]


class Dimension(Sourced):
    """A way of telling students apart. Every dimension also knows the value `unknown`."""

    name: Text
    called: Text | None = None  # the same inside a sentence: "students whose {called} is not known"
    overlapping: bool  # a student may be in several values: values do not add up
    complete: bool  # values and `unknown` together are everybody
    joins: bool = False  # puts groups of other dimensions together, which say more: looked at last
    measured_by: Text | None = None  # for economic disadvantage: by which measure
    values: dict[Key, GroupValue]
    crosses: dict[str, Part] = {}  # group key -> part, where two values have a word of their own: "Latina"
    rollups: dict[Key, Rollup] = {}
    things: tuple[Key, ...] = ()  # populations whose `thing` its words may follow: "applications from ..."
    note: Text | None = None

    @property
    def rests(self) -> frozenset[str]:
        """The values that are only everybody else: of two complements, the one that stands second."""
        order = list(self.values)
        return frozenset(
            key
            for key, value in self.values.items()
            if value.complement in self.values and order.index(value.complement) < order.index(key)
        )


class Population(Strict):
    """Whom an indicator is counted over. Indicators over one population have the same n by definition."""

    name: Text  # "students in grades 9 to 12" / "estudiantes de los grados 9 a 12"
    noun: Text | None = None  # what one calls its members, where that is not "students": "graduates"
    among: Text | None = None  # the group within it: "AP exams taken by {group}"; none: the group itself
    same_as: str | None = None  # group that says the same: no "kindergarten students in kindergarten"
    thing: Text | None = None  # what is counted where that is not students: "AP exams"
    parity: Key = "students"  # label of what parity takes more or fewer of: "offers" of applications
    as_of: Literal["census_day", "whole_year", "cohort", "fiscal_year"]


class FrameworkEntry(Strict):
    """One thing that a framework asks for; `label` is its own number or name of it."""

    label: Line
    name: Text
    confidence: Confidence


class Framework(Sourced):
    """A list, made by others, of what a school system should look at."""

    name: Text
    entries: dict[Key, FrameworkEntry]


class FromRecords(Strict):
    """How an indicator is counted over student-year records (columns: definitions/student_year.yaml)."""

    over: str | None = None  # 0/1 column that says who belongs to the population; null: everybody
    grades: tuple[str, ...] = ()  # only these values of the dimension `grade`; none: every grade
    counted: str  # 0/1 or number column; students without a value are not counted
    at_least: float | None = None  # counts students whose `counted` is at least this


class Indicator(Sourced):
    """What is counted, over whom, which way is better, and how it is said.

    `phrase` is a predicate without a full stop, in one of these forms:

    * kind `rate`: completes "Of every 100 {people}, N ...", where {people} is the group in its population
      (naming.people). Past tense. "Of every 100 Latina graduates, 60" + "had completed the A-G courses".
      "De cada 100 estudiantes latinas que se graduaron, 60" + "habían completado los cursos A-G".
    * an `exposure` to what a school has or has not (AP courses): the same form, in the present tense.
      "Of every 100 Latina students, 89" + "have AP courses at their school".
    * kind `mean` and any other `exposure`: holds `{value}` once, for the number with its unit: years
      "11.2 years", share "8 in 100", dollars "$9,800", score "251 points", days "9.4 days", events
      "0.31 times", students_per_teacher "15.2 students per teacher", students "24.6 students", hours
      "26.1 hours", grade_levels "0.8 grade levels". English completes "{people} ...":
      "Black students" + "attend schools where {value} teachers are in their first two years".
      Spanish stands after "{people}: ...", since a subject would need an article of one gender:
      "estudiantes de raza negra:" + "en su escuela, {value} docentes están en sus primeros dos años".

    An `exposure` is the mean over students of what their classes, school or district have.
    """

    name: Text  # row label, chart subtitle: "A-G courses completed"
    phrase: Text
    question: Key
    domain: Key
    kind: Literal["rate", "mean", "exposure"]
    unit: Literal[
        "share", "years", "dollars", "days", "score", "students_per_teacher", "events",
        "students", "hours", "grade_levels",
    ]  # fmt: skip
    direction: Literal["higher", "lower", "neutral"]
    over: Key  # population
    counts: Key | None = (
        None  # population that the counted students form, where another indicator is counted over it
    )
    family: Key | None = None  # levels of one assessment: the indicators of a family are nested
    order: int | None = None  # place in the family: 1 = at or above the lowest cut
    records: FromRecords | None = None
    framework: dict[Key, tuple[Key, ...]] = {}  # framework -> its entries that the indicator speaks to
    caution: Text
    collect: Text  # what to collect where the data cannot show it

    @property
    def of_people(self) -> bool:
        """Whether it is said of every 100 people how many."""
        return self.kind == "rate" or (self.unit == "share" and "{value}" not in self.phrase.en)


class Question(Strict):
    """A section of the review: what people ask. The file's order is the order of the page."""

    title: Text
    domain: Key
    resource: bool = False  # about what schools give, rather than what came of it
    ask: tuple[Text, ...] = Field(min_length=2, max_length=3)  # questions to bring to the next meeting


class Statistic(Sourced):
    """A number about a whole system, or about how places stand to each other; its key is the `measure` of
    findings.

    `unit` says how it is written: a `share` (0.42 is 42 of every 100), an `index` (0.42), a `ratio` (2.8
    times), `dollars`, a `count`, a `probability`, or as the finding's `indicator` is. `of` says what it is a
    number of: its `indicator`; `students`, where the indicator only lends its counts of them; or the whole
    `test` of which the indicator is one level.
    """

    name: Text
    unit: Literal["share", "index", "ratio", "dollars", "count", "probability", "indicator"]
    of: Literal["indicator", "students", "test"] = "indicator"


class Band(Strict):
    """Top and bottom coding for groups of a size: shares outside `low` to `high` are only said to be outside,
    shares between are told in steps.
    """

    students_from: int
    students_to: int | None = None  # none: and larger
    low: float
    high: float
    step: float = 0.01


class Weights(Strict):
    """What it costs to hide a cell: its students, times these. A higher weight is hidden later."""

    state: float = 10_000.0
    district: float = 100.0
    school: float = 1.0
    everybody: float = 100.0  # all students of a place
    other_side: float = 0.01  # students *without* what people ask about


class Policy(Sourced):
    """A disclosure policy: `follow` follows what the publisher hid; `suppress` hides by the rules below;
    `noise` adds chance instead (differential privacy).
    """

    name: Text
    kind: Literal["follow", "suppress", "noise"]
    minimum_n: int = 0
    minimum_numerator: int = 0
    minimum_complement: int = 0
    zero_numerator: Literal["published", "hidden"] = "published"
    zero_complement: Literal["published", "hidden"] = "published"
    together: bool = False  # hidden parts of a public sum, taken together, are held to the same minimums
    possible_values: int = Field(2, ge=2)  # how many values an outsider must still find possible
    attacker: Literal["sums", "counts", "own_school"] = "counts"
    """What an outsider knows besides the release: how it adds up; that counts are whole and not negative; and
    all counts of a school of their own.
    """
    bands: tuple[Band, ...] = ()  # none: shares are told as they are
    round_n: int = Field(1, ge=1)  # numbers of students are told to the nearest multiple
    roll_up: tuple[Literal["groups", "schools", "years"], ...] = ()  # told together where alone is hidden
    years: int = Field(3, ge=2)  # at most so many school years are told together
    weights: Weights = Weights()
    epsilon: float | None = Field(None, gt=0)  # of `noise`: how much a student may change what is told
    note: Text

    @property
    def smallest_range(self) -> int:
        """How far apart the values that an outsider must still find possible have to be."""
        return self.possible_values - 1


class Parameter(Sourced):
    """A number that a measure takes, with where it comes from."""

    value: float
    meaning: Text


class Term(Strict):
    """A word of the pages with its plain meaning."""

    forms: tuple[Text, ...] = Field(min_length=1)  # as it stands on a page; the first one names it
    meaning: Text
    source: Line | None = None  # of what a law or a test maker defines


class Chapter(Strict):
    """How one kind of number is made: for everybody, and folded up for readers who check."""

    title: Text
    plain: tuple[Text, ...] = Field(min_length=2)
    example: Text | None = None  # placeholders as report/story/worked.py fills them
    formula: Line
    detail: Text | None = None
    source: Line
    parameters: tuple[Key, ...] = ()


class Refusal(Strict):
    """What is not said though people ask for it: the wish, why not, what is said instead."""

    wish: Text
    why: Text
    instead: Text


class Column(Strict):
    """A column of the student-year table."""

    type: Literal["string", "int8", "float"]
    meaning: Line

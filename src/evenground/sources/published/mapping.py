"""The mapping of a published source as data: where a number comes from, and what the file's words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import ALL, InputProblems, Problem, parse_group

Level = Literal["state", "district", "school"]
NoValue = Literal["hidden", "not_reported", "not_applicable"]
SKIP = "skip"

Words = Annotated[
    tuple[str, ...],
    Field(min_length=1),
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
]
"""One word or a list of them."""


class Unusable(Strict):
    """School years whose number does not mean what its name says. It is then not reported."""

    periods: tuple[str, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


class Statistic(Strict):
    """Where an indicator's numbers come from. Exactly one of five forms:

    `n, total` counts; `n, share` shares of 1 with the number they are shares of; `share` alone; `total, over`
    a count over the students of the table `over`; `each, over` a figure of the unit, given to its students in
    the table `over`. Several `share` columns add up. `where` keeps rows; listed words of a column that is not
    a group column add up.
    """

    n: str | None = None
    total: str | None = None
    share: Words | None = None
    each: str | None = None
    over: str | None = None
    where: dict[str, Words] = Field(default_factory=dict)
    between: tuple[float, float] | None = None  # with `each`: figures outside are not used
    needs: str | None = None  # with `each`: used only where this column has a value as well
    # with `total, over`: in districts, over the students of the schools that report a total, if these schools
    # together report at least this share of the district's own total
    reporting_schools: float | None = Field(default=None, gt=0, le=1)
    # with `reporting_schools`: a group is added up to the state where the districts that publish it have at
    # least this share of its students; districts that hide a small count have low rates, the others high ones
    state_cover: float | None = Field(default=None, gt=0, le=1)
    unusable: Unusable | None = None

    @property
    def form(self) -> frozenset[str]:
        given = {"n": self.n, "total": self.total, "share": self.share, "each": self.each, "over": self.over}
        return frozenset(name for name, value in given.items() if value is not None)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold numbers."""
        return tuple(
            name
            for name in (self.n, self.total, self.each, self.needs, *(self.share or ()))
            if name is not None
        )

    @model_validator(mode="after")
    def _one_form(self) -> Statistic:
        forms = (("n", "total"), ("n", "share"), ("share",), ("total", "over"), ("each", "over"))
        if self.form not in map(frozenset, forms):
            raise ValueError("one of the forms " + "; ".join(", ".join(form) for form in forms))
        if self.each is None and (self.between or self.needs):
            raise ValueError("`between` and `needs` only beside `each`")
        if self.reporting_schools is not None and self.form != {"total", "over"}:
            raise ValueError("`reporting_schools` only beside `total` and `over`")
        if (self.state_cover is None) != (self.reporting_schools is None):
            raise ValueError("both `reporting_schools` and `state_cover`, or neither")
        return self


class Table(Strict):
    """Files of one layout, one or several a level."""

    files: dict[Level, Words] = Field(min_length=1)
    whole_state: tuple[str, ...] = ()  # of those files, the ones with every school of the state; empty: all
    unit: str
    period: str
    # column -> list of codes; `{race}` is no column but a mark: groups stand in columns such as `N_{race}`
    groups: dict[str, str] = Field(default_factory=dict)
    missing: dict[str, NoValue] | None = None  # instead of the source's
    allowed: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # column -> every value that we know
    # column -> value that should not be there -> what it turned out to be
    dirty: dict[str, dict[str, str]] = Field(default_factory=dict)
    decimals: int | None = Field(default=None, ge=1, le=6)  # to how many places shares are rounded
    sum_to_one: tuple[str, ...] = ()  # shares that add up to 1
    combine: Key | None = None  # dimension over whose values everybody is added up
    count: str | None = (
        None  # column of students: other tables are counted over this one; everybody is the sum of the groups
    )
    statistics: dict[Key, Statistic] = Field(default_factory=dict)

    @property
    def split_columns(self) -> tuple[str, ...]:
        """Columns besides unit, period and group that tell rows apart."""
        used = {column for statistic in self.statistics.values() for column in statistic.where} | set(
            self.allowed
        )
        return tuple(sorted(used - set(self.groups)))

    @property
    def numbers(self) -> tuple[str, ...]:
        used = {column for statistic in self.statistics.values() for column in statistic.numbers} | set(
            self.sum_to_one
        )
        return tuple(sorted(used | ({self.count} if self.count else set())))

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(column for column in self.groups if column.startswith("{") and column.endswith("}"))

    @property
    def columns(self) -> tuple[str, ...]:
        """What the rows have: the file's columns, those with marks not yet filled in."""
        return tuple(
            dict.fromkeys((self.unit, self.period, *self.groups, *self.split_columns, *self.numbers))
        )

    @model_validator(mode="after")
    def _belongs_together(self) -> Table:
        files = {name for names in self.files.values() for name in names}
        if set(self.whole_state) - files:
            raise ValueError("in `whole_state` only names that `files` has")
        if (
            any(statistic.share and statistic.n for statistic in self.statistics.values())
            and self.decimals is None
        ):
            raise ValueError("`decimals:` (to how many places the shares are rounded) beside shares with n")
        if any(set(column) - set(self.allowed) for column in ([name] for name in self.dirty)):
            raise ValueError("`allowed:` for every column of `dirty:`")
        return self


class StateUnit(Strict):
    code: str | None = None  # as the files write it
    id: str
    name: str


class Names(Strict):
    """A file in which units have names: the newest name counts, and earlier files of the list go first."""

    file: str
    unit: str
    period: str
    school: str | None = None
    district: str | None = None


class Units(Strict):
    state: StateUnit
    district_digits: int = Field(ge=1)  # a school's id begins with its district's
    school_digits: int = Field(ge=1)
    skip: tuple[str, ...] = ()  # districts that are none
    skip_why: str = ""
    names: tuple[Names, ...] = ()
    known_names: dict[Level, dict[str, str]] = Field(default_factory=dict)


class Source(Sourced):
    """A publisher's files: what they answer, whose they are, how they are read, what is known to be wrong."""

    title: str
    publisher: str
    licence: str
    policy: Key
    absent_rows: Literal["zero", "unknown"]
    missing: dict[str, NoValue]
    ignores: dict[str, str] = Field(default_factory=dict)  # file pattern -> why it is not read
    known_issues: tuple[str, ...] = ()
    units: Units
    codes: dict[str, dict[str, str]]  # list -> the file's word -> group key, or `skip`
    tables: dict[Key, Table]

    @property
    def files(self) -> dict[str, tuple[str, ...]]:
        """File name -> the columns that are read of it."""
        wanted: dict[str, dict[str, None]] = {}
        for table in self.tables.values():
            for names in table.files.values():
                for name in names:
                    wanted.setdefault(name, {}).update(dict.fromkeys(self._spelled(table)))
        for entry in self.units.names:
            columns = (entry.unit, entry.period, entry.school, entry.district)
            wanted.setdefault(entry.file, {}).update(dict.fromkeys(column for column in columns if column))
        return {name: tuple(columns) for name, columns in wanted.items()}

    def words(self, table: Table, column: str) -> tuple[str, ...]:
        """The words of a group column that are not skipped."""
        return tuple(word for word, group in self.codes[table.groups[column]].items() if group != SKIP)

    def _spelled(self, table: Table) -> Iterator[str]:
        """The table's columns as the file spells them, one for each group where there are marks."""
        marks = table.marks
        for words in product(*(self.words(table, mark) for mark in marks)):
            fill = dict(zip(marks, words, strict=True))
            yield from (filled(column, fill) for column in table.columns if column not in marks)

    @property
    def indicators(self) -> tuple[str, ...]:
        """What the source can answer."""
        return tuple(key for table in self.tables.values() for key in table.statistics)

    @property
    def dimensions(self) -> tuple[str, ...]:
        groups = (key for codes in self._codes_used() for key in codes.values() if key not in (SKIP, ALL))
        return tuple(sorted({dimension for key in groups for dimension, _ in parse_group(key)}))

    def _codes_used(self) -> Iterator[Mapping[str, str]]:
        for table in self.tables.values():
            for name in table.groups.values():
                yield self.codes[name]

    @model_validator(mode="after")
    def _names_exist(self) -> Source:
        counted = {key for key, table in self.tables.items() if table.count}
        for key, table in self.tables.items():
            for name in table.groups.values():
                if name not in self.codes:
                    raise ValueError(
                        f"in tables.{key}.groups a list of `codes` ({', '.join(self.codes)}), not {name!r}"
                    )
            for indicator, statistic in table.statistics.items():
                if statistic.over is not None and statistic.over not in counted:
                    raise ValueError(
                        f"for {indicator} as `over` a table with `count` ({', '.join(counted)}), "
                        f"not {statistic.over!r}"
                    )
        for group in (group for codes in self.codes.values() for group in codes.values() if group != SKIP):
            parse_group(group)
        return self


def filled(column: str, words: Mapping[str, str]) -> str:
    """`enrolled_{race}` with {race} as BL: `enrolled_BL`."""
    for mark, word in words.items():
        column = column.replace(mark, word)
    return column


@cache
def published_sources() -> Mapping[str, Source]:
    """The published sources that come with evenground, by key."""
    return sources_from(resources.files("evenground.definitions") / "sources" / "published")


def sources_from(folder: Traversable | Path) -> Mapping[str, Source]:
    """The sources of a folder of mapping files. InputProblems says what is wrong, with file and line."""
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            # keys of definitions are code names; a source is written with hyphens: cde-graduates
            sources.update(
                {
                    key.replace("_", "-"): source
                    for key, source in read_entries(file, Source, problems).items()
                }
            )
    if problems:
        raise InputProblems(problems)
    return sources

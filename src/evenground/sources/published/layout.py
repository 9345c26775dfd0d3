"""How files of one kind are laid out: which rows are of which unit, school year and level."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from evenground.definitions.schema import Key, Strict
from evenground.model import parse_group
from evenground.sources.published.statistic import Statistic, Words

Level = Literal["state", "district", "school"]
ANY = "any"
SKIP = "skip"
PERIOD = "(school year)"
"""The column of school years that come from elsewhere than a column."""


def short_for(key: str) -> BeforeValidator:
    """A word or list alone is short for a mapping with this key."""

    def short(given: Any) -> Any:
        return given if isinstance(given, dict) else {key: given}

    return BeforeValidator(short)


class Missing(Strict):
    """What a word in place of a number means; `zero` is a number after all."""

    state: Literal["hidden", "not_reported", "not_applicable", "zero"]
    why: str | None = None  # the publisher's reason


MissingWords = dict[str, Annotated[Missing, short_for("state")]]


class Bytes(Strict):
    """What a reader cannot find out by itself."""

    delimiter: str | None = None
    header: int | tuple[int, int] | None = None  # the row with the names of the columns, or first and last
    sheet: str | None = None
    encoding: str | None = None


class UnitColumns(Strict):
    """An id that stands in several columns, or has lost its leading zeros."""

    join: Words  # the columns
    pad: tuple[int, ...] | None = None  # digits of each part; 0: as it stands
    by: str = ""  # what stands between the parts

    @model_validator(mode="after")
    def _as_many(self) -> UnitColumns:
        if self.pad is not None and len(self.pad) != len(self.join):
            raise ValueError("as many numbers in `pad` as columns in `join`")
        return self


class PeriodPlace(Strict):
    """A school year from a column, the file's name, a column's name, or said here."""

    column: str | None = None
    file: str | None = None  # a pattern; its first part in brackets is the year
    header: str | None = None  # the same over the names of the columns
    is_: str | None = Field(default=None, alias="is")
    words: dict[str, str] = Field(default_factory=dict)  # word found -> school year

    @model_validator(mode="after")
    def _one(self) -> PeriodPlace:
        if sum(place is not None for place in (self.column, self.file, self.header, self.is_)) != 1:
            raise ValueError("exactly one of `column`, `file`, `header` and `is`")
        for pattern in (self.file, self.header):
            if pattern is not None and compiled(pattern).groups < 1:
                raise ValueError(f"a part in brackets for the year in {pattern!r}")
        return self


class LevelPlace(Strict):
    """In files with rows of several levels: which row is of which."""

    column: str | None = None
    words: dict[str, Level | Literal["skip"]] = Field(default_factory=dict)
    unit: dict[str, Level | Literal["skip"]] | None = None  # pattern of the whole id -> level, first match

    @model_validator(mode="after")
    def _one(self) -> LevelPlace:
        if (self.column is None) == (self.unit is None) or (self.column is None) != (not self.words):
            raise ValueError("`column` with `words`, or `unit` with patterns")
        for pattern in self.unit or {}:
            compiled(pattern)
        return self


class Zeros(Strict):
    """Where a reserve code is a true zero: the school does not offer it, so nobody takes it."""

    where: dict[str, Words] = Field(min_length=1)
    columns: Words  # names or patterns


class Split(Strict):
    """A share of a unit's students that tells a group of them apart."""

    share: str
    group: str  # that share of the students is of this group
    rest: str | None = None  # and everybody else of this one

    @property
    def groups(self) -> dict[str, bool]:
        """Group -> whether the share is its own, and not what is left of the students."""
        return {self.group: True} | ({self.rest: False} if self.rest else {})

    @model_validator(mode="after")
    def _are_groups(self) -> Split:
        for group in self.groups:
            parse_group(group)
        return self


class Table(Strict):
    """Files of one layout. `files`: level -> names, which may be patterns; `any` beside `level:`."""

    files: dict[Literal["state", "district", "school", "any"], Words] = Field(min_length=1)
    required: bool = True  # false: left out with a note where there is no such file
    layout: Bytes = Bytes()
    level: LevelPlace | None = None
    only: Key | None = None  # only units that this table keeps
    whole_state: tuple[str, ...] = ()  # of those files, the ones with every school of the state; empty: all
    unit: Annotated[UnitColumns, short_for("join")]
    period: Annotated[PeriodPlace, short_for("column")]
    columns: dict[str, Words] = Field(default_factory=dict)  # our name -> names in the files, the first there
    optional: tuple[str, ...] = ()  # columns, or patterns, that some files lack: then not reported
    # column -> (level ->) words of the rows that are read
    keep: dict[str, Annotated[dict[Level | Literal["any"], Words], short_for(ANY)]] = Field(
        default_factory=dict
    )
    # column -> list of codes; `{race}` is no column but a mark: groups stand in columns such as `N_{race}`
    groups: dict[str, str] = Field(default_factory=dict)
    of: str | None = None  # group that all rows are of
    names: dict[Level, str] = Field(default_factory=dict)  # level -> column with the unit's name
    missing: MissingWords | None = None  # instead of the source's
    zeros: tuple[Zeros, ...] = ()
    values: dict[str, dict[str, float]] = Field(default_factory=dict)  # column -> word -> the number it means
    allowed: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # column -> every value that we know
    # column -> value that should not be there -> what it turned out to be
    dirty: dict[str, dict[str, str]] = Field(default_factory=dict)
    decimal: Literal[",", "."] = "."  # the sign before the decimals: 70,4
    decimals: int | None = Field(default=None, ge=0, le=6)  # to how many places shares are rounded
    percent: bool | Words = False  # shares are written from 0 to 100; columns, where figures are shares too
    blurred: bool = False  # shares and totals may be ranges: LT50, 21-39, GE95
    sum_to_one: tuple[str, ...] = ()  # shares that add up to 1
    totals: dict[str, Words] = Field(default_factory=dict)  # column -> columns, with marks, that add up to it
    combine: Key | None = None  # dimension over whose values everybody is added up
    # columns of students: other tables are counted over this one; everybody is the sum of the groups
    count: Words | None = None
    split: tuple[Split, ...] = ()  # with `count`: groups whose size is published as a share of it
    statistics: dict[Key, Statistic] = Field(default_factory=dict)

    @property
    def unit_column(self) -> str:
        """The column of ids, as the prepared rows have it."""
        return " + ".join(self.unit.join)

    @property
    def period_column(self) -> str:
        return self.period.column or PERIOD

    @property
    def split_columns(self) -> tuple[str, ...]:
        """Columns besides unit, period and group that tell rows apart."""
        used = {column for statistic in self.statistics.values() for column in statistic.where}
        return tuple(sorted((used | set(self.allowed)) - set(self.groups)))

    @property
    def numbers(self) -> tuple[str, ...]:
        used = {column for statistic in self.statistics.values() for column in statistic.numbers}
        parts = {part.share for part in self.split}
        return tuple(sorted(used | parts | set(self.sum_to_one) | set(self.count or ())))

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(column for column in self.groups if is_mark(column))

    @property
    def row_columns(self) -> tuple[str, ...]:
        """What the prepared rows have besides unit and school year; those with marks not yet filled in."""
        conditions = (column for zero in self.zeros for column in zero.where)
        return tuple(dict.fromkeys((*self.groups, *self.split_columns, *self.numbers, *conditions)))

    def file_columns(self, level: str = ANY) -> tuple[str, ...]:
        """What is read of a file whose rows are of this level; columns with marks not yet filled in."""
        period = () if self.period_column == PERIOD else (self.period_column,)
        told = (self.level.column,) if self.level and self.level.column else ()
        added = (column for total, parts in self.totals.items() for column in (total, *parts))
        columns = (
            *self.unit.join,
            *period,
            *told,
            *self.keep,
            *self._named(level),
            *self.row_columns,
            *added,
        )
        return tuple(dict.fromkeys(columns))

    def _named(self, level: str) -> tuple[str, ...]:
        """Columns with names: rows of schools may name their district as well."""
        named = {"school": ("school", "district"), ANY: ("school", "district", "state")}.get(level, (level,))
        return tuple(column for own, column in self.names.items() if own in named)

    def marked(self, column: str) -> str:
        """The column with the marks of its names in the files: `students`, named `{race}`, has one a race."""
        names = " ".join(self.columns.get(column, ()))
        marks = [mark for mark in self.marks if mark in names and mark not in column]
        return " ".join((column, *marks))

    def may_lack(self, column: str) -> bool:
        return any(fnmatchcase(column, pattern) for pattern in self.optional)

    @model_validator(mode="after")
    def _belongs_together(self) -> Table:
        files = {name for names in self.files.values() for name in names}
        if set(self.whole_state) - files:
            raise ValueError("in `whole_state` only names that `files` has")
        if ("any" in self.files) != (self.level is not None):
            raise ValueError("`level:` beside files of `any` level, and only there")
        with_n = any(statistic.share and statistic.n for statistic in self.statistics.values())
        if with_n and self.decimals is None:
            raise ValueError("`decimals:` (to how many places the shares are rounded) beside shares with n")
        if self.split and not self.count:
            raise ValueError("`count:` (the students) beside `split:` (shares of them)")
        if set(self.dirty) - set(self.allowed):
            raise ValueError("`allowed:` for every column of `dirty:`")
        if self.of is not None:
            parse_group(self.of)
        return self


def is_mark(column: str) -> bool:
    return column.startswith("{") and column.endswith("}")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern. Raises ValueError that says what is wrong with it."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a pattern (regular expression) instead of {pattern!r}: {error}") from error

"""The mapping of a published source as data: where a number comes from, and what the file's words mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from evenground.definitions import read_entries
from evenground.definitions.document import Place, read_document
from evenground.definitions.schema import Key, Sourced, Strict
from evenground.model import ALL, ERROR, InputProblems, Problem, parse_group
from evenground.sources.checks import KnownIssues
from evenground.sources.published.layout import ANY, SKIP, Level, MissingWords, Table


class KnownUnit(Strict):
    code: str | None = None  # as the files write it
    id: str
    name: str


class Units(Strict):
    """How ids say where a unit is. The district of a school: the first `district_digits` of its id, what
    stands before the last `separator`, or the one `district` of all files. The state of a district: the one
    `state`, or the first `state_digits` (the part before the first `separator`) as a code of `states`.
    """

    state: KnownUnit | None = None
    states: Literal["fips", "postal", "name"] | None = None
    state_digits: int | None = Field(default=None, ge=1)
    district_digits: int | None = Field(default=None, ge=1)
    school_digits: int | None = Field(default=None, ge=1)
    separator: str | None = None
    district: KnownUnit | None = None
    by_name: bool = False  # ids are made of names, which units may share: such units are not used
    skip: tuple[str, ...] = ()  # districts that are none
    skip_why: str = ""
    known_names: dict[Level, dict[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> Units:
        ways = (self.district_digits, self.separator, self.district)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("one of `district_digits`, `separator` and `district`")
        if self.state is not None and self.states is not None:
            raise ValueError("`state` for one state, or `states` for several, not both")
        if self.states is not None and self.state_digits is None and self.separator is None:
            raise ValueError("`state_digits` (or `separator`) beside `states`")
        return self


class Source(Sourced):
    """A publisher's files: what they answer, whose they are, how they are read, what is known to be wrong."""

    title: str
    publisher: str
    licence: str
    download: str | None = None  # where the files can be had
    years: str | None = None  # which school years there are
    policy: Key
    absent_rows: Literal["zero", "unknown"]
    missing: MissingWords
    ignores: dict[str, str] = Field(default_factory=dict)  # file pattern -> why it is not read
    known_issues: KnownIssues = ()
    units: Units
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)  # list -> word -> group key, or `skip`
    tables: dict[Key, Table] = Field(min_length=1)
    _file: Traversable | Path | None = PrivateAttr(default=None)
    _key: str = PrivateAttr(default="")

    def written_in(self, file: Traversable | Path, key: str) -> Source:
        """The same, knowing where it is written: the file, and its key there."""
        self._file, self._key = file, key
        return self

    def wrong(self, place: Place, found: str, allowed: str, todo: str) -> Problem:
        """What is wrong at a place of the mapping, with its file and line where it was read from one."""
        if self._file is None:
            return Problem(ERROR, self.title, found, allowed, todo)
        return read_document(self._file, []).problem((self._key, *place), found, allowed, todo)

    def words(self, table: Table, column: str) -> tuple[str, ...]:
        """The words of a group column that are not skipped."""
        return tuple(word for word, group in self.codes[table.groups[column]].items() if group != SKIP)

    def fills(self, table: Table) -> Iterator[dict[str, str]]:
        """Each combination of words for a table's marks; one that is empty where there are none."""
        for words in product(*(self.words(table, mark) for mark in table.marks)):
            yield dict(zip(table.marks, words, strict=True))

    def spelled(self, table: Table, level: str = ANY) -> dict[str, tuple[str, ...]]:
        """Column as its rows are filled in -> the names, or patterns, that files have for it."""
        wanted: dict[str, tuple[str, ...]] = {}
        for fill in self.fills(table):
            for column in table.file_columns(level):
                if column not in table.marks:
                    names = table.columns.get(column, (column,))
                    own = tuple(filled(name, fill) for name in names)
                    wanted.setdefault(filled(table.marked(column), fill), own)
        return wanted

    @property
    def files(self) -> tuple[str, ...]:
        """The names, or patterns, of its files."""
        named = (name for table in self.tables.values() for names in table.files.values() for name in names)
        return tuple(sorted(set(named)))

    @property
    def indicators(self) -> tuple[str, ...]:
        """What the source can answer."""
        return tuple(dict.fromkeys(key for table in self.tables.values() for key in table.statistics))

    @property
    def dimensions(self) -> tuple[str, ...]:
        groups = (key for key in self._groups_used() if key not in (SKIP, ALL))
        return tuple(sorted({dimension for key in groups for dimension, _ in parse_group(key)}))

    @property
    def complete(self) -> tuple[str, ...]:
        """Dimensions whose absent rows are zero. One of which a single value is named lacks the others."""
        pairs = {pair for key in self._groups_used() if key not in (SKIP, ALL) for pair in parse_group(key)}
        named = Counter(dimension for dimension, value in pairs if value != "unknown")
        complete = (dimension for dimension, values in named.items() if values > 1)
        return tuple(sorted(complete)) if self.absent_rows == "zero" else ()

    def _groups_used(self) -> Iterator[str]:
        for table in self.tables.values():
            for name in table.groups.values():
                yield from self.codes[name].values()
            if table.of is not None:
                yield table.of
            for part in table.split:
                yield from part.groups

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


def sources_from(place: Traversable | Path) -> Mapping[str, Source]:
    """The sources of a mapping file, or of a folder of them. InputProblems says what is wrong, and where."""
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    files = sorted(place.iterdir(), key=lambda file: file.name) if place.is_dir() else [place]
    for file in files:
        if file.name.endswith((".yaml", ".yml")) or not place.is_dir():
            # keys of definitions are code names; a source is written with hyphens: cde-graduates
            sources.update(
                {
                    key.replace("_", "-"): source.written_in(file, key)
                    for key, source in read_entries(file, Source, problems).items()
                }
            )
    if problems:
        raise InputProblems(problems)
    return sources

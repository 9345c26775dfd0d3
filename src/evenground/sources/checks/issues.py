"""What is known to be wrong with a source's files, and whether it was met in the files at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, TypeAdapter

from evenground.definitions.schema import Key, Line, Strict
from evenground.engine import literal
from evenground.model import Problem
from evenground.sources.checks.raw import Raw, name, period_of

State = Literal["met", "always", "not_met", "not_here"]


class Sign(Strict):
    """A known issue of a source, and how it shows.

    In rows of `files` that have one of the words `where`, or as a finding of `check` (in the column
    `column`, if said); without either it always holds. `years` are the school years concerned; without them,
    all.
    """

    id: Key
    text: Line
    es: Line | None = None
    years: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # patterns; none: any file of the source
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    check: Key | None = None
    column: str | None = None


class KnownIssue(str):
    """The sentence about an issue; `sign` says more where the mapping does."""

    sign: Sign | None = None

    @classmethod
    def read(cls, given: object) -> KnownIssue:
        """From a mapping: a sentence, or the fields of a `Sign`."""
        if isinstance(given, str):
            return cls(given)
        sign = TypeAdapter(Sign).validate_python(given)
        issue = cls(sign.text)
        issue.sign = sign
        return issue


KnownIssues = tuple[Annotated[KnownIssue, PlainValidator(KnownIssue.read)], ...]
"""The field `known_issues` of a mapping."""


@dataclass(frozen=True)
class Met:
    """An issue and whether the files have it: met, not_met, always (it cannot be looked for) or not_here (its
    files or years are not among these)."""

    issue: KnownIssue
    state: State
    file: str | None = None
    row: int | None = None
    count: int = 0


def met_issues(issues: Iterable[str], tables: Sequence[Raw], problems: Sequence[Problem]) -> Iterator[Met]:
    """Each known issue of the source, looked for in its files and in what the checks found."""
    for issue in issues:
        sign = issue.sign if isinstance(issue, KnownIssue) else None
        known = issue if isinstance(issue, KnownIssue) else KnownIssue(issue)
        if sign is None:
            yield Met(known, "always")
            continue
        concerned = [raw for raw in tables if _fits(raw.file, sign.files) and _has_years(raw, sign)]
        if not concerned:
            yield Met(known, "not_here")
        elif sign.where:
            yield _in_rows(known, sign, concerned)
        elif sign.check:
            yield _in_findings(known, sign, problems)
        else:
            yield Met(known, "always")


def _fits(file: str, patterns: Sequence[str]) -> bool:
    last = file.rpartition("/")[2]
    return not patterns or any(fnmatchcase(each, pattern) for pattern in patterns for each in (file, last))


def _years_of(raw: Raw) -> dict[str, str]:
    """The words of the column of years, and the school years that they are."""
    if raw.year is None:
        return {}
    rows = raw.ask(f"SELECT DISTINCT school_year FROM {raw.figures} WHERE school_year IS NOT NULL")
    return {word: period for (word,) in rows if (period := period_of(word))}


def _has_years(raw: Raw, sign: Sign) -> bool:
    held = set(_years_of(raw).values())
    return not sign.years or not held or bool(held & set(sign.years))


def _in_rows(issue: KnownIssue, sign: Sign, tables: Sequence[Raw]) -> Met:
    for raw in tables:
        columns = {key: raw.column(key) for key in sign.where}
        if None in columns.values():
            continue
        parts = [
            f"TRIM({name(column)}) IN ({', '.join(map(literal, sign.where[key]))})"
            for key, column in columns.items()
            if column
        ]
        if sign.years and raw.year:
            words = [word for word, period in _years_of(raw).items() if period in sign.years]
            parts.append(f"TRIM({name(raw.year)}) IN ({', '.join(map(literal, words))})")
        count, row = raw.ask(f'SELECT COUNT(*), MIN("row") FROM {raw.relation} WHERE {" AND ".join(parts)}')[
            0
        ]
        if count:
            return Met(issue, "met", raw.file, row, count)
    return Met(issue, "not_met")


def _in_findings(issue: KnownIssue, sign: Sign, problems: Sequence[Problem]) -> Met:
    for problem in problems:
        column = sign.column is None or problem.column == sign.column
        if problem.check == sign.check and column and _fits(problem.file, sign.files):
            return Met(issue, "met", problem.file, problem.row, problem.count)
    return Met(issue, "not_met")

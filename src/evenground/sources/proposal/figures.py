"""Columns of numbers put together: those that differ only in the student group that their name has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from evenground.model import ALL, parse_group
from evenground.sources.proposal.groups import Span, spans
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.words import tokens

_SLOT = "\0"
_LISTED = 4  # columns that tell a publisher's list of codes within their names


@dataclass(frozen=True)
class Figure:
    """One number of a row: a column, or a column for each group.

    `name` is the column's name, with a mark such as `{race}` for each place where a group's name stands.
    `columns` are the columns by the words that fill the marks; `words` what each mark's words stand for.
    """

    name: str
    columns: Mapping[tuple[str, ...], str]
    words: Mapping[str, Mapping[str, str]]
    confidence: str = "high"
    how: str = ""

    @property
    def is_wide(self) -> bool:
        return bool(self.words)

    @property
    def stem(self) -> str:
        """What the name says besides the groups."""
        text = self.name
        for mark in self.words:
            text = text.replace(mark, " ")
        return text.strip(" _-.:|/()")


def figures(columns: Sequence[str]) -> list[Figure]:
    """The numbers of a file, in the order of their first columns."""
    found = [*_families(columns)]
    taken = {column for figure in found for column in figure.columns.values()}
    found += [*_listed([column for column in columns if column not in taken])]
    taken = {column for figure in found for column in figure.columns.values()}
    found += [Figure(column, {(): column}, {}) for column in columns if column not in taken]
    return sorted(found, key=lambda figure: min(map(columns.index, figure.columns.values())))


def _families(columns: Sequence[str]) -> Iterator[Figure]:
    held: dict[str, dict[tuple[str, ...], tuple[str, tuple[str, ...]]]] = {}
    for column in columns:
        named = [span for span in spans(column) if span.group != ALL]
        if named and len(named) <= 2:
            words = tuple(column[span.start : span.end] for span in named)
            groups = tuple(span.group for span in named)
            held.setdefault(_template(column, named), {})[words] = (column, groups)
    for template, family in held.items():
        if len({groups for _, groups in family.values()}) < 2:
            continue
        slots = template.count(_SLOT)
        meanings: list[dict[str, str]] = [{} for _ in range(slots)]
        for filled, (_, groups) in family.items():
            for slot in range(slots):
                meanings[slot][filled[slot]] = groups[slot]
        named_columns = {filled: column for filled, (column, _) in family.items()}
        if slots == 1:
            for word, column in _everybody(columns, template, named_columns.values()):
                named_columns[(word,)] = column
                meanings[0][word] = ALL
        elif len(named_columns) < len([*product(*meanings)]):
            continue  # a crossing of which some columns are not there
        yield _figure(template, named_columns, meanings)


def _template(column: str, named: Sequence[Span]) -> str:
    for span in reversed(named):
        column = column[: span.start] + _SLOT + column[span.end :]
    return column


def _everybody(columns: Sequence[str], template: str, taken: object) -> Iterator[tuple[str, str]]:
    """Columns that have `Total` or `All` where the family has a group's name: the first of them."""
    for column in columns:
        for span in (*spans(column), *spans(column, bare=False)):
            if span.group == ALL and _template(column, [span]) == template:
                yield column[span.start : span.end], column
                return


def _listed(columns: Sequence[str]) -> Iterator[Figure]:
    """Families whose groups are codes of a publisher's list: `SCH_ENR_HI`, `SCH_ENR_BL`."""
    held: dict[str, dict[str, str]] = {}
    for column in columns:
        for token in tokens(column):
            template = column[: token.start] + _SLOT + column[token.end :]
            held.setdefault(template, {})[column[token.start : token.end]] = column
    taken: set[str] = set()
    for template, family in sorted(held.items(), key=lambda item: -len(item[1])):
        if len(family) < _LISTED or taken & set(family.values()):
            continue
        for entry in recognition().code_lists.values():
            known = {word: column for word, column in family.items() if word in entry.codes}
            if len(known) >= _LISTED and not entry.needs and len(known) == len(family):
                taken |= set(known.values())
                words = {word: entry.codes[word] for word in known}
                columns_of: dict[tuple[str, ...], str] = {(word,): column for word, column in known.items()}
                yield _figure(template, columns_of, [words], "medium", f"codes as in {entry.name}")
                break


def _figure(
    template: str,
    columns: Mapping[tuple[str, ...], str],
    words: Sequence[Mapping[str, str]],
    confidence: str = "high",
    how: str = "",
) -> Figure:
    marks = _marks(words)
    name = template
    for mark in marks:
        name = name.replace(_SLOT, mark, 1)
    return Figure(name, dict(columns), dict(zip(marks, words, strict=True)), confidence, how)


def _marks(words: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """`{race}` where all the words are of that dimension, else `{group}`."""
    found: list[str] = []
    for held in words:
        dimensions = {dimension for group in held.values() for dimension, _ in _pairs(group)}
        name = dimensions.pop().split("_")[0] if len(dimensions) == 1 else "group"
        found.append(f"{{{name}}}" if f"{{{name}}}" not in found else f"{{{name}{len(found) + 1}}}")
    return tuple(found)


def _pairs(group: str) -> tuple[tuple[str, str], ...]:
    return () if group == ALL else parse_group(group)

"""What an outsider reads from means: a district's mean is its schools' values, weighed by their students.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import floor, log10

from evenground.disclosure.attacking.outsider import Book, Release, Weighed
from evenground.model import LEVELS, VALUE

_NEAR = 1e-9
_DIGITS = 4


def weigh(release: Release, book: Book) -> None:
    """Adds to the book, for every public mean above the schools, what it says about hidden numbers of
    students.
    """
    for indicator in release.indicators:
        if release.definitions.indicators[indicator].kind == "exposure":
            book.weighed.extend(_of_indicator(release, book, indicator))


def _of_indicator(release: Release, book: Book, indicator: str) -> Iterator[Weighed]:
    at_school = _school_values(release, indicator)
    for (name, place), (n, value, state) in sorted(release.cells.items()):
        if name != indicator or place[0] == LEVELS[-1] or state != VALUE or n is None or value is None:
            continue
        schools = [(*school, place[2]) for school in _schools(release, place[:2])]
        shown = [school for school in schools if (indicator, school) in release.cells]
        if not shown or any(at_school.get(school[:2]) is None for school in shown):
            continue
        counts = [(release.students(indicator, school), at_school[school[:2]] or 0.0) for school in shown]
        known = sum(worth * (book.value(count) or 0.0) for count, worth in counts)
        unknown = tuple((book.unknown[count], worth) for count, worth in counts if count in book.unknown)
        if unknown:
            scale = max(abs(worth) for _, worth in unknown) or 1.0
            slack = n * _rounding(value)
            yield (
                tuple((index, worth / scale) for index, worth in unknown),
                (n * value - known - slack) / scale,
                (n * value - known + slack) / scale,
            )


def _school_values(release: Release, indicator: str) -> dict[tuple[str, str], float | None]:
    """The value of each school, where its public cells agree on one."""
    seen: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for (name, place), (_, value, state) in release.cells.items():
        if name == indicator and place[0] == LEVELS[-1] and state == VALUE and value is not None:
            seen[place[:2]].append(value)
    return {
        school: values[0] if max(values) - min(values) <= _NEAR * max(1.0, abs(values[0])) else None
        for school, values in seen.items()
    }


def _schools(release: Release, unit: tuple[str, str]) -> Iterator[tuple[str, str]]:
    for child in release.children.get(unit, []):
        if child[0] == LEVELS[-1]:
            yield child
        else:
            yield from _schools(release, child)


def _rounding(value: float) -> float:
    """Half a step of the digits that a number seems to be rounded to; next to nothing for one with many
    digits.
    """
    if value == 0:
        return _NEAR
    for digits in range(1, _DIGITS + 1):
        if abs(float(f"{value:.{digits - 1}e}") - value) <= _NEAR * abs(value):
            return float(10.0 ** (floor(log10(abs(value))) - digits + 1)) / 2
    return _NEAR * abs(value)

"""What an outsider can write down: the counts, equations and orders that follow from a release and the public
definitions.

Part of the attack: it imports nothing from the rooms that hide, and reads nothing that is not released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from math import ceil, floor, inf

from evenground.disclosure.attacking.outsider import Book, Count, Place, Release
from evenground.disclosure.attacking.rows import years_in
from evenground.model import NOT_REPORTED, VALUE, group_key, parse_group

_NEAR = 1e-6


def write_down(release: Release) -> Book:
    """The outsider's book of a release."""
    book = Book()
    _counts(release, book)
    for indicator, (level, unit) in {(indicator, place[:2]) for indicator, place in release.cells}:
        _orders(release, book, indicator, (level, unit))
    _group_sums(release, book)
    _unit_sums(release, book)
    _year_sums(release, book)
    _targets(release, book)
    return book


def _counts(release: Release, book: Book) -> None:
    for (indicator, place), (n, value, state) in sorted(release.cells.items()):
        if state == VALUE and n is not None and not release.coarse:
            book.known[release.students(indicator, place)] = n
            if release.is_rate(indicator) and value is not None:
                book.known[release.reached(indicator, place)] = float(round(n * value))
    for (indicator, place), (n, value, state) in sorted(release.cells.items()):
        if state != VALUE:
            linked = indicator in release.links and (release.links[indicator], place) not in release.cells
            book.bound(release.students(indicator, place), 1.0)
            if release.is_rate(indicator) and not linked:
                book.bound(release.reached(indicator, place), 0.0)
                _told_between(release, book, indicator, place)
        elif release.coarse and n is not None:
            _told_roughly(release, book, indicator, place, n, value)


def _told_roughly(
    release: Release, book: Book, indicator: str, place: Place, n: float, value: float | None
) -> None:
    """A rounded number of students, and a share in steps."""
    students, half = release.students(indicator, place), (release.policy.round_n - 1) / 2
    least = max(ceil(n - half - 0.5), 1 if n else 0, release.policy.minimum_n if n else 0)
    book.bound(students, least, floor(n + half + 0.5) if release.policy.round_n > 1 else n)
    book.told.add(students)
    if release.is_rate(indicator) and value is not None:
        reached, step = release.reached(indicator, place), release.step(n) / 2 + _NEAR
        book.bound(reached, 0.0)
        book.told.add(reached)
        _share_between(book, students, reached, max(value - step, 0.0), min(value + step, 1.0))


def _told_between(release: Release, book: Book, indicator: str, place: Place) -> None:
    """A hidden share of which it is told between what it is; the policy's bands then say how many students
    stand behind it.
    """
    if (indicator, place) not in release.bounds:
        return
    low, high = release.bounds[indicator, place]
    students, reached = release.students(indicator, place), release.reached(indicator, place)
    bands = [
        band
        for band in release.policy.bands
        if (low <= 0 and abs(band.low - high) < _NEAR) or (high >= 1 and abs(band.high - low) < _NEAR)
    ]
    if bands:
        least = max(min(band.students_from for band in bands), release.policy.minimum_n)
        book.bound(students, least, max(band.students_to or inf for band in bands))
    _share_between(book, students, reached, low - _NEAR, high + _NEAR)


def _share_between(book: Book, students: Count, reached: Count, low: float, high: float) -> None:
    """low * students <= reached <= high * students"""
    for sign, share in ((1.0, high), (-1.0, low)):
        known = sign * ((book.known.get(reached, 0.0)) - share * book.known.get(students, 0.0))
        unknown = [(reached, sign), (students, -sign * share)]
        weights = tuple((book.unknown[count], weight) for count, weight in unknown if count in book.unknown)
        if weights:
            book.weighed.append((weights, -inf, -known))


def _orders(release: Release, book: Book, indicator: str, unit: tuple[str, str]) -> None:
    """Those who reached are among the students; those at the next level are among those at this one."""
    if not release.is_rate(indicator):
        return
    entry = release.definitions.indicators[indicator]
    levels = [
        (other.order, name)
        for name in release.indicators
        if (other := release.definitions.indicators[name]).family is not None
        and other.family == entry.family
        and other.order is not None
    ]
    above = [name for one, name in sorted(levels) if entry.order is not None and one > entry.order][:1]
    for group in release.dims:
        place = (*unit, group)
        if (indicator, place) in release.cells:
            book.orders.add((release.reached(indicator, place), release.students(indicator, place)))
            for name in above:
                if (name, place) in release.cells:
                    book.orders.add((release.reached(name, place), release.reached(indicator, place)))


def _group_sums(release: Release, book: Book) -> None:
    """Everybody is the sum of the values of a dimension, within every group that is shown."""
    shapes = {}
    for (indicator, level, unit), cuts in sorted(release.cuts.items()):
        if years_in(unit):  # there only some cells are told: one that is missing is not nobody
            continue
        shape = frozenset(cuts)
        if shape not in shapes:
            shapes[shape] = list(_margins(shape, release))
        for total, (parts, all_there) in shapes[shape]:
            if (indicator, (level, unit, total)) in release.cells:
                there = [part for part in parts if (indicator, (level, unit, part)) in release.cells]
                if all_there or len(there) == len(parts):
                    places = tuple((level, unit, part) for part in there)
                    _add_up(release, book, indicator, (level, unit, total), places)


def _add_up(release: Release, book: Book, indicator: str, total: Place, parts: tuple[Place, ...]) -> None:
    """The counts of a place are the sums of those of its parts."""
    book.families.append((indicator, total, parts))
    for count in (release.students, release.reached) if release.is_rate(indicator) else (release.students,):
        book.equations.add((count(indicator, total), tuple(count(indicator, part) for part in parts)))


def _margins(
    cuts: frozenset[tuple[str, ...]], release: Release
) -> Iterator[tuple[str, tuple[list[str], bool]]]:
    """(group, (its parts, whether a part that is not shown is nobody))."""
    dimensions = release.definitions.dimensions
    for cut in cuts:
        for size in range(1, len(cut) + 1):
            removed = [
                out
                for out in combinations(cut, size)
                if tuple(name for name in cut if name not in out) in cuts
            ]
            for out in removed:
                parts = defaultdict(list)
                for group, names in release.dims.items():
                    if names == cut:
                        parts[group_key(pair for pair in parse_group(group) if pair[0] not in out)].append(
                            group
                        )
                entries = [dimensions[name] for name in out if name in dimensions]
                if len(entries) == len(out) and all(
                    entry.complete and not entry.overlapping for entry in entries
                ):
                    yield from ((total, (sorted(groups), True)) for total, groups in sorted(parts.items()))
                elif size == 1 and entries:
                    for total, groups in sorted(parts.items()):
                        named = {dict(parse_group(group))[out[0]]: group for group in groups}
                        for value, entry in entries[0].values.items():
                            if value in named and entry.complement in named and value < entry.complement:
                                yield total, ([named[value], named[entry.complement]], False)
            if removed:
                break


def _unit_sums(release: Release, book: Book) -> None:
    for indicator in release.indicators:
        for (level, unit), children in sorted(release.children.items()):
            for group, cut in release.dims.items():
                if years_in(unit):
                    continue
                shown = [child for child in children if (indicator, *child) in release.cuts]
                if (indicator, (level, unit, group)) in release.cells and all(
                    cut in release.cuts[indicator, *child] for child in shown
                ):
                    there = [(*child, group) for child in shown]
                    parts = tuple(place for place in there if (indicator, place) in release.cells)
                    _add_up(release, book, indicator, (level, unit, group), parts)


def _year_sums(release: Release, book: Book) -> None:
    """What is told of several school years together is the sum of theirs, where the cell stands in each
    table of theirs; a table without it says that nobody was there.
    """
    for indicator, (level, unit, group) in sorted(release.cells):
        years = [year for year in years_in(unit) if (indicator, level, year) in release.cuts]
        if years and all(release.dims[group] in release.cuts[indicator, level, year] for year in years):
            places = [(level, year, group) for year in years]
            parts = tuple(place for place in places if (indicator, place) in release.cells)
            _add_up(release, book, indicator, (level, unit, group), parts)


def _targets(release: Release, book: Book) -> None:
    """Every count of a hidden cell that no other cell publishes, its complement, and the counts at one level
    beside it.
    """
    for (indicator, place), (_, _, state) in sorted(release.cells.items()):
        if state in (VALUE, NOT_REPORTED):  # what nobody reported is no secret that the release keeps
            continue
        students = release.students(indicator, place)
        if students in book.unknown and students not in book.told:
            book.targets.setdefault((students, None), ("students", indicator, place))
        if release.is_rate(indicator):
            reached = release.reached(indicator, place)
            if reached in book.unknown and reached not in book.told:
                book.targets.setdefault((reached, None), ("reached", indicator, place))
            unknown = students in book.unknown
            if unknown == (reached in book.unknown) and not {students, reached} <= book.told:
                book.targets.setdefault((students, reached), ("not reached", indicator, place))
    for smaller, larger in sorted(book.orders):
        if release.cells.get((smaller[1], smaller[2]), (None, None, ""))[2] == NOT_REPORTED:
            continue
        if smaller in book.unknown and larger in book.unknown and not {smaller, larger} <= book.told:
            book.targets.setdefault((larger, smaller), ("at one level", smaller[1], smaller[2]))

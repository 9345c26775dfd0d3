"""The attack: what an outsider can work out from everything that is about to be released.

It knows the released cells, the units, the policy and the public definitions, nothing else, and shares no
code with the rooms that hide. What it can write down is in book.py; ranges.py asks how far each hidden count
can still vary, linear.py what follows from sums alone, insider.py what a school of one's own adds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.book import write_down
from evenground.disclosure.attacking.ends import exact_ranges
from evenground.disclosure.attacking.insider import told_by_one_school
from evenground.disclosure.attacking.linear import linear_ranges
from evenground.disclosure.attacking.outsider import Book, Count, Place, Release
from evenground.disclosure.attacking.ranges import seen_ranges
from evenground.disclosure.attacking.remainder import small_remainders
from evenground.disclosure.attacking.renewal import contradictions, small_changes, with_earlier
from evenground.disclosure.attacking.rows import Row, untagged, years_apart
from evenground.disclosure.attacking.system import NEAR, Bools, Floats, Ints, Rows, System
from evenground.disclosure.attacking.weighing import weigh
from evenground.model import LEVELS, VALUE

Found = tuple[str, str, str, str, str, str]  # kind of count, indicator, unit level, unit id, period, group


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True)
class Attack:
    """`hidden`: cells that are hidden; `tried`: hidden counts attacked; `derivable`: those found, without
    their values: of the kinds `students`, `reached`, `not reached`, `at one level`, and `together` and
    `changed`, for what the hidden parts of a public sum come to and what two releases differ by.

    `counts` names the counts attacked; an outsider finds at least the values from `low` to `high` possible,
    just these where `exact`. Private: where it is one value, that is the hidden count.
    """

    hidden: int
    tried: int
    derivable: tuple[Found, ...]
    seconds: float
    counts: tuple[Found, ...] = ()
    low: Floats = field(default_factory=_none)
    high: Floats = field(default_factory=_none)
    exact: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))


def attack(
    cells: pa.Table,
    units: pa.Table,
    policy: Policy,
    definitions: Definitions,
    *,
    inside: pa.Table | None = None,
    earlier: Sequence[pa.Table] = (),
    exact: bool = False,
) -> Attack:
    """Attacks released cells (at least model.KEYS, n, value, state; `low` and `high` of hidden shares where
    they are told), year by year; years that are told together at once.

    A hidden count is derivable when fewer than `policy.possible_values` whole numbers are left for what the
    policy's attacker knows. `inside`: the true cells, for the attacker who knows a school; without them one
    table that agrees with the release stands for them. `earlier`: cells of earlier releases, oldest first.
    `exact`: ranges to their ends, not only until they are wide enough.
    """
    start = time.perf_counter()
    derivable: list[Found] = []
    counts: list[Found] = []
    ends: list[tuple[Floats, Floats, Bools]] = []
    for rows, before, true in _problems(cells, earlier, inside):
        derivable += small_changes(rows, before, policy, definitions)
        release, book = _opened(rows, before, units, policy, definitions)
        if policy.together:
            derivable += small_remainders(release, book, policy)
        names = [_name(kind, indicator, place) for kind, indicator, place in book.targets.values()]
        low, high, exactly, found = _judged(release, book, policy, true, exact)
        counts += names
        ends.append((low, high, exactly))
        derivable += [name for name, bad in zip(names, found, strict=True) if bad]
    low, high, exactly = (np.concatenate([one[part] for one in ends] or [_none()]) for part in range(3))
    return Attack(
        sum(state != VALUE for state in cells["state"].to_pylist()),
        len(counts),
        tuple(derivable),
        time.perf_counter() - start,
        tuple(counts),
        low,
        high,
        exactly.astype(bool),
    )


def _problems(
    cells: pa.Table, earlier: Sequence[pa.Table], inside: pa.Table | None
) -> Iterator[tuple[list[Row], list[list[Row]], list[Row] | None]]:
    """(rows, those of each earlier release, the true ones) of each set of years that hangs together."""
    tables = [cells, *earlier, *([inside] if inside is not None else [])]
    for part in years_apart(tables):
        before = part[1 : 1 + len(earlier)]
        if part[0]:
            yield part[0], before, part[-1] if inside is not None else None


def _opened(
    rows: list[Row], before: list[list[Row]], units: pa.Table, policy: Policy, definitions: Definitions
) -> tuple[Release, Book]:
    """The book of a release and of what earlier ones say beside it, less the places where they disagree."""
    changed: set[tuple[str, str]] = set()
    while True:
        release = Release(with_earlier(rows, before, changed), units, definitions, policy)
        book = write_down(release)
        new = contradictions(book) - changed if before else set()
        if not new:
            weigh(release, book)
            return release, book
        changed |= new


def _judged(
    release: Release, book: Book, policy: Policy, true: list[Row] | None, exact: bool
) -> tuple[Floats, Floats, Bools, Bools]:
    """(low, high, whether these are the ends, whether it is found) of each hidden count."""
    if not book.targets:
        return _none(), _none(), np.empty(0, dtype=bool), np.empty(0, dtype=bool)
    system = system_of(book)
    if policy.attacker == "sums":
        low, high = linear_ranges(system)
        return low, high, np.ones(len(low), dtype=bool), high - low < NEAR
    low, high = seen_ranges(system, policy.smallest_range)
    exactly = np.zeros(len(low), dtype=bool)
    if exact:
        low, high, exactly = exact_ranges(system, low, high)
    found = np.floor(high + NEAR) - np.ceil(low - NEAR) < policy.smallest_range
    if policy.attacker == "own_school":
        truth = None if true is None else release.true_values(true, book)
        school, of_asked = _schools(book, system)
        found |= told_by_one_school(system, school, of_asked, truth, policy.smallest_range)
    return low, high, exactly, np.asarray(found)


def _schools(book: Book, system: System) -> tuple[Ints, Ints]:
    """The number of the school of each unknown and of each asked count; -1 for places above schools, unless
    all that they hold of the group is at one school: then its people know that anyway.
    """
    home: dict[Count, str] = {
        count: untagged(count[2][1])[0] for count in (*book.known, *book.unknown) if count[2][0] == LEVELS[-1]
    }
    for _ in LEVELS:
        for total, parts in sorted(book.equations):
            if len(parts) == 1 and parts[0] in home:
                home.setdefault(total, home[parts[0]])
    numbers = {name: number for number, name in enumerate(sorted(set(home.values())))}
    school = np.full(len(system.low), -1)
    for count, unknown in book.unknown.items():
        school[unknown] = numbers.get(home.get(count, ""), -1)
    of_asked = [numbers.get(home.get(count, ""), -1) for count, _ in book.targets]
    return school, np.array(of_asked, dtype=np.int64)


def _name(kind: str, indicator: str, place: Place) -> Found:
    level, unit, group = place
    return kind, indicator, level, *untagged(unit), group


def system_of(book: Book) -> System:
    """The book as matrices over the unknown counts; known counts move to the other side."""
    size = len(book.least)
    low, high = np.array(book.least), np.array(book.most)
    sums, totals = Rows(size), []
    for total, parts in sorted(book.equations):
        row = [(part, 1.0) for part in parts] + [(total, -1.0)]
        unknown = [(book.unknown[count], sign) for count, sign in row if count in book.unknown]
        if unknown:
            sums.add(unknown)
            totals.append(-sum(sign * (book.value(count) or 0.0) for count, sign in row))
    gaps, slack = Rows(size), []
    for smaller, larger in sorted(book.orders):
        small, large = book.unknown.get(smaller), book.unknown.get(larger)
        if small is not None and large is not None:
            gaps.add([(small, 1.0), (large, -1.0)])
            slack.append(0.0)
        elif small is not None:
            high[small] = min(high[small], book.value(larger) or 0.0)
        elif large is not None:
            low[large] = max(low[large], book.value(smaller) or 0.0)
    for weights, least, most in book.weighed:
        if np.isfinite(most):
            gaps.add(list(weights))
            slack.append(most)
        if np.isfinite(least):
            gaps.add([(unknown, -weight) for unknown, weight in weights])
            slack.append(-least)
    asked, offset = Rows(size), []
    for first, second in book.targets:
        signs = [(first, 1.0)] + ([(second, -1.0)] if second is not None else [])
        asked.add([(book.unknown[count], sign) for count, sign in signs if count in book.unknown])
        offset.append(sum(sign * (book.value(count) or 0.0) for count, sign in signs))
    return System(
        sums.matrix(),
        np.array(totals, dtype=float),
        gaps.matrix(),
        np.array(slack, dtype=float),
        low,
        high,
        asked.matrix(),
        np.array(offset, dtype=float),
    )

"""Earlier releases in an outsider's hand: what they told, and what has changed since.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.outsider import Book
from evenground.disclosure.attacking.remainder import below
from evenground.disclosure.attacking.rows import Row, place_of, untagged
from evenground.model import VALUE

_NEAR = 1e-6


def with_earlier(
    rows: Sequence[Row], before: Sequence[Sequence[Row]], changed: set[tuple[str, str]]
) -> list[Row]:
    """The rows, and those of earlier releases beside them: what one of them told, else what it hid.

    What an earlier release told of a cell that is hidden now counts as known, but for the places (unit level,
    unit) that have `changed` since.
    """
    union = {place_of(row): row for row in rows}
    for table in reversed(before):
        for row in table:
            key = place_of(row)
            if (row[1], row[2]) not in changed and (
                key not in union or (row[6] == VALUE and union[key][6] != VALUE)
            ):
                union[key] = row
    return list(union.values())


def contradictions(book: Book) -> set[tuple[str, str]]:
    """The places of sums of known counts that are not true: some of these are older than others."""
    places: set[tuple[str, str]] = set()
    for total, parts in book.equations:
        known = [book.value(count) for count in (total, *parts)]
        if None not in known and abs((known[0] or 0.0) - sum(one or 0.0 for one in known[1:])) > _NEAR:
            places |= {place[:2] for _, _, place in (total, *parts)}
    return places


def small_changes(
    rows: Sequence[Row], before: Sequence[Sequence[Row]], policy: Policy, definitions: Definitions
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Cells that two releases tell with numbers that differ by so few students, or by so few who reached or
    did not reach an indicator, that the policy would not tell of them.
    """
    if policy.bands or policy.round_n > 1:
        return
    now = {place_of(row): row for row in rows if row[6] == VALUE}
    found = set()
    for table in before:
        for old in table:
            key = place_of(old)
            if key in now and old[6] == VALUE and key not in found:
                is_rate = definitions.indicators[key[0]].kind == "rate"
                if _few(now[key], old, is_rate, policy):
                    found.add(key)
                    indicator, (level, unit, group) = key
                    yield "changed", indicator, level, *untagged(unit), group


def _few(new: Row, old: Row, is_rate: bool, policy: Policy) -> bool:
    """Whether students who joined or left are too few; that nothing changed may always be told."""
    if new[4] is None or old[4] is None:
        return False
    joined = new[4] - old[4]
    small = below(abs(joined), policy.minimum_n, "published")
    if is_rate and new[5] is not None and old[5] is not None:
        reached = round(new[4] * new[5]) - round(old[4] * old[5])
        small |= below(abs(reached), policy.minimum_numerator, "published")
        small |= below(abs(joined - reached), policy.minimum_complement, "published")
    return small

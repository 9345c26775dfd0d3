"""What the hidden parts of a public sum come to: everybody can subtract the public parts.

Part of the attack: it imports nothing from the rooms that hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.outsider import Book, Count, Release
from evenground.disclosure.attacking.rows import untagged
from evenground.model import NOT_REPORTED

_NEAR = 1e-6


def small_remainders(
    release: Release, book: Book, policy: Policy
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Places whose hidden parts, two or more, together are fewer students, or fewer who reached or did not
    reach an indicator, than the policy tells of a group.
    """
    seen = set()
    for indicator, total, parts in book.families:
        if any(release.cells[indicator, part][2] == NOT_REPORTED for part in parts):
            continue
        students = [release.students(indicator, place) for place in (total, *parts)]
        small = _small(book, [(one,) for one in students], policy.minimum_n, "published")
        if release.is_rate(indicator):
            reached = [release.reached(indicator, place) for place in (total, *parts)]
            others = list(zip(students, reached, strict=True))
            small |= _small(
                book, [(one,) for one in reached], policy.minimum_numerator, policy.zero_numerator
            )
            small |= _small(book, others, policy.minimum_complement, policy.zero_complement)
        if small and (indicator, total) not in seen:
            seen.add((indicator, total))
            yield "together", indicator, total[0], *untagged(total[1]), total[2]


def below(number: float, minimum: int, zero: str) -> bool:
    """Whether a policy does not tell of so few; nobody at all it may tell of."""
    return number < minimum - _NEAR and (abs(number) > _NEAR or zero == "hidden")


def _small(book: Book, counts: Sequence[tuple[Count, ...]], minimum: int, zero: str) -> bool:
    """Whether what a public total leaves for two or more hidden parts is too few. `counts`: the total, then
    its parts, each a count or what a second one leaves of a first.
    """
    total, *parts = (_value(book, one) for one in counts)
    if total is None or parts.count(None) < 2:
        return False
    return below(total - sum(part for part in parts if part is not None), minimum, zero)


def _value(book: Book, count: tuple[Count, ...]) -> float | None:
    values = [book.value(one) for one in count]
    first, second = values[0], values[1] if len(values) > 1 else 0.0
    return None if first is None or second is None else first - second

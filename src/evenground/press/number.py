"""Numbers as people say them."""

from __future__ import annotations

import math

_BASES = (100, 1_000, 10_000, 100_000)
_SMALLEST = 3  # a number that is rounded to less, of the base, is told with a larger base


def whole(value: float) -> int:
    """The nearest whole number, halves away from zero (as people round; Python rounds halves to even).

    What is a half but for the last digit of a float counts as a half.
    """
    return int(math.copysign(math.floor(round(abs(value), 9) + 0.5), value))


def count(value: float) -> str:
    """A count with thousands marked: 12,345."""
    return f"{whole(value):,}"


def decimal(value: float, places: int = 1) -> str:
    """A number with a fixed number of places, thousands marked: 1,234.5. Halves go away from zero."""
    scale = 10**places
    return f"{whole(round(value * scale, 6)) / scale:,.{places}f}"


_RARE = 0.001  # a share below this has two signs of its own: 0.024% is not 0.0%


def percent(value: float, places: int = 1) -> str:
    """A fraction as a percentage: 0.6021 -> 60.2%; what is rare, with more places: 0.00024 -> 0.024%."""
    if 0 < abs(value) < _RARE:
        places = min(max(places, 1 - math.floor(math.log10(abs(value) * 100))), 4)
    return f"{decimal(value * 100, places)}%"


def bases(*shares: float, apart: bool = False) -> int:
    """Of how many to tell these shares: 100, or more where they are small.

    The smallest share that is not zero comes out as three or more, or as exactly two; with `apart`, the
    shares are also told as different whole numbers where a base does that.
    """
    some = [share for share in shares if share > 0]
    for base in _BASES:
        told = [whole(share * base) for share in shares]
        if all(_enough(share * base) for share in some) and (not apart or len(set(told)) == len(told)):
            return base
    return _BASES[-1] if some and min(some) * _BASES[-1] < _SMALLEST else 1_000


def _enough(people: float) -> bool:
    """Two are few enough that rounding to them would mislead; one would need verbs in the singular."""
    return people >= _SMALLEST - 0.5 or abs(people - 2) < 1e-9


def span(first: float, second: float) -> tuple[int, int]:
    """The whole numbers between which a difference lies.

    The difference of the told numbers and the told difference may be one apart (60.2 and 53.5 are told
    as 60 and 54; their difference as 7); a sentence that names both is right and adds up: "6 to 7".
    """
    told, true = abs(whole(first) - whole(second)), whole(abs(first - second))
    return min(told, true), max(told, true)

"""School years, named one way: `2015-16`."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPAN = re.compile(r"^(\d{4})\s*[-/–_]\s*(\d{2}|\d{4})$")
_SEVERAL = re.compile(r"^\d{4}-\d{2}/\d{4}-\d{2}$")
_CODE = re.compile(r"^(\d{2})(\d{2})$")


def period_ending(year: int) -> str:
    """The school year that ends in `year`: 2016 -> `2015-16`."""
    return f"{year - 1}-{year % 100:02d}"


def parse_period(text: str | int) -> str:
    """A school year from the ways in which files write it.

    `2015-16`, `2015-2016`, `2015/16` and `2015_2016` are that year; `2016` is the school year that ends in
    2016; a four-digit code whose halves follow each other (`1516`, `9900`) is the Californian short form.
    Raises ValueError on anything else.
    """
    value = str(text).strip()
    if match := _SPAN.match(value):
        start, end = int(match[1]), match[2]
        if int(end) % 100 == (start + 1) % 100 and (len(end) == 2 or int(end) == start + 1):
            return f"{start}-{(start + 1) % 100:02d}"
    elif match := _CODE.match(value):
        first, second = int(match[1]), int(match[2])
        if (first + 1) % 100 == second and not 1990 <= int(value) <= 2099:
            start = first + (1900 if first >= 80 else 2000)
            return f"{start}-{second:02d}"
        if 1950 <= int(value) <= 2099:
            return period_ending(int(value))
    raise ValueError(
        f"{value!r} is not a school year; write it as 2015-16 (or 2016 for the year that ends in 2016)"
    )


def period_end(period: str) -> int:
    """The calendar year in which `period` ends: `1999-00` -> 2000."""
    return int(period[:4]) + 1


def period_over(periods: Sequence[str]) -> str:
    """School years told together, from the first to the last: `2013-14/2015-16`."""
    return f"{min(periods)}/{max(periods)}"


def years_of(period: str) -> tuple[str, ...]:
    """The school years of a period: `2013-14/2015-16` is three told together, `2015-16` is one, and so is
    whatever a table of somebody's own calls a year.
    """
    if not is_several(period):
        return (period,)
    first, _, last = period.partition("/")
    return tuple(period_ending(year) for year in range(period_end(first), period_end(last) + 1))


def is_several(period: str) -> bool:
    """Whether a period is school years told together."""
    return _SEVERAL.match(period) is not None

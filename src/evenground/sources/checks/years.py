"""School years that do not fit the file, and those that are missing between others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from statistics import median

from evenground.model import period_end, period_ending
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Raw, name, period_of
from evenground.sources.checks.remark import Remark

_SPANS = re.compile(
    r"(?<!\d)(\d{4})[-_ ](\d{2}|\d{4})(?!\d)|(?<!\d)(\d{4})(\d{4})(?!\d)|(?<!\d)(\d{4})(?!\d)"
)


def check_years(raw: Raw) -> Iterator[Remark]:
    """wrong_year, year_between."""
    year = raw.year
    if year is None:
        return
    rows = raw.ask(f"""
        SELECT TRIM({name(year)}) AS y, COUNT(*), MIN("row") FROM {raw.relation}
        WHERE TRIM({name(year)}) <> '' GROUP BY y ORDER BY y""")
    found: dict[int, tuple[int, int]] = {}
    for word, count, row in rows:
        end = period_end(period_of(word) or "")
        before = found.get(end, (0, row))
        found[end] = before[0] + count, min(before[1], row)
    yield from _outside(raw, year.name, found)
    yield from _between(raw, year.name, found)


def _outside(raw: Raw, column: str, found: dict[int, tuple[int, int]]) -> Iterator[Remark]:
    given = checks()["wrong_year"].parameters
    named = years_of_name(raw.file)
    middle = median(end for end, (count, _) in found.items() for _ in range(min(count, 1000)))
    for end, (count, row) in found.items():
        if named and not named[0] - given["name_slack"] <= end <= named[1] + given["name_slack"]:
            expected = " – ".join(dict.fromkeys(map(period_ending, named)))
        elif abs(end - middle) > given["most_apart"]:
            expected = period_ending(round(middle))
        else:
            continue
        words = {"year": period_ending(end), "expected": expected}
        yield Remark("wrong_year", raw.file, row, column, count, words)


def _between(raw: Raw, column: str, found: dict[int, tuple[int, int]]) -> Iterator[Remark]:
    ends = sorted(found)
    missing = [
        end
        for end in range(ends[0], ends[-1])
        if end not in found and ends[-1] - ends[0] <= checks()["wrong_year"].parameters["most_apart"]
    ]
    if missing:
        years = ", ".join(map(period_ending, missing))
        yield Remark("year_between", raw.file, None, column, 1, {"years": years})


def years_of_name(file: str) -> tuple[int, int] | None:
    """The first and last year in which a school year ends that a file's name says; None: it says none.

    `frpm1415.csv`, `sat_2016.csv`, `graduates_0607_1516.csv`, `districts_2023_24.csv`, `offers20182019.csv`.
    """
    stem = PurePath(file).name.split(".")[0]
    ends: list[int] = []
    for match in _SPANS.finditer(stem):
        start, rest, first, second, alone = match.groups()
        if start:
            if period := period_of(f"{start}-{rest}"):
                ends.append(period_end(period))
            else:
                ends += [period_end(p) for each in (start, rest) if (p := _plausible(each))]
        elif first:
            if period := period_of(f"{first}-{second}"):
                ends.append(period_end(period))
        elif alone and (period := _plausible(alone)):
            ends.append(period_end(period))
    return (min(ends), max(ends)) if ends else None


def _plausible(digits: str) -> str | None:
    """A school year of four digits. Two digits in a name may be anything."""
    return period_of(digits) if len(digits) == 4 else None

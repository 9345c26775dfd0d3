"""The school year of a file that has no column for it."""

from __future__ import annotations

import re

from evenground.model import parse_period
from evenground.sources.proposal.columns import PERIOD
from evenground.sources.proposal.draft import Line
from evenground.sources.proposal.groups import LOW, MEDIUM
from evenground.sources.proposal.seen import Seen

YEAR = "write the school year, such as 2023-24"
_YEARS = (
    r"(\d{4}[-–]\d{4})",
    r"(\d{4}[-–]\d{2})(?!\d)",
    r"(\d{4})[_ ](\d{4})(?!\d)",
    r"(\d{4})[_ ](\d{2})(?!\d)",
    r"(?<!\d)((?:19|20)\d{2})(?!\d)",
    r"(?<!\d)(\d{4})(?!\d)",
    r"(?<!\d)(\d{2})(?!\d)",
)
_SURE_YEARS = 5  # of these patterns: those that find no other number in a sentence

UNKNOWN = Line("period", {"is": YEAR}, LOW, "no column, no title and not the file's name say it")
"""What stands where nothing says the year."""


def period_line(seen: Seen) -> Line:
    """The line `period` of a table: a column, or what the file's name, its sheet or its titles say."""
    period = next((role for role in seen.roles.values() if role.kind == PERIOD), None)
    if period:
        return Line("period", period.column, period.confidence, period.evidence)
    return _of_name(seen.name) or _of_titles(seen) or UNKNOWN


def _of_name(name: str) -> Line | None:
    for pattern in _YEARS:
        found = re.search(pattern, name)
        if found and (year := _school_year("-".join(found.groups()))):
            sure = MEDIUM if len(found[0]) > 2 else LOW
            return Line("period", {"file": pattern}, sure, f"no column has it; the file's name says {year}")
    return None


def _of_titles(seen: Seen) -> Line | None:
    titles = [("title", title) for title in seen.titles]
    for place, text in (("sheet's name", seen.sheet or ""), *titles):
        for pattern in _YEARS[:_SURE_YEARS]:
            found = re.search(pattern, text)
            if found and (year := _school_year("-".join(found.groups()))):
                return Line("period", {"is": year}, LOW, f"no column has it; the {place} says {found[0]}")
    return None


def _school_year(word: str) -> str | None:
    try:
        return parse_period(f"20{word}" if len(word) == 2 else word)
    except ValueError:
        return None

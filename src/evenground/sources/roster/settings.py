"""about.yaml: whose data these are, which day is census day, and what economic disadvantage means here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import yaml

from evenground.model import ERROR, WARNING, Problem
from evenground.sources.files import read_small
from evenground.sources.roster.folder import ABOUT
from evenground.sources.roster.format import Format

_MONTH_DAY = re.compile(r"^(\d{2})-(\d{2})$")


@dataclass(frozen=True)
class Settings:
    """What about.yaml says. `census_day` and `year_starts` are month-day."""

    census_day: str
    year_starts: str
    title: str | None = None
    economic_disadvantage: str | None = None

    def start(self, period: str) -> date:
        """First day of a school year."""
        return _in_year(self.year_starts, period, self.year_starts)

    def end(self, period: str) -> date:
        """Last day of a school year: the day before the next one starts."""
        following = f"{int(period[:4]) + 1}{period[4:]}"
        return date.fromordinal(self.start(following).toordinal() - 1)

    def census(self, period: str) -> date:
        return _in_year(self.census_day, period, self.year_starts)


def _in_year(month_day: str, period: str, year_starts: str) -> date:
    year = int(period[:4]) + (month_day < year_starts)
    return date(year, int(month_day[:2]), int(month_day[3:]))


def read_settings(folder: Path, form: Format, problems: list[Problem]) -> tuple[Settings, bytes | None]:
    """The settings of a folder or archive, and the bytes of its about.yaml (None where there is none)."""
    settings = Settings(form.about.census_day, form.about.year_starts)
    try:
        held = read_small(folder, ABOUT)
        if held is None:
            problems.append(_measure_not_named())
            return settings, None
        text = held.decode("utf-8-sig")
        content = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError, OSError, ValueError, RecursionError):
        problems.append(
            Problem(
                ERROR,
                ABOUT,
                "text that is not YAML",
                "lines such as `census_day: 10-01`",
                "mend or remove the file",
            )
        )
        return settings, None
    if not isinstance(content, dict):
        problems.append(
            Problem(
                ERROR, ABOUT, "no settings", "lines such as `census_day: 10-01`", "mend or remove the file"
            )
        )
        return settings, held
    for key, value in content.items():
        settings = _with(settings, str(key), value, _row(text, str(key)), problems)
    if settings.economic_disadvantage is None:
        problems.append(_measure_not_named())
    return settings, held


def _with(settings: Settings, key: str, value: object, row: int | None, problems: list[Problem]) -> Settings:
    known = list(Settings.__dataclass_fields__)
    if key not in known:
        near = get_close_matches(key, known, n=1)
        todo = f"write {near[0]}" if near else "remove the line"
        problems.append(
            Problem(ERROR, ABOUT, "a line that evenground does not know", ", ".join(known), todo, row=row)
        )
    elif key in ("census_day", "year_starts") and not _is_month_day(value):
        problems.append(
            Problem(
                ERROR,
                ABOUT,
                "no day of the year",
                'month-day in quotes, such as "10-01"',
                "correct the line",
                row=row,
                column=key,
            )
        )
    elif not isinstance(value, str) or not value.strip():
        problems.append(
            Problem(
                ERROR, ABOUT, "no words", "words in quotes", "correct or remove the line", row=row, column=key
            )
        )
    else:
        return replace(settings, **{key: value.strip()})
    return settings


def _is_month_day(value: object) -> bool:
    match = _MONTH_DAY.match(value) if isinstance(value, str) else None
    if match is None:
        return False
    try:
        date(2023, int(match[1]), int(match[2]))  # 2023: no leap day, so that every year has it
    except ValueError:
        return False
    return True


def _row(text: str, key: str) -> int | None:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.split(":")[0].strip() == key]
    return lines[0] if lines else None


def _measure_not_named() -> Problem:
    return Problem(
        WARNING,
        ABOUT,
        "no line that names the measure of economic disadvantage",
        'economic_disadvantage: in words, such as "direct certification"',
        "add the line: the same word means different things in different systems",
        column="economic_disadvantage",
    )

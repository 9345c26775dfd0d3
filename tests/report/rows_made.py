"""Rows of a ledger made by hand: a group of `n` in 1,000 beside everybody of one district."""

from __future__ import annotations

from typing import Any

from evenground.definitions import load, load_wording
from evenground.model import ALL, Unit, group_dimensions
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

SPEECH = Speech(load(), load_wording())
HERE = Unit("district", "1", "Cedar")
BLACK, WHITE, LATINA = "race_ethnicity:black", "race_ethnicity:white", "race_ethnicity:hispanic+sex:female"
GIRLS, LEARNERS, DISABLED = "sex:female", "english_learner:english_learner", "disability:with_disability"
GROUPS = (BLACK, WHITE, LATINA, GIRLS, LEARNERS, DISABLED)
INDICATORS = (
    "ap_participation", "gifted", "reading_proficient", "suspension", "graduation",
    "teacher_experience", "spending",
)  # fmt: skip


def row(indicator: str, measure: str, group: str, value: float | None, **more: Any) -> Row:
    known = SPEECH.indicator(indicator)
    fields: dict[str, Any] = dict.fromkeys(Row._fields)
    fields |= {
        "finding_id": f"{indicator}/{group}/{measure}",
        "question": known.question,
        "domain": known.domain,
        "indicator": indicator,
        "unit_level": HERE.level,
        "unit_id": HERE.id,
        "unit_name": HERE.name,
        "period": "2015-16",
        "dimension": "+".join(group_dimensions(group)) or ALL,
        "group": group,
        "reference": "overall" if measure == "difference" else None,
        "reference_group": ALL if measure == "difference" else None,
        "measure": measure,
        "value": value,
        "state": "value" if value is not None else "hidden",
        "direction": known.direction,
    }
    return Row(**(fields | more))


def level(indicator: str, group: str, value: float | None, n: float | None) -> Row:
    kind = "rate" if SPEECH.indicator(indicator).kind == "rate" else "mean"
    return row(indicator, kind, group, value, n=n)


def gap(indicator: str, group: str, own: float, whole: float, n: float, **more: Any) -> list[Row]:
    """The level of a group of `n` in 1,000, and its difference from everybody's."""
    more.setdefault("low", own - whole - 0.01)
    more.setdefault("high", own - whole + 0.01)
    difference = row(indicator, "difference", group, own - whole, n=n, level=own, **more)
    return [level(indicator, group, own, n), difference]


def moved(indicator: str, group: str, before: float, after: float, verdict: str, **more: Any) -> Row:
    change = after - before
    bounds = {"low": change - 0.01, "high": change + 0.01} | more
    told = {"period_from": "2011-12", "level": after, "level_from": before, "verdict": verdict, "n": 200.0}
    return row(indicator, bounds.pop("measure", "change"), group, change, **told, **bounds)


def school(number: int, indicator: str, group: str, verdict: str, level: float = 0.3) -> Row:
    """The difference of a group at one school."""
    place = {"unit_level": "school", "unit_id": str(number), "unit_name": f"School {number}"}
    sign = {"below": -0.2, "above": 0.2}.get(verdict, 0.0)
    return row(indicator, "difference", group, sign, n=20, verdict=verdict, level=level, **place)


def everybody(**levels: float) -> list[Row]:
    """Everybody's level of each indicator."""
    return [level(indicator, ALL, value, 1000) for indicator, value in levels.items()]

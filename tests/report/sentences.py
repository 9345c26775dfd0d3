"""Every kind of finding that can come, made by hand: for the tests that read what is said of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenground.definitions import Definitions, Indicator
from evenground.model import NOT_SHOWN, group_dimensions
from evenground.report.story.rows import Row

GAP_CHANGES = (
    "closed_behind_rose", "closed_ahead_fell", "closed_both", "widened_behind_fell", "widened_ahead_rose",
    "widened_both", "closed_unclear", "widened_unclear", "no_clear_change", "no_clear_gap", "reversed", None,
)  # fmt: skip
LEVELS = {
    "share": (0.47, 0.54), "years": (10.8, 11.9), "dollars": (9800.0, 1.0), "days": (1.4, 0.9),
    "score": (251.0, -20.1), "students_per_teacher": (15.2, 16.0), "events": (0.31, 1.0),
    "students": (24.6, 1.0), "hours": (26.1, 25.0), "grade_levels": (0.8, 1.0),
}  # fmt: skip
SEVERAL = (  # everybody, one group, a word of its own, long names, not known, told together
    "all",
    "race_ethnicity:black",
    "race_ethnicity:hispanic+sex:female",
    "english_learner:english_learner",
    "economic_disadvantage:disadvantaged+race_ethnicity:pacific_islander",
    "disability:unknown",
    f"race_ethnicity:{NOT_SHOWN}",
    "local_district:east",
)


def every_group(definitions: Definitions) -> list[str]:
    """Everybody, every value of every dimension, and some crosses of each."""
    plain = [
        f"{key}:{value}"
        for key, dimension in definitions.dimensions.items()
        for value in (*dimension.values, "unknown", NOT_SHOWN)
    ]
    crosses = [
        "+".join(sorted((one, f"race_ethnicity:{('two_or_more', 'hispanic')[at % 2]}")))
        for at, one in enumerate(plain)
        if not one.startswith("race_")
    ]
    return ["all", *plain, *crosses]


def row(indicator: str, known: Indicator, group: str, measure: str, value: float | None, **more: Any) -> Row:
    values: dict[str, Any] = dict.fromkeys(Row._fields)
    values |= {
        "finding_id": "", "question": known.question, "domain": known.domain, "indicator": indicator,
        "unit_level": "district", "unit_id": "1", "unit_name": "Cedar", "period": "2015-16",
        "dimension": "+".join(group_dimensions(group)) or "all", "group": group, "measure": measure,
        "value": value, "state": "value", "direction": known.direction,
    }  # fmt: skip
    return Row(**(values | more))


def rows_of_kind(key: str, known: Indicator, group: str) -> Iterator[Row]:
    """Each form that a finding of this indicator and group can take."""
    share = known.unit == "share"
    measure = "rate" if known.kind == "rate" else "mean"
    a, b = LEVELS[known.unit]
    for value in (a, b, 0.0, *((1.0, 0.004, 0.00001) if share else ())):
        yield row(key, known, group, measure, value)
    for state in ("hidden", "not_reported", "not_applicable"):
        yield row(key, known, group, measure, None, state=state)
    yield from changes(key, known, group, a, b)
    if group != "all":
        yield from comparisons(key, known, group, a, b)


def changes(key: str, known: Indicator, group: str, a: float, b: float) -> Iterator[Row]:
    past = {"period_from": "2013-14", "level": a, "level_from": b}
    for verdict in ("rose", "fell", "no_clear_change", None):
        yield row(key, known, group, "change", a - b, verdict=verdict, **past)
    if group != "all":
        for verdict in GAP_CHANGES:
            yield row(key, known, group, "gap_change", 0.1, period_from="2013-14", verdict=verdict)


def comparisons(key: str, known: Indicator, group: str, a: float, b: float) -> Iterator[Row]:
    overall = {"reference": "overall", "reference_group": "all"}
    near = {"level": a, "low": a - b - 0.02, "high": a - b + 0.02}
    for verdict in ("above", "below", "no_clear_difference", "too_few", None):
        yield row(key, known, group, "difference", a - b, verdict=verdict, **near, **overall)
    references = (
        {"reference": "others"},
        {"reference": "highest", "reference_group": "race_ethnicity:asian"},
        {"reference": "highest"},
        {"reference": "group:white", "reference_group": "race_ethnicity:white"},
        {"reference": "target:0.8"},
    )
    for reference in references:
        yield row(key, known, group, "difference", a - b, verdict="below", **near, **reference)
    for name in ("ratio", "gap_between", "gap_within"):
        yield row(key, known, group, name, -0.071 if name != "ratio" else 0.87, **overall)
    if known.unit == "share":
        small = {"level": 0.012, "low": -0.0041, "high": -0.0039}
        yield row(key, known, group, "difference", -0.004, verdict="below", **small, **overall)
        tiny = {"level": 0.00001, "low": -0.0001, "high": -0.00001}
        yield row(key, known, group, "difference", -0.00005, verdict="below", **tiny, **overall)
    if known.kind != "rate":
        return
    for value in (0.0, 1.0, -1.0, 5.0, 17.5, 1234.0):
        for name in ("needed_fixed", "needed_moving"):
            yield row(key, known, group, name, value, **overall)
    yield row(key, known, group, "ppg", -0.07, low=-0.1, high=-0.04, **overall)
    yield row(key, known, group, "ppg", 0.07, **overall)
    for name in ("proportionality_index", "index_80"):
        yield row(key, known, group, name, 0.87, **overall)

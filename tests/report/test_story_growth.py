"""The words on where students come further follow from the rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.report.rows_made import HERE, SPEECH, row

from evenground.model import ALL, Released
from evenground.report.story.aspect import Aspect, Scene
from evenground.report.story.aspects.growth import mathematics_growth, reading_growth
from evenground.report.story.panel import Place
from evenground.report.story.rows import Row, ledger_of


def school(number: int, verdict: str, goal: float | None = None, indicator: str = "reading") -> list[Row]:
    place: dict[str, Any] = {"unit_level": "school", "unit_id": str(number), "unit_name": f"School {number}"}
    value = {"above": 0.08, "below": -0.07}.get(verdict, 0.01)
    bounds = {"low": value - 0.03, "high": value + 0.03, "n": 100.0 + number}
    told = {"verdict": verdict, "reference": "overall", "level": 0.5 + value}
    found = [row(f"{indicator}_growth", "growth_beside_all", ALL, value, **bounds, **told, **place)]
    if goal is not None:
        told = {"reference": "overall", "level": 0.55 + goal}
        found.append(row(f"{indicator}_proficient", "goal_beside_all", ALL, goal, **told, **place))
    return found


def told(rows: list[Row]) -> Aspect | None:
    about = SimpleNamespace(unit_level=HERE.level, unit_id=HERE.id)
    released = cast(Released, SimpleNamespace(about=about))
    return reading_growth(Scene(SPEECH, ledger_of(rows, HERE), Place("Cedar", "district", ()), released))


def test_schools_to_learn_from_are_counted_named_and_set_beside_their_level() -> None:
    rows = [*school(1, "above", -0.12), *school(2, "above", 0.05), *school(3, "below"), *school(4, "too_few")]
    aspect = told(rows)
    assert aspect is not None
    assert aspect.finding.en.startswith("2 of 4 schools: students there clearly came further")
    assert aspect.finding.of("es").startswith("2 de 4 escuelas")
    said = " ".join(sentence.en for sentence in aspect.sentences)
    assert "In 1 of them, fewer students than elsewhere reach the goal." in said
    assert "In 1 they came less far." in said
    assert aspect.table is not None
    assert [[cell.en for cell in line] for line in aspect.table.rows] == [
        ["School 1", "101", "58", "+5.0 – +11.0", "43"],
        ["School 2", "102", "58", "+5.0 – +11.0", "60"],
    ]
    assert "410 students in 4 schools" in aspect.rests.en
    assert len(aspect.figures) == 1


def test_where_nothing_is_clear_the_largest_are_named_and_nobody_is_praised() -> None:
    rows = [one for number in range(20) for one in school(number, "no_clear_difference")]
    aspect = told(rows)
    assert aspect is not None
    assert aspect.finding.en.startswith("0 of 20 schools: nowhere")
    assert len(aspect.sentences) == 1
    assert aspect.table is not None
    assert aspect.table.caption.en == "The largest places, by name"
    assert len(aspect.table.rows) == 12
    assert aspect.table.rows[0][3].en == "−2.0 – +4.0"


@pytest.mark.parametrize("tell", [reading_growth, mathematics_growth])
def test_without_rows_there_is_nothing_to_tell(tell: Any) -> None:
    about = SimpleNamespace(unit_level=HERE.level, unit_id=HERE.id)
    released = cast(Released, SimpleNamespace(about=about))
    assert tell(Scene(SPEECH, ledger_of([], HERE), Place("Cedar", "district", ()), released)) is None

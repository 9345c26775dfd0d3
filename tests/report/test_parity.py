"""What parity takes: which of its two counts is said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.report.rows_made import BLACK, HERE, SPEECH, everybody, gap, row, school

from evenground.definitions import load
from evenground.report.story.parity import half_of_it, it_takes, parity
from evenground.report.story.rows import Ledger, Row, ledger_of


class _Ledger:
    """Of 780 students 331 have the outcome; the group, as large as asked, has it less often."""

    def __init__(self, n: float | None) -> None:
        self.n = n

    def level(self, indicator: str, group: str, period: str | None = None) -> SimpleNamespace:
        return SimpleNamespace(n=780.0 if group == "all" else self.n)

    def get(self, indicator: str, group: str, measure: str, period: str | None = None) -> str:
        return measure


@pytest.mark.parametrize(
    ("n", "said"),
    [(763, "needed_fixed"), (391, "needed_fixed"), (390, "needed_moving"), (17, "needed_moving")],
)
def test_most_of_everybody_does_not_move_itself_along(n: float, said: str) -> None:
    """With 763 of 780, one student short becomes 1 / (1 - 763/780) = 46: nobody can act on that."""
    speech: Any = SimpleNamespace(definitions=load())
    ledger: Any = _Ledger(n)
    assert parity(speech, ledger, "graduation", "homeless:not_homeless") == said


def test_without_a_number_of_students_everybody_moves_along() -> None:
    speech: Any = SimpleNamespace(definitions=load())
    ledger: Any = _Ledger(None)
    assert parity(speech, ledger, "graduation", "homeless:not_homeless") == "needed_moving"


def at_schools(indicator: str, levels: list[float], n: float) -> tuple[Ledger, Row]:
    """The group has 20 students at each school; everybody's level is 40 of 100."""
    rows = [
        *everybody(**{indicator: 0.4}),
        *gap(indicator, BLACK, sum(levels) / len(levels), 0.4, n, verdict="below", rank=1),
        row(indicator, "needed_moving", BLACK, 12.0),
        *(school(at, indicator, BLACK, "below", level) for at, level in enumerate(levels)),
    ]
    ledger = ledger_of(rows, HERE)
    lead = ledger.get(indicator, BLACK, "difference")
    assert lead
    return ledger, lead


def test_half_of_it_in_the_fewest_places() -> None:
    """Missing at 40 of 100: 8, 4, 2, 0 and (ahead) 0 of 20 students each. Half of parity is 6: the first has
    8. Of 10, the first two have 12; 15 are nowhere missing."""
    ledger, lead = at_schools("ap_participation", [0.0, 0.2, 0.3, 0.4, 0.9], 100)
    assert half_of_it(SPEECH, ledger, lead, 6.0) == (1, 5, "school")
    assert half_of_it(SPEECH, ledger, lead, 10.0) == (2, 5, "school")
    assert half_of_it(SPEECH, ledger, lead, 15.0) is None
    takes = it_takes(SPEECH, ledger, lead)
    assert takes
    assert takes.en == (
        "Parity means about 12 more students a year. About half of it could come from 1 of 5 schools."
    )


def test_where_lower_is_better_it_is_those_above() -> None:
    """Too many at 40 of 100: 4 + 4 + 4 + 4 of 20 each, none at the last: two of five have 8."""
    ledger, lead = at_schools("suspension", [0.6, 0.6, 0.6, 0.6, 0.1], 100)
    assert half_of_it(SPEECH, ledger, lead, 8.0) == (2, 5, "school")


def test_nothing_is_said_of_places_where_most_of_the_group_is_not_shown() -> None:
    levels = [0.0, 0.2, 0.3, 0.4, 0.9]  # 100 students at schools that are shown
    assert half_of_it(SPEECH, *at_schools("ap_participation", levels, 200), 6.0)
    assert half_of_it(SPEECH, *at_schools("ap_participation", levels, 201), 6.0) is None
    assert half_of_it(SPEECH, *at_schools("ap_participation", levels[:3], 60), 6.0) is None

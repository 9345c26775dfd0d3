"""What parity takes: which of its two counts is said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from evenground.definitions import load
from evenground.report.story.parity import parity


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

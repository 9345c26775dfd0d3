"""A sum that is the same whatever the order of the rows."""

from __future__ import annotations

from evenground.engine import connect, exact_sum


def added(numbers: list[float] | list[None]) -> float | None:
    found = connect().execute(f"SELECT {exact_sum('x')} FROM (SELECT UNNEST(?::DOUBLE[]) AS x)", [numbers])
    return found.fetchall()[0][0]  # type: ignore[no-any-return]


def test_order_does_not_matter() -> None:
    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1
    assert added([0.1, 0.2, 0.3]) == added([0.3, 0.2, 0.1]) == 0.6


def test_large_and_small_numbers_keep_nine_decimals() -> None:
    assert added([4e15, 0.25, -4e15, 1 / 3]) == 0.583333333


def test_nothing_adds_to_nothing() -> None:
    assert added([None]) is None

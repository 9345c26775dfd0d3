"""Numbers as people say them; every expected value is arithmetic by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.press import bases, count, decimal, percent, span, whole

shares = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "told"), [(0.5, 1), (2.5, 3), (-0.5, -1), (-2.4, -2), (0.49, 0), (53.5, 54)]
)
def test_halves_go_away_from_zero(value: float, told: int) -> None:
    assert whole(value) == told


def test_counts_percentages_and_decimals() -> None:
    assert count(12345.4) == "12,345"
    assert percent(0.6021) == "60.2%"
    assert percent(0.0) == "0.0%"
    assert percent(1.0) == "100.0%"
    assert percent(0.00024) == "0.024%"  # 157 of 655,000 students are few, and not none
    assert percent(0.001) == "0.1%"
    assert decimal(0.345, 2) == "0.35"  # 0.345 is stored as 0.34499...; people round 0.345 up
    assert decimal(1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("told", "apart", "base"),
    [
        ((0.602, 0.535), True, 100),
        ((0.0, 0.4), False, 100),  # zero is told as 0 of every 100
        ((0.012, 0.034), False, 1_000),  # 1.2 of 100 would be told as 1
        ((0.0021, 0.034), False, 10_000),
        ((0.002, 0.034), False, 1_000),  # 1 of 500 students is 2 of 1,000, not 20 of 10,000
        ((0.02,), False, 100),
        ((0.942, 0.944), True, 1_000),  # both are 94 of 100
        ((0.942, 0.944), False, 100),
        ((0.000001,), False, 100_000),
    ],
)
def test_small_or_close_shares_are_told_of_more_people(
    told: tuple[float, ...], apart: bool, base: int
) -> None:
    assert bases(*told, apart=apart) == base


def test_a_difference_adds_up_with_the_numbers_beside_it() -> None:
    assert span(60.2, 53.5) == (6, 7)  # told as 60 and 54, which differ by 6; the difference is 6.7
    assert span(53.5, 60.2) == (6, 7)
    assert span(60.0, 54.0) == (6, 6)
    assert span(54.2, 54.4) == (0, 0)


@given(shares, shares)
def test_the_told_span_holds_the_difference_to_half_a_person(first: float, second: float) -> None:
    low, high = span(first * 100, second * 100)
    assert high - low <= 1
    assert low - 0.5 - 1e-9 <= abs(first - second) * 100 <= high + 0.5 + 1e-9


@given(st.lists(shares, min_size=1, max_size=3))
def test_no_share_of_people_is_told_as_none_of_them(some: list[float]) -> None:
    base = bases(*some)
    assert all(whole(share * base) >= 1 for share in some if share > 1e-5)

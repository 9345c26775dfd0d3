"""How far conclusions depend on the measure of poverty: arithmetic by hand and published intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenground.definitions.poverty import poverty_measures
from evenground.questions.poverty import (
    Gap,
    Side,
    community_eligible,
    conclusions,
    gap_of_schools,
    gap_of_students,
)


def test_a_gap_of_rates_has_newcombes_interval() -> None:
    # Newcombe (1998), Statistics in Medicine 17:873-890, table II, example (a), method 10: 56/70 - 48/80
    gap = gap_of_students(
        "graduation", "meals", Side(70, 56, 56, 70), Side(80, 48, 48, 80), rate=True, confidence=0.95
    )
    assert gap.value == pytest.approx(0.2)
    assert gap.low == pytest.approx(0.0524, abs=5e-5)
    assert gap.high == pytest.approx(0.3339, abs=5e-5)
    assert gap.side == 1
    assert (gap.n_poor, gap.n_other) == (70, 80)


def test_schools_with_most_poverty_against_those_with_least() -> None:
    share = np.array([0.8, 0.1, 0.9, 0.2])
    value = np.array([0.6, 0.9, 0.5, 0.8])
    gap = gap_of_schools("graduation", "meals", share, np.full(4, 100.0), value, 0.95)
    assert gap is not None
    assert gap.value == pytest.approx(0.5 - 0.9)  # one school a quarter: 100 of 400 students
    assert math.isnan(gap.low)  # one school on a side tells nothing about chance
    assert gap.side == 0


def test_schools_count_by_their_students() -> None:
    share = np.array([0.1, 0.15, 0.2, 0.5, 0.9, 0.95])
    n = np.array([100.0, 100.0, 200.0, 200.0, 50.0, 150.0])  # 800 students: a quarter is 200
    value = np.array([0.9, 0.8, 0.7, 0.7, 0.4, 0.6])
    gap = gap_of_schools("graduation", "meals", share, n, value, 0.95)
    assert gap is not None
    assert gap.value == pytest.approx((50 * 0.4 + 150 * 0.6) / 200 - (100 * 0.9 + 100 * 0.8) / 200)
    assert (gap.n_poor, gap.n_other) == (200, 200)
    shuffled = np.array([3, 1, 5, 0, 2, 4])
    again = gap_of_schools("graduation", "meals", share[shuffled], n[shuffled], value[shuffled], 0.95)
    assert again is not None
    assert again.value == pytest.approx(gap.value)


def test_few_schools_and_unknown_numbers_give_no_gap() -> None:
    three = np.array([0.1, 0.5, 0.9])
    assert gap_of_schools("graduation", "meals", three, np.ones(3), three, 0.95) is None
    unknown = np.array([np.nan, 0.1, 0.5, 0.9])
    assert gap_of_schools("graduation", "meals", unknown, np.ones(4), np.ones(4), 0.95) is None


def test_community_eligibility_multiplies_direct_certification() -> None:
    certified, eligible = np.array([0.5, 0.7, 0.3]), np.array([1.0, 1.0, 0.6])
    # 0.5 x 1.6 = 0.8; 0.7 x 1.6 = 1.12, at most 1; not everybody eats for free: the eligible students
    assert community_eligible(certified, eligible, 1.6, 0.99) == pytest.approx([0.8, 1.0, 0.6])


def gap(measure: str, low: float, high: float) -> Gap:
    return Gap("graduation", "students", measure, (low + high) / 2, low, high, 100, 100)


@pytest.mark.parametrize(
    ("gaps", "verdict"),
    [
        ([(-0.3, -0.1), (-0.2, -0.02)], "holds"),
        ([(-0.3, -0.1), (-0.2, 0.1)], "same_direction"),
        ([(-0.3, -0.1), (-0.1, 0.2)], "depends"),
        ([(-0.3, -0.1), (0.1, 0.2)], "depends"),
        ([(-0.3, 0.1), (-0.1, 0.2)], "nowhere_clear"),
    ],
)
def test_how_far_a_conclusion_moves(gaps: list[tuple[float, float]], verdict: str) -> None:
    (found,) = conclusions([gap(str(place), *ends) for place, ends in enumerate(gaps)])
    assert found.verdict == verdict
    middles = [(low + high) / 2 for low, high in gaps]
    assert (found.smallest, found.largest) == pytest.approx((min(middles), max(middles)))


def test_without_margins_nothing_is_said_of_chance() -> None:
    few = [Gap("graduation", "schools", name, -0.5, math.nan, math.nan, 1, 1) for name in "ab"]
    assert [one.verdict for one in conclusions(few)] == ["no_margin"]


def test_one_measure_is_no_comparison() -> None:
    assert conclusions([gap("meals", -0.3, -0.1)]) == []


def test_every_measure_says_where_it_comes_from() -> None:
    measures = poverty_measures()
    assert {"meals", "direct_certification", "community_eligibility", "neighborhood", "as_reported"} <= set(
        measures
    )
    assert measures["community_eligibility"].multiplier == 1.6
    assert all(measure.source and measure.caution.es for measure in measures.values())

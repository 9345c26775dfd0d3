"""Mirror, resources and quarters of the students, by hand and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenground.measures import teaching
from evenground.measures.quarters import membership


def test_the_mirror(outside):
    """Teachers 5 Black, 95 white; students 300 and 700: 5/100 over 3/10 = 1/6; 60 students a teacher."""
    found = teaching.mirror([5, 95], [300, 700], ["black", "white"])
    outside(
        "teaching.mirror",
        "5 of 100 teachers, 300 of 1,000 students",
        found.value,
        [1 / 6, 0.95 / 0.7],
        source="by hand",
        within=1e-12,
    )
    assert found.students_per_teacher == pytest.approx([60, 700 / 95])
    # Wilson's interval of 5 in 100 is .0215 to .1118 (Newcombe 1998, method 3), over .3
    assert [found.low[0], found.high[0]] == pytest.approx([0.0215 / 0.3, 0.1118 / 0.3], abs=2e-4)


def test_no_teacher_of_a_group_is_0_with_an_interval_and_no_student_is_no_answer():
    found = teaching.mirror([0, 40, 0], [100, 300, 0], ["a", "b", "c"])
    assert found.value[:2] == pytest.approx([0, 4 / 3])
    assert found.low[0] == 0
    assert found.high[0] > 0
    assert np.isnan(found.value[2])
    assert np.isnan(found.students_per_teacher[0])


def test_units_are_taken_apart():
    found = teaching.mirror([5, 95, 50, 50], [300, 700, 50, 50], ["b", "w"] * 2, ["d1", "d1", "d2", "d2"])
    assert found.value == pytest.approx([1 / 6, 0.95 / 0.7, 1, 1])


def test_counsellors(outside):
    """School 1: 2 for 100 + 300; school 2: none for 200 + 100; school 3: 1 for 100 + 100.

    Per 1,000: 5, 0, 5. Group a: (100 x 5 + 200 x 0 + 100 x 5)/400 = 2.5, b: (300 x 5 + 0 + 500)/500 = 4;
    without any: 200/400 and 100/500.
    """
    found = teaching.resource(
        [100, 300, 200, 100, 100, 100],
        [2, 2, 0, 0, 1, 1],
        ["a", "b"] * 3,
        [1, 1, 2, 2, 3, 3],
        per=1000,
        reference="b",
    )
    outside(
        "teaching.resource",
        "counsellors per 1,000 students",
        found.per.value,
        [2.5, 4],
        source="by hand",
        within=1e-12,
    )
    outside(
        "teaching.resource",
        "students whose school has none",
        found.without.value,
        [0.5, 0.2],
        source="by hand",
        within=1e-12,
    )
    assert found.gap.value[0] == pytest.approx(-1.5)


def test_a_school_with_two_amounts_is_refused():
    with pytest.raises(ValueError, match="1 schools have more than one amount, the first is x"):
        teaching.resource([1, 1], [2, 3], ["a", "b"], ["x", "x"])


def test_a_school_on_the_cut_is_divided(outside):
    """Students 30, 40, 10, 20 by need .1, .2, .5, .9; halves of 50: the second school gives 20 to each.

    First half (30 x 10 + 20 x 20)/50 = 14; second (20 x 20 + 10 x 40 + 20 x 50)/50 = 36.
    """
    found = teaching.contrast([30, 40, 10, 20], [0.1, 0.2, 0.5, 0.9], [10, 20, 40, 50], parts=2)
    outside(
        "teaching.contrast",
        "halves of 100 students in four schools",
        found.mean.value,
        [14, 36],
        source="by hand",
        within=1e-12,
    )
    outside(
        "teaching.contrast",
        "difference and ratio",
        [found.difference.value[0], found.ratio.value[0]],
        [22, 36 / 14],
        source="by hand",
        within=1e-12,
    )
    assert found.students.tolist() == [50, 50]
    assert found.need == pytest.approx([(30 * 0.1 + 20 * 0.2) / 50, (20 * 0.2 + 10 * 0.5 + 20 * 0.9) / 50])


def test_schools_of_equal_need_are_one_block(outside):
    """All three schools have need .5: each half holds half of each, whatever the order of the rows."""
    found = teaching.contrast([10, 20, 70], [0.5] * 3, [1, 2, 3], parts=2)
    outside(
        "teaching.contrast",
        "ties",
        found.mean.value,
        [2.6, 2.6],
        source="by hand: (10 + 40 + 210)/100",
        within=1e-12,
    )


def test_california_2000_most_and_least_meals(shared_data, outside):
    """Teachers with emergency credentials in the quarter with most and with fewest subsidised meals: sorted,
    walked through and cut, block by block."""
    import csv
    import gzip

    with gzip.open(shared_data("ca-api-2000") / "apipop.csv.gz", "rt") as file:
        rows = [
            (float(row["meals"]), float(row["enroll"]), float(row["emer"]), row["dnum"])
            for row in csv.DictReader(file)
            if row["enroll"] and row["emer"] and row["meals"]
        ]
    meals, n, emergency, district = zip(*rows, strict=True)
    found = teaching.contrast(n, meals, emergency, clusters=district)
    quarter = sum(n) / 4
    # Schools with the same share of meals are one block of their students.
    blocks: dict[float, list[float]] = {}
    for share, students, without, _ in rows:
        block = blocks.setdefault(share, [0.0, 0.0])
        block[0], block[1] = block[0] + students, block[1] + students * without
    walked = []
    for order in (sorted(blocks), sorted(blocks, reverse=True)):
        left, total = quarter, 0.0
        for share in order:
            take = min(blocks[share][0], left)
            total, left = total + take * blocks[share][1] / blocks[share][0], left - take
        walked.append(total / quarter)
    outside(
        "teaching.contrast",
        "emergency credentials by meals, California 2000",
        found.mean.value[[0, 3]],
        walked,
        source="the published file, sorted and cut by hand",
        within=1e-9,
    )
    assert found.difference.low[0] > 10
    assert found.students == pytest.approx(np.full(4, quarter))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300)), min_size=1, max_size=20).filter(
        lambda r: sum(n for _, n in r) > 0
    ),
    st.integers(2, 6),
    st.randoms(use_true_random=False),
)
def test_parts_are_equal_and_the_order_of_rows_does_not_matter(rows, parts, random):
    need, size = (np.array(column, float) for column in zip(*rows, strict=True))
    share = membership(need, size, np.arange(1, parts) / parts)
    np.testing.assert_allclose(share.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(size @ share, size.sum() / parts, rtol=1e-9)
    order = list(range(len(rows)))
    random.shuffle(order)
    np.testing.assert_allclose(
        membership(need[order], size[order], np.arange(1, parts) / parts), share[order]
    )

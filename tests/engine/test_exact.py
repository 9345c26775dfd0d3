"""A sum that is the same whatever the order of the rows."""

from __future__ import annotations

import random
from decimal import Decimal

from evenground.engine import connect, exact_sum


def test_order_does_not_matter_and_the_sum_is_exact() -> None:
    numbers = [random.Random(3).uniform(-5, 40_000) / 7 for _ in range(1000)]
    mixed = sorted(numbers, key=lambda number: hash(number) % 977)
    connection = connect()
    found = {
        connection.execute(f"SELECT {exact_sum('x')} FROM (SELECT UNNEST(?) AS x)", [order]).fetchall()[0][0]
        for order in (numbers, mixed, numbers[::-1])
    }
    assert len(found) == 1
    assert abs(Decimal(found.pop()) - sum(map(Decimal, numbers))) <= len(numbers) * Decimal("5e-10")
    assert len({sum(numbers), sum(mixed), sum(numbers[::-1])}) > 1  # plain sums differ here


def test_nothing_adds_to_nothing() -> None:
    assert connect().execute(f"SELECT {exact_sum('x')} FROM (SELECT NULL::DOUBLE AS x)").fetchall() == [
        (None,)
    ]

"""Sums that do not depend on the order in which an engine adds."""

from __future__ import annotations

DECIMALS = 9


def exact_sum(expression: str) -> str:
    """SQL of the sum of `expression`, the same whatever the order of the rows.

    Threads add floating-point numbers in an order that differs from run to run, and the last digits with it.
    Decimal numbers add exactly: each row is rounded to 9 decimals first, at most 5e-10 a row.
    """
    return f"CAST(SUM(CAST({expression} AS DECIMAL(38, {DECIMALS}))) AS DOUBLE)"

"""How an idea of fairness reads a verdict: the same difference may count as unfair or not.

A reading follows from a verdict, and a verdict from an interval: where there is none, nothing is said.
"""

from __future__ import annotations

from evenground.definitions.perspective import Rule

COUNTS, DOES_NOT_COUNT = "counts", "does_not_count"
YARDSTICK = "yardstick"
"""The group that the others of its dimension are held against."""
SHORT, AT_STANDARD = "short", "at_standard"

_CLEAR = ("above", "below")


def reading(verdict: str | None, direction: str | None, counts: Rule) -> str | None:
    """Whether a difference with this verdict counts as unfair; None where the verdict does not say.

    `direction`: which way is better, `higher` or `lower`. Where neither is, nothing counts as behind.
    """
    if verdict not in (*_CLEAR, "no_clear_difference"):
        return None
    if counts == "either":
        return COUNTS if verdict in _CLEAR else DOES_NOT_COUNT
    return COUNTS if _worse(verdict, direction) else DOES_NOT_COUNT


def of_standard(verdict: str | None, direction: str | None) -> str | None:
    """Whether a group is clearly short of a standard, from its difference to it."""
    if verdict not in (*_CLEAR, "no_clear_difference"):
        return None
    return SHORT if _worse(verdict, direction) else AT_STANDARD


def _worse(verdict: str, direction: str | None) -> bool:
    return (verdict, direction) in (("below", "higher"), ("above", "lower"))

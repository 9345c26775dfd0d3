"""Rules of a disclosure policy that make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from evenground.definitions.document import Document
from evenground.definitions.schema import Policy
from evenground.model import Problem

_OF_SUPPRESS = (
    "minimum_n", "minimum_numerator", "minimum_complement", "zero_numerator", "zero_complement", "together",
    "possible_values", "attacker", "bands", "round_n", "roll_up", "weights",
)  # fmt: skip


def contradictions(document: Document, key: str, policy: Policy) -> Iterator[Problem]:
    """Rules of a policy that make no sense, each with its line."""
    if policy.kind == "noise" and policy.epsilon is None:
        todo = "add the line `epsilon: 1.0`"
        yield document.problem((key, "kind"), "noise without `epsilon`", "a number above 0", todo)
    for field in sorted(policy.model_fields_set):
        belongs = "suppress" if field in _OF_SUPPRESS else "noise" if field == "epsilon" else policy.kind
        if belongs != policy.kind:
            todo = f"remove the line, or write `kind: {belongs}`"
            found = f"`{field}` in a policy of kind {policy.kind}, where it does nothing"
            yield document.problem((key, field), found, f"`{field}` with kind {belongs}", todo)
    if policy.kind == "suppress":
        yield from _numbers(document, key, policy)
        yield from _bands(document, key, policy)


def _numbers(document: Document, key: str, policy: Policy) -> Iterator[Problem]:
    for field in ("minimum_n", "minimum_numerator", "minimum_complement"):
        if (number := getattr(policy, field)) < 0:
            yield document.problem((key, field), f"{field} {number}", "0 or more", "write how many students")
    hides = max(policy.minimum_n, policy.minimum_numerator, policy.minimum_complement) > 1
    zeros = "hidden" in (policy.zero_numerator, policy.zero_complement)
    if not (hides or zeros or policy.bands):
        todo = "write `minimum_n: 10`, or `kind: follow` for numbers that are public already"
        yield document.problem((key, "minimum_n"), "rules that hide nothing", "a minimum above 1", todo)
    if policy.round_n > max(policy.minimum_n, 1):
        found = f"round_n {policy.round_n} beside minimum_n {policy.minimum_n}"
        todo = f"write {max(policy.minimum_n, 1)} or less, or a larger minimum_n"
        yield document.problem((key, "round_n"), found, "round_n no larger than minimum_n", todo)
    for field, weight in policy.weights:
        if not weight > 0:
            yield document.problem((key, "weights", field), f"{field} {weight:g}", "above 0", "write 1")


def _bands(document: Document, key: str, policy: Policy) -> Iterator[Problem]:
    def wrong(band: int, found: str, allowed: str, todo: str) -> Problem:
        return document.problem((key, "bands", band), found, allowed, todo)

    for place, band in enumerate(policy.bands):
        if not 0 < band.low < band.high < 1:
            found = f"low {band.low:g} and high {band.high:g}"
            yield wrong(
                place, found, "0 < low < high < 1, as shares", "write for example low: 0.05, high: 0.95"
            )
        elif not 0 < band.step <= band.high - band.low:
            allowed = f"above 0, at most {band.high - band.low:g} (high less low)"
            yield wrong(place, f"step {band.step:g}", allowed, "write for example step: 0.01")
        if band.students_to is not None and band.students_to < band.students_from:
            found = f"students_from {band.students_from} after students_to {band.students_to}"
            yield wrong(place, found, "from the smaller to the larger", "exchange the two")
    if policy.bands and (first := policy.bands[0].students_from) > max(policy.minimum_n, 1):
        found = f"no band for groups of {max(policy.minimum_n, 1)} to {first - 1} students, which are shown"
        yield wrong(0, found, "a band for every group that is shown", "let the first band begin lower")
    for place, (band, following) in enumerate(pairwise(policy.bands), start=1):
        if band.students_to is None:
            found, allowed = "a band after one without `students_to`", "only the last without it"
            yield wrong(place, found, allowed, "add `students_to` to the band above")
        elif following.students_from != (expected := band.students_to + 1):
            what = "overlaps with" if following.students_from < expected else "leaves a gap after"
            found = f"students_from {following.students_from}, which {what} the band above"
            yield wrong(place, found, f"{expected}", f"write `students_from: {expected}`")

"""Two reviews, row by row: every change, the most important first. No words yet.

Comparing the other way round gives the same changes with before and after swapped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from evenground.model import ALL, Released, parse_group
from evenground.report.difference.cells import cell_changes
from evenground.report.difference.edition import MADE_WITH, Edition
from evenground.report.difference.findings import finding_changes

KINDS = (
    "place",  # another place in focus, or another publisher
    "asked",  # other options
    "policy",  # another rule for small groups
    "inputs",  # other files
    "made",  # another version, other definitions, another contract
    "years",
    "places",
    "renamed",
    "indicators",
    "groups",
    "short",  # the findings in short
    "verdict",
    "number",
    "together",  # what is told together stands for other groups or places
    "range",  # between what a hidden number is
    "state",  # a number became hidden, not reported, not applicable, or the other way round
    "rows",  # other numbers that only one of the two has
    "computed",  # comparisons and ranges that follow from numbers
    "wording",
    "checks",
)
"""The kinds of changes, in the order in which they are told."""

_NOT_CONTENT = ("inputs", "made")
_IN_ORDER = ("place", "short")
_UNSURE = ("no_clear_difference", "no_clear_change", "no_clear_gap", "too_few")
_POLICY = ("policy", "rules")


class Change(NamedTuple):
    """One change. `way` is `new`, `gone` or `other`; `what` the option, file or text that a change without
    a row is about; `before` and `after` are numbers, codes or texts."""

    kind: str
    way: str
    what: str = ""
    indicator: str = ""
    unit_level: str = ""
    unit_id: str = ""
    unit_name: str = ""
    period: str = ""
    period_before: str = ""
    group: str = ""
    measure: str = ""
    reference: str = ""
    before: float | str | None = None
    after: float | str | None = None
    n_before: float | None = None
    n_after: float | None = None


@dataclass(frozen=True)
class Difference:
    old: Edition
    new: Edition
    changes: tuple[Change, ...]

    def of(self, kind: str, way: str | None = None) -> list[Change]:
        return [change for change in self.changes if change.kind == kind and way in (None, change.way)]

    @property
    def content(self) -> bool:
        """Whether anything differs that can be read, beside what the reviews were made with."""
        return any(change.kind not in _NOT_CONTENT for change in self.changes)


def compare(old: Edition, new: Edition) -> Difference:
    """Every change from one review to another."""
    changes = [
        *_place(old.released, new.released),
        *_made(old, new),
        *_short(old, new),
        *(Change(**change) for change in cell_changes(old.released, new.released)),
        *(Change(**change) for change in finding_changes(old, new)),
        *_checks(old.released, new.released),
    ]
    focus = {(one.released.about.unit_level, one.released.about.unit_id) for one in (old, new)}
    return Difference(old, new, tuple(sorted(changes, key=lambda change: _order(change, focus))))


def _place(old: Released, new: Released) -> Iterator[Change]:
    before, after = old.about, new.about
    if (before.unit_level, before.unit_id) != (after.unit_level, after.unit_id):
        yield Change("place", "other", "unit", before=before.title, after=after.title)
    if (before.source, before.publisher) != (after.source, after.publisher):
        yield Change("place", "other", "publisher", before=before.publisher, after=after.publisher)


def _made(old: Edition, new: Edition) -> Iterator[Change]:
    before, after = (dict(one.released.settings) for one in (old, new))
    for key in sorted(set(before) | set(after)):
        told = _written(before.get(key)), _written(after.get(key))
        if key not in _POLICY and told[0] != told[1]:
            yield Change("asked", "other", key, before=told[0], after=told[1])
    yield from _policy(old.released.disclosure, new.released.disclosure)
    files, files_now = old.released.inputs, new.released.inputs
    for name in sorted(set(files) | set(files_now)):
        if files.get(name) != files_now.get(name):
            way = "new" if name not in files else "gone" if name not in files_now else "other"
            yield Change("inputs", way, name, before=files.get(name), after=files_now.get(name))
    for key in MADE_WITH:
        if old.made_with[key] != new.made_with[key]:
            yield Change("made", "other", key, before=old.made_with[key], after=new.made_with[key])
    if dict(old.released.corrects) != dict(new.released.corrects):
        was, now = (str(one.released.corrects.get("reason", "")) for one in (old, new))
        yield Change("made", "other", "corrects", before=was, after=now)


def _policy(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = str(old.get("policy", "")), str(new.get("policy", ""))
    if before != after:
        yield Change("policy", "other", "policy", before=before, after=after)
    elif old.get("rules") != new.get("rules"):
        yield Change("policy", "other", "rules", before=before, after=after)


def _short(old: Edition, new: Edition) -> Iterator[Change]:
    """The findings in short, in their order: those that are new or have other numbers, then those gone."""
    for key, words in new.short.items():
        before = old.short.get(key)
        if before is None:
            yield Change("short", "new", key, after=words.en)
        elif before != words:
            yield Change("short", "other", key, before=before.en, after=words.en)
    for key, words in old.short.items():
        if key not in new.short:
            yield Change("short", "gone", key, before=words.en)


def _checks(old: Released, new: Released) -> Iterator[Change]:
    before, after = ({check.sentence() for check in one.checks} for one in (old, new))
    for text in sorted(before ^ after):
        yield Change("checks", "new" if text in after else "gone", text)


def _written(value: object) -> str | None:
    """An option as it was given; None where it was left out."""
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value)


def _order(change: Change, focus: set[tuple[str, str]]) -> tuple[object, ...]:
    """By kind; the unit in focus first, students of whom the group is not known last; the largest first; then
    the larger group; then by name. Places in focus and findings in short stay in their order."""
    if change.kind in _IN_ORDER:
        return (KINDS.index(change.kind),)
    here = (change.unit_level, change.unit_id) in focus
    unknown = any(value == "unknown" for _, value in parse_group(change.group or ALL))
    weights = unknown, -_size(change), -max(change.n_before or 0.0, change.n_after or 0.0)
    names = (change.indicator, change.unit_level, change.unit_id, max(change.period, change.period_before))
    return KINDS.index(change.kind), not here, *weights, *names, change.group, change.measure, change.what


def _size(change: Change) -> float:
    """How large a change is: of shares the difference, of other numbers the difference beside the larger
    of them; of verdicts how many of the two are sure of something, those on gaps of one year first."""
    before, after = change.before, change.after
    if change.kind == "verdict":
        sure = sum(str(verdict) not in _UNSURE for verdict in (before, after))
        return sure + (0.5 if change.measure == "difference" and sure else 0.0)
    if not isinstance(before, float) or not isinstance(after, float):
        return 0.0
    largest = max(abs(before), abs(after))
    return abs(after - before) / (largest if largest > 1 else 1.0)

"""Findings of two reviews: verdicts that turned, comparisons that came out otherwise, other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evenground.model import VALUE, Released
from evenground.report.difference.cells import same

if TYPE_CHECKING:
    from evenground.report.difference.edition import Edition

Row = Mapping[str, Any]
_LEVELS = ("rate", "mean")
_NUMBERS = ("value", "low", "high")
_DIGITS = re.compile(r"\d+")


def finding_changes(old: Edition, new: Edition) -> Iterator[dict[str, Any]]:
    """What differs in the rows that both have; and verdicts of the latest year beside those of the earlier
    review's latest year."""
    before, after = ({row["finding_id"]: row for row in _rows(one.released)} for one in (old, new))
    for key in sorted(set(before) & set(after)):
        yield from _row(before[key], after[key], old, new)
    yield from _years_apart(before, after)


def _row(before: Row, after: Row, old: Edition, new: Edition) -> Iterator[dict[str, Any]]:
    if before["verdict"] != after["verdict"] and before["verdict"] and after["verdict"]:
        yield _verdict(before, after)
    numbers = all(same(before[name], after[name]) for name in _NUMBERS)
    shown = before["state"] == after["state"] == VALUE
    level = after["measure"] in _LEVELS and not same(before["value"], after["value"])
    if shown and not numbers and not level:
        told = {"before": before["value"], "after": after["value"]}
        yield {"kind": "computed", "way": "other", **_place(after), **told}
    alike = numbers and before["state"] == after["state"] and before["verdict"] == after["verdict"]
    if alike and (words := _other_words(after["finding_id"], old, new)):
        yield {"kind": "wording", "way": "other", **_place(after), "before": words[0], "after": words[1]}


def _years_apart(before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[dict[str, Any]]:
    """The verdict on each group in the latest year of either review, where that is not the same year."""
    latest, latest_now = _latest(before.values()), _latest(after.values())
    was = _verdicts(before, latest)
    now = _verdicts(after, latest_now)
    for key in sorted(set(was) & set(now)):
        moved = was[key]["period"] != now[key]["period"] and was[key]["verdict"] != now[key]["verdict"]
        if moved:
            yield _verdict(was[key], now[key])


def _latest(rows: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        if row["verdict"]:
            found[row["indicator"]] = max(row["period"], found.get(row["indicator"], ""))
    return found


def _verdicts(rows: Mapping[str, Row], latest: Mapping[str, str]) -> dict[tuple[str, ...], Row]:
    names = ("indicator", "unit_level", "unit_id", "group", "measure")
    return {
        (*(row[name] for name in names), row["reference"] or ""): row
        for row in rows.values()
        if row["verdict"] and row["period"] == latest[row["indicator"]]
    }


def _verdict(before: Row, after: Row) -> dict[str, Any]:
    told = {"before": before["verdict"], "after": after["verdict"], "period_before": before["period"]}
    return {"kind": "verdict", "way": "other", **_place(after), **told, **_counted(before, after)}


def _counted(before: Row, after: Row) -> dict[str, float | None]:
    return {"n_before": before["n"], "n_after": after["n"]}


def _other_words(key: str, old: Edition, new: Edition) -> tuple[str, str] | None:
    """The sentences of a finding in the first language in which they differ, with the same numbers in
    them; None where they say the same."""
    before, after = old.sentences.get(key, {}), new.sentences.get(key, {})
    for lang in before:
        if lang in after and before[lang] != after[lang]:
            alike = _DIGITS.findall(before[lang]) == _DIGITS.findall(after[lang])
            return (before[lang], after[lang]) if alike else None
    return None


def _rows(released: Released) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = released.findings.to_pylist()
    return rows


def _place(row: Row) -> dict[str, Any]:
    names = ("indicator", "unit_level", "unit_id", "unit_name", "period", "group", "measure")
    return {**{name: row[name] for name in names}, "reference": row["reference"] or ""}

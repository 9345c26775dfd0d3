"""Findings of two reviews: verdicts that turned, comparisons that came out otherwise, other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import VALUE
from evenground.report.difference.cells import apart, same

if TYPE_CHECKING:
    from evenground.report.difference.edition import Edition

Row = Mapping[str, Any]
_LEVELS = ("rate", "mean")
_ID = "finding_id"
_ABOUT = ("indicator", "unit_level", "unit_id", "group", "measure")
_PLACE = (*_ABOUT, "unit_name", "period", "reference")
_NUMBERS = ("value", "low", "high")
_READ = ("n", "state", "verdict")
_DIGITS = re.compile(r"\d+")


def finding_changes(old: Edition, new: Edition) -> Iterator[dict[str, Any]]:
    """What differs in the rows that both have; and verdicts of the latest year beside those of the earlier
    review's latest year."""
    tables = _core(old.released.findings), _core(new.released.findings)
    before, after = (_by_id(table) for table in apart(*tables, (_ID, *_PLACE, *_NUMBERS, *_READ)))
    for key in sorted(set(before) & set(after)):
        yield from _row(before[key], after[key])
    yield from _years_apart(*tables)
    yield from _other_words(old, new, set(before) & set(after))


def _core(findings: pa.Table) -> pa.Table:
    """Without what ideas of fairness make of it: they read the same numbers again."""
    return findings.filter(pc.is_null(findings["perspective"]))


def _row(before: Row, after: Row) -> Iterator[dict[str, Any]]:
    if before["verdict"] != after["verdict"] and before["verdict"] and after["verdict"]:
        yield _verdict(before, after)
    numbers = all(same(before[name], after[name]) for name in _NUMBERS)
    level = after["measure"] in _LEVELS and not same(before["value"], after["value"])
    if before["state"] == after["state"] == VALUE and not numbers and not level:
        told = {"before": before["value"], "after": after["value"]}
        yield {"kind": "computed", "way": "other", **_place(after), **told}


def _years_apart(old: pa.Table, new: pa.Table) -> Iterator[dict[str, Any]]:
    """The verdict on each group in the latest year of either review, where that is not the same year."""
    was, now = _verdicts(old), _verdicts(new)
    for key in sorted(set(was) & set(now)):
        before, after = was[key], now[key]
        if before["period"] != after["period"] and before["verdict"] != after["verdict"]:
            yield _verdict(before, after)


def _verdicts(findings: pa.Table) -> dict[tuple[str, ...], Row]:
    """The rows with a verdict of each indicator's latest year, by what they are about."""
    judged = findings.filter(pc.is_valid(findings["verdict"]))
    latest = judged.group_by("indicator").aggregate([("period", "max")])
    years = dict(zip(latest["indicator"].to_pylist(), latest["period_max"].to_pylist(), strict=True))
    return {
        (*(row[name] for name in _ABOUT), row["reference"] or ""): row
        for row in judged.select([_ID, *_PLACE, *_NUMBERS, *_READ]).to_pylist()
        if row["period"] == years[row["indicator"]]
    }


def _verdict(before: Row, after: Row) -> dict[str, Any]:
    told = {"before": before["verdict"], "after": after["verdict"], "period_before": before["period"]}
    return {"kind": "verdict", "way": "other", **_place(after), **told, **_counted(before, after)}


def _counted(before: Row, after: Row) -> dict[str, float | None]:
    return {"n_before": before["n"], "n_after": after["n"]}


def _other_words(old: Edition, new: Edition, other: set[str]) -> Iterator[dict[str, Any]]:
    """Sentences that changed though nothing in their row did (`other` are the rows in which something did),
    in the first language in which they differ, with the same numbers in them."""
    found = {}
    for key in set(old.sentences) & set(new.sentences) - other:
        before, after = old.sentences[key], new.sentences[key]
        pair = next(
            ((before[at], after[at]) for at in before if before[at] != after.get(at, before[at])), None
        )
        if pair and _DIGITS.findall(pair[0]) == _DIGITS.findall(pair[1]):
            found[key] = pair
    if not found:
        return
    rows = _core(new.released.findings).select([_ID, *_PLACE])
    rows = rows.filter(pc.is_in(rows[_ID], value_set=pa.array(sorted(found), pa.string())))
    for row in rows.to_pylist():
        was, now = found[row[_ID]]
        yield {"kind": "wording", "way": "other", **_place(row), "before": was, "after": now}


def _by_id(findings: pa.Table) -> dict[str, Row]:
    return {row[_ID]: row for row in findings.to_pylist()}


def _place(row: Row) -> dict[str, Any]:
    return {name: row[name] or "" for name in _PLACE}

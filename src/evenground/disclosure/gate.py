"""The gate: the one door out. It sees together all that is about to be published, and hands out `Released` or
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import Definitions
from evenground.definitions.schema import Policy
from evenground.disclosure.attacking.attack import Attack
from evenground.disclosure.suppress import Protection
from evenground.disclosure.telling.bounds import with_bounds
from evenground.measures import mean, rate
from evenground.measures.estimate import Floats
from evenground.measures.sums import Sums, kish
from evenground.model import (
    ALL,
    FINDINGS,
    HIDDEN,
    KEYS,
    PROTECTED,
    VALUE,
    About,
    InputProblems,
    NotMeasured,
    Problem,
    Released,
    parse_group,
)

_NUMBERS = ("value", "low", "high", "n")
_JUDGEMENTS = ("verdict", "rank")
_HIDDEN_SUM = "students_to_protect"  # a sum of hidden numbers: one more equation for an outsider
_METHOD = "linear programs over every released count, with the public definitions; no use of the true counts"
_NO_ATTACK = {
    "follow": "the policy follows what the publisher hid and hides nothing itself",
    "noise": "the policy adds chance to every count; what this protects holds whatever somebody knows",
}


class NotReleased(InputProblems):
    """The gate stays shut: something hidden could be worked out from what was to be published."""


def gate(
    about: About,
    protection: Protection,
    findings: pa.Table,
    units: pa.Table,
    pages: pa.Table | None = None,
    checks: Sequence[Problem] = (),
    not_measured: Sequence[NotMeasured] = (),
    inputs: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    bounds: pa.Table | None = None,
    *,
    definitions: Definitions,
    policy_key: str,
    earlier: Mapping[str, Any] | None = None,
    corrects: Mapping[str, str] | None = None,
) -> Released:
    """Everything that may be published of a review: protected cells, and the findings that rest on published
    cells only.

    `findings` has model.FINDINGS and was computed from `protection.cells`; `pages` the same, of places that
    get a page of their own. `bounds` (model.KEYS, low, high) are what the publisher said of numbers that it
    blurred, shown where the policy follows it, or between what the shares are that the policy's bands code.
    Raises NotReleased, and releases nothing, when the attack finds a hidden count.
    """
    policy = definitions.policies[policy_key]
    if (policy.kind == "noise") != ("noise" in protection.report):
        raise ValueError("cells with noise and a policy that adds chance belong together")
    cells = _released_cells(protection.cells, definitions)
    tried = protection.tried
    if policy.kind == "suppress" and (not tried or any(one.derivable for one in tried)):
        raise NotReleased.one(
            "review",
            f"{sum(len(one.derivable) for one in tried)} hidden numbers that could be worked out",
            "none",
            "ask for fewer groups or levels, or publish less, and report this as a fault of evenground",
        )
    asked = pa.concat_tables([findings, FINDINGS.empty_table() if pages is None else pages])
    shown = _shown_findings(asked, cells, definitions, worked_back=policy.kind == "suppress")
    if policy.kind == "follow" or policy.bands:
        cells, shown = with_bounds(cells, bounds), with_bounds(shown, bounds)
    return Released(
        about=about,
        cells=cells,
        findings=shown.slice(0, len(findings)),
        pages=shown.slice(len(findings)),
        units=_units_in(units, cells, shown),
        disclosure=_report(policy_key, policy, protection, findings, shown.slice(0, len(findings)), tried)
        | {"earlier_releases": dict(earlier) if earlier else "Earlier releases were not considered."}
        | ({"corrects": dict(corrects)} if corrects else {}),
        checks=tuple(_public_check(check, policy) for check in checks),
        not_measured=tuple(not_measured),
        inputs=dict(inputs or {}),
        settings=dict(settings or {}),
        corrects=dict(corrects or {}),
    )


def _public_check(check: Problem, policy: Policy) -> Problem:
    """A check of records without the row that it is about, and without a count of rows that is small."""
    if policy.kind == "follow":
        return check
    if policy.kind == "noise":
        return replace(check, row=None, count=1)
    return replace(check, row=None, count=check.count if check.count >= policy.minimum_n else 1)


def _released_cells(cells: pa.Table, definitions: Definitions) -> pa.Table:
    """model.KEYS, n, value, the interval of the value, state and reason; no number where the state is not a
    value.
    """
    n, total, total_sq, weight_sq, value = (
        cells[name].to_numpy(zero_copy_only=False).astype(float)
        for name in ("n", "total", "total_sq", "weight_sq", "value")
    )
    kinds = {key: entry.kind for key, entry in definitions.indicators.items()}
    is_rate = np.array([kinds[key] == "rate" for key in cells["indicator"].to_pylist()], dtype=bool)
    shares = rate.estimate(_sums(cells, n, total), definitions.parameter("confidence"))
    effective = np.where(np.isnan(weight_sq), n, kish(n, weight_sq))
    means = mean.student(n, total, total_sq, effective, definitions.parameter("confidence"))
    shown = pc.equal(cells["state"], VALUE)
    table = cells.select([*KEYS])
    for name, numbers in (
        ("n", n),
        ("value", value),
        ("low", np.where(is_rate, shares.low, means.low)),
        ("high", np.where(is_rate, shares.high, means.high)),
    ):
        there = pc.and_(shown, pa.array(~np.isnan(numbers)))
        table = table.append_column(name, pc.if_else(there, pa.array(numbers), pa.scalar(None, pa.float64())))
    reason = pc.if_else(pc.equal(cells["state"], HIDDEN), PROTECTED, "")
    return table.append_column("state", cells["state"]).append_column("reason", reason)


def _sums(cells: pa.Table, n: Floats, total: Floats) -> Sums:
    """Of rates, with their noise where chance was added."""
    noise = cells["noise"].to_numpy(zero_copy_only=False) if "noise" in cells.column_names else None
    return Sums(n, total, total, n, noise)


def _shown_findings(
    findings: pa.Table, cells: pa.Table, definitions: Definitions, worked_back: bool
) -> pa.Table:
    """The findings, those hidden that rest on a cell that is not published.

    A finding rests on its own cell, on that of its reference group, and on both of its periods. "Everybody
    but the group" rests on everybody and, where the publisher has hidden exactly one other group, would work
    that one back.
    """
    public: dict[tuple[str, ...], bool] = {}
    for *key, state in zip(*(cells[name].to_pylist() for name in (*KEYS, "state")), strict=True):
        public[tuple(key)] = state == VALUE
    lonely = set() if worked_back else _lonely(public, definitions)
    hidden = np.zeros(len(findings), dtype=bool)
    columns = (
        "indicator",
        "unit_level",
        "unit_id",
        "period",
        "period_from",
        "group",
        "reference",
        "reference_group",
        "state",
    )
    for row, finding in enumerate(zip(*(findings[name].to_pylist() for name in columns), strict=True)):
        indicator, level, unit, period, earlier, group, reference, reference_group, state = finding
        groups = (
            {group} | ({reference_group} - {None}) | ({ALL} if reference in ("overall", "others") else set())
        )
        keys = [
            (indicator, level, unit, when, one)
            for when in {period, earlier} - {None}
            for one in groups
            if one != "others"
        ]
        others = reference == "others" and any(
            (indicator, level, unit, when, group) in lonely for when in {period, earlier} - {None}
        )
        hidden[row] = state == VALUE and (others or not all(public.get(key, False) for key in keys))
    mask = pa.array(hidden)
    for name in (*_NUMBERS, *_JUDGEMENTS):
        index = findings.schema.get_field_index(name)
        gone = pa.scalar(None, findings.schema.field(name).type)
        findings = findings.set_column(
            index, findings.schema.field(name), pc.if_else(mask, gone, findings[name])
        )
    index = findings.schema.get_field_index("state")
    return findings.set_column(
        index, findings.schema.field("state"), pc.if_else(mask, HIDDEN, findings["state"])
    )


def _lonely(public: Mapping[tuple[str, ...], bool], definitions: Definitions) -> set[tuple[str, ...]]:
    """Cells of one-dimensional groups with exactly one hidden sibling: everybody less the group and the
    others is that one.
    """
    families: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in public:
        pairs = parse_group(key[4])
        if len(pairs) == 1:
            families.setdefault((*key[:4], pairs[0][0]), []).append(key)
    found: set[tuple[str, ...]] = set()
    for (*_, dimension), members in families.items():
        hidden = [key for key in members if not public[key]]
        if len(hidden) == 1 and len(members) == 2 and dimension in definitions.dimensions:
            found.update(key for key in members if public[key])
    return found


def _units_in(units: pa.Table, cells: pa.Table, findings: pa.Table) -> pa.Table:
    """The units that appear, with those above them so that their place is known."""
    seen: set[tuple[str, str]] = set()
    for table in (cells, findings):
        seen.update(zip(table["unit_level"].to_pylist(), table["unit_id"].to_pylist(), strict=True))
    rows = zip(units["unit_level"].to_pylist(), units["unit_id"].to_pylist(), strict=True)
    return units.filter(pa.array([row in seen for row in rows], type=pa.bool_()))


def _report(
    key: str,
    policy: Policy,
    protection: Protection,
    before: pa.Table,
    after: pa.Table,
    tried: Sequence[Attack],
) -> dict[str, Any]:
    """disclosure.json: rules and numbers of cells. Nothing that tells one hidden cell from another."""
    rules = policy.model_dump(mode="json")
    counted = {name: number for name, number in protection.report.items() if name != _HIDDEN_SUM}
    report: dict[str, Any] = {"policy": key, "rules": rules, "cells": counted}
    if policy.kind == "noise":
        report["noise"] = report["cells"].pop("noise")
    if not tried:
        report["attack"] = {"made": False, "why": _NO_ATTACK[policy.kind]}
    else:
        report["attack"] = {
            "made": True,
            "method": _METHOD,
            "hidden_cells": sum(one.hidden for one in tried),
            "hidden_counts_tried": sum(one.tried for one in tried),
            "derivable": sum(len(one.derivable) for one in tried),
        }
    states = [
        np.sum(np.asarray(table["state"].to_pylist(), dtype=object) == VALUE) for table in (before, after)
    ]
    report["findings"] = {
        "asked": len(before),
        "published": int(states[1]),
        "hidden_at_the_gate": int(states[0] - states[1]),
    }
    return report

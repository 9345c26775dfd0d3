"""The gate: only published cells carry numbers, findings fall with their cells, and nothing leaves when the
attack succeeds.
"""

from __future__ import annotations

import json
from dataclasses import replace

import made
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.disclosure import NotReleased, Protection, gate, protect
from evenground.disclosure.gate import _public_check
from evenground.model import ALL, FINDINGS, HIDDEN, KEYS, PROTECTED, VALUE, About, Problem

DEFINITIONS = load()
ABOUT = About(
    "Example",
    "district",
    "D1",
    "example",
    "made",
    "Apache-2.0",
    ("2015-16",),
    ("sex",),
    "overall",
    "2026-11-21",
)


def cell(group: str, n: float, total: float, indicator: str = "chronic_absence", unit: str = "1") -> dict:
    keys = {
        "indicator": indicator,
        "unit_level": "school",
        "unit_id": unit,
        "period": "2015-16",
        "group": group,
    }
    return {**keys, "n": n, "total": total}


def finding(
    group: str, reference: str | None = None, reference_group: str | None = None, **more: object
) -> dict:
    row = {
        "finding_id": f"f-{group}-{reference}",
        "question": "here",
        "domain": "climate",
        "indicator": "chronic_absence",
        "unit_level": "school",
        "unit_id": "1",
        "unit_name": "School",
        "period": "2015-16",
        "period_from": None,
        "dimension": "sex",
        "group": group,
        "reference": reference,
        "reference_group": reference_group,
        "measure": "difference",
        "value": 0.1,
        "low": 0.0,
        "high": 0.2,
        "n": 40.0,
        "state": VALUE,
        "direction": "lower",
        "perspective": None,
        "verdict": "above",
        "rank": 1,
    }
    return {**row, **more}


def release(cells: pa.Table, findings: list[dict], policy: str = "n10"):
    units = made.units_table({"D1": ["1", "2"], "D2": ["3"]}, None)
    protection = protect(cells, units, DEFINITIONS.policies[policy], DEFINITIONS)
    table = pa.Table.from_pylist(findings, schema=FINDINGS)
    return gate(ABOUT, protection, table, units, definitions=DEFINITIONS, policy_key=policy)


SEXES = [
    cell(ALL, 105, 40),
    cell("sex:female", 50, 20),
    cell("sex:male", 50, 15),
    cell("sex:nonbinary", 5, 5),
]


def test_hidden_cells_have_no_numbers_and_one_reason():
    released = release(made.cells_table(SEXES), [])
    assert released.cells.column_names == [*KEYS, "n", "value", "low", "high", "state", "reason"]
    for row in released.cells.to_pylist():
        if row["state"] == HIDDEN:
            assert [row[name] for name in ("n", "value", "low", "high")] == [None] * 4
            assert row["reason"] == PROTECTED
        else:
            assert row["reason"] == ""
    assert {row["group"] for row in released.cells.to_pylist() if row["state"] == HIDDEN} >= {"sex:nonbinary"}


def test_the_interval_of_a_rate_is_wilsons():
    """40 of 105, by hand: p = .380952, z = 1.959964: (.380952 + .018293 -/+ 1.959964 sqrt(.002246 + .000087))
    / 1.036586.
    """
    released = release(made.cells_table([cell(ALL, 105, 40)]), [])
    row = released.cells.to_pylist()[0]
    assert (row["n"], row["value"]) == (105, 40 / 105)
    assert row["low"] == pytest.approx(0.293826, abs=1e-5)
    assert row["high"] == pytest.approx(0.476480, abs=1e-5)


def test_findings_fall_with_their_cells():
    findings = [
        finding("sex:female", "overall", ALL),
        finding("sex:nonbinary", "overall", ALL),
        finding("sex:male", "group:sex:nonbinary", "sex:nonbinary"),
        finding("sex:male", "overall", ALL, period_from="2014-15"),
        finding("sex:female", "target:0.1"),
    ]
    released = release(
        made.cells_table(
            [
                cell(ALL, 205, 80),
                cell("sex:female", 150, 60),
                cell("sex:male", 50, 15),
                cell("sex:nonbinary", 5, 5),
            ]
        ),
        findings,
    )
    states = {row["group"]: row["state"] for row in released.cells.to_pylist()}
    assert states["sex:nonbinary"] == HIDDEN
    shown = released.findings.to_pylist()
    expected = [states["sex:female"] == VALUE, False, False, False, states["sex:female"] == VALUE]
    assert [row["state"] == VALUE for row in shown] == expected
    for row in shown:
        if row["state"] == HIDDEN:
            assert [row[name] for name in ("value", "low", "high", "n", "verdict", "rank")] == [None] * 6


def test_nothing_leaves_when_a_hidden_count_can_be_worked_out():
    rows = made.cells_table(SEXES).to_pylist()
    rows[3] = {**rows[3], **dict.fromkeys(("n", "total", "total_sq", "weight_sq", "value")), "state": HIDDEN}
    careless = Protection(pa.Table.from_pylist(rows, schema=made.cells_table(SEXES).schema), {})
    units = made.units_table({"D1": ["1"]}, None)
    with pytest.raises(NotReleased):
        gate(ABOUT, careless, FINDINGS.empty_table(), units, definitions=DEFINITIONS, policy_key="n10")


def test_what_the_publisher_hid_is_followed_and_not_worked_back():
    """One of two groups hidden by its publisher: the other against "everybody else" would be that one."""
    rows = made.cells_table(
        [cell(ALL, 105, 40), cell("sex:female", 50, 20), cell("sex:male", 55, 20)]
    ).to_pylist()
    rows[2] = {**rows[2], **dict.fromkeys(("n", "total", "total_sq", "weight_sq", "value")), "state": HIDDEN}
    cells = pa.Table.from_pylist(rows, schema=made.cells_table(SEXES).schema)
    released = release(
        cells, [finding("sex:female", "others"), finding("sex:female", "overall", ALL)], "published"
    )
    assert released.cells["state"].to_pylist() == [VALUE, VALUE, HIDDEN]
    assert released.findings["state"].to_pylist() == [HIDDEN, VALUE]
    assert released.disclosure["attack"]["made"] is False


def test_the_report_says_how_many_and_never_which():
    released = release(made.cells_table(SEXES), [finding("sex:nonbinary", "overall", ALL)])
    report = json.loads(json.dumps(released.disclosure))
    assert report["policy"] == "n10"
    assert report["rules"]["minimum_n"] == 10
    assert (
        report["cells"]["hidden_first"] + report["cells"]["hidden_to_protect"] + report["cells"]["published"]
        == 4
    )
    assert report["attack"]["derivable"] == 0
    assert report["attack"]["hidden_counts_tried"] > 0
    assert report["findings"] == {"asked": 1, "published": 0, "hidden_at_the_gate": 1}
    assert "nonbinary" not in json.dumps(report)


def test_only_units_that_appear_are_released():
    released = release(made.cells_table([cell(ALL, 105, 40)]), [])
    assert released.units["unit_id"].to_pylist() == ["1"]


def test_checks_of_records_leave_without_rows_and_small_counts() -> None:
    few = Problem("warning", "students.csv", "no enrollment", "one each", "add it", 26, "student_id", 3)
    many = replace(few, count=113)
    n10, published = DEFINITIONS.policies["n10"], DEFINITIONS.policies["published"]
    shown = [_public_check(one, n10) for one in (few, many)]
    assert [(one.row, one.count) for one in shown] == [(None, 1), (None, 113)]
    assert _public_check(few, published) == few

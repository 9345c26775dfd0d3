"""A small released review, made by hand: one district, five schools, two years, a hidden group, names
that try to break out."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from evenground.model import FINDINGS, UNITS, About, NotMeasured, Problem, Released, group_dimensions

PLACE = "Cedar <b>Valley</b> & Hills"
YEARS = ("2014-15", "2015-16")
BLACK, WHITE, LATINA = "race_ethnicity:black", "race_ethnicity:white", "race_ethnicity:hispanic+sex:female"
ISLANDER = "race_ethnicity:pacific_islander"
DISTRICT = ("district", "0012345", PLACE)
SCHOOLS = [
    ("school", f"00{n}", name) for n, name in enumerate(["=cmd|' /C calc'!A0", "Oak", "Elm", "Ash", "Yew"])
]

# (group, n, rate) in each year; of 1,000 graduates in 2015-16, 540 had completed the courses
RATES = {
    "2014-15": [
        ("all", 900, 0.50),
        (BLACK, 180, 0.35),
        (WHITE, 400, 0.58),
        (LATINA, 100, 0.50),
        (ISLANDER, None, None),
    ],
    "2015-16": [
        ("all", 1000, 0.54),
        (BLACK, 200, 0.47),
        (WHITE, 400, 0.60),
        (LATINA, 110, 0.602),
        (ISLANDER, None, None),
    ],
}
EXPERIENCE = [("all", 5000, 11.9), (BLACK, 1000, 10.8), (WHITE, 2000, 12.5)]


class Made:
    """Collects rows of findings and cells."""

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.cells: list[dict[str, Any]] = []

    def finding(self, indicator: str, measure: str, group: str, value: float | None, **more: Any) -> None:
        level, identity, name = more.pop("unit", DISTRICT)
        period = more.pop("period", "2015-16")
        question, domain = {
            "ag_completion": ("doors", "advanced_courses"),
            "teacher_experience": ("teachers", "teachers"),
        }[indicator]
        compared = measure not in ("rate", "mean", "change")
        self.findings.append(
            {
                "finding_id": "/".join([indicator, f"{level}:{identity}", period, group, measure]),
                "question": question,
                "domain": domain,
                "indicator": indicator,
                "unit_level": level,
                "unit_id": identity,
                "unit_name": name,
                "period": period,
                "period_from": None,
                "dimension": "+".join(group_dimensions(group)) or "all",
                "group": group,
                "reference": "overall" if compared else None,
                "reference_group": "all" if compared else None,
                "measure": measure,
                "value": value,
                "low": None,
                "high": None,
                "n": None,
                "state": "value" if value is not None else "hidden",
                "direction": "higher",
                "perspective": None,
                "verdict": None,
                "rank": None,
                **more,
            }
        )

    def cell(
        self,
        indicator: str,
        unit: tuple[str, str, str],
        period: str,
        group: str,
        n: float | None,
        value: float | None,
    ) -> None:
        told = value is not None
        self.cells.append(
            {
                "indicator": indicator,
                "unit_level": unit[0],
                "unit_id": unit[1],
                "period": period,
                "group": group,
                "n": n,
                "value": value,
                "state": "value" if told else "hidden",
                "low": None,
                "high": None,
                "reason": "" if told else "protects_students",
            }
        )


def _levels(made: Made) -> None:
    for period, rows in RATES.items():
        for group, n, rate in rows:
            bounds = {"low": rate - 0.05, "high": rate + 0.05} if rate is not None else {}
            made.finding("ag_completion", "rate", group, rate, period=period, n=n, **bounds)
            made.cell("ag_completion", DISTRICT, period, group, n, rate)
    for group, n, value in EXPERIENCE:
        made.finding("teacher_experience", "mean", group, value, n=n, low=value - 0.3, high=value + 0.3)
        made.cell("teacher_experience", DISTRICT, "2015-16", group, n, value)


def _comparisons(made: Made) -> None:
    made.finding(
        "ag_completion", "difference", BLACK, -0.07, low=-0.09, high=-0.05, n=200, verdict="below", rank=1
    )
    made.finding("ag_completion", "difference", WHITE, 0.06, low=0.03, high=0.09, n=400, verdict="above")
    made.finding(
        "ag_completion",
        "difference",
        LATINA,
        0.062,
        low=-0.03,
        high=0.15,
        n=110,
        verdict="no_clear_difference",
    )
    made.finding("ag_completion", "difference", ISLANDER, None)
    made.finding("ag_completion", "needed_fixed", BLACK, 14.0)  # 0.54 * 200 - 94
    made.finding(
        "ag_completion", "needed_moving", BLACK, 17.5
    )  # everybody else: 446 of 800; 0.5575 * 200 - 94
    made.finding("ag_completion", "ratio", BLACK, 0.47 / 0.54)
    made.finding("ag_completion", "ppg", BLACK, -0.07, low=-0.10, high=-0.04)
    made.finding("ag_completion", "proportionality_index", BLACK, 0.87)
    made.finding("ag_completion", "index_80", BLACK, 0.78)
    made.finding("ag_completion", "gap_between", BLACK, -0.03)
    made.finding("ag_completion", "gap_within", BLACK, -0.04)
    made.finding(
        "teacher_experience", "difference", BLACK, -1.1, low=-1.5, high=-0.7, n=1000, verdict="below", rank=2
    )
    made.finding("teacher_experience", "difference", WHITE, 0.6, n=2000)
    past = {"period_from": "2014-15"}
    made.finding("ag_completion", "change", BLACK, 0.12, low=0.06, high=0.18, verdict="rose", **past)
    made.finding(
        "ag_completion", "change", "all", 0.04, low=-0.01, high=0.09, verdict="no_clear_change", **past
    )
    made.finding(
        "ag_completion",
        "gap_change",
        BLACK,
        0.08,
        low=0.02,
        high=0.14,
        verdict="closed_behind_rose",
        reference_group=None,
        **past,
    )


def _schools(made: Made) -> None:
    for at, school in enumerate(SCHOOLS):
        rate, verdict = 0.40 + at / 50, "below" if at == 0 else "no_clear_difference"
        made.cell("ag_completion", school, "2015-16", BLACK, 40, rate)
        made.finding(
            "ag_completion",
            "difference",
            BLACK,
            rate - 0.5,
            unit=school,
            n=40,
            low=-0.2,
            high=0.1,
            verdict=verdict,
        )


@pytest.fixture(scope="session")
def released() -> Released:
    made = Made()
    _levels(made)
    _comparisons(made)
    _schools(made)
    names = ["indicator", "unit_level", "unit_id", "period", "group"]
    cells = pa.schema(
        [
            *((name, pa.string()) for name in names),
            ("n", pa.float64()),
            ("value", pa.float64()),
            ("state", pa.string()),
            ("low", pa.float64()),
            ("high", pa.float64()),
            ("reason", pa.string()),
        ]
    )
    units = [
        dict(zip(UNITS.names, (*DISTRICT, None), strict=True)),
        *(dict(zip(UNITS.names, (*school, "0012345"), strict=True)) for school in SCHOOLS),
    ]
    return Released(
        about=About(
            PLACE,
            "district",
            "0012345",
            "example",
            "A <i>publisher</i>",
            "CC0",
            YEARS,
            ("race_ethnicity", "sex"),
            "overall",
            "2026-11-21",
        ),
        cells=pa.Table.from_pylist(made.cells, schema=cells),
        findings=pa.Table.from_pylist(made.findings, schema=FINDINGS),
        units=pa.Table.from_pylist(units, schema=UNITS),
        disclosure={"policy": "n10", "attack": {"made": True, "hidden_counts_tried": 6, "derivable": 0}},
        checks=(
            Problem("note", "students.csv", "column <ssn>", "no such column", "leave it out", column="ssn"),
        ),
        not_measured=(NotMeasured("graduation", "not_in_source"),),
        inputs={"students.csv": "ab" * 32},
        settings={"example": None, "by": ["race_ethnicity", "sex"]},
    )

"""Every question about a whole system, asked of made-up ledgers that nobody would publish: places of nobody,
of one student, of nothing but zeros, with hidden and missing numbers, years left out, debits for money."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.questions.cells_made import DEFINITIONS, cell
from tests.report.sentences import row

from evenground.definitions import load_wording
from evenground.model import CELLS, HIDDEN, NOT_REPORTED, Unit
from evenground.questions.asked import Asked
from evenground.questions.first import latest_periods
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope
from evenground.questions.steadied import steadied_places
from evenground.questions.systems import SYSTEMS
from evenground.report.story.speech import Speech

SPEECH = Speech(DEFINITIONS, load_wording())
# The guards are taken down, so that few places and students reach what stands behind them.
OPEN = {
    "fewest_places": 2, "fewest_for_similar": 4, "similar_places": 2, "minimum_verdict_n": 1,
    "fewest_students_better": 1, "fewest_years_better": 2, "least_known_places": 0.3,
    "least_part_compared": 0, "fewest_for_background": 1, "risk_ratio_cell": 1, "risk_ratio_n": 1,
    "risk_ratio_years": 2, "least_cover": 0.1, "least_in_open_schools": 0.1, "minimum_reference_n": 1,
    "least_better": 0, "least_better_a_year": 0,
}  # fmt: skip
UNGUARDED = replace(
    DEFINITIONS,
    parameters={
        key: known.model_copy(update={"value": OPEN.get(key, known.value)})
        for key, known in DEFINITIONS.parameters.items()
    },
)
BY = ("race_ethnicity", "sex", "economic_disadvantage")
GROUPS = (
    "race_ethnicity:black", "race_ethnicity:white", "race_ethnicity:unknown", "sex:female",
    "economic_disadvantage:disadvantaged", "race_ethnicity:black+sex:female",
    "race_ethnicity:black+sex:male", "race_ethnicity:white+sex:female", "race_ethnicity:white+sex:male",
)  # fmt: skip
FAMILIES = (
    ("graduation", "ag_completion"),
    ("reading_basic", "reading_proficient", "reading_advanced"),
    ("reading_growth", "reading_proficient"),
    ("suspension",),
    ("suspension_events",),
    ("teacher_experience", "meals"),
    ("spending", "meals"),
)
YEARS = ("2012-13", "2013-14", "2014-15", "2016-17")
AGAINST_ONE = ("risk_ratio", "progressivity")
BY_ANOTHER_RULE = ("dissimilarity", "advantage")  # beside chance; with control of how many are named by luck


@st.composite
def ledgers(draw) -> tuple[Unit, list[dict], dict]:
    """A place with what is below it, and its cells; hidden ones too, with what they hide."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    state = draw(st.booleans())
    place = Unit("state", "KY", "Kentucky") if state else Unit("district", "00", "Adair")
    schools = {f"{d:02d}{s:02d}": f"{d:02d}" for d in range(draw(st.integers(1, 3)) if state else 1)
               for s in range(draw(st.integers(1, 9)))}  # fmt: skip
    units = [("school", school) for school in schools]
    units += [("district", district) for district in sorted(set(schools.values()))]
    units += [("state", "KY")] if state else []
    parents = {("school", school): district for school, district in schools.items()}
    parents |= {("district", district): "KY" for district in schools.values() if state}
    groups = ["all", *draw(st.lists(st.sampled_from(GROUPS), unique=True))]
    years = draw(st.lists(st.sampled_from(YEARS), min_size=1, unique=True))
    largest, hidden = draw(st.sampled_from([1, 3, 40, 1000])), draw(st.sampled_from([0, 0.2, 1]))
    values = draw(st.sampled_from([[0.0], [1.0], [0.0, 1.0], [0.0, 0.5, 1.0, 0.3]]))
    rows = []
    for key in draw(st.sampled_from(FAMILIES)):
        known = DEFINITIONS.indicators[key]
        for year in years:
            sums = {}
            for level, unit in units:
                below = [one for one in parents if parents[one] == unit and level != "school"]
                for group in groups:
                    n = float(rng.integers(0, largest + 1)) * (3 if group == "all" else 1)
                    value = float(rng.choice(values)) * (1 if known.unit == "share" else -500)
                    total = round(n * value) if known.kind == "rate" else n * value
                    if below:
                        n, total = (sum(sums[one, group][at] for one in below) for at in (0, 1))
                    sums[(level, unit), group] = n, total
                    if n and rng.random() < 0.95:
                        gone = group != "all" and rng.random() < hidden
                        rows.append(cell(key, level, unit, year, group, n, float(total), gone)
                                    | ({"state": NOT_REPORTED} if rng.random() < 0.05 else {}))  # fmt: skip
    return place, rows, parents


def told(place: Unit, rows: list[dict], parents: dict, definitions) -> pa.Table:
    cells = pa.Table.from_pylist(rows, schema=CELLS)
    findings = Findings({}, {key: known.domain for key, known in definitions.questions.items()})
    latest = latest_periods(cells, place, None)
    scope = Scope(cells, Asked(place, BY, 2, "overall"), definitions, latest, {}, parents)
    for system in SYSTEMS:
        system(findings, scope)
    for key in scope.indicators:
        block = scope.block(key)
        schools = np.flatnonzero((block.level == "school") & (block.period == latest[key]))
        steadied_places(findings, block, schools, definitions)
    return findings.table()


@pytest.mark.filterwarnings("error")
@settings(max_examples=25, deadline=None)
@given(ledgers())
def test_whatever_the_ledger_it_is_answered_and_verdicts_are_earned(ledger) -> None:
    place, rows, parents = ledger
    for definitions in (DEFINITIONS, UNGUARDED):
        found = told(place, rows, parents, definitions)
        for one in found.to_pylist():
            value, low, high = one["value"], one["low"], one["high"]
            known = [number for number in (value, low, high) if number is not None]
            assert all(math.isfinite(number) for number in known), one
            assert known[1:] == [] or low - 1e-9 <= value <= high + 1e-9, one
            if one["verdict"] in ("above", "below", "rose", "fell"):
                _earned(one)
            _spoken(one)


def _spoken(one: dict) -> None:
    known = DEFINITIONS.indicators[one["indicator"]]
    words = SPEECH.sentence(
        row(one["indicator"], known, one["group"], one["measure"], one["value"], reference=one["reference"])
    )
    assert not {"nan", "inf", "nan%"} & set(f"{words.en} {words.es}".lower().split()), words


def _earned(one: dict) -> None:
    if one["measure"].startswith(BY_ANOTHER_RULE):
        return
    assert None not in (one["low"], one["high"]), one
    line = 1 if one["measure"] in AGAINST_ONE else 0
    side = one["low"] > line if one["verdict"] in ("above", "rose") else one["high"] < line
    assert side, one


@settings(max_examples=10, deadline=None)
@given(ledgers(), st.integers(0, 10**6))
def test_what_is_hidden_changes_nothing_that_is_told(ledger, seed: int) -> None:
    """Cells that are hidden carry other numbers: no finding moves."""
    place, rows, parents = ledger
    rng = np.random.default_rng(seed)
    names = ("n", "total", "total_sq", "weight_sq", "value")
    other = [
        one | ({name: float(rng.integers(1, 99)) for name in names} if one["state"] == HIDDEN else {})
        for one in rows
    ]
    assert told(place, rows, parents, UNGUARDED).equals(told(place, other, parents, UNGUARDED))

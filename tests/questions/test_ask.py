"""The questions of a review, on cells made by hand: every finding against the measure called directly."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load
from evenground.measures import Sums, change, difference, impact, index_80, rate, ratio, reference
from evenground.model import CELLS, FINDINGS, HIDDEN, NOT_APPLICABLE, NOT_REPORTED, UNITS, VALUE, Unit
from evenground.questions import Asked, ask

DEFINITIONS = load()
UNIT_TABLE = pa.Table.from_pylist(
    [
        {"unit_level": "state", "unit_id": "KY", "unit_name": "Kentucky", "parent_id": None},
        {"unit_level": "district", "unit_id": "01", "unit_name": "Adair", "parent_id": "KY"},
        {"unit_level": "district", "unit_id": "02", "unit_name": "Boone", "parent_id": "KY"},
        {"unit_level": "school", "unit_id": "011", "unit_name": "Adair High", "parent_id": "01"},
    ],
    schema=UNITS,
)
LEVEL = {"KY": "state", "01": "district", "02": "district", "03": "district", "011": "school"}
# Black, white and Hispanic students of the state: n and how many graduated.
BLACK, WHITE, HISPANIC, ALL = (200, 120), (600, 480), (40, 34), (840, 634)


def cell(
    unit, group, counts=(None, None), *, period="2015-16", indicator="graduation", state=VALUE, **more
) -> dict:
    n, total = counts
    if group != "all" and ":" not in group:
        group = f"race_ethnicity:{group}"
    row = {
        "indicator": indicator,
        "unit_level": LEVEL[unit],
        "unit_id": unit,
        "period": period,
        "group": group,
    }
    row |= {"n": n, "total": total, "total_sq": total, "weight_sq": None, "value": total / n if n else None}
    return row | {"state": state} | more


def state_cells(**more) -> list[dict]:
    groups = {"all": ALL, "black": BLACK, "white": WHITE, "hispanic": HISPANIC}
    return [cell("KY", group, counts, **more) for group, counts in groups.items()]


def asked(reference="overall", period=None, unit=("state", "KY")) -> Asked:
    return Asked(Unit(*unit), ("race_ethnicity",), 1, reference, period)


def found(cells: list[dict], question: Asked | None = None) -> dict[tuple[str, str, str], dict]:
    """(unit, group, measure) -> finding; of the last period where there are several."""
    table = ask(pa.Table.from_pylist(cells, schema=CELLS), UNIT_TABLE, question or asked(), DEFINITIONS)
    assert table.schema == FINDINGS
    ids = table["finding_id"].to_pylist()
    assert len(set(ids)) == len(ids), "a finding twice"
    core = [row for row in table.to_pylist() if row["perspective"] is None]
    rows = sorted(core, key=lambda row: row["period"])
    short = {row["group"].rpartition(":")[2] for row in rows}
    assert short
    return {(row["unit_id"], row["group"].rpartition(":")[2], row["measure"]): row for row in rows}


def interval(finding: dict) -> tuple[float, float, float]:
    return finding["value"], finding["low"], finding["high"]


def first(estimate) -> tuple[float, float, float]:
    return estimate.value[0], estimate.low[0], estimate.high[0]


def sums(*counts: tuple[int, int]) -> Sums:
    return Sums.of([n for n, _ in counts], [total for _, total in counts])


def test_every_measure_is_the_measure_called_directly():
    findings = found(state_cells())
    groups, whole = sums(BLACK), sums(ALL)
    overall = reference.overall(groups, whole)
    assert interval(findings["KY", "black", "rate"]) == pytest.approx(first(rate.estimate(groups)))
    assert interval(findings["KY", "black", "difference"]) == pytest.approx(
        first(difference.rates_to_reference(groups, overall))
    )
    assert interval(findings["KY", "black", "ratio"]) == pytest.approx(
        first(ratio.rates_to_reference(groups, overall))
    )
    gap = impact.percentage_point_gap(groups, overall, minimum=0.03, direction="higher")
    margin = 1.96 * (0.25 / 200) ** 0.5
    assert interval(findings["KY", "black", "ppg"]) == pytest.approx(
        (gap.value[0], gap.value[0] - margin, gap.value[0] + margin)
    )
    # The highest group of 30 or more is the Hispanic one, 34 of 40.
    best = reference.named(sums(BLACK, HISPANIC), [0, 0], [False, True])
    expected = index_80(sums(BLACK, HISPANIC), best, cutoff=0.8, direction="higher").value[0]
    assert (
        findings["KY", "black", "index_80"]["value"] == pytest.approx(expected) == pytest.approx(0.6 / 0.85)
    )
    assert findings["KY", "black", "proportionality_index"]["value"] == pytest.approx(
        (120 / 634) / (200 / 840)
    )
    # (120 + k)/200 >= 634/840 from k = 31; with the whole moving, (120 + k)/200 >= (634 + k)/840, from 41.
    assert findings["KY", "black", "needed_fixed"]["value"] == 31
    assert findings["KY", "black", "needed_moving"]["value"] == 41
    assert findings["KY", "white", "needed_moving"]["value"] == 0


def test_a_finding_says_of_whom_where_and_when():
    row = found(state_cells())["KY", "black", "difference"]
    assert (row["unit_name"], row["period"], row["dimension"]) == ("Kentucky", "2015-16", "race_ethnicity")
    assert (row["question"], row["domain"], row["direction"]) == ("finish", "readiness", "higher")
    assert (row["n"], row["reference"], row["reference_group"]) == (200, "overall", "all")
    assert row["verdict"] == "below"


@pytest.mark.parametrize(
    ("name", "partner", "served"),
    [
        ("others", (640, 514), None),
        ("highest", HISPANIC, "race_ethnicity:hispanic"),
        ("group:white", WHITE, "race_ethnicity:white"),
        ("group:race_ethnicity:white", WHITE, "race_ethnicity:white"),
    ],
)
def test_references_that_are_other_students(name, partner, served):
    row = found(state_cells(), asked(name))["KY", "black", "difference"]
    expected = difference.newcombe(*(np.array([x]) for x in (120, 200, partner[1], partner[0])))
    assert interval(row) == pytest.approx(first(expected))
    assert (row["reference"], row["reference_group"]) == (name, served)


def test_a_target_moves_the_interval_of_the_rate():
    findings = found(state_cells(), asked("target:0.9"))
    value, low, high = interval(findings["KY", "black", "rate"])
    assert interval(findings["KY", "black", "difference"]) == pytest.approx(
        (value - 0.9, low - 0.9, high - 0.9)
    )
    assert findings["KY", "black", "difference"]["reference_group"] is None
    assert findings["KY", "black", "needed_fixed"]["value"] == 60  # 180 of 200 are 90 %


def test_the_group_that_serves_is_not_compared_with_itself():
    row = found(state_cells(), asked("highest"))["KY", "hispanic", "difference"]
    assert (row["value"], row["low"], row["verdict"], row["rank"]) == (0, None, None, None)


@pytest.mark.parametrize("state", [HIDDEN, NOT_REPORTED, NOT_APPLICABLE])
@pytest.mark.parametrize("name", ["overall", "others", "highest", "group:white", "target:0.5"])
def test_what_is_not_a_value_stays_so_in_every_measure(name, state):
    cells = state_cells()
    cells[1] = cell("KY", "black", state=state)
    findings = found(cells, asked(name))
    of_group = [row for (_, group, _), row in findings.items() if group == "black"]
    assert {row["measure"] for row in of_group} >= {
        "rate",
        "difference",
        "ratio",
        "needed_moving",
        "index_80",
    }
    assert {row["state"] for row in of_group} == {state}
    numbers = {row[name] for row in of_group for name in ("value", "low", "high", "n", "rank", "verdict")}
    assert numbers == {None}


def test_without_everybody_there_is_no_gap_to_everybody():
    cells = state_cells()
    cells[0] = cell("KY", "all", state=HIDDEN)
    row = found(cells)["KY", "black", "difference"]
    assert (row["value"], row["state"]) == (None, NOT_APPLICABLE)
    assert found(cells, asked("group:white"))["KY", "black", "difference"]["value"] == pytest.approx(-0.2)


def test_a_rate_without_n_has_a_bare_difference_and_no_verdict():
    cells = [cell("KY", "all", ALL), cell("KY", "black", value=0.6)]
    findings = found(cells)
    assert interval(findings["KY", "black", "rate"]) == (0.6, None, None)
    row = findings["KY", "black", "difference"]
    assert row["value"] == pytest.approx(0.6 - 634 / 840)
    assert (row["low"], row["n"], row["verdict"], row["rank"]) == (None, None, None, None)
    assert findings["KY", "black", "needed_moving"]["state"] == NOT_APPLICABLE


def test_parts_of_the_unit_get_the_difference_only():
    cells = [
        *state_cells(),
        cell("01", "all", (100, 80)),
        cell("01", "black", (40, 20)),
        cell("011", "black", (9, 9)),
    ]
    findings = found(cells)
    assert {measure for unit, _, measure in findings if unit == "01"} == {"difference"}
    assert findings["01", "black", "difference"]["value"] == pytest.approx(0.5 - 0.8)
    assert {measure for unit, _, measure in findings if unit == "011"} == {"difference"}, "schools too"


def test_an_exposure_is_compared_by_means_and_counts_schools():
    """50 students in 2 schools of 25: sizes squared 1,250, so 2 independent units, and a t interval of 1
    degree."""
    more = {"indicator": "teacher_experience", "total_sq": 6000.0}
    cells = [
        cell("KY", "all", (100, 1100.0), **(more | {"weight_sq": 5000.0, "total_sq": 12_500.0})),
        cell("KY", "black", (50, 500.0), **(more | {"weight_sq": 1250.0, "total_sq": 5200.0})),
    ]
    findings = found(cells)
    # variance (5200/50 - 100) * 2/1 = 8, standard error sqrt(8/2) = 2, t(1) = 12.7062
    assert interval(findings["KY", "black", "mean"]) == pytest.approx(
        (10, 10 - 25.4124, 10 + 25.4124), abs=1e-3
    )
    assert findings["KY", "black", "difference"]["value"] == pytest.approx(-1)
    assert ("KY", "black", "needed_moving") not in findings
    assert ("KY", "black", "rate") not in findings


def years(*pairs: tuple[tuple[int, int], tuple[int, int]]) -> list[dict]:
    """Black and white students of two years; everybody is both."""
    cells = []
    for period, (black, white) in zip(("2014-15", "2015-16"), pairs, strict=True):
        whole = (black[0] + white[0], black[1] + white[1])
        for group, counts in (("all", whole), ("black", black), ("white", white)):
            cells.append(cell("KY", group, counts, period=period))
    return cells


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (((1000, 500), (1000, 800)), ((1000, 700), (1000, 800)), "closed_behind_rose"),
        (((1000, 500), (1000, 800)), ((1000, 500), (1000, 650)), "closed_ahead_fell"),
        (((1000, 500), (1000, 800)), ((1000, 600), (1000, 700)), "closed_both"),
        (((1000, 500), (1000, 800)), ((1000, 400), (1000, 800)), "widened_behind_fell"),
        (((1000, 500), (1000, 700)), ((1000, 500), (1000, 800)), "widened_ahead_rose"),
        (((1000, 500), (1000, 800)), ((1000, 505), (1000, 800)), "no_clear_change"),
        (((1000, 700), (1000, 700)), ((1000, 500), (1000, 700)), "widened_behind_fell"),
        (((1000, 500), (1000, 700)), ((1000, 650), (1000, 790)), "closed_behind_rose"),
        (((1000, 400), (1000, 600)), ((1000, 700), (1000, 500)), "reversed"),
    ],
)
@pytest.mark.parametrize("name", ["overall", "others", "group:white"])
def test_the_verdict_on_a_gap_over_time(name, before, after, verdict):
    row = found(years(before, after), asked(name))["KY", "black", "gap_change"]
    assert row["verdict"] == verdict
    assert (row["period_from"], row["period"]) == ("2014-15", "2015-16")
    black, white = (
        np.array([now / 1000 - old / 1000])
        for old, now in zip(*([c for _, c in year] for year in (before, after)), strict=True)
    )
    assert row["value"] == pytest.approx(float(black[0] - white[0]))


def test_a_change_is_newcombes_difference_and_its_verdict_is_earned():
    findings = found(years(((1000, 500), (1000, 800)), ((1000, 700), (1000, 810))))
    row = findings["KY", "black", "change"]
    assert interval(row) == pytest.approx(first(change.of_rate([500], [1000], [700], [1000])))
    assert row["verdict"] == "rose"
    assert findings["KY", "white", "change"]["verdict"] == "no_clear_change"


def test_a_gap_to_a_target_over_time():
    row = found(years(((1000, 500), (1000, 800)), ((1000, 700), (1000, 800))), asked("target:0.9"))
    assert row["KY", "black", "gap_change"]["value"] == pytest.approx(0.2)
    assert row["KY", "black", "gap_change"]["verdict"] == "closed_behind_rose"


def test_a_hidden_year_has_no_change():
    cells = years(((1000, 500), (1000, 800)), ((1000, 700), (1000, 800)))
    cells[1] = cell("KY", "black", state=HIDDEN, period="2014-15")
    row = found(cells)["KY", "black", "change"]
    assert (row["value"], row["verdict"], row["state"]) == (None, None, NOT_APPLICABLE)


def test_the_period_asked_for_is_the_last_one_seen():
    cells = years(((1000, 500), (1000, 800)), ((1000, 700), (1000, 800)))
    findings = found(cells, asked(period="2014-15"))
    assert {row["period"] for row in findings.values()} == {"2014-15"}
    assert ("KY", "black", "change") not in findings
    assert findings["KY", "black", "difference"]["rank"] == 1


def places(**hidden: str) -> list[dict]:
    """Two districts, of which `hidden` names groups whose number is hidden there."""
    counts = {
        "KY": {"all": (400, 260), "black": (150, 70), "white": (250, 190)},
        "01": {"all": (200, 100), "black": (120, 50), "white": (80, 50)},
        "02": {"all": (200, 160), "black": (30, 20), "white": (170, 140)},
    }
    return [
        cell(unit, group, state=HIDDEN) if hidden.get(f"d{unit}") == group else cell(unit, group, numbers)
        for unit, groups in counts.items()
        for group, numbers in groups.items()
    ]


def kitagawa(*units: tuple[tuple[int, int], tuple[int, int]]) -> tuple[float, float]:
    """Between and within by the textbook: shares differ at mean rates, rates differ at mean shares."""
    n_a, n_b = (sum(unit[side][0] for unit in units) for side in (0, 1))
    between = within = 0.0
    for (a_n, a), (b_n, b) in units:
        between += (a_n / n_a - b_n / n_b) * (a / a_n + b / b_n) / 2
        within += (a_n / n_a + b_n / n_b) / 2 * (a / a_n - b / b_n)
    return between, within


@pytest.mark.parametrize("name", ["overall", "others", "group:white"])
def test_between_and_within_sum_to_the_gap(name):
    findings = found(places(), asked(name))
    between, within = (findings["KY", "black", f"gap_{part}"]["value"] for part in ("between", "within"))
    assert between + within == pytest.approx(findings["KY", "black", "difference"]["value"])
    expected = kitagawa(((120, 50), (80, 50)), ((30, 20), (170, 140)))
    share = 250 / 400 if name == "overall" else 1
    assert (between, within) == pytest.approx(tuple(part * share for part in expected))


def test_places_that_hide_are_one_remainder_and_the_sum_stays_the_gap():
    """District 02 hides its Black students: what is left of the state once 01 and 03 are taken away."""
    cells = [*places(d02="black"), cell("03", "all", (260, 150)), cell("03", "black", (40, 20))]
    cells[0:3] = [
        cell("KY", "all", (660, 410)),
        cell("KY", "black", (190, 90)),
        cell("KY", "white", (470, 320)),
    ]
    clay = {"unit_level": "district", "unit_id": "03", "unit_name": "Clay", "parent_id": "KY"}
    units = [*UNIT_TABLE.to_pylist(), clay]
    table = ask(
        pa.Table.from_pylist(cells, schema=CELLS),
        pa.Table.from_pylist(units, schema=UNITS),
        asked("others"),
        DEFINITIONS,
    )
    values = {
        row["measure"]: row["value"]
        for row in table.to_pylist()
        if row["unit_id"] == "KY" and row["group"].endswith("black") and row["perspective"] is None
    }
    expected = kitagawa(((120, 50), (80, 50)), ((40, 20), (220, 130)), ((30, 20), (170, 140)))
    assert (values["gap_between"], values["gap_within"]) == pytest.approx(expected)
    assert values["gap_between"] + values["gap_within"] == pytest.approx(values["difference"])


def test_one_place_says_nothing_about_between_and_within():
    assert ("KY", "black", "gap_between") not in found(places(d02="black"))
    assert ("KY", "black", "gap_between") not in found(places(), asked("target:0.9"))


def test_a_rate_without_n_is_not_split():
    cells = places()
    cells[1] = cell("KY", "black", value=70 / 150)
    assert ("KY", "black", "gap_between") not in found(cells, asked("group:white"))


def test_only_unfavourable_gaps_that_are_certain_are_ranked_by_importance():
    """Of four unfavourable gaps three are certain; what counts is how many and how far."""
    cells = [
        *state_cells(),
        cell("KY", "sex:female", (420, 350)),
        cell("KY", "sex:male", (420, 284)),
        cell("KY", "disability:with_disability", (60, 20)),
        cell("KY", "foster:foster", (10, 7)),
    ]
    findings = found(cells)
    ranks = {group: row["rank"] for (_, group, measure), row in findings.items() if measure == "difference"}
    # Everybody 634 of 840. asin of the root: everybody 1.053, Black .886, male .965, with a disability .615.
    # part x (twice the distance)^2: Black 200/840 x .334^2 = .027, male 1/2 x .176^2 = .015, with a
    # disability 60/840 x .875^2 = .055: few students, very far behind.
    certain = sorted((group for group, rank in ranks.items() if rank), key=ranks.get)
    assert certain == ["with_disability", "black", "male"]
    assert [ranks[group] for group in certain] == [1, 2, 3]
    assert ranks["foster"] is None, "its interval holds 0"
    assert ranks["female"] is None, "favourable"
    assert all(row["rank"] is None for (*_, measure), row in findings.items() if measure != "difference")


def test_where_lower_is_better_a_higher_rate_is_ranked():
    cells = [
        cell("KY", group, counts, indicator="chronic_absence")
        for group, counts in (("all", (1000, 200)), ("black", (300, 100)), ("white", (700, 100)))
    ]
    findings = found(cells)
    assert findings["KY", "black", "difference"]["rank"] == 1
    assert findings["KY", "black", "difference"]["verdict"] == "above"
    assert findings["KY", "white", "difference"]["rank"] is None
    # 100 - k of 300 at most (200 - k)/1000: k >= 400/7 = 57.1
    assert findings["KY", "black", "needed_moving"]["value"] == 58


def test_no_cells_are_no_findings():
    table = ask(CELLS.empty_table(), UNIT_TABLE, asked(), DEFINITIONS)
    assert table.num_rows == 0
    assert table.schema == FINDINGS


def test_what_is_nearly_everybody_or_the_rest_of_a_group_is_never_looked_at_first():
    cells = [
        cell("KY", "all", (10_000, 6_000)),
        cell("KY", "homeless:not_homeless", (9_700, 5_700)),
        cell("KY", "disability:without_disability", (3_000, 1_200)),
        cell("KY", "sex:male", (9_000, 5_200)),
        cell("KY", "sex:female", (1_000, 800)),
        cell("KY", "english_learner:english_learner", (6_000, 3_300)),
        cell("KY", "race_ethnicity:black", (1_000, 400)),
    ]
    ranks = {group: row["rank"] for (_, group, what), row in found(cells).items() if what == "difference"}
    # asin of the root of .6 is .886, of .55 .835, of .4 .685: .6 x .101^2 = .006 and .1 x .403^2 = .016
    assert {group: rank for group, rank in ranks.items() if rank} == {"black": 1, "english_learner": 2}


@pytest.mark.parametrize(("n", "verdict"), [(1, "too_few"), (9, "too_few"), (10, "above")])
def test_a_handful_of_students_is_neither_above_nor_below(n, verdict):
    """All of `n` students, where 3 of 100 are: one alone would be called certain."""
    cells = [
        cell("KY", "all", (1_000, 30), indicator="chronic_absence"),
        cell("KY", "hispanic", (n, n), indicator="chronic_absence"),
    ]
    row = found(cells)["KY", "hispanic", "difference"]
    assert row["low"] > 0
    assert (row["verdict"], row["rank"]) == (verdict, 1 if verdict == "above" else None)


@pytest.mark.parametrize("small", ["before", "after", "others"])
def test_a_change_of_few_students_earns_no_verdict(small):
    """Nine students who go from 0 to 9 of 9: chance does not make that, but nine are too few to speak of."""
    before, after, rest = {
        "before": ((9, 0), (100, 100), (1000, 500)),
        "after": ((100, 0), (9, 9), (1000, 500)),
        "others": ((100, 0), (100, 100), (9, 4)),
    }[small]
    rows = found(
        [
            cell("KY", group, counts, period=period)
            for period, own in (("2014-15", before), ("2015-16", after))
            for group, counts in (("black", own), ("all", (own[0] + rest[0], own[1] + rest[1])))
        ]
    )
    change_of, gap = (rows["KY", "black", measure] for measure in ("change", "gap_change"))
    assert change_of["low"] > 0  # the interval alone would say that it rose
    assert change_of["verdict"] == ("rose" if small == "others" else "too_few")
    assert gap["verdict"] == "too_few"


def test_what_is_neither_good_nor_bad_has_no_gap_that_closes():
    cells = [
        row | {"indicator": "meals"} for row in years(((1000, 500), (1000, 800)), ((1000, 700), (1000, 800)))
    ]
    rows = found(cells)
    assert rows["KY", "black", "change"]["verdict"] == "rose"
    assert ("KY", "black", "gap_change") not in rows


def test_a_group_that_nobody_knows_is_never_first_and_one_that_joins_others_comes_last():
    cells = [
        cell("KY", "all", (10_000, 6_000)),
        cell("KY", "race_ethnicity:unknown", (1_000, 100)),
        cell("KY", "gap_group:gap_group", (5_000, 1_500)),
        cell("KY", "race_ethnicity:black", (1_000, 540)),
    ]
    ranks = {group: row["rank"] for (_, group, what), row in found(cells).items() if what == "difference"}
    assert ranks == {"black": 1, "gap_group": 2, "unknown": None}


def test_what_a_place_gives_to_all_alike_is_no_difference_of_zero():
    """A district that spends $9,000 on each of its students: no group gets less, and none is compared."""
    cells = [
        cell("01", group, (n, 9_000.0 * n), indicator="spending", total_sq=9_000.0**2 * n)
        for group, n in (("all", 300), ("black", 100), ("white", 200))
    ]
    rows = found(cells, asked(unit=("district", "01")))
    assert rows["01", "black", "mean"]["value"] == 9_000
    assert ("01", "black", "difference") not in rows


@pytest.mark.parametrize(
    ("target", "indicator", "compared"),
    [
        ("0.8", "graduation", True),
        ("0.8", "spending", False),
        ("9500", "spending", True),
        ("90", "graduation", False),
    ],
)
def test_a_target_is_for_indicators_of_its_unit(target, indicator, compared):
    counts = {"graduation": (100, 60.0, 60.0), "spending": (100, 900_000.0, 8_200_000_000.0)}
    n, total, squares = counts[indicator]
    cells = [
        cell("KY", group, (n, total), indicator=indicator, total_sq=squares) for group in ("all", "black")
    ]
    rows = found(cells, asked(f"target:{target}"))
    assert (("KY", "black", "difference") in rows) == compared

"""California's graduates against numbers that were published elsewhere."""

from __future__ import annotations

import pytest

from evenground.sources.dataset import Dataset

LAUSD = "unit_level = 'school' AND unit_id LIKE '1964733%' AND period = '2015-16'"


# Los Angeles Unified 2015-16 as the CDE's page shows it: graduates and share with the A-G courses
@pytest.mark.parametrize(
    ("race", "graduates", "percent"),
    [
        ("hispanic", 27676, 53.5),
        ("black", 3273, 47.3),
        ("white", 3476, 58.1),
        ("asian", 1570, 77.3),
        ("filipino", 1194, 70.7),
    ],
)
def test_los_angeles_by_race(california_cells, race: str, graduates: int, percent: float) -> None:
    query = (
        f"SELECT SUM(n), 100 * SUM(total) / SUM(n) FROM leaves WHERE {LAUSD} AND race_ethnicity = '{race}'"
    )
    n, rate = california_cells.sql(query)[0]
    assert n == graduates
    assert round(rate, 1) == percent


@pytest.mark.parametrize(("sex", "percent"), [("female", 60.2), ("male", 46.2)])
def test_latinas_and_latinos(california_cells, sex: str, percent: float) -> None:
    where = f"{LAUSD} AND race_ethnicity = 'hispanic' AND sex = '{sex}'"
    assert (
        round(california_cells.sql(f"SELECT 100 * SUM(total) / SUM(n) FROM leaves WHERE {where}")[0][0], 1)
        == percent
    )


# Totals of the state in other CDE files: gradaf15.xls (2014-15) and Eth_grad_1516.xls (2015-16)
@pytest.mark.parametrize(
    ("period", "race", "column", "count"),
    [
        ("2014-15", "hispanic", "total", 73318),
        ("2014-15", "black", "total", 8612),
        ("2014-15", "white", "total", 58231),
        ("2014-15", "asian", "total", 29919),
        ("2015-16", "hispanic", "n", 217397),
        ("2015-16", "black", "n", 25897),
        ("2015-16", "white", "n", 114408),
    ],
)
def test_state_totals_of_other_files(
    california_cells, period: str, race: str, column: str, count: int
) -> None:
    where = f"unit_level = 'school' AND period = '{period}' AND race_ethnicity = '{race}'"
    assert california_cells.sql(f"SELECT SUM({column}) FROM leaves WHERE {where}") == [(count,)]


def test_rows_in_both_files_count_once(california: Dataset) -> None:
    notes = [problem for problem in california.checks if "same numbers" in problem.found]
    assert [(problem.severity, problem.count) for problem in notes] == [("note", 37853)]


def test_more_completers_than_graduates_is_not_used(california: Dataset, california_cells) -> None:
    # CDS 19101991995232, 1992-93, Asian girls: 1 graduate, 2 with A-G
    cell = california_cells(
        "ag_completion", "school", "19101991995232", "1992-93", race_ethnicity="asian", sex="female"
    )
    assert cell is not None
    assert (cell["state"], cell["n"], cell["total"], cell["value"]) == ("not_reported", None, None, None)
    warnings = [problem for problem in california.checks if problem.severity == "warning"]
    assert [problem.count for problem in warnings] == [312]


def test_the_county_is_not_the_state(california_cells) -> None:
    query = "SELECT DISTINCT period, state, n FROM leaves WHERE unit_level = 'state' ORDER BY period"
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(1992, 2006)]
    assert california_cells.sql(query) == [(year, "not_reported", None) for year in years]
    assert california_cells("ag_completion", "state", "CA", "2005-06")["state"] == "not_reported"
    assert california_cells("ag_completion", "state", "CA", "2005-06", sex="female") is not None
    assert (
        california_cells("ag_completion", "state", "CA", "2006-07") is None
    )  # added up from the schools later


def test_units_and_inputs(california: Dataset) -> None:
    units = {(row["unit_level"], row["unit_id"]): row for row in california.units.to_pylist()}
    assert units["district", "1964733"]["unit_name"] == "Los Angeles Unified"
    assert units["district", "1964733"]["parent_id"] == "CA"
    assert {
        row["parent_id"]
        for (level, unit), row in units.items()
        if unit.startswith("1964733") and level == "school"
    } == {"1964733"}
    assert any(unit.startswith("0") for _, unit in units)  # ids keep their zeros
    assert sorted(california.inputs) == ["graduates_0607_1516.csv.gz", "graduates_LAcounty_9293_1516.csv.gz"]
    assert all(len(digest) == 64 for digest in california.inputs.values())
    assert any(problem.file == "graduates_full.rda" for problem in california.checks)
    assert california.periods[0] == "1992-93"
    assert california.periods[-1] == "2015-16"
    assert california.indicators == ("ag_completion",)
    assert "ap_participation" in {entry.indicator for entry in california.not_measured}

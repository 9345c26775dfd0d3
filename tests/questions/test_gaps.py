"""Gaps on any table: counts against pandas, measures against published values and arithmetic by hand."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evenground
from evenground.definitions import load
from evenground.measures import Sums, difference, ratio, reference
from evenground.model import InputProblems
from evenground.questions.gaps import COLUMNS, Wanted, gaps
from evenground.sources.table import read_table

DEFINITIONS = load()


def made(frame: pd.DataFrame | pa.Table, by=("race",), **options) -> dict[tuple[str, str], dict]:
    """(period, group) -> row of the result."""
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    wanted = Wanted(options.pop("outcome", "y"), tuple(by), **options)
    result = gaps(table, wanted, DEFINITIONS)
    assert result.schema == COLUMNS
    return {(row["period"], row["group"]): row for row in result.to_pylist()}


def only(frame: pd.DataFrame | pa.Table, **options) -> dict[str, dict]:
    return {group: row for (_, group), row in made(frame, **options).items()}


def cohort() -> pd.DataFrame:
    """20,000 students in four groups: those of DisImpact's sample cohort, and the rest of it."""
    counts = {"asian": (6000, 4292), "black": (2000, 607), "hispanic": (4000, 847), "white": (8000, 4782)}
    rows = [(race, int(student < s)) for race, (n, s) in counts.items() for student in range(n)]
    return pd.DataFrame(rows, columns=["race", "y"])


def test_the_values_of_a_published_cohort():
    """DisImpact 0.0.22 prints these; where its count is too low the exact one is 496 and 1,574 students."""
    found = only(cohort())
    assert found["all"]["rate"] == pytest.approx(0.5264)
    groups = [found[f"race:{race}"] for race in ("asian", "black", "hispanic")]
    assert [row["n"] for row in groups] == [6000, 2000, 4000]
    assert [row["successes"] for row in groups] == [4292, 607, 847]
    assert [round(row["ppg"], 6) for row in groups] == [0.188933, -0.2229, -0.31465]
    assert [row["ppg_moe"] for row in groups] == [0.03, 0.03, 0.03]
    assert [row["needed_fixed"] for row in groups] == [0, 446, 1259]
    assert [row["needed_moving"] for row in groups] == [0, 496, 1574]
    assert [round(row["proportionality_index"], 6) for row in groups] == [1.358916, 0.576558, 0.402261]
    assert [round(row["index_80"], 6) for row in groups] == [1, 0.424278, 0.296016]


def test_everybody_is_compared_with_nobody():
    everybody = only(cohort())["all"]
    empty = {"reference", "reference_group", "reference_rate", "difference", "ratio", "ppg", "needed_moving"}
    assert {name: everybody[name] for name in empty} == dict.fromkeys(empty)


def test_fewer_is_better_where_asked():
    """Black 100 of 200 and white 30 of 100: to the 43.3 % of everybody 14 fewer, (100 - k)/200 <= (130 -
    k)/300: 40."""
    rows = [("black", 1)] * 100 + [("black", 0)] * 100 + [("white", 1)] * 30 + [("white", 0)] * 70
    found = only(pd.DataFrame(rows, columns=["race", "y"]), direction="lower")
    assert (found["race:black"]["needed_fixed"], found["race:black"]["needed_moving"]) == (14, 40)
    assert found["race:white"]["needed_moving"] == 0


def test_weights_by_hand():
    """Weights 2, 1, 1 and outcomes 1, 0, 1: 3/4 of 4; effective n 16/6; Wilson's interval of .75 of
    2.6667."""
    frame = pd.DataFrame({"race": ["a", "a", "a"], "y": [1, 0, 1], "w": [2.0, 1.0, 1.0]})
    row = only(frame, weight="w")["all"]
    assert (row["n"], row["n_weighted"], row["successes"], row["rate"]) == (3, 4.0, 2, 0.75)
    assert row["low"] == pytest.approx(0.2385, abs=5e-5)
    assert row["high"] == pytest.approx(0.9664, abs=5e-5)


def test_rows_without_weight_are_nobody_and_negative_weights_a_problem():
    frame = pd.DataFrame({"race": ["a", "a", "b"], "y": [1, 0, 1], "w": [1.0, 0.0, None]})
    assert only(frame, weight="w")["all"]["n"] == 1
    with pytest.raises(InputProblems, match="a negative weight"):
        only(frame.assign(w=[1, -1, 1]), weight="w")


def test_numbers_by_hand():
    """2, 4, 4, 6: mean 4, sd sqrt(8/3) = 1.632993, interval 4 -/+ 3.182446 * .816497 = 1.401543 to
    6.598457."""
    frame = pd.DataFrame({"race": ["a"] * 4 + ["b"] * 2, "y": [2, 4, 4, 6, 0, 1]})
    found = only(frame)
    row = found["race:a"]
    assert (row["mean"], row["rate"], row["successes"]) == (4, None, None)
    assert row["sd"] == pytest.approx(1.632993, abs=1e-6)
    assert (row["low"], row["high"]) == (pytest.approx(1.401543, abs=1e-6), pytest.approx(6.598457, abs=1e-6))
    assert row["difference"] == pytest.approx(4 - 17 / 6)
    assert {row[name] for name in ("ppg", "proportionality_index", "index_80", "needed_fixed")} == {None}


def test_differences_and_ratios_are_those_of_the_measures():
    found = only(cohort(), reference="others")
    groups, whole = Sums.of([2000], [607]), Sums.of([20_000], [10_528])
    others = reference.others(groups, whole)
    apart, times = difference.rates_to_reference(groups, others), ratio.rates_to_reference(groups, others)
    row = found["race:black"]
    assert row["reference_rate"] == pytest.approx(9921 / 18_000)
    for name, estimate in (("difference", apart), ("ratio", times)):
        expected = (estimate.value[0], estimate.low[0], estimate.high[0])
        assert (row[name], row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx(expected)
    assert row["reference_group"] is None


@pytest.mark.parametrize(
    ("name", "served", "rate"),
    [
        ("overall", "all", 0.5264),
        ("highest", "race:asian", 4292 / 6000),
        ("group:white", "race:white", 4782 / 8000),
        ("group:race:white", "race:white", 4782 / 8000),
        ("target:0.8", None, 0.8),
    ],
)
def test_references(name, served, rate):
    row = only(cohort(), reference=name)["race:black"]
    assert (row["reference"], row["reference_group"]) == (name, served)
    assert row["reference_rate"] == pytest.approx(rate)
    assert row["difference"] == pytest.approx(0.3035 - rate)


def test_a_group_of_few_is_not_the_highest():
    few = pd.DataFrame({"race": ["tiny"] * 29, "y": [1] * 29})
    found = only(pd.concat([cohort(), few]), reference="highest")
    assert {row["reference_group"] for group, row in found.items() if group != "all"} == {"race:asian"}


@pytest.mark.parametrize("name", ["overal", "group:", "group:nobody", "target:many"])
def test_a_reference_that_is_none_is_a_problem(name):
    with pytest.raises(InputProblems):
        only(cohort(), reference=name)


rows = st.lists(
    st.fixed_dictionaries(
        {
            "y": st.sampled_from([0, 1, None]),
            "race": st.sampled_from(["asian", "black", None, ""]),
            "sex": st.sampled_from(["f", "m", "x:+%"]),
            "grade": st.sampled_from(["08", "12"]),
            "year": st.sampled_from(["2014-15", "2016"]),
        }
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=50, deadline=None)
@given(rows=rows, depth=st.integers(1, 3))
def test_counts_equal_a_pandas_group_by(rows, depth):
    frame = pd.DataFrame(rows).astype({"y": "Float64"}).assign(anyone="")
    if frame["y"].isna().all():
        return
    by = ("race", "sex", "grade")
    found = made(pa.Table.from_pylist(rows), by=by, depth=depth, period="year")
    counted = frame.dropna(subset="y").replace({"race": {"": None}}).fillna({"race": "unknown"})
    counted["year"] = counted["year"].replace({"2016": "2015-16"})
    counted["sex"] = counted["sex"].replace({"x:+%": "x%3A%2B%25"})
    expected = {}
    for size in range(depth + 1):
        for cut in combinations(sorted(by), size):
            for (year, _, *values), part in counted.groupby(["year", "anyone", *cut]):
                key = "+".join(f"{name}:{value}" for name, value in zip(cut, values, strict=True)) or "all"
                expected[year, key] = (len(part), part["y"].sum())
    assert {place: (row["n"], row["successes"]) for place, row in found.items()} == expected
    assert all(row["rate"] == pytest.approx(row["successes"] / row["n"]) for row in found.values())


@settings(max_examples=20, deadline=None)
@given(rows=rows.filter(lambda rows: any(row["y"] is not None for row in rows)), data=st.data())
def test_the_order_of_the_rows_does_not_matter(rows, data):
    table, mixed = pa.Table.from_pylist(rows), pa.Table.from_pylist(data.draw(st.permutations(rows)))
    wanted = Wanted("y", ("race", "sex"), period="year")
    try:
        first = gaps(table, wanted, DEFINITIONS)
    except InputProblems:
        return
    assert first.equals(gaps(mixed, wanted, DEFINITIONS))


def test_more_groups_than_fit_a_dense_array():
    """Three columns of 300 values are 27 million possible groups, of which 300 occur."""
    frame = pd.DataFrame({"a": range(300), "b": range(300), "c": range(300), "y": [0, 1] * 150}).astype(
        {"a": str}
    )
    found = made(frame, by=("a", "b", "c"))
    assert len(found) == 1 + 7 * 300
    assert found["", "a:7+b:7+c:7"]["successes"] == 1


def test_periods_are_named_one_way():
    frame = pd.DataFrame(
        {"race": "a", "y": [1, 0, 1, 1], "year": ["2016", "2015-16", "2015/2016", "2016-17"]}
    )
    found = made(frame, period="year")
    assert {place: row["n"] for place, row in found.items() if place[1] == "all"} == {
        ("2015-16", "all"): 3,
        ("2016-17", "all"): 1,
    }


def test_other_periods_stay_as_they_are_written():
    frame = pd.DataFrame({"race": "a", "y": [1, 0, 1], "term": ["Fall", "Spring", "Fall"]})
    assert {period for period, _ in made(frame, period="term")} == {"Fall", "Spring"}


def test_a_column_named_twice_counts_once():
    assert set(only(cohort(), by=("race", "race"))) == set(only(cohort()))


@pytest.mark.parametrize(("text", "rows"), [("1 yes 0 no", [3, 5]), ('1 "1,5" 0', [3]), ("1 inf", [3])])
def test_bad_values_are_listed_with_their_rows(tmp_path, text, rows):
    file = tmp_path / "t.csv"
    file.write_text("y,race\n" + "".join(f"{line},a\n" for line in text.split()))
    with pytest.raises(InputProblems) as raised:
        gaps(read_table(file, ("y", "race")), Wanted("y", ("race",)), DEFINITIONS, file="t.csv")
    assert [problem.row for problem in raised.value.problems] == rows
    assert {(problem.file, problem.column) for problem in raised.value.problems} == {("t.csv", "y")}
    assert "yes" not in str(raised.value)


def test_numbers_without_end_are_a_problem():
    with pytest.raises(InputProblems, match="row 3, column y"):
        only(pd.DataFrame({"race": ["a", "b"], "y": [1.0, np.inf]}))


def test_no_outcome_at_all_is_a_problem():
    with pytest.raises(InputProblems, match="no row with an outcome"):
        only(pd.DataFrame({"race": ["a"], "y": [None]}, dtype="object"))


def small() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"race": rng.choice(["asian", "black", "white"], 400), "school": rng.choice(["007", "012"], 400)}
    )
    return frame.assign(y=rng.integers(0, 2, 400))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_files_give_what_the_frame_gives(tmp_path, kind):
    frame = small()
    file: Path = tmp_path / f"t.{kind}"
    if kind == "csv":
        frame.to_csv(file, index=False)
    elif kind == "parquet":
        parquet.write_table(pa.Table.from_pandas(frame), file)
    else:
        book = openpyxl.Workbook()
        for row in ([*frame.columns], *frame.to_numpy().tolist()):
            book.active.append(row)
        book.save(file)
    wanted = Wanted("y", ("race", "school"))
    found = gaps(read_table(file, wanted.columns), wanted, DEFINITIONS)
    assert found.equals(gaps(pa.Table.from_pandas(frame), wanted, DEFINITIONS))
    assert "school:007" in found["group"].to_pylist()


@pytest.mark.parametrize(
    "frame",
    [
        small(),
        small().astype({"race": "category", "y": bool}),
        pl.from_pandas(small()),
        pl.from_pandas(small()).with_columns(pl.col("race").cast(pl.Categorical)),
        pa.Table.from_pandas(small()),
    ],
    ids=["pandas", "pandas categories", "polars", "polars categories", "arrow"],
)
def test_frames_of_every_kind_give_the_same_table_of_their_kind(frame):
    found = evenground.gaps(frame, outcome="y", by=["race", "school"], reference="highest")
    assert type(found) is type(frame)
    if not isinstance(found, pa.Table):
        found = pa.Table.from_pandas(found) if isinstance(found, pd.DataFrame) else found.to_arrow()
    expected = gaps(
        pa.Table.from_pandas(small()), Wanted("y", ("race", "school"), reference="highest"), DEFINITIONS
    )
    assert [str(row) for row in found.to_pylist()] == [str(row) for row in expected.to_pylist()]


def test_a_frame_without_the_column_names_the_nearest():
    with pytest.raises(InputProblems, match="write race"):
        evenground.gaps(small(), outcome="y", by=["rase"])

"""Teachers and money against need: eight schools of one district, by hand."""

from __future__ import annotations

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.questions.cells_made import DEFINITIONS, asked, cell, found, scene

from evenground.model import Unit
from evenground.report.story.aspects.money import money
from evenground.report.story.aspects.teaching import teaching

PLACE, BY = Unit("district", "01", "Adair"), ("economic_disadvantage", "race_ethnicity")
POOR, BLACK, WHITE = "economic_disadvantage:disadvantaged", "race_ethnicity:black", "race_ethnicity:white"
NOW = "2015-16"
NEED = (10, 15, 30, 35, 50, 55, 80, 90)  # of 100 students in each school
YEARS = (14.0, 13.0, 12.0, 12.0, 11.0, 10.0, 9.0, 8.0)
DOLLARS = (9000, 9000, 10000, 10000, 11000, 11000, 12000, 12000)


def rows(indicator: str, values, hidden: str = "") -> list[dict]:
    """Each school's number for all, for those with low family income, and for two groups, half and half."""
    made, sums = [], {}
    for at, (poor, value) in enumerate(zip(NEED, values, strict=True)):
        unit = f"S{at + 1}"
        black = 80 if at > 3 else 20
        for group, n in (("all", 100), (POOR, poor), (BLACK, black), (WHITE, 100 - black)):
            gone = unit == hidden and group == POOR
            made.append(cell(indicator, "school", unit, NOW, group, n, n * value, gone))
            held = sums.setdefault(group, [0.0, 0.0])
            held[0], held[1] = held[0] + n, held[1] + n * value
    made += [cell(indicator, "district", "01", NOW, group, *held) for group, held in sums.items()]
    return made


def test_teachers_by_quarters_of_the_students() -> None:
    table = found(asked(rows("teacher_experience", YEARS), PLACE, BY), "quarter", "quarter_gap", "gap_part")
    means = [table["quarter", "01", "all", f"quarter:{part}"]["value"] for part in (1, 2, 3, 4)]
    assert means == pytest.approx([13.5, 12, 10.5, 8.5])
    gap = table["quarter_gap", "01", "all", "level:school"]
    assert gap["value"] == pytest.approx(-5)
    # each school 100 x .5/200 = .25 from its quarter: error (2 x 4 x .0625)^.5; t with 1 degree 12.7062
    assert gap["high"] - gap["value"] == pytest.approx(12.7062 * 0.5**0.5, abs=1e-3)
    assert (gap["verdict"], gap["n"]) == ("no_clear_difference", 8)
    # Black students: 80 at S1 to S4, 320 at S5 to S8: (80 x 12.75 + 320 x 9.5)/400 = 10.15; white 12.1
    whole = table["gap_part", "01", BLACK, "level:all"]
    assert whole["value"] == pytest.approx(10.15 - 12.1)
    assert table["gap_part", "01", BLACK, "level:school"]["value"] == pytest.approx(10.15 - 12.1)
    assert whole["verdict"] == "below"


def test_a_school_whose_need_is_hidden_takes_no_part() -> None:
    table = found(asked(rows("teacher_experience", YEARS, hidden="S8"), PLACE, BY), "quarter_gap")
    assert table["quarter_gap", "01", "all", "level:school"]["n"] == 7


def test_what_is_told_of_teachers() -> None:
    made = rows("teacher_experience", YEARS)
    aspect = teaching(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en.endswith(": 8.5 years where need is greatest, 13.5 years where it is least.")
    assert aspect.sentences[0].en == "Chance alone could make that difference."
    assert aspect.sentences[1].en.endswith(
        "it is −1.9 years from all others, by the schools they go to."
    ) or (aspect.sentences[1].en.endswith("it is −2.0 years from all others, by the schools they go to."))
    assert "8 schools" in aspect.rests.en


def test_money_against_need() -> None:
    made = rows("spending", DOLLARS)
    measures = ("gini", "money_poor", "money_others", "progressivity", "expected_money", "need_index")
    table = found(asked(made, PLACE, BY), *measures)
    # 4,070,000/365 = 11,150.68 and 4,330,000/435 = 9,954.02
    poor = sum(n * d for n, d in zip(NEED, DOLLARS, strict=True)) / 365
    others = sum((100 - n) * d for n, d in zip(NEED, DOLLARS, strict=True)) / 435
    assert table["money_poor", "01", "all", None]["value"] == pytest.approx(poor)
    assert table["money_others", "01", "all", None]["value"] == pytest.approx(others)
    over = table["progressivity", "01", "all", None]
    assert over["value"] == pytest.approx(poor / others)
    assert over["verdict"] == "above"
    # 8,400,000 over 800 + .4 x 365 = 946 is 8,879.49 each: S1 with 104 of them 9,234.67 for a student
    assert DEFINITIONS.parameter("need_weight") == 0.4
    assert table["expected_money", "S1", "all", None]["value"] == pytest.approx(8_400_000 / 946 * 1.04)
    assert table["need_index", "S1", "all", None]["value"] == pytest.approx(9000 / (8_400_000 / 946 * 1.04))
    # Gini by its other form: half the mean difference over the mean; 2 of 8 schools at each of four amounts
    pairs = sum(abs(a - b) for a in DOLLARS for b in DOLLARS) / 64
    assert table["gini", "01", "all", None]["value"] == pytest.approx(pairs / 2 / 10_500)


def test_a_debit_is_nobodys_money() -> None:
    table = found(
        asked(rows("spending", (-500, *DOLLARS[1:])), PLACE, BY), "gini", "money_poor", "need_index"
    )
    assert table["gini", "01", "all", None]["n"] == table["money_poor", "01", "all", None]["n"] == 7
    assert ("need_index", "S1", "all", None) not in table


def test_what_is_told_of_money() -> None:
    made = rows("spending", DOLLARS)
    aspect = money(scene(made, asked(made, PLACE, BY), PLACE, BY))
    assert aspect is not None
    assert aspect.finding.en == (
        "$11,151 a year for each student with low family income, $9,954 for every other student."
    )
    assert aspect.sentences[0].en == "That is clearly more."
    # S1, S2, S4 and S8 would have 9,235, 9,412, 10,123 and 12,076 dollars
    assert (
        aspect.sentences[1].en
        == "Say that low family income takes 40 in 100 more. Then 4 of 8 schools have less than expected."
    )
    assert aspect.table is not None
    assert len(aspect.table.rows) == 8
    picture = aspect.figures[0].chart.picture(720)
    assert sum(shape.kind == "dot" and shape.hollow for shape in picture.shapes) >= 8


def test_without_need_there_is_nothing_to_tell() -> None:
    made = [row for row in rows("spending", DOLLARS) if row["group"] != POOR]
    table = asked(made, PLACE, ("race_ethnicity",))
    assert not found(table, "need_index", "progressivity")
    assert money(scene(made, table, PLACE, BY)) is None


def test_need_by_meals_where_no_group_is_counted_over_all_enrolled() -> None:
    """The same need, told by who can get meals; test takers tell it the other way."""
    made = [row for row in rows("teacher_experience", YEARS) if row["group"] != POOR]
    for level, unit, n, poor in [("school", f"S{at + 1}", 100, poor) for at, poor in enumerate(NEED)]:
        made.append(cell("meals", level, unit, NOW, "all", n, poor))
        made.append(cell("reading_proficient", level, unit, NOW, "all", n, 50))
        made.append(cell("reading_proficient", level, unit, NOW, POOR, 100 - poor, 20 if poor < 80 else 5))
    made.append(cell("meals", "district", "01", NOW, "all", 800, sum(NEED)))
    made.append(cell("reading_proficient", "district", "01", NOW, "all", 800, 400))
    table = found(asked(made, PLACE, BY), "quarter", "quarter_gap")
    means = [table["quarter", "01", "all", f"quarter:{part}"]["value"] for part in (1, 2, 3, 4)]
    assert means == pytest.approx([13.5, 12, 10.5, 8.5])


def test_kentuckys_teachers_by_the_need_of_each_school(bundle, shared_data) -> None:
    """Students per teacher in each quarter of the students, from the raw files by SQL alone: a school that
    stands on the line between two quarters is in both, in parts."""
    folder = shared_data("ky-kysrc")
    read = "read_csv('{}/{}.csv.gz', types = {{'sch_id': 'VARCHAR'}}, nullstr = ['', 'nan', 'NaN'])"
    meals, race, teachers = (read.format(folder, name) for name in ("frpl_sch", "race_sch", "teach_sch"))
    raw = duckdb.sql(f"""
        WITH enrolled AS (
            SELECT sch_id, SUM(s_count) AS n FROM {race} AS race WHERE year = '2016-2017' GROUP BY sch_id
        ), schools AS (
            SELECT sch_id, n, s_per_t AS q, frpl_total / enroll AS need
            FROM {meals} AS meals JOIN {teachers} AS teachers USING (sch_id, year)
                 JOIN enrolled USING (sch_id)
            WHERE year = '2016-2017' AND frpl_total <= enroll AND s_per_t BETWEEN 1 AND 60
        ), line AS (
            SELECT *, SUM(n) OVER () / 4 AS part,
                   SUM(n) OVER (ORDER BY need, sch_id ROWS UNBOUNDED PRECEDING) AS until
            FROM schools
        )
        SELECT k, SUM(q * w) / SUM(w) FROM (
            SELECT k, q, GREATEST(LEAST(until, k * part) - GREATEST(until - n, (k - 1) * part), 0) AS w
            FROM line, range(1, 5) AS quarters(k)
        ) GROUP BY k ORDER BY k""").fetchall()
    found = pq.read_table(bundle("kentucky") / "findings.parquet").to_pylist()
    told = {
        row["reference"]: row["value"]
        for row in found
        if row["measure"] == "quarter" and row["indicator"] == "students_per_teacher"
    }
    assert told == {f"quarter:{part}": pytest.approx(mean, rel=1e-4) for part, mean in raw}
    assert raw[0][1] - raw[3][1] > 2.5

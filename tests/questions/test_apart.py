"""Are schools mixed or apart: four schools of a known example, in two districts, and what is told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from evenground.definitions import load, load_wording
from evenground.model import CELLS, HIDDEN, NOT_REPORTED, UNITS, VALUE, Unit
from evenground.questions import Asked, ask
from evenground.report.story.aspect import Scene
from evenground.report.story.aspects.apart import apart
from evenground.report.story.aspects.apart_where import apart_moved, apart_where
from evenground.report.story.panel import Place
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech

DEFINITIONS = load()
# R's example: of 200 students of each group 100, 60, 40, 0 and 0, 40, 60, 100 are in four schools.
BLACK, WHITE = (100, 60, 40, 0), (0, 40, 60, 100)
SCHOOLS = ("011", "012", "021", "022")
NOW, THEN = "2015-16", "2014-15"
# within a district the schools are 100:0 against 60:40, and the mirror image; M as in `measures.segregation`
H_SCHOOLS = 0.514524702773
H_DISTRICTS = 1 + 0.8 * np.log2(0.8) + 0.2 * np.log2(0.2)

UNIT_TABLE = pa.Table.from_pylist(
    [
        {"unit_level": "state", "unit_id": "KY", "unit_name": "Kentucky", "parent_id": None},
        *(
            {"unit_level": "district", "unit_id": unit, "unit_name": name, "parent_id": "KY"}
            for unit, name in (("01", "Adair"), ("02", "Boone"))
        ),
        *(
            {"unit_level": "school", "unit_id": unit, "unit_name": f"School {unit}", "parent_id": unit[:2]}
            for unit in SCHOOLS
        ),
    ],
    schema=UNITS,
)


def cell(level: str, unit: str, group: str, n: int | None, period: str = NOW, state: str = VALUE) -> dict:
    """Years of experience of the teachers, 10 everywhere: what counts here is how many students."""
    key = group if group == "all" else f"race_ethnicity:{group}"
    return {
        "indicator": "teacher_experience", "unit_level": level, "unit_id": unit, "period": period,
        "group": key, "n": n, "weight_sq": n, "total": None if n is None else 10.0 * n,
        "total_sq": None if n is None else 100.0 * n, "value": None if n is None else 10.0, "state": state,
    }  # fmt: skip


def cells(
    black=BLACK, white=WHITE, period: str = NOW, hidden: tuple[str, ...] = (), state: str = HIDDEN
) -> list[dict]:
    """The schools, their districts and the state."""
    rows = []
    for unit, *counts in zip(SCHOOLS, black, white, strict=True):
        for group, n in zip(("black", "white"), counts, strict=True):
            gone = unit in hidden
            rows.append(cell("school", unit, group, None if gone else n, period, state if gone else VALUE))
        rows.append(cell("school", unit, "all", sum(counts), period))
    for level, unit, part in (
        ("district", "01", slice(0, 2)), ("district", "02", slice(2, 4)), ("state", "KY", slice(0, 4)),
    ):  # fmt: skip
        own = sum(black[part]), sum(white[part])
        rows += [
            cell(level, unit, group, n, period) for group, n in zip(("black", "white"), own, strict=True)
        ]
        rows.append(cell(level, unit, "all", sum(own), period))
    return rows


def asked(rows: list[dict], unit: tuple[str, str, str] = ("state", "KY", "Kentucky")) -> pa.Table:
    place = Asked(Unit(*unit), ("race_ethnicity",), 1, "overall")
    return ask(pa.Table.from_pylist(rows, schema=CELLS), UNIT_TABLE, place, DEFINITIONS)


def found(table: pa.Table) -> dict[tuple[str, str, str | None], dict]:
    """(measure, group or unit, reference) -> finding, of the question."""
    rows = [row for row in table.to_pylist() if row["question"] == "together"]
    assert len({row["finding_id"] for row in rows}) == len(rows)

    def of(row: dict) -> str:
        return row["unit_id"] if row["measure"] == "theil_contribution" else row["group"].rpartition(":")[2]

    return {(row["measure"], of(row), row["reference"]): row for row in rows}


def scene(rows: list[dict], table: pa.Table) -> Scene:
    place = Unit("state", "KY", "Kentucky")
    told = list(rows_of(table, pa.Table.from_pylist(rows, schema=CELLS)))
    about = SimpleNamespace(unit_level="state", unit_id="KY")
    return Scene(
        Speech(DEFINITIONS, load_wording()), ledger_of(told, place),
        Place("Kentucky", "state", ("race_ethnicity",)), SimpleNamespace(about=about),  # type: ignore[arg-type]
    )  # fmt: skip


def test_how_far_apart_whom_they_meet_and_where() -> None:
    table = found(asked(cells()))
    black = table["dissimilarity", "black", "others"]
    assert black["value"] == pytest.approx(0.6)  # R
    assert black["low"] < 0.6 < black["high"]
    assert (black["verdict"], black["n"], black["unit_id"]) == ("above", 200, "KY")
    # by chance: Bin(100, 1/2) is 3.98 from 50 in the mean, over 50; times sqrt(3/4), the total being given
    by_chance = table["dissimilarity_by_chance", "black", "others"]["value"]
    assert by_chance == pytest.approx(0.0796 * 0.75**0.5, abs=0.006)
    own = table["exposure", "black", "group:race_ethnicity:black"]
    assert own["value"] == pytest.approx(0.76)  # R: isolation
    assert table["exposure", "black", "group:race_ethnicity:white"]["value"] == pytest.approx(0.24)
    assert table["theil_h", "all", None]["value"] == pytest.approx(H_SCHOOLS)
    parts = [table["theil_part", "all", f"level:{level}"]["value"] for level in ("district", "school")]
    assert parts == pytest.approx([H_DISTRICTS, H_SCHOOLS - H_DISTRICTS])
    shares = {unit: table["theil_contribution", unit, "level:district"]["value"] for unit in ("01", "02")}
    assert shares == pytest.approx({"01": 0.5, "02": 0.5})  # mirror images
    assert not [key for key in table if key[0] == "theil_change"]  # one year


def test_of_a_district_each_school_adds_its_part() -> None:
    rows = cells((100, 60, 40, 0), (0, 40, 60, 100))
    for row in rows:  # all four schools are of one district
        if row["unit_level"] == "state":
            row |= {"unit_level": "district", "unit_id": "09"}
    table = found(asked(rows, ("district", "09", "Adair")))
    shares = [table["theil_contribution", unit, "level:school"]["value"] for unit in SCHOOLS]
    assert sum(shares) == pytest.approx(1)
    # of a school with one group ln 2, of one with 60:40 ln 2 less its own entropy
    mixed = np.log(2) + 0.6 * np.log(0.6) + 0.4 * np.log(0.4)
    whole = 2 * (np.log(2) + mixed)
    assert shares == pytest.approx([np.log(2) / whole, mixed / whole, mixed / whole, np.log(2) / whole])
    assert not [key for key in table if key[0] == "theil_part"]


def test_all_of_a_change_is_sorting_where_nothing_else_moved() -> None:
    """A year before, every school had 50 and 50."""
    rows = cells() + cells((50,) * 4, (50,) * 4, THEN)
    table = found(asked(rows))
    moved = {key[2]: row for key, row in table.items() if key[0] == "theil_change"}
    assert moved["part:change"]["value"] == pytest.approx(H_SCHOOLS)
    assert moved["part:sorting"]["value"] == pytest.approx(H_SCHOOLS, abs=1e-6)
    assert sum(row["value"] for key, row in moved.items() if key != "part:change") == pytest.approx(H_SCHOOLS)
    assert {row["period_from"] for row in moved.values()} == {THEN}
    assert moved["part:sorting"]["verdict"] == "rose"
    aspect = apart_moved(scene(rows, asked(rows)))
    assert aspect is not None
    assert aspect.finding.en == "How far apart schools are, from 0 to 100: 0.0 in 2014-15, 51.5 in 2015-16."
    assert "further apart" in aspect.sentences[0].en


def test_hidden_counts_give_a_range_never_zeros() -> None:
    """Two schools of 100 are hidden and hold 100 of each group together: from 50:50 both, to 100:0 and 0:100.

    D = (1/2 + 1/2 + 2 |2x - 100|/200)/2 with x of the one group in the first: from 1/2 to 1.
    """
    rows = cells(hidden=("012", "021"))
    table = found(asked(rows))
    ends = [table[f"dissimilarity_{end}", "black", "others"]["value"] for end in ("least", "most")]
    assert ends == pytest.approx([0.5, 1.0], abs=1e-6)
    assert ("dissimilarity", "black", "others") not in table
    assert not [key for key in table if key[0] in ("exposure", "theil_h", "theil_part")]  # half is hidden
    aspect = apart(scene(rows, asked(rows)))
    assert aspect is not None
    assert aspect.finding.en == (
        "Of every 100 Black students, 50 to 100 would have to change schools to be spread like everyone else."
    )
    assert "hidden" in aspect.rests.en


def test_words_follow_from_the_rows() -> None:
    rows = cells()
    told = scene(rows, asked(rows))
    aspect = apart(told)
    assert aspect is not None
    assert aspect.finding.en == (
        "Of every 100 Black students, 60 would have to change schools to be spread like everyone else."
    )
    assert aspect.sentences[0].en == (
        "At the schools of Black students, 76 in 100 students are of their own group; "
        "in all schools, 50 in 100."
    )
    assert "400 students" in aspect.rests.en
    assert aspect.table is not None
    assert [cell.en for cell in aspect.table.rows[0]][1:] == ["60", "7", "76.0%", "50.0%"]
    assert aspect.figures[0].chart.picture(360) is not None
    assert apart_where(told) is None  # two districts are too few to say where
    assert apart_moved(told) is None


def test_schools_that_chance_could_have_made_are_called_mixed() -> None:
    rows = cells((26, 24, 25, 25), (24, 26, 25, 25))
    aspect = apart(scene(rows, asked(rows)))
    assert aspect is not None
    assert aspect.figures == ()
    assert "by chance alone it would be" in aspect.finding.en
    assert aspect.sentences[0].en == "For no group is it clearly more than what chance would do."


def test_a_school_without_a_count_is_left_out_not_hidden() -> None:
    rows = cells(hidden=("012",), state=NOT_REPORTED)
    assert found(asked(rows)) == {}  # three schools are too few
    more = [
        {**row, "unit_id": "029"}
        for row in cells()
        if row["unit_level"] == "school" and row["unit_id"] == "022"
    ]
    table = found(asked(rows + more))
    assert table["dissimilarity", "white", "others"]["n"] == 260  # 0 + 60 + 100 + 100
    assert not [key for key in table if key[0].endswith("_least")]


def test_where_chance_was_added_nothing_is_said() -> None:
    """Noise in small counts would look like groups that are apart."""
    noisy = pa.Table.from_pylist(cells(), schema=CELLS).append_column("noise", pa.array([4.0] * len(cells())))
    place = Asked(Unit("state", "KY", "Kentucky"), ("race_ethnicity",), 1, "overall")
    assert found(ask(noisy, UNIT_TABLE, place, DEFINITIONS)) == {}


def test_a_school_alone_and_cells_without_groups_have_no_answer() -> None:
    rows = [row for row in cells() if row["group"] == "all"]
    assert found(asked(rows)) == {}
    school = [row for row in cells() if row["unit_id"] == "012"]
    assert found(asked(school, ("school", "012", "School 012"))) == {}

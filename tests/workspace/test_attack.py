"""`evenground attack` on tables from elsewhere and on bundles: what it finds, refuses and writes."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from typer.testing import CliRunner

import evenground
from evenground import report
from evenground.cli import app
from evenground.model import InputProblems
from evenground.sources.synthetic import make_district
from evenground.workspace.attack import Asked, audit_bundle, audit_table

VALUES = Path(__file__).parents[3] / "shared" / "reference" / "values"
HEAD = "district,school,group,count,passed"


def write(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "table.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["attack", *map(str, arguments)])
    return result.exit_code, result.output


def peers(name: str, folder: Path, columns: tuple[str, ...], hidden: tuple[str, set[str]]) -> Path:
    source = VALUES / name
    if not source.is_file():
        pytest.skip(f"needs the stored results in ../shared/reference/values/{name}")
    with source.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    mark, marks = hidden
    lines = [
        ",".join([*(row[column] for column in columns[:-1]), "*" if row[mark] in marks else row[columns[-1]]])
        for row in rows
    ]
    return write(folder, *lines, head=",".join(columns))


def test_the_unsafe_optimum_of_a_peer_is_found_by_whole_counts_only(tmp_path: Path) -> None:
    """methods 8.2: row 1 shows that its three hidden cells sum to 3, and zeros are published: each is 1."""
    file = peers(
        "suppression-doc3x5-optimal.csv", tmp_path, ("row", "column", "count"), ("status", {"u", "x"})
    )
    asked = Asked(("row", "column"), "count")
    found = audit_table(file, asked)
    assert (found.hidden, found.pinned) == (6, 6)
    values = {(one["row"], one["column"]): one["low"] for one in found.ranges.to_pylist()}
    assert values == {("1", name): 1 for name in "ABC"} | {("2", name): 9 for name in "ABC"}
    assert not audit_table(file, asked, attacker="sums").found


def test_the_safe_optimum_of_a_peer_is_not_found(tmp_path: Path) -> None:
    """A·female 2 of 20, C·female 10: the four hidden cells of two rows and two columns move by the same."""
    file = peers(
        "suppression-microdata1-optimal.csv", tmp_path, ("region", "gender", "count"), ("status", {"u", "x"})
    )
    found = audit_table(file, Asked(("region", "gender"), "count"))
    ranges = {
        (one["region"], one["gender"]): (one["low"], one["high"], one["exact"])
        for one in found.ranges.to_pylist()
    }
    assert not found.found
    assert ranges == {
        ("A", "female"): (0, 12, True),
        ("A", "male"): (8, 20, True),
        ("C", "female"): (0, 12, True),
        ("C", "male"): (10, 22, True),
    }


def test_a_state_protected_against_sums_holds_against_sums(tmp_path: Path) -> None:
    """1,025 hidden cells of GaussSuppression: none is a linear combination of what is public."""
    source = VALUES / "suppression-state100-gausssuppression.csv"
    if not source.is_file():
        pytest.skip("needs the stored results in ../shared/reference/values")
    with (VALUES / "suppression-state100-input.csv").open(encoding="utf-8") as stream:
        home = {row["school"]: row["district"] for row in csv.DictReader(stream)}
    lines = []
    with source.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            place = row["school"]
            district, school = (home[place], place) if place in home else (place, "Total")
            count = "*" if row["suppressed"] == "TRUE" else row["freq"]
            lines.append(",".join([district, school, row["race"], row["frl"], count]))
    file = write(tmp_path, *lines, head="district,school,race,frl,count")
    found = audit_table(file, Asked(("district", "school", "race", "frl"), "count"), attacker="sums")
    assert (found.hidden, len(found.ranges), found.pinned) == (1025, 1025, 0)


def test_nested_columns_marks_and_those_who_reached(tmp_path: Path) -> None:
    """D: 40 = 25 + 15, so the school that is hidden as <20 has 15; 9 of 40 reached less 4 of 25 are 5."""
    file = write(
        tmp_path, "Total,Total,all,\"1,040\",209", "D,Total,all,40,9", "D,S1,all,25,4", "D,S2,all,<20,*",
        "E,Total,all,1000,200",
    )  # fmt: skip
    found = audit_table(file, Asked(("district", "school", "group"), "count", reached="passed"))
    values = {one["kind"]: (one["low"], one["high"], one["line"]) for one in found.ranges.to_pylist()}
    assert values == {"students": (15, 15, 5), "reached": (5, 5, 5), "not reached": (10, 10, 5)}


def test_a_mark_that_says_how_many_is_a_bound(tmp_path: Path) -> None:
    """Two of <10 that make 18 are 9 each; 1-9 and * that make 12 are 1 to 9 and 3 to 11."""
    lines = ["Total,18", "a,<10", "b,<10"]
    assert audit_table(write(tmp_path, *lines, head="group,count"), Asked(("group",), "count")).pinned == 2
    lines = ["Total,12", "a,1-9", "b,*"]
    found = audit_table(write(tmp_path, *lines, head="group,count"), Asked(("group",), "count"))
    assert {one["group"]: (one["low"], one["high"]) for one in found.ranges.to_pylist()} == {
        "a": (1, 9),
        "b": (3, 11),
    }


def test_a_rate_tells_how_many_reached(tmp_path: Path) -> None:
    """50 % of 40 are 20, 60 % of 30 are 18: of the 10 who are hidden 2 reached."""
    file = write(tmp_path, "Total,40,50%", "a,30,60%", "b,10,*", head="group,count,rate")
    found = audit_table(file, Asked(("group",), "count", rate="rate"))
    assert {one["kind"]: one["low"] for one in found.ranges.to_pylist()} == {"reached": 2, "not reached": 8}


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, "Total,twelve", "a,-3", "a,4", head="group,count")
    with pytest.raises(InputProblems) as caught:
        audit_table(file, Asked(("group",), "count"))
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [
        (2, "count"),
        (3, "count"),
        (4, None),
    ]


def test_the_command_says_and_writes_that_it_is_private(tmp_path: Path) -> None:
    file = write(tmp_path, "Total,12", "a,*", "b,4", head="group,count")
    code, said = run(file, "--by", "group", "--count", "count", "--out", tmp_path / "ranges.csv")
    assert code == 1
    assert said.startswith("Private")
    assert (tmp_path / "ranges.private.csv").read_text(encoding="utf-8").startswith("# private")
    safe = write(tmp_path, "Total,12", "a,*", "b,*", "c,4", head="group,count")
    assert run(safe, "--by", "group", "--count", "count")[0] == 0
    assert run(file)[0] == run(tmp_path)[0] == run(tmp_path / "none.csv", "--by", "a", "--count", "b")[0] == 2


def test_a_bundle_holds_and_a_planted_leak_is_found(tmp_path: Path) -> None:
    make_district(tmp_path / "roster", students=2000, years=1, seed=3, districts=1)
    released = evenground.review(
        tmp_path / "roster",
        by=["race_ethnicity"],
        indicators=["chronic_absence"],
        out=tmp_path / "safe",
    )
    assert not audit_bundle(tmp_path / "safe").found
    cells = released.cells
    chosen = pc.and_(pc.equal(cells["unit_level"], "school"), pc.equal(cells["group"], "all"))
    chosen = pc.and_(
        chosen, pc.and_(pc.equal(cells["indicator"], "chronic_absence"), pc.equal(cells["state"], "value"))
    )
    places = cells.filter(chosen)["unit_id"].to_pylist()
    chosen = pc.and_(chosen, pc.equal(cells["unit_id"], places[0]))
    for name in ("n", "value"):
        gone = pc.if_else(chosen, pa.scalar(None, pa.float64()), cells[name])
        cells = cells.set_column(cells.schema.get_field_index(name), name, gone)
    state = pc.if_else(chosen, "hidden", cells["state"])
    cells = cells.set_column(cells.schema.get_field_index("state"), "state", state)
    assert len(places) > 1
    report.write(replace(released, cells=cells), tmp_path / "leak")
    assert run(tmp_path / "leak", "--by", "x")[0] == 2
    assert audit_bundle(tmp_path / "leak").found

"""What changed between two reviews: hand-made pairs, laws, and real bundles."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from evenground import report
from evenground.cli import app
from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report.difference import Change, Difference, compare, edition_of, parts_of, title_of
from evenground.report.story.speech import Speech
from evenground.report.withdrawal import Withdrawal, withdraw

BLACK, WHITE = "race_ethnicity:black", "race_ethnicity:white"
YEAR = "2015-16"


@pytest.fixture(scope="module")
def speech() -> Speech:
    return Speech(load(), load_wording())


def changed(table: pa.Table, where: dict[str, str], **values: Any) -> pa.Table:
    """The table with other values in the rows that match."""
    rows = table.to_pylist()
    hit = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert hit, where
    for row in hit:
        row.update(values)
    return pa.Table.from_pylist(rows, schema=table.schema)


def without(table: pa.Table, **where: str) -> pa.Table:
    rows = [row for row in table.to_pylist() if any(row[name] != value for name, value in where.items())]
    assert len(rows) < table.num_rows
    return pa.Table.from_pylist(rows, schema=table.schema)


def other(released: Released, cell: dict[str, str] | None = None, **values: Any) -> Released:
    """The review with other values in the matching cells, and in the findings that repeat them."""
    where = {"indicator": "ag_completion", "unit_id": "0012345", "period": YEAR, **(cell or {})}
    findings = changed(released.findings, {**where, "measure": "rate"}, **values)
    return replace(released, cells=changed(released.cells, where, **values), findings=findings)


def difference(speech: Speech, old: Released, new: Released) -> Difference:
    return compare(edition_of(old, speech), edition_of(new, speech))


def english(speech: Speech, found: Difference, kind: str, most: int = 9) -> list[str]:
    parts = [part for part in parts_of(speech, found, most) if part.kind == kind]
    return [words.en for part in parts for words in (*part.counts, *part.lines)]


# --- laws ---


def test_a_review_does_not_differ_from_itself(released: Released, speech: Speech) -> None:
    found = difference(speech, released, released)
    assert found.changes == ()
    assert not found.content
    assert title_of(speech, found)[1].en.endswith("Nothing that one can read in them differs.")


def mirrored(change: Change) -> Change:
    ways = {"new": "gone", "gone": "new", "other": "other"}
    swapped = {
        "before": change.after,
        "after": change.before,
        "n_before": change.n_after,
        "n_after": change.n_before,
        "way": ways[change.way],
    }
    if change.kind == "verdict":
        swapped |= {"period": change.period_before, "period_before": change.period}
    return change._replace(**swapped)


@st.composite
def variants(draw: st.DrawFn, released: Released) -> Released:
    """A review that differs from another in some rows, numbers and states, in another order."""
    made = []
    for row in released.cells.to_pylist():
        what = draw(st.sampled_from(["same", "same", "same", "gone", "hidden", "value", "n"]))
        if what == "hidden":
            row |= {"n": None, "value": None, "state": "hidden", "reason": "protects_students"}
        elif row["state"] == "value":
            row |= {"value": draw(st.sampled_from([0.0, 0.25, 0.5]))} if what == "value" else {}
            row |= {"n": float(draw(st.integers(10, 99)))} if what == "n" else {}
        made += [row] if what != "gone" else []
    findings = released.findings.to_pylist()
    for row in findings:
        if row["verdict"] in ("below", "above", "no_clear_difference"):
            row["verdict"] = draw(st.sampled_from(["below", "above", "no_clear_difference"]))
    cells = draw(st.permutations(made))
    return replace(
        released,
        cells=pa.Table.from_pylist(cells, schema=released.cells.schema),
        findings=pa.Table.from_pylist(draw(st.permutations(findings)), schema=released.findings.schema),
    )


def bare(speech: Speech, old: Released, new: Released) -> Difference:
    """Compared without the findings in short, which cost most of the time and are not under test here."""
    editions = (replace(edition_of(released, speech), short={}) for released in (old, new))
    return compare(*editions)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_other_way_round_says_the_same(released: Released, speech: Speech, data: st.DataObject) -> None:
    one, two = data.draw(variants(released)), data.draw(variants(released))
    there, back = bare(speech, one, two), bare(speech, two, one)
    assert sorted(map(str, there.changes)) == sorted(str(mirrored(change)) for change in back.changes)
    assert there.content == back.content
    assert bool(there.changes) == (_facts(one) != _facts(two))


def _facts(released: Released) -> Any:
    """What a reader of the two tables sees, in any order."""
    tables = (released.cells, released.findings)
    return [sorted(str(sorted(row.items())) for row in table.to_pylist()) for table in tables]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(released: Released, speech: Speech, data: st.DataObject) -> None:
    new = data.draw(variants(released))
    turned = replace(new, cells=new.cells.take(list(reversed(range(new.cells.num_rows)))))
    assert bare(speech, released, new).changes == bare(speech, released, turned).changes


# --- one change at a time ---


def test_a_number_that_changed_is_said_with_both(released: Released, speech: Speech) -> None:
    # 47 of 100 in the fixture
    found = difference(speech, other(released, {"group": BLACK}, value=0.45), released)
    (number,) = found.of("number")
    assert (number.before, number.after) == (0.45, 0.47)
    lines = english(speech, found, "number")
    assert (
        lines[0] == "1 of the 16 numbers that both show have changed."
    )  # 2 years of 4 groups, 3 averages, 5 schools
    assert lines[1].startswith("Of every 100 Black ")
    assert lines[1].endswith(f"in {YEAR}; the earlier review said 45.")
    assert ", 47 " in lines[1]


def test_other_students_counted_are_said_so_and_nothing_is_called_better(
    released: Released, speech: Speech
) -> None:
    found = difference(speech, other(released, {"group": BLACK}, n=150.0, value=0.30), released)
    assert english(speech, found, "number")[1].endswith("It is counted over 200; before, over 150.")
    only_n = difference(speech, other(released, {"group": BLACK}, n=150.0), released)
    assert english(speech, only_n, "number")[1].endswith("counted over 200; before, over 150.")
    said = " ".join(text for lang in speech.languages for text in _every_text(lang))
    assert not re.search(r"improv|better|worse|mejor|peor|progres", said, re.IGNORECASE)


def _every_text(lang: str) -> list[str]:
    patterns = load_wording().content[lang]["patterns"]
    return [text for key, text in patterns.items() if key.startswith("diff.")]


def test_a_very_small_change_is_not_told_as_two_equal_numbers(released: Released, speech: Speech) -> None:
    found = difference(speech, other(released, {"group": BLACK}, value=0.47 + 1e-7), released)
    assert "next to nothing" in english(speech, found, "number")[1]


def test_a_verdict_that_turned(released: Released, speech: Speech) -> None:
    where = {"measure": "difference", "group": BLACK, "indicator": "ag_completion", "unit_id": "0012345"}
    old = replace(released, findings=changed(released.findings, where, verdict="no_clear_difference"))
    found = difference(speech, old, released)
    (turned,) = found.of("verdict")
    assert (turned.before, turned.after, turned.period) == ("no_clear_difference", "below", YEAR)
    line = english(speech, found, "verdict")[1]
    assert line.endswith("clearly below the reference. Before: chance alone could make the difference.")


def test_a_verdict_of_another_latest_year(released: Released, speech: Speech) -> None:
    """Last year's review said "below" of its latest year; this year's is not sure of its own."""
    earlier = replace(released, findings=_moved(released.findings), cells=_moved(released.cells))
    where = {"measure": "difference", "group": BLACK, "indicator": "ag_completion", "unit_id": "0012345"}
    now = replace(released, findings=changed(released.findings, where, verdict="no_clear_difference"))
    turned = [change for change in difference(speech, earlier, now).of("verdict") if change.group == BLACK]
    assert {(change.period_before, change.before, change.period, change.after) for change in turned} == {
        ("2014-15", "below", YEAR, "no_clear_difference")
    }


def _moved(table: pa.Table) -> pa.Table:
    """Every row a year earlier."""
    earlier = {"2015-16": "2014-15", "2014-15": "2013-14", None: None}
    rows = table.to_pylist()
    for row in rows:
        row["period"] = earlier[row["period"]]
        if "finding_id" in row:
            row["period_from"] = earlier[row["period_from"]]
            row["finding_id"] = row["finding_id"].replace("2014-15", "2013-14").replace("2015-16", "2014-15")
    return pa.Table.from_pylist(rows, schema=table.schema)


def test_hidden_and_shown_are_counted(released: Released, speech: Speech) -> None:
    gone = {"value": None, "n": None, "low": None, "high": None, "state": "hidden"}
    found = difference(speech, released, other(released, {"group": WHITE}, **gone))
    assert english(speech, found, "state") == ["1 were “shown” and are “hidden to protect students” now."]
    back = difference(speech, other(released, {"group": WHITE}, **gone), released)
    assert english(speech, back, "state") == ["1 were “hidden to protect students” and are “shown” now."]


def test_years_places_indicators_and_groups_that_came_and_went(released: Released, speech: Speech) -> None:
    cells, findings = (
        without(without(table, indicator="teacher_experience"), period="2014-15")
        for table in (released.cells, released.findings)
    )
    cells, findings = (without(table, unit_id="001") for table in (cells, findings))
    cells, findings = (without(table, group=WHITE) for table in (cells, findings))
    found = difference(speech, released, replace(released, cells=cells, findings=findings))
    assert english(speech, found, "years") == ["Gone: 2014-15."]
    assert english(speech, found, "places") == ["Gone: Oak."]
    assert english(speech, found, "groups") == ["Gone: White."]
    assert english(speech, found, "indicators") == [f"Gone: {speech.title('teacher_experience').en}."]
    assert not found.of("rows"), "what is explained by the others is not told again"
    assert english(speech, difference(speech, found.new.released, released), "years") == ["New: 2014-15."]


def test_a_cell_alone_that_went(released: Released, speech: Speech) -> None:
    one = without(released.cells, unit_id="001", group=BLACK)
    extra = released.cells.to_pylist()[0] | {"unit_level": "school", "unit_id": "001", "group": "all"}
    extra["period"] = YEAR
    both = pa.concat_tables([released.cells, pa.Table.from_pylist([extra], schema=released.cells.schema)])
    found = difference(speech, replace(released, cells=both), replace(released, cells=released.cells))
    assert english(speech, found, "rows") == ["Other numbers that are gone: 1."]
    assert english(speech, difference(speech, released, replace(released, cells=one)), "places") == [
        "Gone: Oak."
    ]


def test_what_was_asked_and_what_it_was_made_with(released: Released, speech: Speech) -> None:
    new = replace(
        released,
        settings={**released.settings, "by": ["sex"], "reference": "highest"},
        disclosure={**released.disclosure, "policy": "n30"},
        inputs={"students.csv": "cd" * 32, "schools.csv": "ef" * 32},
    )
    found = difference(speech, released, new)
    assert english(speech, found, "asked") == [
        "Asked with --by sex; before, race_ethnicity,sex.",
        "Asked with --reference highest; before, nothing.",
    ]
    assert english(speech, found, "policy") == [
        "The rule for small groups is “Groups of 30 or more”. Before, it was “Groups of 10 or more”."
    ]
    assert english(speech, found, "inputs") == [
        "New file: schools.csv.",
        "Other content than before: students.csv.",
    ]
    assert found.content


def test_other_files_and_definitions_alone_are_no_other_content(released: Released, speech: Speech) -> None:
    old = edition_of(released, speech)
    inputs = replace(released, inputs={"students.csv": "cd" * 32})
    new = replace(
        edition_of(inputs, speech), made_with={**old.made_with, "definitions": "x", "contract": "1.0"}
    )
    found = compare(replace(old, made_with={**old.made_with, "contract": "0.9"}), new)
    assert [change.kind for change in found.changes] == ["inputs", "made", "made"]
    assert not found.content
    assert english(speech, found, "made") == [
        "Contract: 1.0; before, 0.9.",
        "The rules for counting, or the words for them, have changed.",
    ]


def test_a_sentence_in_other_words_is_no_other_number(released: Released, speech: Speech) -> None:
    new = edition_of(released, speech)
    key, told = next((key, told) for key, told in new.sentences.items() if "Black" in told["en"])
    earlier = {**told, "en": told["en"].replace("Black", "African American")}
    found = compare(replace(new, sentences={**new.sentences, key: earlier}), new)
    assert [change.kind for change in found.changes] == ["wording"]
    assert "African American" in english(speech, found, "wording")[1]


def test_another_place_is_said_first(released: Released, speech: Speech) -> None:
    about = replace(released.about, title="Oak", unit_level="school", unit_id="001")
    found = difference(speech, released, replace(released, about=about))
    assert found.changes[0].kind == "place"
    assert english(speech, found, "place") == [
        f"These are two places: Oak, and before {released.about.title}."
    ]


def test_students_whose_group_is_not_known_come_last(released: Released, speech: Speech) -> None:
    """However large their change is."""
    rows = [
        row for row in released.cells.to_pylist() if row["unit_id"] == "0012345" and row["period"] == YEAR
    ]
    extra = next(row for row in rows if row["group"] == BLACK) | {"group": "race_ethnicity:unknown"}
    tables = [
        pa.Table.from_pylist(
            [*released.cells.to_pylist(), {**extra, "value": value}], schema=released.cells.schema
        )
        for value in (0.1, 0.9)
    ]
    old = replace(other(released, {"group": BLACK}, value=0.45), cells=tables[0])
    old = replace(old, cells=changed(old.cells, {"group": BLACK, "period": YEAR, "unit_id": "0012345",
                                                 "indicator": "ag_completion"}, value=0.45))  # fmt: skip
    found = difference(speech, old, replace(released, cells=tables[1]))
    assert [change.group for change in found.of("number")] == [BLACK, "race_ethnicity:unknown"]


def test_notes_of_the_checks_are_counted(released: Released, speech: Speech) -> None:
    found = difference(speech, released, replace(released, checks=()))
    assert english(speech, found, "checks") == ["Notes that are gone: 1."]
    assert len(found.of("checks", "gone")) == 1


def test_a_place_that_is_called_otherwise(released: Released, speech: Speech) -> None:
    units = changed(released.units, {"unit_id": "001"}, unit_name="Oak Grove")
    found = difference(speech, released, replace(released, units=units))
    assert english(speech, found, "renamed") == ["Oak is now called Oak Grove."]


def test_a_new_finding_in_short(released: Released, speech: Speech) -> None:
    findings = released.findings.to_pylist()
    for row in findings:
        if row["rank"]:
            row["rank"] = None
    old = replace(released, findings=pa.Table.from_pylist(findings, schema=released.findings.schema))
    lines = english(speech, difference(speech, old, released), "short")
    assert any(line.startswith("New: Of every 100 Black ") for line in lines)


def test_a_finding_in_short_with_other_numbers_is_said_with_both(released: Released, speech: Speech) -> None:
    old = other(released, {"group": BLACK}, value=0.45)
    found = difference(speech, old, released)
    assert any(
        line.startswith("Now: Of every 100 Black graduates, 47 ")
        and "Before: Of every 100 Black graduates, 45 " in line
        for line in english(speech, found, "short")
    )


def test_what_the_definitions_do_not_know_keeps_its_key(released: Released, speech: Speech) -> None:
    """A bundle of later definitions has indicators and groups that ours have no name for."""
    cells = changed(released.cells, {"indicator": "teacher_experience"}, indicator="from_the_future")
    found = compare(
        replace(edition_of(released, speech), short={}),
        replace(edition_of(released, speech), released=replace(released, cells=cells), short={}),
    )
    assert "New: from_the_future." in english(speech, found, "indicators")


# --- the command ---


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


@pytest.fixture(scope="module")
def bundles(released: Released, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("diff")
    report.write(other(released, {"group": BLACK}, value=0.45), place / "old")
    report.write(released, place / "new")
    return place / "old", place / "new"


def test_the_command_tells_and_its_exit_code_says_whether(bundles: tuple[Path, Path]) -> None:
    result = run(*bundles)
    assert result.exit_code == 1, result.output
    assert "Numbers that changed" in result.output
    assert "the earlier review said 45" in result.output
    same = run(bundles[0], bundles[0])
    assert same.exit_code == 0
    assert "Nothing that one can read in them differs." in same.output


def test_the_page_is_in_all_languages_and_escapes_names(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    assert run(*bundles, "--out", tmp_path / "changes.html").exit_code == 1
    html = (tmp_path / "changes.html").read_text(encoding="utf-8")
    assert "the earlier review said 45" in html
    assert "la revisión de antes decía 45" in html
    assert "Cedar &lt;b&gt;Valley&lt;/b&gt;" in html
    assert "<b>Valley" not in html


def test_the_table_has_every_change_and_nothing_runs_in_it(
    bundles: tuple[Path, Path], tmp_path: Path, released: Released, speech: Speech
) -> None:
    assert run(*bundles, "--out", tmp_path / "changes.csv").exit_code == 1
    rows = list(csv.DictReader((tmp_path / "changes.csv").open(encoding="utf-8", newline="")))
    old, new = (report.read(folder) for folder in bundles)
    assert len(rows) == len(difference(speech, old, new).changes)
    assert {row["kind"] for row in rows} >= {"number", "computed"} - {"computed"}
    assert not any(text.startswith(("=", "+", "@")) for row in rows for text in row.values())
    (number,) = [row for row in rows if row["kind"] == "number"]
    assert (float(number["before"]), float(number["after"])) == (0.45, 0.47)


def test_what_cannot_be_compared_is_told_at_once(
    bundles: tuple[Path, Path], released: Released, tmp_path: Path
) -> None:
    damaged, gone = tmp_path / "damaged", tmp_path / "gone"
    report.write(released, damaged)
    with (damaged / "findings.csv").open("a", encoding="utf-8") as stream:
        stream.write("one more line\n")
    report.write(released, gone)
    withdraw(gone, Withdrawal("0001", "2026-11-22", "a mistake"))
    result = run(damaged, gone)
    assert result.exit_code == 2
    assert "damaged/findings.csv" in result.output
    assert "withdrawn on 2026-11-22" in result.output
    assert run(bundles[0], tmp_path / "nowhere").exit_code == 2
    wrong = run(*bundles, "--out", tmp_path / "changes.txt")
    assert wrong.exit_code == 2
    assert not (tmp_path / "changes.txt").exists()


def test_a_bundle_of_an_earlier_minor_contract_is_compared(
    bundles: tuple[Path, Path], released: Released, tmp_path: Path
) -> None:
    old = _with_contract(released, tmp_path / "old", "1.0", without="rank")
    result = run(old, bundles[1])
    assert result.exit_code in (0, 1), result.output
    assert "Contract: " in result.output


def test_a_bundle_of_another_major_contract_is_refused_with_words(
    bundles: tuple[Path, Path], released: Released, tmp_path: Path
) -> None:
    result = run(_with_contract(released, tmp_path / "old", "2.0"), bundles[1])
    assert result.exit_code == 2
    assert "contract 2.0" in result.output


def _with_contract(released: Released, place: Path, contract: str, without: str | None = None) -> Path:
    import pyarrow.parquet as pq

    from evenground.report import receipt

    report.write(released, place)
    if without:
        table = pq.read_table(place / "findings.parquet").drop_columns([without])
        pq.write_table(table, place / "findings.parquet")
    paid = json.loads((place / "receipt.json").read_text(encoding="utf-8")) | {"contract": contract}
    text = receipt.written(receipt.with_files(paid, place))
    (place / "receipt.json").write_text(text, encoding="utf-8")
    return place


def test_los_angeles_under_two_rules(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    """School choice under a rule that hides groups below 10 and one that hides those below 30."""
    import evenground

    reviews = {
        policy: evenground.review(shared_data("lausd-choice-2018"), policy=policy)
        for policy in ("n10", "n30")
    }
    for policy, found in reviews.items():
        report.write(found, tmp_path / policy)
    result = run(tmp_path / "n10", tmp_path / "n30", "--out", tmp_path / "changes.csv")
    assert result.exit_code == 1, result.output
    assert "“Groups of 30 or more”. Before, it was “Groups of 10 or more”." in result.output
    rows = list(csv.DictReader((tmp_path / "changes.csv").open(encoding="utf-8", newline="")))
    con = duckdb.connect()
    con.register("ten", reviews["n10"].cells)
    con.register("thirty", reviews["n30"].cells)
    keys = 'indicator, unit_level, unit_id, period, "group"'
    ((hidden,),) = con.sql(
        f"select count(*) from ten join thirty using ({keys}) "
        "where ten.state = 'value' and thirty.state = 'hidden'"
    ).fetchall()
    assert hidden > 0
    told = [row for row in rows if (row["kind"], row["before"], row["after"]) == ("state", "value", "hidden")]
    assert len(told) == hidden
    assert f"{hidden:,} were “shown” and are “hidden to protect students” now." in result.output
    assert not [row for row in rows if row["kind"] == "number"], "a rule hides, it does not change numbers"

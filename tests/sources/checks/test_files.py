"""One defect planted into a clean table is found by its check, at its row; a clean table raises none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.checks.made import HEADER, YEARS, Rows, clean, found, raw

from evenground.sources.checks import Remark, check_files

quick = settings(max_examples=4, deadline=None)
places = st.integers(min_value=0, max_value=359)
seeds = st.integers(min_value=0, max_value=10_000)


def column(name: str) -> int:
    return HEADER.index(name)


@quick
@given(seeds)
def test_a_clean_table_raises_nothing(seed: int) -> None:
    assert found(clean(seed)) == {}


@quick
@given(seeds, places)
def test_an_id_that_a_spreadsheet_rounded(seed: int, place: int) -> None:
    rows = clean(seed)
    rows[place][column("school_id")] = "1.96473E+13"
    remark = only(rows, "scientific_id")
    assert (remark.row, remark.column, remark.count) == (place + 2, "school_id", 1)


def test_ids_that_lost_zeros() -> None:
    """Districts of Alabama are 0100005 and the like; as numbers they have six digits, the others seven."""
    rows = clean()
    for row in rows:
        school = int(row[1]) - 10203
        row[1] = f"{100_005 + school}" if school < 10 else f"{4_200_005 + school}"
    short = [place for place, row in enumerate(rows) if len(row[1]) == 6]
    remark = only(rows, "lost_zeros")
    assert (remark.row, remark.count, remark.column) == (short[0] + 2, len(short), "school_id")
    for row in rows:
        row[1] = row[1].zfill(7)
    assert found(rows) == {}


def test_ids_with_zeros_in_one_file_only() -> None:
    rows = clean()
    bare = [[row[0], row[1].lstrip("0"), *row[2:]] for row in rows]
    one = raw(rows, file="a.csv")
    other = raw(bare, file="b.csv", connection=one.connection)
    remarks = [remark for remark in check_files([one, other]) if remark.check == "other_zeros"]
    assert [(remark.file, remark.row, remark.count) for remark in remarks] == [("b.csv", 2, 360)]


@quick
@given(seeds, places)
def test_a_code_that_became_a_day(seed: int, place: int) -> None:
    rows = [[*row[:-1], "6-8" if row[-1] == "charter" else "9-12"] for row in clean(seed)]
    rows[place][column("kind")] = "8-Jun"
    remark = only(rows, "date_for_code")
    assert (remark.row, remark.column, remark.words["value"]) == (place + 2, "kind", "8-Jun")


@quick
@given(seeds, places)
def test_the_header_in_the_body(seed: int, place: int) -> None:
    rows = clean(seed)
    rows.insert(place, list(HEADER))
    remark = found(rows)["header_repeated"]
    assert (remark.row, remark.count) == (place + 2, 1)


@pytest.mark.parametrize(
    "last",
    [
        ["Source: the state", "", "", "", "", "", "", ""],
        ["", "", "", "", "6236439", "3119368", "0.500", ""],
        ["Total", "", "", "", "6236439", "3119368", "0.500", ""],
    ],
)
def test_a_note_or_total_below_the_table(last: list[str]) -> None:
    rows = [*clean(), last]
    remark = found(rows)["footer_row"]
    assert (remark.row, remark.count) == (362, 1)


@quick
@given(seeds, places)
def test_letters_in_the_wrong_encoding(seed: int, place: int) -> None:
    rows = clean(seed)
    rows[place][column("school_name")] = "Niños".encode().decode("cp1252") + " 7"
    remark = found(rows)["garbled_text"]
    assert (remark.row, remark.column, remark.words["value"]) == (place + 2, "school_name", "NiÃ±os 7")


@quick
@given(seeds, places)
def test_a_row_that_is_there_twice(seed: int, place: int) -> None:
    rows = clean(seed)
    rows.append(list(rows[place]))
    remark = only(rows, "duplicate_rows")
    assert (remark.row, remark.count) == (362, 1)


@quick
@given(seeds, places)
def test_a_row_that_contradicts_another(seed: int, place: int) -> None:
    rows = clean(seed)
    again = list(rows[place])
    again[column("students")] = str(int(again[column("students")]) + 1)
    remark = only([*rows, again], "contradictory_rows")
    assert (remark.row, remark.count) == (362, 1)


def test_two_columns_that_contradict_each_other() -> None:
    rows = clean(schools=200)
    kind = column("kind")
    header = [*HEADER, "charter"]
    wide = [[*row, "Yes" if row[kind] == "charter" else "No"] for row in rows]
    odd = next(place for place, row in enumerate(wide) if row[kind] == "charter" and place > 1000)
    wide[odd][-1] = "No"
    remark = found(wide, header)["odd_pair"]
    assert (remark.row, remark.count) == (odd + 2, 1)


@quick
@given(seeds, st.sampled_from(YEARS))
def test_percent_in_one_year_and_fraction_in_others(seed: int, year: str) -> None:
    rows = clean(seed)
    pct = column("pass_pct")
    for row in rows:
        if row[0] == year:
            row[pct] = f"{float(row[pct]) * 100:.1f}"
    remark = only(rows, "percent_or_fraction")
    first = next(place for place, row in enumerate(rows) if row[0] == year)
    assert (remark.row, remark.column, remark.words["place"]) == (first + 2, "pass_pct", year)


def test_a_share_above_the_whole() -> None:
    rows = clean()
    rows[100][column("pass_pct")] = "1.372"
    remark = only(rows, "share_above_whole")
    assert (remark.row, remark.count, remark.words["whole"]) == (102, 1, 1)


@quick
@given(seeds, st.sampled_from(YEARS))
def test_a_year_that_was_not_filled_in(seed: int, year: str) -> None:
    rows = clean(seed)
    for row in rows:
        row[column("passed")] = "0" if row[0] == year else row[column("passed")]
    remark = only(rows, "flat_year")
    assert (remark.column, remark.words) == ("passed", {"value": "0", "year": year})


def test_a_column_that_never_changes() -> None:
    rows = [[*row, "17"] for row in clean()]
    assert found(rows, [*HEADER, "days"])["flat_column"].words["columns"] == "days"


def test_rates_of_0_and_100_only() -> None:
    rows = clean()
    for place, row in enumerate(rows):
        row[column("pass_pct")] = "100" if place % 3 else "0"
    assert only(rows, "only_0_and_100").column == "pass_pct"


@quick
@given(seeds, st.sampled_from(YEARS))
def test_two_columns_that_change_places(seed: int, year: str) -> None:
    rows = clean(seed)
    one, other = column("students"), column("passed")
    for row in rows:
        if row[0] == year:
            row[one], row[other] = row[other], row[one]
    remark = only(rows, "swapped_columns")
    assert {remark.words["part"], remark.words["whole"], remark.words["year"]} == {"students", "passed", year}


def test_a_file_whose_name_says_another_year() -> None:
    assert "wrong_year" not in found(clean(), file="pass_1314_1516.csv")
    remark = found(clean(), file="pass_2018-19.csv")["wrong_year"]
    assert remark.words["year"] in YEARS
    assert remark.words["expected"] == "2018-19"


def test_a_year_far_from_the_others() -> None:
    rows = clean()
    rows[7][0] = "1965-66"
    assert only(rows, "wrong_year").row == 9


def test_a_year_between_that_is_missing() -> None:
    rows = [row for row in clean() if row[0] != YEARS[1]]
    assert only(rows, "year_between").words["years"] == "2014-15"


def test_a_name_that_changes() -> None:
    rows = clean()
    changed = next(place for place, row in enumerate(rows) if row[0] == YEARS[2])
    for row in rows[changed : changed + 4]:
        row[column("school_name")] = "Martin Luther King Academy"
    remark = only(rows, "name_changes")
    assert (remark.row, remark.count) == (changed + 2, 1)
    for row in rows[changed : changed + 4]:
        row[column("school_name")] = "CEDAR  HILL (0)"  # capitals, signs and spaces are no other name
    assert found(rows) == {}


def test_an_id_that_changes() -> None:
    rows = clean()
    changed = next(place for place, row in enumerate(rows) if row[0] == YEARS[2])
    for row in rows[changed : changed + 4]:
        row[column("school_id")] = "0019999"
    remark = only(rows, "id_changes")
    assert (remark.row, remark.words["second"]) == (changed + 2, "0019999")


def test_reserve_codes() -> None:
    rows = clean()
    for place in range(3, 40, 5):
        rows[place][column("passed")] = "-9"
    remark = found(rows)["reserve_code"]
    assert (remark.row, remark.count, remark.words["values"]) == (5, 8, "-9")


def only(rows: Rows, check: str) -> Remark:
    remarks = found(rows)
    assert set(remarks) == {check}, remarks
    return remarks[check]

"""Sentences say what the released row says, and no more than its interval allows."""

from __future__ import annotations

import pytest

from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report.story.rows import Row, rows_of
from evenground.report.story.speech import Speech

BLACK = "race_ethnicity:black"


@pytest.fixture(scope="module")
def speech() -> Speech:
    return Speech(load(), load_wording())


@pytest.fixture(scope="module")
def rows(released: Released) -> dict[tuple[str, str, str], Row]:
    found = rows_of(released.findings, released.cells)
    return {
        (row.indicator, row.measure, row.group): row
        for row in found
        if row.unit_level == "district" and row.period == "2015-16"
    }


def test_a_difference_says_both_levels_its_size_and_how_sure(
    speech: Speech, rows: dict[tuple[str, str, str], Row]
) -> None:
    said = speech.sentence(rows["ag_completion", "difference", BLACK])
    assert said.en == (
        "Of every 100 Black graduates, 47 had completed the A-G courses; of every 100 graduates, 54. "
        "A difference of 7 in 100. With this many students, chance alone could move it by about 2."
    )
    assert said.es.startswith(
        "De cada 100 estudiantes de raza negra que se graduaron, 47 habían completado los cursos A-G;"
    )
    assert "La diferencia es de 7 de cada 100." in said.es


def test_without_certainty_there_is_no_verdict(speech: Speech, rows: dict[tuple[str, str, str], Row]) -> None:
    latina = rows["ag_completion", "difference", "race_ethnicity:hispanic+sex:female"]
    assert speech.sentence(latina).en == (
        "Of every 100 Latina graduates, 60 had completed the A-G courses; of every 100 graduates, 54. "
        "No clear difference: chance alone could make it."
    )
    unsure = rows["teacher_experience", "difference", "race_ethnicity:white"]
    assert speech.sentence(unsure).en.endswith("These data do not let us say how sure this is.")


def test_averages_are_told_with_their_unit(speech: Speech, rows: dict[tuple[str, str, str], Row]) -> None:
    said = speech.sentence(rows["teacher_experience", "difference", BLACK])
    assert "10.8 years" in said.en
    assert "all students, 11.9 years." in said.en
    assert "A difference of 1.1 years." in said.en
    assert "10.8 años" in said.es


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("needed_fixed", "Parity means about 14 more students a year, if no one else changes."),
        ("needed_moving", "Parity means about 18 more students a year."),  # 17.5: half a student is a student
        ("proportionality_index", "With even shares, Black graduates would count 100. They count 87."),
        ("index_80", "Where the highest group reaches 100, Black graduates reach 78."),
        ("ratio", "The rate of Black graduates is 0.87 times the rate of graduates."),
        ("ppg", "The gap for Black graduates is −7.0 percentage points, give or take 3.0."),
        (
            "change",
            "Of every 100 Black graduates, 35 had completed the A-G courses in 2014-15; "
            "in 2015-16, 47. That is a rise.",
        ),
        (
            "gap_change",
            "The gap for Black graduates got smaller from 2014-15 to 2015-16. Those behind gained ground.",
        ),
    ],
)
def test_other_measures(
    measure: str, words: str, speech: Speech, rows: dict[tuple[str, str, str], Row]
) -> None:
    assert speech.sentence(rows["ag_completion", measure, BLACK]).en == words


def test_hidden_is_said_and_no_number_with_it(speech: Speech, rows: dict[tuple[str, str, str], Row]) -> None:
    said = speech.sentence(rows["ag_completion", "rate", "race_ethnicity:pacific_islander"])
    assert (
        said.en == "A-G courses completed (Native Hawaiian or Pacific Islander): hidden to protect students."
    )
    assert "oculto para proteger a estudiantes" in said.es
    assert not any(sign.isdigit() for sign in said.en + said.es)


def test_a_difference_adds_up_with_its_levels(speech: Speech, rows: dict[tuple[str, str, str], Row]) -> None:
    # Latinas in Los Angeles: 60.2 and 53.5 are told as 60 and 54; the difference of 6.7 is neither 6 nor 7
    row = rows["ag_completion", "difference", BLACK]._replace(
        level=0.602, value=0.067, verdict="above", low=0.05, high=0.084
    )
    assert "60 had" in speech.sentence(row).en
    assert "of every 100 graduates, 54. A difference of 6 to 7 in 100." in speech.sentence(row).en


def test_small_rates_are_told_of_more_people(speech: Speech, rows: dict[tuple[str, str, str], Row]) -> None:
    row = rows["ag_completion", "difference", BLACK]._replace(
        level=0.012, value=-0.004, verdict="below", low=-0.006, high=-0.002
    )
    assert speech.sentence(row).en.startswith(
        "Of every 1,000 Black graduates, 12 had completed the A-G courses; of every 1,000 graduates, 16."
    )


@pytest.mark.parametrize(
    ("students", "direction", "words"),
    [
        (1.0, "higher", "Parity means about one more student a year."),
        (0.0, "higher", "This group is at parity."),
        (-31.2, "lower", "Parity means about 32 fewer students a year."),
        (31.2, "lower", "Parity means about 32 fewer students a year."),
    ],
)
def test_needed(
    students: float, direction: str, words: str, speech: Speech, rows: dict[tuple[str, str, str], Row]
) -> None:
    row = rows["ag_completion", "needed_moving", BLACK]._replace(value=students, direction=direction)
    assert speech.needed(row).en == words


def test_every_finding_has_words_in_both_languages(speech: Speech, released: Released) -> None:
    for row in rows_of(released.findings, released.cells):
        said = speech.sentence(row)
        for words in said.values():
            assert words.endswith("."), words
            assert "{" not in words, words
            assert words[0].upper() == words[0], words
        assert said.en != said.es

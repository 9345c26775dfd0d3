"""What checks and readers found reaches a public page in both languages."""

from __future__ import annotations

import re

import pytest

from evenground.definitions import checks, phrases, remarked
from evenground.model import Problem

SAMPLE = re.compile(r"\{(\w+)[^}]*\}")


def filled(pattern: str) -> str:
    """A pattern with its own placeholders as words: {value} becomes <value>."""
    return SAMPLE.sub(r"<\1>", pattern)


@pytest.mark.parametrize("key", checks())
def test_every_check_of_the_catalogue_is_told_in_spanish(key: str) -> None:
    check = checks()[key]
    problem = Problem(check.severity, "a.csv", filled(check.found.en), "", check.advice.en, check=key)
    found, todo = remarked(problem)
    assert found
    assert todo
    assert (found.en, found.es) == (filled(check.found.en), filled(check.found.es))
    assert (todo.en, todo.es) == (check.advice.en, check.advice.es)


@pytest.mark.parametrize("key", [key for key, check in checks().items() if SAMPLE.sub("", check.found.en)])
def test_a_check_in_a_readers_own_words_is_told_by_its_title(key: str) -> None:
    found, todo = remarked(Problem("note", "a.csv", "words of a reader", "", "do something", check=key))
    assert found
    assert (found.en, found.es) == ("words of a reader", checks()[key].title.es)
    assert todo is None


@pytest.mark.parametrize("key", phrases("remarks"))
def test_every_remark_of_a_reader_has_the_same_words_in_both_languages(key: str) -> None:
    text = phrases("remarks")[key]
    assert sorted(SAMPLE.findall(text.en)) == sorted(SAMPLE.findall(text.es))
    found, todo = remarked(Problem("note", "a.csv", filled(text.en), "", filled(text.en)))
    assert found
    assert found == todo
    assert (found.en, found.es) == (filled(text.en), filled(text.es))


@pytest.mark.parametrize(("found", "spanish"), [
    ("files that are not read: SOURCE.txt", "archivos que no se leen: SOURCE.txt"),
    ("a count above the number of students it is counted over (ag_completion)",
     "un conteo mayor que el número de estudiantes entre quienes se cuenta (Cursos A-G completos)"),
    ("school 121060 (Oak, A) ends in 2013-14, and 121002 (Oak) begins in 2014-15; the names are alike",
     "la escuela 121060 (Oak, A) termina en 2013-14 y 121002 (Oak) empieza en 2014-15; "
     "los nombres se parecen"),
])  # fmt: skip
def test_remarks_of_real_reviews(found: str, spanish: str) -> None:
    told, todo = remarked(Problem("note", "a.csv", found, "", "nothing; not used"))
    assert told
    assert told.es == spanish
    assert todo
    assert todo.es == "nada; no se usa"


def test_what_nobody_has_words_for_is_left_in_english() -> None:
    assert remarked(Problem("note", "a.csv", "something new", "", "look at it")) == (None, None)

"""The words of the definitions: both languages, short, and sayable in the sentences they are made for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import BaseModel

from evenground.definitions import Text, label, load, people
from evenground.definitions.schema import Sourced

DEFINITIONS = load()
BLACK = "race_ethnicity:black"


def texts(entry: BaseModel, place: str) -> Iterator[tuple[str, Text]]:
    """Every bilingual text of an entry, at any depth, with the way to it."""
    for field in type(entry).model_fields:
        yield from inside(getattr(entry, field), f"{place}.{field}")


def inside(value: object, place: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        yield from texts(value, place)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from inside(part, f"{place}.{key}")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from inside(part, f"{place}.{number}")


def everything() -> dict[str, Text]:
    kinds = ("dimensions", "groups", "populations", "indicators", "questions", "policies", "parameters")
    return {
        place: text
        for kind in kinds
        for key, entry in getattr(DEFINITIONS, kind).items()
        for place, text in texts(entry, f"{kind}.{key}")
    }


def test_no_text_is_longer_than_its_place_allows() -> None:
    limits = {
        "name": 60,
        "plural": 70,
        "phrase": 85,
        "title": 70,
        "caution": 170,
        "collect": 130,
        "note": 190,
        "meaning": 110,
    }
    for place, text in everything().items():
        field = next((part for part in reversed(place.split(".")) if part in limits), None)
        for words_ in (text.en, text.es):
            assert len(words_) <= limits.get(field or "", 120), (place, len(words_), words_)


def test_questions_have_under_twenty_words() -> None:
    for key, question in DEFINITIONS.questions.items():
        assert len(question.ask) in (2, 3), key
        for text in (question.title, *question.ask):
            assert len(text.en.split()) < 20, text.en
            assert len(text.es.split()) < 20, text.es
            assert text.en.endswith("?"), text.en
            assert text.es.endswith("?"), text.es
            assert "¿" in text.es, text.es


def test_the_languages_differ_and_keep_the_same_shape() -> None:
    same = {"$9,800", "{group}"}
    for place, text in everything().items():
        assert text.en != text.es or text.en in same, (place, text.en)
        assert text.en.endswith(".") == text.es.endswith("."), (place, text)
        assert text.en == text.en.strip(), place
        assert "  " not in text.en + text.es, place


def test_phrases_are_predicates() -> None:
    for key, indicator in DEFINITIONS.indicators.items():
        for phrase in (indicator.phrase.en, indicator.phrase.es):
            assert phrase[0].islower(), (key, phrase)
            assert not phrase.endswith("."), (key, phrase)


def test_every_source_is_dated_and_none_is_of_the_future() -> None:
    kinds = ("dimensions", "indicators", "policies", "parameters")
    entries = [entry for kind in kinds for entry in getattr(DEFINITIONS, kind).values()]
    assert all(isinstance(entry, Sourced) for entry in entries)
    assert len(entries) >= 45
    for entry in entries:
        assert len(entry.source) >= 5
        assert date(1990, 1, 1) <= entry.date <= date(2026, 12, 31), entry.source


def test_the_plural_of_a_group_is_made_of_its_part() -> None:
    own = {
        "magnet",
        "dual_language",
        "other_choice",
        "english_learner",
        "female",
        "male",
        "kg",
        "elementary",
        "middle",
        "high",
        "not_english_learner",
    }
    for dimension in DEFINITIONS.dimensions.values():
        for key, value in dimension.values.items():
            made = " ".join(filter(None, (value.part.before, "students", value.part.after)))
            assert key in own or value.plural.en == made, (key, made)
            assert key in own or value.plural.es == f"estudiantes {value.part.es}", key


@pytest.mark.parametrize(("group", "population", "en", "es"), [
    ("all", None, "students", "estudiantes"),
    ("all", "graduates", "graduates", "estudiantes que se graduaron"),
    (BLACK, "enrolled", "Black students", "estudiantes de raza negra"),
    ("race_ethnicity:hispanic+sex:female", "graduates", "Latina graduates",
     "estudiantes latinas que se graduaron"),
    ("race_ethnicity:hispanic+sex:male", "graduates", "male Latino graduates",
     "estudiantes varones latinos que se graduaron"),
    ("race_ethnicity:black+sex:male", None, "Black male students", "estudiantes varones de raza negra"),
    ("disability:with_disability+race_ethnicity:hispanic+sex:female", None,
     "Latina students with disabilities", "estudiantes latinas con discapacidad"),
    ("disability:with_disability+race_ethnicity:two_or_more", None,
     "students of two or more races with disabilities", "estudiantes de dos o más razas con discapacidad"),
    ("english_learner:english_learner", "act_takers",
     "multilingual learners (English learners) who took the ACT",
     "estudiantes multilingües (aprendices de inglés) que tomaron el ACT"),
    (BLACK, "ap_exams", "AP exams taken by Black students",
     "exámenes AP que tomaron estudiantes de raza negra"),
    ("grade:kg", "kindergarten", "kindergarten students", "estudiantes de kínder"),
    ("english_learner:english_learner+race_ethnicity:black", "english_learners",
     "Black students who are learning English", "estudiantes de raza negra aprendices de inglés"),
    ("all", "english_learners", "students who were learning English", "estudiantes que aprendían inglés"),
    ("sex:unknown", None, "students whose gender is not known", "estudiantes sin dato de género"),
    ("race_ethnicity:black+sex:unknown", None, "Black students whose gender is not known",
     "estudiantes de raza negra sin dato de género"),
])  # fmt: skip
def test_groups_are_called_by_name(group: str, population: str | None, en: str, es: str) -> None:
    found = people(DEFINITIONS, group, DEFINITIONS.populations[population] if population else None)
    assert (found.en, found.es) == (en, es)


def test_row_labels() -> None:
    def english(group: str) -> str:
        return label(DEFINITIONS, group).en

    assert english("all") == "All students"
    assert english("race_ethnicity:hispanic+sex:female") == "Hispanic or Latino, Female"
    assert english("disability:with_disability+race_ethnicity:white") == "White, With disabilities"
    assert english("sex:unknown") == "Gender: not known"


def test_a_group_that_is_not_defined_is_an_error() -> None:
    with pytest.raises(KeyError):
        people(DEFINITIONS, "race_ethnicity:martian")

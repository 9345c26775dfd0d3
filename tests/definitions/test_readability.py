"""The definitions are easy to read: Flesch-Kincaid grade for English, Fernández Huerta's ease for Spanish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from tests.reading import (
    english_syllables,
    fernandez_huerta,
    flesch_kincaid_grade,
    spanish_syllables,
)

from evenground.definitions import Text, load, people

DEFINITIONS = load()
READ = ("caution", "collect", "note", "title", "ask", "measured_by", "meaning")
VALUES = {
    "share": Text(en="8 in 100", es="8 de cada 100"),
    "years": Text(en="11.2 years", es="11.2 años"),
    "dollars": Text(en="$9,800", es="$9,800"),
    "events": Text(en="0.31 times", es="0.31 veces"),
    "students_per_teacher": Text(en="15.2 students per teacher", es="15.2 estudiantes por docente"),
    "days": Text(en="1.4 days", es="1.4 días"),
    "score": Text(en="251 points", es="251 puntos"),
    "students": Text(en="24.6 students", es="24.6 estudiantes"),
    "hours": Text(en="26.1 hours", es="26.1 horas"),
    "grade_levels": Text(en="0.8 grade levels", es="0.8 grados"),
}


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


def said(key: str) -> Text:
    """An indicator's phrase in the sentence that it is made for."""
    indicator = DEFINITIONS.indicators[key]
    group = people(DEFINITIONS, "race_ethnicity:black", DEFINITIONS.populations[indicator.over])
    if indicator.kind == "rate":
        en = f"Of every 100 {group.en}, 54 {indicator.phrase.en}."
        return Text(en=en, es=f"De cada 100 {group.es}, 54 {indicator.phrase.es}.")
    value = VALUES[indicator.unit]
    en = f"{group.en} {indicator.phrase.en.format(value=value.en)}."
    return Text(en=en, es=f"{group.es}: {indicator.phrase.es.format(value=value.es)}.")


SENTENCES = {
    **{
        place: text
        for place, text in everything().items()
        if place.split(".")[2] in ("caution", "collect", "note")
    },
    **{
        place: text
        for place, text in everything().items()
        if place.split(".")[2] in ("title", "ask", "measured_by")
    },
    **{f"said.{key}": said(key) for key in DEFINITIONS.indicators},
}


@pytest.mark.parametrize(("word", "count"), [
    ("students", 2), ("counted", 2), ("missed", 1), ("classes", 2), ("made", 1),
    ("reading", 2), ("tables", 2), ("AP", 2),
])  # fmt: skip
def test_english_syllables(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(("word", "count"), [
    ("escuela", 3), ("estudiantes", 4), ("día", 2), ("leer", 2), ("guerra", 2),
    ("quienes", 2), ("país", 2), ("muy", 1),
])  # fmt: skip
def test_spanish_syllables(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_flesch_kincaid_by_hand() -> None:
    # 7 words, 1 sentence, 8 syllables (stu-dents): 0.39 * 7 + 11.8 * 8 / 7 - 15.59
    assert flesch_kincaid_grade("The students sat on the red mat.") == pytest.approx(0.625714, abs=1e-6)


def test_fernandez_huerta_by_hand() -> None:
    # la-es-cue-la-es-gran-de: 4 words, 1 sentence, 7 syllables: 206.84 - 60 * 7 / 4 - 1.02 * 4
    assert fernandez_huerta("La escuela es grande.") == pytest.approx(97.76)


def test_there_is_a_lot_to_read() -> None:
    assert len(SENTENCES) > 90


@pytest.mark.parametrize("place", SENTENCES)
def test_english_reads_at_grade_8_or_lower(place: str) -> None:
    assert round(flesch_kincaid_grade(SENTENCES[place].en)) <= 8, SENTENCES[place].en


@pytest.mark.parametrize("place", SENTENCES)
def test_spanish_reads_at_normal_ease_or_easier(place: str) -> None:
    assert fernandez_huerta(SENTENCES[place].es) >= 60, SENTENCES[place].es

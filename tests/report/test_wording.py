"""The wording: the same in both languages, easy to read, complete for every code that can come."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from tests.reading import flesch_kincaid_grade, inflesz

from evenground.definitions import Indicator, load, load_wording
from evenground.model import LEVELS, STATES

FOLDER = Path(__file__).parents[2] / "src" / "evenground" / "definitions" / "languages"
FILES = {lang: yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8")) for lang in ("en", "es")}

# What may stand in a placeholder, as long as real names and numbers are.
FILLED: dict[str, dict[str, str]] = {
    "en": {
        "group": "Black students",
        "reference": "students",
        "phrase": "took an AP course",
        "indicator": "Math goal",
        "chance": "",
        "first": "Of every 100 Black students, 47 took an AP course; of every 100 students, 54.",
        "place": "Cedar",
        "d": "6 in 100",
        "finding": "",
        "level": "schools",
        "what": "students",
        "publisher": "The state",
        "licence": "CC0",
    },
    "es": {
        "group": "estudiantes de raza negra",
        "reference": "estudiantes",
        "phrase": "tomaron un curso AP",
        "indicator": "Meta de lectura",
        "first": "De cada 100 estudiantes negros, 47 tomaron un curso AP; de cada 100 estudiantes, 54.",
        "place": "Cedar",
        "chance": "",
        "d": "6 de cada 100",
        "finding": "",
        "level": "escuelas",
        "what": "estudiantes",
        "publisher": "El estado",
        "licence": "CC0",
    },
}
NUMBERS = {
    "base": "100",
    "a": "47",
    "b": "54",
    "m": "2",
    "x": "87",
    "count": "12",
    "from": "2014",
    "period": "2016",
    "n": "12",
    "y": "7",
}


def leaves(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield place, node
    else:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, f"{place}/{key}")


TEXTS = {lang: dict(leaves(content)) for lang, content in FILES.items()}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def filled(lang: str, text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: {**NUMBERS, **FILLED[lang]}.get(found[1], "12"), text)


def test_inflesz_by_hand() -> None:
    # la es-cue-la es gran-de: 4 words, 7 syllables, 1 sentence: 206.835 - 62.3 * 7 / 4 - 4
    assert inflesz("La escuela es grande.") == pytest.approx(93.81)


def test_both_languages_have_the_same_entries_and_placeholders() -> None:
    assert list(TEXTS["en"]) == list(TEXTS["es"])
    for place, text in TEXTS["en"].items():
        assert placeholders(text) == placeholders(TEXTS["es"][place]), place


def test_patterns_end_as_sentences_do_in_both_languages() -> None:
    for place, text in TEXTS["en"].items():
        assert text.endswith(".") == TEXTS["es"][place].endswith("."), place
        assert "  " not in text + TEXTS["es"][place], place


SENTENCES = [
    place
    for place, text in TEXTS["en"].items()
    if place.startswith(("/patterns/", "/method/")) and text.endswith(".")
]


@pytest.mark.parametrize("place", SENTENCES)
def test_each_sentence_is_easy_to_read(place: str) -> None:
    english, spanish = filled("en", TEXTS["en"][place]), filled("es", TEXTS["es"][place])
    assert round(flesch_kincaid_grade(english)) <= 8, english
    assert inflesz(spanish) >= 55, spanish


def test_no_sentence_is_long() -> None:
    lengths = [
        len(part.split())
        for place in SENTENCES
        for part in re.split(r"[.;:] ", filled("en", TEXTS["en"][place]))
    ]
    assert len(lengths) > 90
    assert max(lengths) < 20
    assert sum(lengths) / len(lengths) < 12


def test_there_are_words_for_everything_that_can_come() -> None:
    wording, known = load_wording(), load()
    for unit in set(get_args(Indicator.model_fields["unit"].annotation)):
        assert wording.label(f"axis.{unit}")
        assert unit == "share" or wording.label(f"unit.{unit}", x="1")
    for level in LEVELS:
        assert wording.label(f"level.{level}")
        assert wording.entry("codes", f"unit_level.{level}")
    for state in STATES:
        assert wording.entry("codes", f"state.{state}")
        assert state == "value" or wording.label(state)
    for family in {entry.family for entry in known.indicators.values()} - {None}:
        assert wording.label(f"family.{family}")
    for reason in ("not_in_source", "no_denominator", "too_few"):
        assert wording.label(f"reason.{reason}")


def test_a_verdict_of_the_codebook_has_a_pattern_and_the_other_way_round() -> None:
    patterns = load_wording().content["en"]["patterns"]
    moved = {key.removeprefix("gap_change.") for key in patterns if key.startswith("gap_change.")} - {
        "unsure"
    }
    codes = {key.removeprefix("verdict.") for key in FILES["en"]["codes"] if key.startswith("verdict.")}
    readings = {key.removeprefix("reading.") for key in patterns if key.startswith("reading.")} - {"unsaid"}
    misleading = {
        f"misleads_{key.split('.')[2]}"
        for key in patterns
        if key.startswith("aspect.levels.") and key.endswith((".grew", ".direction"))
    }
    assert codes == moved | readings | misleading | {
        "above",
        "below",
        "no_clear_difference",
        "too_few",
        "rose",
        "fell",
    }

"""What every sentence that reaches a reader keeps to: easy, short, whole, in agreement, asset-based.

The names of student groups, of indicators and of places are names: people are called as they call themselves,
however many syllables that takes. The formulas read each as the one word "students".
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from tests.reading import english_syllables, flesch_kincaid_grade, inflesz, spanish_syllables, words

from evenground.definitions import load, load_wording, said
from evenground.model import Released
from evenground.press import Words
from evenground.press.words import raised
from evenground.report.story.rows import Row, rows_of
from evenground.report.story.speech import Speech

BANNED = Path(__file__).parents[1] / "src" / "evenground" / "definitions" / "wording" / "banned.yaml"
NAMED = {"en": "students", "es": "estudiantes"}
LONGEST = 19
FEW = 12
"""A text of fewer words is too short for a formula: of its words, at most two have four syllables or more."""

FEMININE = "oferta|suspensión|suspensiones|solicitud|solicitudes|vez|veces|hora|persona|escuela|brecha|nota"
MASCULINE = "estudiante|examen|exámenes|año|punto|grado|día|distrito|estado|grupo|número|archivo"
WRONG = {
    "en": (
        r"(?<![\d.,−])1 [a-z]+s\b",  # 1 students
        r"\bone (more )?[a-z]+[^s]s\b(?<!this)",  # one more students
        r"\ba (?=[aeio])(?!one)",  # a only
        r"\ban (?=[b-dfgj-np-tv-z])(?!n-size)",
    ),
    "es": (
        r"(?<![\d.,−])1 (?!de |más)[a-záéíóúñ]+s\b",  # 1 estudiantes
        rf"\b(unos|los|muchos|otros|un|el|algunos) ([\d.,]+ )?({FEMININE})s?\b",
        rf"\b(unas|las|muchas|otras|una|la|algunas) ([\d.,]+ )?({MASCULINE})s?\b",
        r"\b(de|a) el (?!Salvador)",  # del, al
        r", 1 [a-zé]+(ron|ban|ían|nen|van)\b",  # 1 tomaron
        r"\b(fueron|fue|eran|estaban|estuvieron|quedaron|están|son) [a-z]+(ados|adas|idos|idas)\b",
        r"\by h?i(?!e)[a-zíáéó]",  # e inglés
        r"\bo h?o[a-z]",  # u origen
    ),
}


@cache
def _banned(lang: str) -> re.Pattern[str]:
    entries = yaml.safe_load(BANNED.read_text(encoding="utf-8")).get(lang, [])
    phrases = (r"[\s-]+".join(map(re.escape, entry["phrase"].split())) for entry in entries)
    return re.compile(rf"\b({'|'.join(phrases)})(s|es)?\b", re.IGNORECASE)


def unnamed(text: str, names: list[str], lang: str) -> str:
    """The text with every name as the one word "students"."""
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        text = text.replace(name, NAMED[lang]).replace(raised(name), NAMED[lang])
    return text


def names_in(speech: Speech, row: Row, lang: str) -> list[str]:
    """The names that stand in the sentence of a finding."""
    found = [speech.people(row.indicator, row.group), speech.name(row.group), speech.title(row.indicator)]
    if row.perspective:
        found.append(said(speech.definitions.perspectives[row.perspective].name))
    if row.reference and not row.reference.startswith("target:"):
        found.append(speech.reference(row))
    return [name.of(lang) for name in found]


def objections(text: str, lang: str, names: list[str] | None = None, stop: bool = True) -> list[str]:
    """What is wrong with a text, in one language; `stop`: it has to end as a sentence does."""
    plain = unnamed(text, names or [], lang)
    found = _shape(text, stop) + [
        f"agreement: “{match[0]}”" for rule in WRONG[lang] if (match := re.search(rule, text))
    ]
    if match := _banned(lang).search(text):
        found.append(f"banned: “{match[0]}”")
    for sentence in re.split(r"(?<=[.;:?!])\s", plain):
        if len(sentence.split()) > LONGEST:
            found.append(f"{len(sentence.split())} words: “{sentence}”")
    return found + _hard(plain, lang)


def of_finding(speech: Speech, row: Row, said: Words) -> list[str]:
    """What is wrong with the sentence of a finding, in English and Spanish."""
    found = [f"{lang}: {wrong}: {said.of(lang)}" for lang in ("en", "es")
             for wrong in objections(said.of(lang), lang, names_in(speech, row, lang))]  # fmt: skip
    return [*found, f"the same in both languages: {said.en}"] if said.en == said.es else found


def _shape(text: str, stop: bool) -> list[str]:
    rules = {
        "a placeholder": r"[{}]|\bNone(?! could| \()|\bnan\b",
        "two spaces": r"  |\s$|^\s",
        "two signs": r"\.\.|,,|,\.|\s[.,;:!?](?!\w)|;\.",
        "a key": r"\b[a-z]+_[a-z]+\b",
        "no capital": r"^[a-zñáéíóú]",
    }
    found = [name for name, rule in rules.items() if re.search(rule, text)]
    return [*found, "no stop"] if stop and not text.endswith((".", "?", "!")) else found


def _hard(plain: str, lang: str) -> list[str]:
    found = words(plain)
    if len(found) < FEW:
        count = english_syllables if lang == "en" else spanish_syllables
        long = [word for word in found if count(word) >= 4 + (lang == "es") and word != NAMED[lang]]
        return [f"long words in a short text: {', '.join(long)}"] if len(long) > 2 else []
    if lang == "en":
        grade = flesch_kincaid_grade(plain)
        return [f"grade {grade:.1f}"] if round(grade) > 8 else []
    ease = inflesz(plain)
    return [f"ease {ease:.1f}"] if ease < 55 else []


def of_released(released: Released, most: int = 1_500) -> list[str]:
    """What is wrong with the sentences of a review: each alone, and all together as they stand.
    Of many, every second, third ... is read.
    """
    speech = Speech(load(), load_wording())
    rows = list(rows_of(released.findings, released.cells))
    said = {speech.sentence(row).en: row for row in rows[:: 1 + len(rows) // (4 * most)]}
    some = list(said.values())[:: 1 + len(said) // most]
    found = [wrong for row in some for wrong in of_finding(speech, row, speech.sentence(row))]
    sentences = [speech.sentence(row) for row in some]
    grade = flesch_kincaid_grade(" ".join(words.en for words in sentences))
    ease = inflesz(" ".join(words.es for words in sentences))
    return found + [f"grade {grade:.1f} in all"] * (grade > 8) + [f"ease {ease:.1f} in all"] * (ease < 55)

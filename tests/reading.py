"""How easy a text is to read: Flesch-Kincaid for English; Fernández Huerta and INFLESZ for Spanish.

All need syllables, which are counted by rule, not by dictionary: right for most words, off by one for a few.
"""

from __future__ import annotations

import re
from functools import cache

_STRONG = "aeoáéíóú"  # an accented í or ú stands in a syllable of its own, as strong vowels do


def words(text: str) -> list[str]:
    """The words of a text. Numbers and letters read one by one (AP, IEP, A-G) count as words."""
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)


def sentences(text: str) -> int:
    return max(1, len(re.findall(r"[.!?:;]+(?=\s|$)", text)))


@cache
def english_syllables(word: str) -> int:
    """Groups of vowels, less a silent final e ("made", "missed"); an abbreviation is spelled out."""
    if word.isupper():
        return max(1, len(re.findall("[A-Z]", word)))
    lower = re.sub(r"[^a-z]", "", word.lower())
    lower = re.sub(r"(?<=[^aeiouy])(?:es|ed)$", lambda end: _spoken_ending(lower, end[0]), lower)
    lower = re.sub(r"(?<=[^aeiouyl])e$", "", lower)
    return max(1, len(re.findall(r"[aeiouy]+", lower)))


def _spoken_ending(word: str, ending: str) -> str:
    """ "-ed" sounds after t and d ("counted"), "-es" after s, x, z, ch and sh ("classes")."""
    stem = word[: -len(ending)]
    if re.search(r"[^aeiouy]l$", stem):  # "tabl-es"
        return ending
    sounds = ("t", "d") if ending == "ed" else ("s", "x", "z", "c", "g", "ch", "sh")
    return ending if stem.endswith(sounds) else ""


@cache
def spanish_syllables(word: str) -> int:
    """Groups of vowels, where two strong vowels in a row ("le-er", "dí-a") are two syllables."""
    if word.isupper():
        return max(1, len(word.replace("-", "")))
    lower = re.sub(r"[gq]u(?=[eiéí])", "g", word.lower())
    lower = re.sub(r"y\b", "i", lower)
    groups = re.findall(r"[aeiouáéíóúü]+", lower)
    hiatuses = sum(len(re.findall(f"(?=[{_STRONG}]{{2}})", group)) for group in groups)
    return max(1, len(groups) + hiatuses)


def flesch_kincaid_grade(text: str) -> float:
    """0.39 words per sentence + 11.8 syllables per word - 15.59."""
    found = words(text)
    syllables = sum(map(english_syllables, found))
    return 0.39 * len(found) / sentences(text) + 11.8 * syllables / len(found) - 15.59


def fernandez_huerta(text: str) -> float:
    """206.84 - 60 syllables per word - 1.02 words per sentence; 60 to 70 is normal, above is easier."""
    found = words(text)
    syllables = sum(map(spanish_syllables, found))
    return 206.84 - 60 * syllables / len(found) - 1.02 * len(found) / sentences(text)


def inflesz(text: str) -> float:
    """206.835 - 62.3 syllables per word - words per sentence (Szigriszt-Pazos); 55 to 65 is normal."""
    found = words(text)
    syllables = sum(map(spanish_syllables, found))
    return 206.835 - 62.3 * syllables / len(found) - len(found) / sentences(text)

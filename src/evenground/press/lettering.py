"""How much room words take, near enough to place them: a page shows them in whatever font the reader has."""

from __future__ import annotations

from functools import lru_cache

from evenground.press.words import Words

SIZE, SMALL = 13, 12
"""Points of the two sizes of words in charts."""

LINE = 15
"""Points from a line of words to the next."""

_SLIM = frozenset("iljtfI.,:;'’|!()[]-· ")
_BROAD = frozenset("mwMW%—@")


@lru_cache(maxsize=20_000)  # thousands of pages have the same names
def width_of(text: str, size: float = SIZE, bold: bool = False) -> float:
    """Points that a line takes, in the proportions of a common sans serif (Arial), rather more than less."""
    ems = sum(
        0.32 if sign in _SLIM else 0.88 if sign in _BROAD else 0.7 if sign.isupper() else 0.57
        for sign in text
    )
    return ems * size * (1.07 if bold else 1)


def widest(*words: Words, size: float = SIZE, bold: bool = False) -> float:
    """Of several, in the language that needs most."""
    return max((width_of(text, size, bold) for each in words for text in each.values()), default=0.0)


@lru_cache(maxsize=20_000)
def wrapped(text: str, room: float, size: float = SIZE, bold: bool = False) -> tuple[str, ...]:
    """Text in lines of at most `room` points, broken between words; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def height_of(words: Words, room: float, size: float = SIZE, bold: bool = False) -> float:
    """Points that words take when wrapped, in the language that needs most."""
    return max(len(wrapped(text, room, size, bold)) for text in words.values()) * float(LINE)

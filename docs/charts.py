"""Draws each form of chart, with made-up numbers, into docs/images/charts: `python docs/charts.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evenground.press import (
    NARROW,
    WIDE,
    Chart,
    DotRow,
    Dots,
    Hundred,
    LevelRow,
    Levels,
    Line,
    Lines,
    Mark,
    Matrix,
    MatrixRow,
    Multiples,
    Panel,
    Share,
    Stages,
    Step,
    Strip,
    Tally,
    Words,
)

IMAGES = Path(__file__).parent / "images" / "charts"
FONT = "system-ui, sans-serif"

_same = Words.same
_AXIS = _same("Out of 100")
_EVERYBODY = _same("All students: 54")
_HIDDEN = _same("hidden to protect students")
_GROUPS = {"Asian": 81, "White": 69, "Latina and Latino": 52, "Black or African American": 47}
_ACCENT = "Black or African American"


def _row(name: str, value: int | None, wider: float | None = None) -> DotRow:
    if value is None:
        return DotRow(_same(name), _same(""), None, note=_HIDDEN)
    share = value / 100
    low, high = share - 0.04, share + 0.04
    return DotRow(_same(name), _same("n = 1,240"), share, low, high, 0.54, str(value), None,
                  name == _ACCENT, None, wider)  # fmt: skip


def _groups(shift: int = 0) -> tuple[DotRow, ...]:
    rows = [_row(name, value + shift) for name, value in _GROUPS.items()]
    return (*rows, _row("Native Hawaiian or Pacific Islander", None))


def _places() -> tuple[Mark, ...]:
    """Sixty schools, most of them a little below."""
    values = [(7 * at % 31 + 11 * at % 23) / 100 - 0.32 for at in range(60)]
    marks = [Mark(value, value < -0.14) for value in values]
    return (*marks, Mark(-0.12, True, _same("Oak School")))


def _readings() -> Matrix:
    """Three questions as four readers see them; the last does not ask about two of them."""
    asked = {
        "Who is learning how much?": ((33, 39), (33, 25), (16, 3), None),
        "Who teaches whom?": ((5, 13), None, (0, 9), (7, 14)),
        "Where does the money go?": ((0, 6), None, (1, 2), None),
    }
    rows = tuple(
        MatrixRow(
            _same(name),
            tuple(
                Tally(_same(f"{cell[0]} of {sum(cell)}"), *cell) if cell else Tally(_same("does not ask"))
                for cell in cells
            ),
        )
        for name, cells in asked.items()
    )
    names = ("Power", "One standard", "Equal chances", "The same rules for all")
    return Matrix(rows, tuple(map(_same, names)), _same("unfair"), _same("not unfair"))


def forms() -> dict[str, Chart]:
    """Each form by the name of its file."""
    levels = {"All students": (0.12, 0.27, 0.39, 0.22), _ACCENT: (0.24, 0.36, 0.31, 0.09)}
    money = {"Asian": 12500, "White": 12100, _ACCENT: 9800}
    years = ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19")
    return {
        "groups": Dots(_groups(), 0, 1, 100, _AXIS, _EVERYBODY),
        "beside-the-state": Dots(
            tuple(_row(name, value, value / 100 + 0.05) for name, value in _GROUPS.items()),
            0, 1, 100, _AXIS, _EVERYBODY, _same("same group, the whole state"),
        ),
        "two-dimensions": Multiples(
            (Panel(_same("Female"), _groups(6)), Panel(_same("Male"), _groups(-6))),
            0, 1, 100, _AXIS, _EVERYBODY,
        ),
        "levels": Levels(
            tuple(LevelRow(_same(name), shares, accent=name == _ACCENT) for name, shares in levels.items()),
            tuple(map(_same, ("Not yet basic", "Basic", "Proficient", "Advanced"))),
            2,
            _AXIS,
        ),
        "stages": Stages(
            (
                Line(_same(_ACCENT), (1.0, 0.8, 0.4, 0.31), accent=True, told="31"),
                Line(_same("All other students"), (1.0, 0.9, 0.72, 0.61), told="61"),
            ),
            tuple(map(_same, ("All who began", "School offers it", "In a course", "Passed the exam"))),
            (Step("−5.3"), Step("−20.7", accent=True), Step("−4.0")),
            0,
            1,
            100,
            _AXIS,
            _same("What each step makes of the gap, in 100"),
        ),
        "change": Lines(
            (
                Line(_same(_ACCENT), (0.30, 0.32, None, 0.38, 0.41), (0.27, 0.29, None, 0.35, 0.38),
                     (0.33, 0.35, None, 0.41, 0.44), accent=True, told="41"),
                Line(_same("White"), (0.50, 0.52, None, 0.55, 0.56), told="56"),
                Line(_same("All students"), (0.45, 0.46, None, 0.50, 0.51), reference=True, told="51"),
            ),
            years, 0, 1, 100, _AXIS,
        ),
        "where": Strip(_places(), 100, _same("Difference, out of 100"), _same("same as all students")),
        "readings": _readings(),
        "money": Dots(
            tuple(
                DotRow(_same(name), _same(""), dollars, reference=11800, told=f"${dollars:,}",
                       accent=name == _ACCENT)
                for name, dollars in money.items()
            ),
            0, 15000, 1, _same("Dollars a year"), _same("All students: $11,800"), joined=True,
        ),
        "out-of-100": Hundred(
            (
                Share(_same(_ACCENT), 0.47, _same("47 in 100"), accent=True),
                Share(_same("All students"), 0.54, _same("54 in 100")),
            )
        ),
    }  # fmt: skip


def drawings() -> Iterator[tuple[str, str]]:
    """File and content of each form, for a screen and for a phone."""
    for name, chart in forms().items():
        for width, suffix in ((WIDE, ""), (NARROW, "-phone")):
            start, end, inside = chart.picture(width).paper("en", FONT).partition(">")
            yield (
                f"{name}{suffix}.svg",
                f'{start}{end}<rect width="100%" height="100%" fill="#fff"/>{inside}\n',
            )


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    for file, drawn in drawings():
        (IMAGES / file).write_text(drawn, encoding="utf-8")

"""Matrix: a row a question, a column a reader; in each field a mark for every case that the reader judged."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.press.canvas import Canvas
from evenground.press.chart.rows import is_wide
from evenground.press.lettering import LINE, SIZE, SMALL, height_of, widest
from evenground.press.picture import Picture
from evenground.press.words import Words

_NAMES = 158  # room for the rows' names at the left, where the chart is wide
_BESIDE = 120  # on a phone: room for the readers' names, which stand in the lines
_AIR = 12  # between columns, and above and below what stands in a field
_PITCHES = (10, 8, 6, 5)  # from one mark to the next: the largest at which no field is higher than _TALLEST
_TALLEST = 80


@dataclass(frozen=True)
class Tally:
    """What a reader makes of the cases of a row: `full` marks of one kind, `hollow` of the other. `told` says
    the numbers, or why there is none."""

    told: Words
    full: int = 0
    hollow: int = 0

    @property
    def marks(self) -> int:
        return self.full + self.hollow


@dataclass(frozen=True)
class MatrixRow:
    """One row: its name, and a tally for each column."""

    label: Words
    cells: tuple[Tally, ...]


@dataclass(frozen=True)
class Matrix:
    """`full` and `hollow` name the two kinds of marks. On a phone the columns become lines under each row."""

    rows: tuple[MatrixRow, ...]
    columns: tuple[Words, ...]
    full: Words
    hollow: Words

    def picture(self, width: int) -> Picture:
        canvas = Canvas(width)
        top = self._key(canvas)
        bottom = self._side_by_side(canvas, top) if is_wide(width) else self._stacked(canvas, top)
        return canvas.picture(bottom)

    def _key(self, canvas: Canvas) -> float:
        """What the marks mean, above them; gives where it ends."""
        x, y = 5.0, 8.0
        for words, colour, hollow in ((self.full, "accent", False), (self.hollow, "rule", True)):
            room = widest(words, size=SMALL) + 40
            if x > 5 and x + room > canvas.width:
                x, y = 5.0, y + LINE + 3
            canvas.dot(x, y, colour, 8, hollow)
            canvas.words(words, x + 10, y, "accent" if colour == "accent" else "soft", small=True)
            x += room
        return y + LINE

    def _side_by_side(self, canvas: Canvas, top: float) -> float:
        step = (canvas.width - _NAMES + _AIR) / len(self.columns)
        room = step - _AIR
        lefts = [_NAMES + step * at for at in range(len(self.columns))]
        heads = max(height_of(name, room, SIZE, bold=True) for name in self.columns)
        y = top + _AIR + heads
        for name, left in zip(self.columns, lefts, strict=True):
            _hung(canvas, name, left, y, room, bold=True, foot=True)
        canvas.line(0, y + 6, canvas.width, y + 6, "rule")
        pitch = self._pitch(room)
        for at, row in enumerate(self.rows):
            start = y if at else y + 6
            if at:
                canvas.grid(0, start, canvas.width, start)
            named = height_of(row.label, _NAMES - _AIR)
            _hung(canvas, row.label, 0, start + _AIR, _NAMES - _AIR)
            feet = [start + _AIR + named]
            feet += [
                _field(canvas, cell, left, start + _AIR, room, pitch)
                for cell, left in zip(row.cells, lefts, strict=True)
            ]
            y = max(feet) + _AIR
        return y

    def _stacked(self, canvas: Canvas, top: float) -> float:
        room, y = canvas.width - _BESIDE - _AIR, top
        pitch = self._pitch(room)
        for row in self.rows:
            named = height_of(row.label, canvas.width, SIZE, bold=True)
            y += _AIR * 1.5
            _hung(canvas, row.label, 0, y + named, canvas.width, bold=True, foot=True)
            y += named + 6
            for name, cell in zip(self.columns, row.cells, strict=True):
                canvas.grid(0, y, canvas.width, y)
                tall = height_of(name, _BESIDE, SMALL)
                _hung(canvas, name, 0, y + 5, _BESIDE, "soft", small=True)
                foot = _field(canvas, cell, _BESIDE + _AIR, y + 5, room, pitch)
                y = max(foot, y + 5 + tall) + 5
        return y

    def _pitch(self, room: float) -> float:
        most = max((cell.marks for row in self.rows for cell in row.cells), default=0)
        fits = (pitch for pitch in _PITCHES if -(-most // _in_a_line(room, pitch)) * pitch <= _TALLEST)
        return next(fits, _PITCHES[-1])


def _in_a_line(room: float, pitch: float) -> int:
    return int(room // pitch)


def _field(canvas: Canvas, cell: Tally, left: float, top: float, room: float, pitch: float) -> float:
    """The numbers, and under them the marks, the full ones first; gives where it ends."""
    tall = height_of(cell.told, room, SMALL)
    colour = "accent" if cell.full else "ink" if cell.hollow else "soft"
    _hung(canvas, cell.told, left, top, room, colour, small=True, bold=cell.marks > 0)
    line, size = _in_a_line(room, pitch), pitch - 2
    y = top + tall + size / 2 + 3
    for first in range(0, cell.marks, line):
        last = min(first + line, cell.marks)
        full = min(max(cell.full - first, 0), last - first)
        spots = [left + size / 2 + pitch * at for at in range(last - first)]
        if full:
            canvas.dots((spots[0], y), (spots[full - 1], y), pitch, "accent", size)
        if full < len(spots):
            canvas.dots((spots[full], y), (spots[-1], y), pitch, "rule", size, hollow=True)
        y += pitch
    return y - pitch + size / 2 if cell.marks else top + tall


def _hung(
    canvas: Canvas,
    words: Words,
    x: float,
    y: float,
    room: float,
    colour: str = "ink",
    *,
    small: bool = False,
    bold: bool = False,
    foot: bool = False,
) -> None:
    """Words that hang from `y`, or stand on it (`foot`), in each language, however many lines it takes."""
    for lang, text in words.items():
        alone = Words(**{each: text if each == lang else "" for each in words})
        half = height_of(alone, room, SMALL if small else SIZE, bold) / 2
        middle = y - half if foot else y + half
        canvas.words(alone, x, middle, colour, small=small, bold=bold, room=room)

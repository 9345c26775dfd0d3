"""Ideas of fairness, executable: what each looks at, how it reads a verdict, and where a room of people
stands among them."""

from evenground.perspectives.lens import asked_about
from evenground.perspectives.reading import (
    AT_STANDARD,
    COUNTS,
    DOES_NOT_COUNT,
    SHORT,
    YARDSTICK,
    of_standard,
    reading,
)
from evenground.perspectives.room import Answers, Room, Standing, room_of

__all__ = [
    "AT_STANDARD", "COUNTS", "DOES_NOT_COUNT", "SHORT", "YARDSTICK",
    "asked_about", "of_standard", "reading",
    "Answers", "Room", "Standing", "room_of",
]  # fmt: skip

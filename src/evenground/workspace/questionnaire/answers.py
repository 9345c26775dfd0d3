"""The answers of a room, from a table: a row a person, A or B in each column. Names are never read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from evenground.definitions import Definitions
from evenground.definitions.questionnaire import questionnaire
from evenground.model import ERROR, InputProblems, Problem
from evenground.perspectives import Room, room_of
from evenground.perspectives.room import FIRST, SECOND
from evenground.sources import read_table
from evenground.workspace.questionnaire.form import columns

_CODES = {"a": FIRST, "b": SECOND, "": np.nan}
_ALLOWED = "A, B or nothing"


def read_answers(file: Path, definitions: Definitions) -> Room:
    """The room of a table. Raises InputProblems with everything that is wrong in it, and for fewer people
    than the parameter `room_minimum`. Other columns, such as names, are not read."""
    table = read_table(file, columns())
    problems: list[Problem] = []
    choices = np.column_stack(
        [_coded(table[name].to_pylist(), name, file.name, problems) for name in columns()]
    )
    if problems:
        raise InputProblems(sorted(problems, key=lambda problem: (problem.row or 0, problem.column or "")))
    choices = choices[~np.isnan(choices).all(axis=1)]
    minimum = int(definitions.parameter("room_minimum"))
    if len(choices) < minimum:
        found = f"answers of {len(choices)} people"
        allowed = f"{minimum} or more, so that nobody can be found out"
        raise InputProblems.one(file.name, found, allowed, "ask more people, or put two rooms together")
    items = [(key, item.first.speaks_for, item.second.speaks_for) for key, item in questionnaire().items()]
    smallest = int(definitions.parameter("room_smallest"))
    return room_of(choices, items, list(definitions.perspectives), smallest=smallest)


def _coded(texts: Sequence[object], column: str, file: str, problems: list[Problem]) -> np.ndarray:
    """A column as numbers; what is no answer is added to `problems` with its row."""
    told = ["" if text is None else str(text).strip().lower() for text in texts]
    problems.extend(_wrong(told, texts, column, file))
    return np.array([_CODES.get(text, np.nan) for text in told])


def _wrong(told: Sequence[str], texts: Sequence[object], column: str, file: str) -> Iterator[Problem]:
    for row, (text, written) in enumerate(zip(told, texts, strict=True), start=2):
        if text not in _CODES:
            found = repr(str(written)[:20])
            yield Problem(ERROR, file, found, _ALLOWED, "look at the paper again", row=row, column=column)

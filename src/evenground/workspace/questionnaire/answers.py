"""The answers of a room, from a table: a row a person, A or B in each column. Names are never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from evenground.definitions import Definitions
from evenground.definitions.questionnaire import questionnaire
from evenground.model import ERROR, InputProblems, Problem
from evenground.perspectives import Room, room_of
from evenground.perspectives.room import FIRST, SECOND
from evenground.sources import header_of, read_table
from evenground.workspace.questionnaire.form import TABLE, columns

_CODES = {"a": FIRST, "b": SECOND, "": np.nan}
_ALLOWED = "A, B or nothing"
_MOST = 50
"""Wrong answers that are told one by one."""


def read_answers(file: Path, definitions: Definitions) -> Room:
    """The room of a table. Raises InputProblems with everything that is wrong in it, and for fewer people
    than the parameter `room_minimum`. Other columns, such as names, are not read."""
    heads = _heads(file)
    table = read_table(file, tuple(heads.values()))
    told = {name: [_plain(text) for text in table[head].to_pylist()] for name, head in heads.items()}
    if problems := _problems(told, file.name):
        raise InputProblems(problems)
    choices = np.column_stack([[_CODES[text] for text in texts] for texts in told.values()])
    choices = choices[~np.isnan(choices).all(axis=1)]
    minimum = int(definitions.parameter("room_minimum"))
    if len(choices) < minimum:
        found = f"answers of {len(choices)} people"
        allowed = f"{minimum} or more, so that nobody can be found out"
        raise InputProblems.one(file.name, found, allowed, "ask more people, or put two rooms together")
    items = [(key, item.first.speaks_for, item.second.speaks_for) for key, item in questionnaire().items()]
    smallest = int(definitions.parameter("room_smallest"))
    return room_of(choices, items, list(definitions.perspectives), smallest=smallest)


def _heads(file: Path) -> dict[str, str]:
    """Each column as the file writes it: `Q1` is `q1`. What else stands there may be names."""
    held: dict[str, str] = {}
    for head in header_of(file, columns()):
        held.setdefault(_plain(head), head)
    if absent := [name for name in columns() if name not in held]:
        found = f"no column {', '.join(absent)}"
        allowed = f"a first row with {columns()[0]} to {columns()[-1]}"
        todo = f"copy it from {TABLE}, which `evenground questionnaire` writes"
        raise InputProblems([Problem(ERROR, file.name, found, allowed, todo, row=1)])
    return {name: held[name] for name in columns()}


def _plain(text: object) -> str:
    return "" if text is None else str(text).strip().lower()


def _problems(told: Mapping[str, Sequence[str]], file: str) -> list[Problem]:
    """What is no answer, row by row. What stands there is not repeated: it may be a name."""
    wrong = sorted(
        (row, place, name)
        for place, (name, texts) in enumerate(told.items())
        for row, text in enumerate(texts, start=2)
        if text not in _CODES
    )
    found = [
        Problem(ERROR, file, "something else", _ALLOWED, "look at the paper again", row=row, column=name)
        for row, _, name in wrong[:_MOST]
    ]
    if more := len(wrong) - len(found):
        found.append(Problem(ERROR, file, f"{more:,} more like these", _ALLOWED, "look at them too"))
    return found

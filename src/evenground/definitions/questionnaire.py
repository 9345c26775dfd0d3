"""The questionnaire "Which of these is fairer?" as data: paired choices, each answer speaking for an idea."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from evenground.definitions.loader import load, read_entries
from evenground.definitions.schema import Key, Sourced, Strict, Text
from evenground.model import ERROR, InputProblems, Problem

_FILE = "questionnaire.yaml"


class Choice(Strict):
    """One of two answers, and the idea of fairness that it speaks for."""

    speaks_for: Key
    text: Text


class Item(Sourced):
    """A choice between two answers."""

    ask: Text
    first: Choice
    second: Choice


@cache
def questionnaire() -> Mapping[str, Item]:
    """The items in the order of the paper. Raises InputProblems where one is not in its shape, or speaks for
    an idea that is not defined."""
    problems: list[Problem] = []
    found = read_entries(resources.files(__package__) / _FILE, Item, problems)
    known = load().perspectives
    for key, item in found.items():
        for choice in (item.first, item.second):
            if choice.speaks_for not in known:
                told = f"`{choice.speaks_for}` in {key}, which is no perspective"
                problems.append(Problem(ERROR, _FILE, told, ", ".join(known), "write one of them"))
    if problems:
        raise InputProblems(problems)
    return found

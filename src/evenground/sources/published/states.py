"""The states and territories: postal code, federal code and name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from evenground.definitions import read_entries
from evenground.definitions.schema import Strict
from evenground.model import InputProblems, Problem


class State(Strict):
    postal: str
    fips: str
    name: str


@cache
def states() -> Mapping[str, State]:
    """Key -> state, in the order of the federal codes."""
    problems: list[Problem] = []
    found = read_entries(resources.files("evenground.definitions") / "states.yaml", State, problems)
    if problems:
        raise InputProblems(problems)
    return found


def states_by(way: Literal["fips", "postal", "name"]) -> dict[str, str]:
    """What files write for a state -> our id, its postal code."""
    return {str(getattr(state, way)): state.postal for state in states().values()}

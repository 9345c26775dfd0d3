"""The words of one page, from `wording/NAME.yaml`: key -> the same words in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from evenground.definitions.loader import read_entries
from evenground.definitions.schema import Text
from evenground.model import InputProblems, Problem


@cache
def phrases(name: str) -> Mapping[str, Text]:
    """Raises InputProblems with file and line where an entry is not in its shape."""
    problems: list[Problem] = []
    found = read_entries(resources.files(__package__) / "wording" / f"{name}.yaml", Text, problems)
    if problems:
        raise InputProblems(problems)
    return found

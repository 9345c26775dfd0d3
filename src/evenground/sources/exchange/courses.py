"""What kind of course a title stands for: patterns of definitions/sources/courses.yaml, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from evenground.definitions import read_entries
from evenground.definitions.schema import Key, Sourced
from evenground.engine import literal
from evenground.model import InputProblems, Problem


class CourseWords(Sourced):
    """Course type or subject -> the pattern of its titles, in the order in which they are tried."""

    levels: dict[Key, str]
    mathematics: dict[Key, str]
    subjects: dict[Key, str]

    def types_of(self, title: str) -> str:
        """SQL of the list of course types of a title: its level, its place in mathematics, else `other`."""
        both = f"[{_first(self.levels, title)}, {_first(self.mathematics, title)}]"
        known = f"[x for x in {both} if x IS NOT NULL]"
        return f"CASE WHEN len({known}) = 0 THEN ['other'] ELSE {known} END"

    def subject_of(self, title: str) -> str:
        """SQL of the subject of a title; null where no pattern is found."""
        return _first(self.subjects, title)


def _first(patterns: Mapping[str, str], title: str) -> str:
    cases = " ".join(
        f"WHEN regexp_matches({title}, {literal(pattern)}, 'i') THEN {literal(key)}"
        for key, pattern in patterns.items()
    )
    return f"CASE {cases} END"


@cache
def course_words() -> CourseWords:
    """The patterns that come with evenground. Raises InputProblems when their YAML is wrong."""
    problems: list[Problem] = []
    file = resources.files("evenground.definitions") / "sources" / "courses.yaml"
    entries: Mapping[str, CourseWords] = read_entries(file, CourseWords, problems)
    if problems:
        raise InputProblems(problems)
    return entries["courses"]

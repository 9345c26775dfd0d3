"""A part of the student-years: what one subject adds to the query, and the rules of zero and unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """`tables` are made in order (name -> query); `columns` (name -> SQL) are selected from `members m`, the
    groups of its students `p` (and `l`), and what `joins` adds.

    What is not sorted with the rows is quick: `words` (name -> SQL over columns) are made of sorted rows, and
    nothing is asked of a part of whose roster tables (`of`) there is none; its columns are unknown.
    """

    tables: Mapping[str, str]
    columns: Mapping[str, str]
    joins: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    of: tuple[str, ...] = ()


CENSUS, YEAR, COHORT = "m.on_census_day", "m.whole_year", "m.in_cohort"
"""True in the row of the school where a student counts for census day, the whole year, the cohort."""

BY_STUDENT = "ON {0}.student_id = m.student_id AND {0}.period = m.period"
BY_SCHOOL = "ON {0}.school_id = m.school_id AND {0}.period = m.period"
BY_PERIOD = "ON {0}.period = m.period"


def one_of(cases: Mapping[str, str], otherwise: str) -> str:
    """The word of the first condition that holds (condition -> word), of an enumeration: as such, words are
    sorted and written several times as fast as texts."""
    words = ", ".join(f"'{word}'" for word in dict.fromkeys([*cases.values(), otherwise]))
    when = " ".join(f"WHEN {condition} THEN '{word}'::ENUM ({words})" for condition, word in cases.items())
    return f"CASE {when} ELSE '{otherwise}'::ENUM ({words}) END"


def joined(table: str, name: str, by: str) -> str:
    return f"LEFT JOIN {table} {name} {by.format(name)}\n"


def zero_if_told(when: str, told: str, value: str) -> str:
    """0/1: no row means 0, but only in school years for which the table tells of such rows at all."""
    return f"CASE WHEN {when} AND {told} THEN coalesce({value}, 0) END::TINYINT"


def known(when: str, value: str, kind: str = "TINYINT") -> str:
    """The value in the rows where it counts; what is not known stays unknown."""
    return f"CASE WHEN {when} THEN {value} END::{kind}"

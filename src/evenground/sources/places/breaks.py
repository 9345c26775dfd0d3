"""Ids that end in one year while others begin in the next: perhaps the same school."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import pairwise

import pyarrow as pa

from evenground.definitions import Definitions
from evenground.engine import connect
from evenground.model import WARNING, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.places.crosswalk import PLACES

_NOISE = re.compile(r"\b(school|academy|charter|the|of|elementary|middle|high|senior|junior)\b|[^\w ]")
_LISTED = 20


def find_breaks(dataset: Dataset, told: frozenset[str], definitions: Definitions) -> list[Problem]:
    """Schools whose id ends in a year and that another id of the district seems to go on with.

    It seems so where the names are alike or, with records, where most of the students who stay in the system
    are found under the new id (definitions/parameters.yaml says how alike and how many). Ids in `told` are
    explained already. Each problem names the line to add to places.csv.
    """
    if len(dataset.periods) < 2:
        return []
    alike = definitions.parameters["same_school_names"].value
    most = definitions.parameters["same_school_students"].value
    schools = {row["unit_id"]: row for row in dataset.units.to_pylist() if row["unit_level"] == "school"}
    spans = _spans(dataset)
    shares = _shared_students(dataset)
    problems = []
    for old, new, last, first in _pairs(spans, dataset.periods, schools):
        students = shares.get((old, new, first), 0.0) >= most
        names = _likeness(schools[old], schools[new]) >= alike
        if old not in told and (students or names):
            problems.append(_problem(schools[old], schools[new], last, first, students=students))
    return problems[:_LISTED]


def _spans(dataset: Dataset) -> dict[str, tuple[str, str]]:
    """School -> its first and last school year with numbers."""
    connection = connect()
    if dataset.leaves is not None:
        connection.register("leaves", dataset.leaves)
        source = "SELECT unit_id AS school_id, period FROM leaves WHERE unit_level = 'school'"
    else:
        source = f"SELECT school_id, period FROM read_parquet('{_text(dataset)}')"
    rows = connection.execute(
        f"SELECT school_id, MIN(period), MAX(period) FROM ({source}) GROUP BY school_id"
    ).fetchall()
    return {school: (first, last) for school, first, last in rows}


def _pairs(
    spans: Mapping[str, tuple[str, str]], periods: tuple[str, ...], schools: Mapping[str, dict[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """(old id, new id, last year of the old, first year of the new) within a district, one year apart."""
    beginning: dict[tuple[str, str], list[str]] = {}
    for school, (first, _) in spans.items():
        if school in schools:
            beginning.setdefault((schools[school]["parent_id"], first), []).append(school)
    following = dict(pairwise(periods))
    for old, (_, last) in sorted(spans.items()):
        if old in schools and last in following:
            first = following[last]
            for new in sorted(beginning.get((schools[old]["parent_id"], first), [])):
                yield old, new, last, first


def _shared_students(dataset: Dataset) -> dict[tuple[str, str, str], float]:
    """(old, new, year) -> of the old school's students who are still in the data, the share at the new."""
    if dataset.student_years is None:
        return {}
    years = pa.table({"before": dataset.periods[:-1], "after": dataset.periods[1:]})
    connection = connect()
    connection.register("years", years)
    rows = connection.execute(f"""
        WITH held AS (SELECT student_id, school_id, period FROM read_parquet('{_text(dataset)}')),
        spans AS (SELECT school_id, MIN(period) AS first, MAX(period) AS last FROM held GROUP BY school_id),
        ending AS (SELECT school_id, last, after FROM spans JOIN years ON last = before),
        going AS (
            SELECT ending.school_id AS old, later.school_id AS new, ending.after, COUNT(*) AS students
            FROM ending JOIN held ON held.school_id = ending.school_id AND held.period = ending.last
            JOIN held AS later ON later.student_id = held.student_id AND later.period = ending.after
            GROUP BY ALL
        )
        SELECT old, new, after, students / SUM(students) OVER (PARTITION BY old) FROM going
    """).fetchall()
    return {(old, new, year): share for old, new, year, share in rows}


def _likeness(one: dict[str, str], other: dict[str, str]) -> float:
    """0 to 1: how alike two names are, without the words that every school has; an id is no name."""
    first, second = (
        " ".join(_NOISE.sub(" ", unit["unit_name"].lower()).split())
        if unit["unit_name"] != unit["unit_id"]
        else ""
        for unit in (one, other)
    )
    return SequenceMatcher(None, first, second).ratio() if first and second else 0.0


def _problem(old: dict[str, str], new: dict[str, str], last: str, first: str, *, students: bool) -> Problem:
    why = "most of its students who stayed are there" if students else "the names are alike"
    line = f"{old['unit_id']},{new['unit_id']},{first},renamed"
    return Problem(
        WARNING,
        PLACES,
        f"school {old['unit_id']} ({old['unit_name']}) ends in {last}, and {new['unit_id']} "
        f"({new['unit_name']}) begins in {first}; {why}",
        "one id over the years, or a line that says what became of the school",
        f"if it is the same school, add to {PLACES}: {line} (or merged, split, closed)",
        column="school_id",
    )


def _text(dataset: Dataset) -> str:
    return str(dataset.student_years).replace("'", "''")

"""Two districts that differ only in what is hidden make the same bundle, byte for byte.

So nothing of a bundle, whatever its form, holds a number that comes from a hidden cell: page with its
alternative texts, print, workbook, tables, receipt. The twin is made by moving suspensions, or students,
between four hidden groups of two schools so that every published sum stays as it is.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from evenground import report
from evenground.model import Released
from evenground.workspace import Request
from evenground.workspace.counted import counted
from evenground.workspace.made import Made, made

RACES = ("hispanic", "white", "black", "asian", "filipino")
SHARES = (0.5, 0.3, 0.08, 0.07, 0.05)
SCHOOLS = ("001", "002", "003", "004", "005")
YEAR = "2023-24"
TRIES = 12


class Student(NamedTuple):
    school: str
    race: str
    sex: str
    suspended: bool
    absent: bool


Students = tuple[Student, ...]


def district(seed: int = 7) -> Students:
    random = np.random.default_rng(seed)
    found = []
    for school, size in zip(SCHOOLS, (210, 180, 150, 130, 110), strict=True):
        for race in random.choice(RACES, size, p=SHARES):
            chances = 0.22 if race in ("black", "asian") else 0.12, 0.25
            flags = [bool(random.random() < chance) for chance in chances]
            found.append(Student(school, str(race), "FM"[int(random.integers(2))], *flags))
    return tuple(found)


def written(students: Students, folder: Path) -> Path:
    """The district as a folder of records."""
    folder.mkdir()
    ids = [f"{number:07d}" for number in range(len(students))]
    flags = [",".join(str(int(one.race == race)) for race in RACES) for one in students]
    tables = {
        "schools": ["school_id,school_name,district_id,district_name"]
        + [f"{school},School {school},0100,Twin Unified" for school in SCHOOLS],
        "students": ["student_id,school_year,sex," + ",".join(RACES) + ",american_indian,pacific_islander"]
        + [f"{i},{YEAR},{one.sex},{race},0,0" for i, one, race in zip(ids, students, flags, strict=True)],
        "enrollments": ["student_id,school_id,school_year,grade,entry_date,exit_date"]
        + [f"{i},{one.school},{YEAR},9,," for i, one in zip(ids, students, strict=True)],
        "attendance": ["student_id,school_year,days_enrolled,days_absent"]
        + [f"{i},{YEAR},180,{30 if one.absent else 4}" for i, one in zip(ids, students, strict=True)],
        "incidents": ["student_id,school_year,date,consequence"]
        + [f"{i},{YEAR},2023-10-05,OSS" for i, one in zip(ids, students, strict=True) if one.suspended],
        "finance": ["school_id,school_year,spending"]
        + [f"{school},{YEAR},{9000 + 700 * at}" for at, school in enumerate(SCHOOLS)],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "about.yaml").write_text('title: "Twin Unified"\n', encoding="utf-8")
    return folder


def reviewed(folder: Path, indicators: Sequence[str]) -> Made:
    request = Request(
        input=folder,
        indicators=tuple(indicators),
        by=("race_ethnicity", "sex"),
        pages="schools",
        made_on="2026-11-22",
    )
    with counted(request) as counts:
        return made(counts)


# --- moves that no sum shows ---


def suspensions_moved(students: Students, hidden: Hidden) -> Iterator[Students]:
    """At one school a suspension goes from a student of one race to one of another, at a second school the
    other way; all four of one sex.
    """
    for squares in _squares(hidden, ("suspension",)):
        one, other, first, second, sex = squares
        found = [
            _find(students, school=school, race=race, sex=sex, suspended=suspended)
            for school, race, suspended in (
                (one, first, True), (one, second, False), (other, first, False), (other, second, True),
            )
        ]  # fmt: skip
        if all(place is not None for place in found):
            yield _changed(students, [(place, {"suspended": at in (1, 2)}) for at, place in enumerate(found)])


def students_moved(students: Students, hidden: Hidden) -> Iterator[Students]:
    """A student of one race at one school and one of another race at a second school, alike in all else,
    change their race: each school has one more and one less of two groups.
    """
    for one, other, first, second, sex in _squares(hidden, ("suspension", "chronic_absence")):
        alike = {"sex": sex, "suspended": False, "absent": False}
        here = _find(students, school=one, race=first, **alike)
        there = _find(students, school=other, race=second, **alike)
        if here is not None and there is not None:
            yield _changed(students, [(here, {"race": second}), (there, {"race": first})])


Hidden = set[tuple[str, str, str]]
"""(indicator, school, group) that is hidden."""


def _squares(hidden: Hidden, indicators: Sequence[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """Two schools, two races and a sex whose groups are all hidden, with the sex and without."""
    for one, other in combinations(SCHOOLS, 2):
        for first, second in permutations(RACES, 2):
            for sex, key in (("F", "female"), ("M", "male")):
                groups = [f"race_ethnicity:{race}" for race in (first, second)]
                groups += [f"{group}+sex:{key}" for group in groups]
                needed = set(product(indicators, (one, other), groups))
                if needed <= hidden:
                    yield one, other, first, second, sex


def _find(students: Students, **wanted: object) -> int | None:
    return next(
        (
            place
            for place, one in enumerate(students)
            if all(getattr(one, name) == value for name, value in wanted.items())
        ),
        None,
    )


def _changed(students: Students, changes: Sequence[tuple[int | None, dict[str, object]]]) -> Students:
    new = list(students)
    for place, values in changes:
        assert place is not None
        new[place] = new[place]._replace(**values)  # type: ignore[arg-type]
    return tuple(new)


@pytest.mark.parametrize(
    ("moves", "indicators"),
    [
        (suspensions_moved, ("suspension", "chronic_absence", "spending")),
        (students_moved, ("suspension", "chronic_absence")),
    ],
)
def test_a_district_and_its_twin_make_the_same_bundle(
    moves: Callable[[Students, Hidden], Iterator[Students]], indicators: tuple[str, ...], tmp_path: Path
) -> None:
    students = district()
    first = reviewed(written(students, tmp_path / "one"), indicators)
    cells = first.released.cells.to_pylist()
    hidden = {
        (cell["indicator"], cell["unit_id"], cell["group"])
        for cell in cells
        if cell["state"] == "hidden" and cell["unit_level"] == "school"
    }
    assert hidden
    for number, twin in enumerate(moves(students, hidden)):
        assert number < TRIES, "no twin that is hidden alike"
        assert Counter(twin) != Counter(students)
        second = reviewed(written(twin, tmp_path / f"twin{number}"), indicators)
        if second.protection.why == first.protection.why:  # the choice of what to hide may see the numbers
            break
    else:
        pytest.fail("no twin at all")
    assert dict(second.released.inputs) != dict(first.released.inputs)
    same_inputs = replace(second.released, inputs=first.released.inputs)
    _same_bundle(first.released, same_inputs, tmp_path)


def _same_bundle(one: Released, other: Released, folder: Path) -> None:
    report.write(one, folder / "bundle1")
    report.write(other, folder / "bundle2")
    assert {path.name for path in (folder / "bundle1").iterdir()} == {*report.FILES, report.PAGES}
    files = [path.relative_to(folder / "bundle1") for path in (folder / "bundle1").rglob("*.*")]
    differ = [
        name
        for name in files
        if (folder / "bundle1" / name).read_bytes() != (folder / "bundle2" / name).read_bytes()
    ]
    assert differ == []
    with zipfile.ZipFile(
        folder / "bundle1" / "review.xlsx"
    ) as book:  # comments and hidden sheets would be here
        assert not [name for name in book.namelist() if "comment" in name]
        assert b'state="hidden"' not in book.read("xl/workbook.xml")


def test_a_number_of_a_hidden_cell_would_be_seen(tmp_path: Path) -> None:
    """The same comparison fails where one hidden number is written somewhere: a student suspended more."""
    students = district()
    place = _find(students, school="001", race="asian", suspended=False)
    changed = _changed(students, [(place, {"suspended": True})])
    first, second = (
        reviewed(written(each, tmp_path / name), ("suspension",))
        for name, each in (("one", students), ("more", changed))
    )
    with pytest.raises(AssertionError):
        _same_bundle(first.released, replace(second.released, inputs=first.released.inputs), tmp_path)

"""What a review shows where nobody asked for something else: place, years, groups, policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from evenground.cube import Cut, crossings
from evenground.definitions import Definitions
from evenground.model import (
    ALL,
    ERROR,
    LEVELS,
    InputProblems,
    Problem,
    Unit,
    parse_period,
    parse_unit,
)
from evenground.questions.apart import QUESTION as TOGETHER
from evenground.sources import Dataset
from evenground.workspace.request import EXAMPLE_INDICATORS, Request

_CROSSED = ("race_ethnicity", "sex")
_PAGES = {"schools": "school", "districts": "district"}
_AGES = ("grade", "grade_band")
"""Students of different ages are not compared with each other unless somebody asks."""


def focus_of(dataset: Dataset, request: Request) -> Unit:
    """The unit asked for, or the widest one in the data."""
    units = [
        Unit(*row)
        for row in zip(
            *(dataset.units[name].to_pylist() for name in ("unit_level", "unit_id", "unit_name")), strict=True
        )
    ]
    if request.unit is None:
        for level in ("state", "district", "school"):
            widest = [unit for unit in units if unit.level == level]
            if widest:  # of several states the one with the most districts
                beneath = Counter(dataset.units["parent_id"].to_pylist())
                return max(widest, key=lambda unit: beneath[unit.id])
    try:
        wanted = parse_unit(request.unit or "")
    except ValueError as error:
        raise InputProblems.one(
            "--unit", str(request.unit), "level:id, for example district:1964733", str(error)
        ) from error
    for unit in units:
        if unit.key == wanted.key:
            return unit
    near = sorted({unit.key for unit in units if unit.level == wanted.level})[:5]
    raise InputProblems.one(
        "--unit",
        wanted.key,
        f"a unit of the data, for example {', '.join(near)}",
        "check the level and the id, with its leading zeros",
    )


def period_of(request: Request) -> str | None:
    try:
        return parse_period(request.period) if request.period else None
    except ValueError as error:
        raise InputProblems.one(
            "--period",
            str(request.period),
            "a school year such as 2015-16, or 2016 for the one that ends in 2016",
            str(error),
        ) from error


def periods_of(dataset: Dataset, request: Request) -> tuple[str, ...]:
    """The years up to the one asked for: earlier ones show change."""
    last = period_of(request)
    if last is not None and last not in dataset.periods:
        raise InputProblems.one(
            "--period", last, f"one of {', '.join(dataset.periods)}", "choose a year that the data hold"
        )
    return tuple(period for period in dataset.periods if last is None or period <= last)


def of_indicators(dataset: Dataset, request: Request) -> Dataset:
    """The dataset with the indicators asked for; of the example those that it shows, else all."""
    wanted = request.indicators or (EXAMPLE_INDICATORS if request.example else dataset.indicators)
    problems = []
    for key in wanted:
        if key not in dataset.indicators:
            near = get_close_matches(key, dataset.indicators, n=1)
            todo = f"write {near[0]}" if near else "choose among them"
            allowed = f"indicators of the data: {', '.join(dataset.indicators)}"
            problems.append(Problem(ERROR, "--indicators", key, allowed, todo))
    if problems:
        raise InputProblems(problems)
    kept = tuple(key for key in dataset.indicators if key in wanted)
    if dataset.leaves is None or kept == dataset.indicators:
        return replace(dataset, indicators=kept)
    leaves = dataset.leaves.filter(pc.is_in(dataset.leaves["indicator"], pa.array(kept)))
    return replace(dataset, indicators=kept, leaves=leaves)


def pages_of(request: Request, focus: Unit, dataset: Dataset) -> str | None:
    """The level of which every unit gets a page of its own."""
    if request.pages is None:
        return None
    held = set(dataset.units["unit_level"].to_pylist())
    below = LEVELS[LEVELS.index(focus.level) + 1 :]
    can = [name for name, level in _PAGES.items() if level in below and level in held]
    if request.pages not in can:
        allowed = " or ".join(can) or "no pages, since the data hold nothing below the place in focus"
        raise InputProblems.one("--pages", request.pages, allowed, "choose another, or leave --pages out")
    return _PAGES[request.pages]


def check_questions(dataset: Dataset, request: Request, definitions: Definitions) -> None:
    """That the questions asked for exist, and that the data have something on each. Raises InputProblems with
    all that do not."""
    here = {definitions.indicators[key].question for key in dataset.indicators}
    own = {indicator.question for indicator in definitions.indicators.values()}
    if "school" in dataset.units["unit_level"].to_pylist():
        here.add(TOGETHER)  # of any students who are counted by school
    answered = [key for key in definitions.questions if key in here or key not in own]
    problems = []
    for key in request.questions:
        if key in answered:
            continue
        known = key in definitions.questions
        found = f"{key}, on which these data have nothing" if known else key
        near = [] if known else get_close_matches(key, answered, n=1)
        todo = f"write {near[0]}" if near else "choose among them"
        allowed = f"questions that these data answer: {', '.join(answered)}"
        problems.append(Problem(ERROR, "--questions", found, allowed, todo))
    if problems:
        raise InputProblems(problems)


def latest(dataset: Dataset, period: str | None) -> str:
    """The school year asked for, or the newest."""
    return periods_of(dataset, Request(period=period))[-1]


def cuts_of(dataset: Dataset, request: Request, definitions: Definitions) -> tuple[Cut, ...]:
    """The dimensions asked for and their crossings; by default every dimension, and race with sex."""
    unknown = [name for name in request.by if name not in dataset.dimensions]
    if unknown:
        raise InputProblems.one(
            "--by",
            ", ".join(unknown),
            f"dimensions of the data: {', '.join(dataset.dimensions)}",
            "choose among them",
        )
    if request.by:
        return crossings(request.by, request.depth)
    plain = [
        name
        for name in dataset.dimensions
        if name not in _AGES and not definitions.dimensions[name].overlapping
    ]
    crossed = (_CROSSED,) if set(_CROSSED) <= set(plain) else ()
    return ((), *((name,) for name in sorted(plain)), *crossed)


def dimensions_of(cuts: Sequence[Cut]) -> tuple[str, ...]:
    return tuple(sorted({name for cut in cuts for name in cut}))


def without_thin_tables(cells: pa.Table, minimum: int) -> pa.Table:
    """Schools without what most are too small to show: crossings, and dimensions of which fewer than two
    groups are large enough. Somebody who asks for them (--by) gets them, hidden as they must be.
    """
    school = pc.equal(cells["unit_level"], "school")
    large = cells.filter(pc.and_(school, pc.greater_equal(cells["n"], minimum))).select(["unit_id", "group"])
    found: dict[str, dict[str, set[str]]] = {}
    for unit, group in zip(large["unit_id"].to_pylist(), large["group"].to_pylist(), strict=True):
        found.setdefault(group.partition(":")[0], {}).setdefault(unit, set()).add(group)
    schools = len(pc.unique(cells.filter(school)["unit_id"]))
    rich = {
        name
        for name, units in found.items()
        if 2 * sum(len(groups) > 1 for groups in units.values()) > schools
    }
    kept = [
        level != "school" or group == ALL or ("+" not in group and group.partition(":")[0] in rich)
        for level, group in zip(cells["unit_level"].to_pylist(), cells["group"].to_pylist(), strict=True)
    ]
    return cells.filter(pa.array(kept))

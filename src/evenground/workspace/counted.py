"""What a review is made from: files read, checked and counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from evenground.cube import Cut, Plan, count, roll_up
from evenground.definitions import Definitions, load
from evenground.engine import DuckEngine
from evenground.model import NOTE, InputProblems, Problem, Unit
from evenground.questions import check_reference
from evenground.sources import Dataset, open_source
from evenground.sources.poverty import by_poverty
from evenground.sources.synthetic import make_district
from evenground.storage import private_folder
from evenground.workspace.defaults import (
    check_questions,
    cuts_of,
    focus_of,
    of_indicators,
    pages_of,
    periods_of,
    without_thin_tables,
)
from evenground.workspace.perspective import with_perspective
from evenground.workspace.policy import with_policy
from evenground.workspace.request import EXAMPLE, Progress, Request


@dataclass(frozen=True)
class Counted:
    """What a review is made from, true and private: the data, and the cells that were asked for.

    `more` counts other groups of the same data, for as long as the folder of its rows is there.
    """

    request: Request
    definitions: Definitions
    dataset: Dataset
    focus: Unit
    cuts: tuple[Cut, ...]
    pages: str | None  # the level of which every unit gets a page
    policy: str
    cells: pa.Table
    notes: tuple[Problem, ...]

    @property
    def units(self) -> pa.Table:
        """(level, id) of the unit in focus and of everything below it."""
        return _subtree(self.dataset.units, self.focus)

    def more(self, cuts: tuple[Cut, ...], periods: tuple[str, ...]) -> pa.Table:
        return _cells(self.dataset, self.focus, cuts, periods, self.definitions, whole_sums=True)[0]


@contextmanager
def counted(request: Request, progress: Progress = lambda step: None) -> Iterator[Counted]:
    """The first half of the road: read, check, count."""
    request, definitions = with_perspective(*with_policy(request, load()))
    with private_folder() as private:
        dataset = _opened(request, private, definitions, progress)
        check_questions(dataset, request, definitions)
        focus = focus_of(dataset, request)
        cuts = cuts_of(dataset, request, definitions)
        pages = pages_of(request, focus, dataset)
        progress(
            f"Counting {len(dataset.indicators)} indicators, {dataset.periods[0]} to {dataset.periods[-1]}"
        )
        policy = request.policy or dataset.policy
        hides = definitions.policies[policy].kind != "follow"
        cells, notes = _cells(
            dataset, focus, cuts, periods_of(dataset, request), definitions, whole_sums=hides
        )
        check_reference(request.reference, set(cells["group"].to_pylist()))
        if hides and not request.by:
            cells = without_thin_tables(cells, definitions.policies[policy].minimum_n)
        yield Counted(request, definitions, dataset, focus, cuts, pages, policy, cells, notes)


def _opened(request: Request, private: Path, definitions: Definitions, progress: Progress) -> Dataset:
    """The checked data of the folder asked for, or of the example, by the measure of poverty asked for."""
    folder, source = request.input, request.source
    if request.example:
        progress("Making the example district")
        folder, source = private / "example", "roster"
        make_district(folder, **EXAMPLE)
    if folder is None:
        raise InputProblems.one("review", "no folder", "a folder of files, or --example", "name the folder")
    progress("Reading and checking the files")
    dataset = open_source(folder, source, private / "tables", definitions, request.mapping)
    if request.poverty is not None:
        dataset = by_poverty(dataset, request.poverty)
    dataset = of_indicators(dataset, request)
    return replace(dataset, source="example") if request.example else dataset


def _cells(
    dataset: Dataset,
    focus: Unit,
    cuts: tuple[Cut, ...],
    periods: tuple[str, ...],
    definitions: Definitions,
    *,
    whole_sums: bool,
) -> tuple[pa.Table, tuple[Problem, ...]]:
    """The cells of the unit in focus and everything below it."""
    below = _subtree(dataset.units, focus)
    if dataset.leaves is not None:
        leaves = _of_units(dataset.leaves, below)
        complete = dataset.complete
        rolled = roll_up(leaves, dataset.units, cuts, definitions, complete, periods, whole_sums=whole_sums)
        return _of_units(rolled.cells, below), tuple(_partial(rolled.partial))
    if dataset.student_years is None:
        raise InputProblems.one(dataset.title, "no rows", "at least one", "check the files")
    indicators = {key: definitions.indicators[key] for key in dataset.indicators}
    levels = tuple(dict.fromkeys(dataset.units["unit_level"].to_pylist()))
    state = dataset.units.filter(pc.equal(dataset.units["unit_level"], "state"))["unit_id"].to_pylist()
    cube = count(
        DuckEngine(),
        dataset.student_years,
        Plan(indicators, cuts, levels, periods),
        state[0] if state else "state",
    )
    return _of_units(cube.cells(), below), ()


def _subtree(units: pa.Table, focus: Unit) -> pa.Table:
    """(level, id) of the unit and of everything below it."""
    rows = list(
        zip(*(units[name].to_pylist() for name in ("unit_level", "unit_id", "parent_id")), strict=True)
    )
    inside = {(focus.level, focus.id)}
    for level, above in (("district", "state"), ("school", "district")):
        inside |= {
            (level, identity)
            for unit_level, identity, parent in rows
            if unit_level == level and (above, parent) in inside
        }
    ordered = sorted(inside)
    return pa.table(
        {"unit_level": [level for level, _ in ordered], "unit_id": [identity for _, identity in ordered]}
    )


def _of_units(table: pa.Table, units: pa.Table) -> pa.Table:
    kept = table.join(units, keys=["unit_level", "unit_id"], join_type="left semi")
    return kept.select(table.column_names).cast(table.schema)  # a join forgets what is never null


def _partial(cells: int) -> Iterator[Problem]:
    if cells:
        yield Problem(
            NOTE,
            "roll-up",
            f"{cells} sums over schools or districts of which some do not publish the group",
            "sums over all of them",
            "read them as sums over the schools that publish the group; ask the publisher for its totals",
        )

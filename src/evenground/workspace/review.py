"""The road from a folder of files to a released bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from evenground import disclosure, report
from evenground.cube import Cut, Plan, count, roll_up
from evenground.definitions import Definitions, load
from evenground.engine import DuckEngine
from evenground.model import (
    NOTE,
    About,
    InputProblems,
    Problem,
    Released,
    Unit,
)
from evenground.questions import Asked, ask, ask_places, check_reference
from evenground.sources import Dataset, open_source
from evenground.sources.poverty import by_poverty
from evenground.sources.synthetic import make_district
from evenground.storage import private_folder
from evenground.workspace import protection as protection_page
from evenground.workspace.considered import Considered, considered, enter, workspace_of
from evenground.workspace.defaults import (
    check_questions,
    cuts_of,
    dimensions_of,
    focus_of,
    of_indicators,
    pages_of,
    period_of,
    periods_of,
    without_thin_tables,
)
from evenground.workspace.ledger import Ledger
from evenground.workspace.perspective import with_perspective
from evenground.workspace.policy import with_policy
from evenground.workspace.protection.variants import try_variants
from evenground.workspace.request import EXAMPLE, Request

Progress = Callable[[str], None]


def review(
    request: Request,
    out: Path,
    lang: str = "en",
    progress: Progress = lambda step: None,
    protection: Path | None = None,
    variants: bool = False,
) -> Released:
    """Makes the released review of a folder and writes its bundle to `out`, whole or not at all.

    `protection`: where the private page goes that accounts for what was hidden; `variants`: with other ways
    to ask, protected for real. Raises InputProblems where the input, the request or the place to write cannot
    be used.
    """
    report.check_folder(out)
    files = protection_page.files_at(protection, out) if protection else None
    with workspace_of(request, progress) as ledger:
        with counted(request, progress) as counts:
            _check_noise(counts, files is not None, ledger is not None)
            result = made(counts, progress, _before(counts, ledger))
            if files:
                tried = try_variants(counts, result, progress) if variants else None
                progress("Accounting for what was hidden")
                protection_page.write(counts, result, tried, files)
        progress("Writing page, PDF, workbook and tables")

        def entered(bundle: Path) -> None:
            if ledger:
                enter(ledger, request, counts.cells, result.released, bundle)

        report.write(result.released, out, lang, before=entered)
    return result.released


def release(request: Request, progress: Progress = lambda step: None) -> Released:
    """The same without writing a bundle: read, check, count, protect, ask, and through the gate."""
    with workspace_of(request, progress) as ledger:
        with counted(request, progress) as counts:
            _check_noise(counts, False, ledger is not None)
            released = made(counts, progress, _before(counts, ledger)).released
        if ledger:
            enter(ledger, request, counts.cells, released, None)
    return released


def _check_noise(counts: Counted, accounted: bool, entered: bool) -> None:
    """With noise nothing is hidden, and a ledger of hidden numbers keeps no account of what is spent."""
    if counts.definitions.policies[counts.policy].kind != "noise":
        return
    found = [name for name, given in (("--protection", accounted), ("--workspace", entered)) if given]
    if found:
        asked, allowed = f"{' and '.join(found)} with a policy that adds chance", "policies that hide"
        raise InputProblems.one("--policy", asked, allowed, f"leave out {' and '.join(found)}")


def _before(counts: Counted, ledger: Ledger | None) -> Considered | None:
    """The releases that this one comes after."""
    if ledger is None:
        return None
    units = _subtree(counts.dataset.units, counts.focus)
    return considered(ledger, counts.request, counts.focus, units, counts.dataset.source)


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

    def more(self, cuts: tuple[Cut, ...], periods: tuple[str, ...]) -> pa.Table:
        return _cells(self.dataset, self.focus, cuts, periods, self.definitions, whole_sums=True)[0]


@dataclass(frozen=True)
class Made:
    """A review: what may be published, and the protection that made it so, which is private."""

    released: Released
    protection: disclosure.Protection
    asked: Asked


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


def made(counts: Counted, progress: Progress = lambda step: None, before: Considered | None = None) -> Made:
    """The second half: protect, ask, and through the gate. `before`: the releases that came before."""
    request, dataset, definitions = counts.request, counts.dataset, counts.definitions
    cells, cuts, focus = counts.cells, counts.cuts, counts.focus
    progress("Protecting students: hiding what could pick one out, and trying to work it back")
    policy = definitions.policies[counts.policy]
    earlier = before.earlier if before else None
    if policy.kind == "noise":
        protection = disclosure.noised(cells, dataset.units, policy, definitions)
    else:
        protection = disclosure.protect(cells, dataset.units, policy, definitions, earlier)
    told = disclosure.tell(protection, cells, dataset.units, policy, definitions)
    progress("Asking the questions")
    asked = Asked(
        focus,
        request.by or dimensions_of(cuts),
        request.depth,
        request.reference,
        period_of(request),
        request.perspective,
    )
    findings = ask(told.cells, dataset.units, asked, definitions)
    pages = None
    if counts.pages:
        pages = ask_places(told.cells, told.units, asked, counts.pages, definitions)
    progress("Through the gate")
    about = About(
        title=focus.name,
        unit_level=focus.level,
        unit_id=focus.id,
        source=dataset.source,
        publisher=dataset.publisher,
        licence=dataset.licence,
        periods=tuple(sorted(set(cells["period"].to_pylist()))),
        by=asked.by,
        reference=asked.reference,
        made_on=request.made_on or date.today().isoformat(),
    )
    released = disclosure.gate(
        about,
        told.protection,
        findings,
        told.units,
        pages,
        checks=(*dataset.checks, *counts.notes),
        not_measured=dataset.not_measured,
        inputs=dataset.inputs,
        settings=request.settings(),
        bounds=told.bounds if policy.bands else dataset.bounds,
        definitions=definitions,
        policy_key=counts.policy,
        earlier=before.told(cells, policy, definitions) if before else None,
        corrects=before.corrects if before else None,
    )
    return Made(released, protection, asked)


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

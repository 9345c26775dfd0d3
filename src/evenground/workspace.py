"""Ties the rooms together: from a folder of files to a released bundle, and from there back to the files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from evenground import disclosure, report
from evenground.cube import Cut, Plan, count, crossings, roll_up
from evenground.definitions import Definitions, load
from evenground.engine import DuckEngine
from evenground.model import (
    ALL,
    KEYS,
    NOTE,
    About,
    InputProblems,
    Problem,
    Released,
    Unit,
    parse_period,
    parse_unit,
)
from evenground.questions import Asked, ask, check_reference
from evenground.questions.gaps import Wanted
from evenground.questions.gaps import gaps as gaps_of
from evenground.sources import Dataset, open_source, read_table
from evenground.sources.synthetic import make_district

Progress = Callable[[str], None]

EXAMPLE = {"students": 6000, "years": 3, "schools": 8, "seed": 20}
"""The embedded example: a synthetic district, made on the spot."""

_CROSSED = ("race_ethnicity", "sex")
_AGES = ("grade", "grade_band")
"""Students of different ages are not compared with each other unless somebody asks."""

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Request:
    """What a person asks of `review`; None takes the default that the data suggest."""

    input: Path | None = None
    example: bool = False
    source: str | None = None
    unit: str | None = None
    period: str | None = None
    by: tuple[str, ...] = ()
    depth: int = 3
    reference: str = "overall"
    policy: str | None = None
    made_on: str | None = None

    def settings(self) -> dict[str, Any]:
        """What `verify` needs to ask the same again, without paths."""
        return {
            "example": dict(EXAMPLE) if self.example else None,
            "source": self.source,
            "unit": self.unit,
            "period": self.period,
            "by": list(self.by),
            "depth": self.depth,
            "reference": self.reference,
            "policy": self.policy,
        }


def review(request: Request, out: Path, lang: str = "en", progress: Progress = lambda step: None) -> Released:
    """Makes the released review of a folder and writes its bundle to `out`, whole or not at all.

    Raises InputProblems where the input, the request or the place to write cannot be used.
    """
    report.check_folder(out)
    released = release(request, progress)
    progress("Writing page, PDF, workbook and tables")
    report.write(released, out, lang)
    return released


def release(request: Request, progress: Progress = lambda step: None) -> Released:
    """The same without writing: read, check, count, protect, ask, and through the gate."""
    definitions = load()
    with TemporaryDirectory(prefix="evenground-private-") as private:
        folder = request.input
        if request.example:
            progress("Making the example district")
            folder = Path(private) / "example"
            make_district(folder, **EXAMPLE)
        if folder is None:
            raise InputProblems.one(
                "review", "no folder", "a folder of files, or --example", "name the folder"
            )
        progress("Reading and checking the files")
        dataset = open_source(
            folder, "roster" if request.example else request.source, Path(private) / "tables", definitions
        )
        if request.example:
            dataset = replace(dataset, source="example")
        focus = _focus(dataset, request)
        cuts = _cuts(dataset, request, definitions)
        progress(
            f"Counting {len(dataset.indicators)} indicators, {dataset.periods[0]} to {dataset.periods[-1]}"
        )
        policy = _policy(dataset, request, definitions)
        hides = definitions.policies[policy].kind == "suppress"
        cells, notes = _cells(dataset, focus, cuts, _periods(dataset, request), definitions, whole_sums=hides)
    check_reference(request.reference, set(cells["group"].to_pylist()))
    if hides and not request.by:
        cells = _without_thin_tables(cells, definitions.policies[policy].minimum_n)
    progress("Protecting students: hiding what could pick one out, and trying to work it back")
    protection = disclosure.protect(cells, dataset.units, definitions.policies[policy], definitions)
    progress("Asking the questions")
    asked = Asked(focus, request.by or _dimensions(cuts), request.depth, request.reference, _period(request))
    findings = ask(protection.cells, dataset.units, asked, definitions)
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
    return disclosure.gate(
        about,
        protection,
        findings,
        dataset.units,
        checks=(*dataset.checks, *notes),
        not_measured=dataset.not_measured,
        inputs=dataset.inputs,
        settings=request.settings(),
        definitions=definitions,
        policy_key=policy,
    )


def verify(bundle: Path, folder: Path | None, progress: Progress = lambda step: None) -> list[str]:
    """What differs between a bundle and what its inputs give now; an empty list when nothing does.

    The bundle's own files are checked against its receipt first. An example is made again from its seed.
    """
    published = report.read(bundle)
    settings = published.settings
    request = Request(
        input=folder,
        example=bool(settings["example"]),
        source=settings["source"],
        unit=settings["unit"],
        period=settings["period"],
        by=tuple(settings["by"]),
        depth=settings["depth"],
        reference=settings["reference"],
        policy=settings["policy"],
        made_on=published.about.made_on,
    )
    if not request.example and folder is None:
        raise InputProblems.one(
            "verify", "no input", "--input FOLDER with the files that the review was made of", "add --input"
        )
    again = release(request, progress)
    return [
        *_input_differences(published, again),
        *_table_differences("cells", published.cells, again.cells, KEYS),
        *_table_differences("findings", published.findings, again.findings, ("finding_id",)),
    ]


def gaps(file: Path, wanted: Wanted, policy: str | None = None) -> pa.Table:
    """The first measures on any CSV, Excel or Parquet table. Raises InputProblems."""
    definitions = load()
    return gaps_of(
        read_table(file, wanted.columns), wanted, definitions, policy_of(policy, definitions), file.name
    )


def policy_of(key: str | None, definitions: Definitions):  # type: ignore[no-untyped-def]
    """The policy of a key, None for none. Raises InputProblems with the keys there are."""
    if key is not None and key not in definitions.policies:
        raise InputProblems.one("--policy", key, ", ".join(definitions.policies), "choose one of them")
    return definitions.policies[key] if key else None


def _focus(dataset: Dataset, request: Request) -> Unit:
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
            if widest:
                return widest[0]
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


def _period(request: Request) -> str | None:
    try:
        return parse_period(request.period) if request.period else None
    except ValueError as error:
        raise InputProblems.one(
            "--period",
            str(request.period),
            "a school year such as 2015-16, or 2016 for the one that ends in 2016",
            str(error),
        ) from error


def _periods(dataset: Dataset, request: Request) -> tuple[str, ...]:
    """The years up to the one asked for: earlier ones show change."""
    last = _period(request)
    if last is not None and last not in dataset.periods:
        raise InputProblems.one(
            "--period", last, f"one of {', '.join(dataset.periods)}", "choose a year that the data hold"
        )
    return tuple(period for period in dataset.periods if last is None or period <= last)


def _cuts(dataset: Dataset, request: Request, definitions: Definitions) -> tuple[Cut, ...]:
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


def _dimensions(cuts: Sequence[Cut]) -> tuple[str, ...]:
    return tuple(sorted({name for cut in cuts for name in cut}))


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
        complete = dataset.families_complete
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


def _without_thin_tables(cells: pa.Table, minimum: int) -> pa.Table:
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
    return table.join(units, keys=["unit_level", "unit_id"], join_type="left semi").select(table.column_names)


def _partial(cells: int) -> Iterator[Problem]:
    if cells:
        yield Problem(
            NOTE,
            "roll-up",
            f"{cells} sums over schools or districts of which some do not publish the group",
            "sums over all of them",
            "read them as sums over the schools that publish the group; ask the publisher for its totals",
        )


def _policy(dataset: Dataset, request: Request, definitions: Definitions) -> str:
    policy_of(request.policy, definitions)
    return request.policy or dataset.policy


def _input_differences(published: Released, again: Released) -> Iterator[str]:
    for name in sorted(set(published.inputs) | set(again.inputs)):
        before, after = published.inputs.get(name), again.inputs.get(name)
        if before != after:
            what = "is new" if before is None else "is gone" if after is None else "has changed"
            yield f"input {name} {what}"


def _table_differences(
    name: str, published: pa.Table, again: pa.Table, keys: tuple[str, ...]
) -> Iterator[str]:
    """Rows that are only in one of two tables, and values that differ by more than rounding."""
    before, after = (_by_key(table, keys) for table in (published, again))
    for key in sorted(set(before) ^ set(after)):
        yield f"{name}: {'/'.join(key)} is only in the {'bundle' if key in before else 'recomputation'}"
    for key in sorted(set(before) & set(after)):
        for column in set(before[key]) & set(after[key]):
            old, new = before[key][column], after[key][column]
            if old != new and not (
                isinstance(old, float)
                and isinstance(new, float)
                and math.isclose(old, new, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
            ):
                place = "/".join(key)
                yield f"{name}: {place}: {column} is {old} in the bundle, {new} in the recomputation"


def _by_key(table: pa.Table, keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(row[key] for key in keys): row for row in table.to_pylist()}

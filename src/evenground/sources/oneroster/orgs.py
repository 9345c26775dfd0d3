"""Orgs -> schools with their districts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from evenground.model import NOTE, WARNING, Problem
from evenground.sources.exchange import Staged

_SCHOOL, _DISTRICTS = "school", ("district", "local")


@dataclass(frozen=True)
class _Org:
    id: str
    name: str
    kind: str
    identifier: str | None
    above: str | None
    part: int
    row: int


def make_schools(engine: duckdb.DuckDBPyConnection, orgs: Staged, problems: list[Problem]) -> str:
    """The tables `school_ids` (org, school_id) and `school_rows`, a roster's schools; returns a title.

    A school is called by its `identifier` where every school has one of its own, else by its sourcedId; a
    district likewise. The district of a school is the first one above it, or else the only one that there is.
    """
    found = _orgs(engine, orgs)
    schools = [org for org in found.values() if org.kind == _SCHOOL]
    districts = [org for org in found.values() if org.kind in _DISTRICTS]
    above = {school.id: _district(school, found, districts) for school in schools}
    alone = [school for school in schools if above[school.id].kind == _SCHOOL]
    problems.extend(_without_district(alone, orgs))
    used = list({org.id: org for org in above.values()}.values())
    ids, district_ids = _names(schools), _names(used)
    problems.extend(_called(schools, ids, orgs))
    rows = [
        (school.part, school.row, ids[school.id], school.name, district_ids[above[school.id].id],
         above[school.id].name)
        for school in schools
    ]  # fmt: skip
    _register(
        engine, "school_ids", {"org": [s.id for s in schools], "school_id": [ids[s.id] for s in schools]}
    )
    names = ("part", "row", "school_id", "school_name", "district_id", "district_name")
    columns: dict[str, list[object]] = {
        name: [row[place] for row in rows] for place, name in enumerate(names)
    }
    _register(engine, "school_rows", columns)
    return used[0].name if len(used) == 1 else "All districts"


def _orgs(engine: duckdb.DuckDBPyConnection, orgs: Staged) -> Mapping[str, _Org]:
    query = (
        f'SELECT "sourcedId", name, type, identifier, "parentSourcedId", part, row FROM {orgs.name}'
        " ORDER BY part, row"
    )
    return {row[0]: _Org(*row) for row in engine.execute(query).fetchall()}


def _district(school: _Org, found: Mapping[str, _Org], districts: list[_Org]) -> _Org:
    org: _Org | None = school
    for _ in range(len(found)):  # an org that is its own ancestor ends here
        if org is None or org.kind in _DISTRICTS:
            break
        org = found.get(org.above or "")
    if org is not None and org.kind in _DISTRICTS:
        return org
    return districts[0] if len(districts) == 1 else school


def _names(orgs: list[_Org]) -> dict[str, str]:
    given = [org.identifier for org in orgs if org.identifier]
    by_identifier = len(set(given)) == len(orgs)
    return {org.id: (org.identifier or org.id) if by_identifier else org.id for org in orgs}


def _without_district(alone: list[_Org], orgs: Staged) -> Iterator[Problem]:
    if alone:
        yield Problem(
            WARNING, orgs.files[alone[0].part], "a school without a district above it",
            "parentSourcedId of an org of type district or local",
            "add the parent; until then the school is shown as a district of its own",
            alone[0].row, "parentSourcedId", len(alone),
        )  # fmt: skip


def _called(schools: list[_Org], ids: Mapping[str, str], orgs: Staged) -> Iterator[Problem]:
    if any(ids[school.id] != school.id for school in schools):
        yield Problem(
            NOTE, orgs.files[0], "schools that have an identifier each", "identifier, else sourcedId",
            "nothing; schools are called by their identifier", column="identifier",
        )  # fmt: skip


def _register(engine: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[object]]) -> None:
    numbers = {"part": pa.int64(), "row": pa.int64()}
    table = pa.table(
        {column: pa.array(values, numbers.get(column, pa.string())) for column, values in columns.items()}
    )
    engine.register("found_rows", table)
    engine.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM found_rows")
    engine.unregister("found_rows")

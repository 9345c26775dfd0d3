"""Which way a file tells its units apart: by ids, or by names."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from evenground.sources.proposal.columns import UNIT_ID, UNIT_NAME, Role
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.units.ids import two, whole
from evenground.sources.proposal.units.lookup import Lookup
from evenground.sources.proposal.units.named import named, states
from evenground.sources.proposal.units.plan import UnitPlan


def plan_units(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    title: str,
    roles: Mapping[str, Role],
    profiles: Mapping[str, Profile],
) -> UnitPlan | None:
    """The best way to tell units apart; None where no column does."""
    file = Lookup(connection, table, title, roles, profiles)
    ids = file.held(UNIT_ID)
    if "any" in ids:
        return whole(file, ids["any"])
    if "school" in ids and "district" in ids:
        return two(file, ids)
    for level in ("school", "district"):
        if level in ids:
            return whole(file, ids[level])
    names = file.held(UNIT_NAME)
    if "school" in names or "district" in names or "any" in names:
        return named(file, names)
    if "state" in ids or "state" in names:
        return states(file, {**names, **ids}["state"])
    return None

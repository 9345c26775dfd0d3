"""From a file that nobody wrote a mapping for to a proposed mapping."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from evenground.model import InputProblems
from evenground.sources.proposal.draft import Proposal
from evenground.sources.proposal.records import Guide, guide
from evenground.sources.proposal.seen import TABLE, Seen, look
from evenground.sources.proposal.source import source_lines, unused_lines
from evenground.sources.proposal.splits import narrow
from evenground.sources.proposal.tables import Tables
from evenground.sources.proposal.units import plan_units
from evenground.sources.proposal.words import key_of


def propose(path: Path) -> Proposal | Guide:
    """A mapping for a file of counts, or, for a file of students, which roster tables it would be.

    Raises InputProblems where the file cannot be read or nothing in it says where a row belongs.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET preserve_insertion_order = true; SET threads = 2")
        seen = look(connection, path)
        students = guide(connection, TABLE, seen.name, seen.profiles, seen.unread)
        return students or _of_counts(connection, seen)
    finally:
        connection.close()


def _of_counts(connection: duckdb.DuckDBPyConnection, seen: Seen) -> Proposal:
    title = " ".join(word for word in re.split(r"[\s_\-.]+", seen.stem) if word) or "My file"
    plan = plan_units(connection, TABLE, title, seen.roles, seen.profiles)
    if plan is None:
        columns = ", ".join(seen.profiles)[:300]
        todo = "add a column with the id or the name of the school or district, and run it again"
        raise InputProblems.one(
            seen.name, f"no column that says which school a row is of, in {columns}", "such a column", todo
        )
    kept = narrow(connection, TABLE, seen.roles, seen.profiles, plan.columns)
    tables = Tables(connection, seen, plan, kept)
    table_lines, many = tables.lines()
    return Proposal(
        seen.name,
        key_of(seen.stem),
        [*source_lines(title, table_lines, tables), *unused_lines(tables)],
        many,
        tables.live,
        decisions=[
            (name, f"{role.kind} {role.level}".strip(), role.confidence, role.evidence)
            for name, role in seen.roles.items()
        ],
        notes=tables.notes,
    )

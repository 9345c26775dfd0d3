"""Units that are left out of all tables, because of what one table says about them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from evenground.engine import quoted
from evenground.model import NOTE, WARNING, Problem
from evenground.sources.published.mapping import Source
from evenground.sources.published.rows import Coded


def only_units(
    connection: duckdb.DuckDBPyConnection, source: Source, tables: Sequence[Coded]
) -> tuple[list[Coded], list[Problem]]:
    """The tables, those with `only` less the units that the other table does not keep; without that table
    there is nothing to go by, and they are left out.
    """
    held, chosen, problems = {coded.key: coded for coded in tables}, [], []
    for coded in tables:
        only = coded.mapping.only
        if only is None:
            chosen.append(coded)
        elif only in held:
            connection.execute(f"""
                DELETE FROM {quoted(coded.relation)} WHERE (unit_id, period) NOT IN (
                    SELECT unit_id, period FROM {quoted(held[only].relation)}
                )""")
            chosen.append(coded)
        else:
            needed = ", ".join(name for names in source.tables[only].files.values() for name in names)
            found, todo = f"{coded.key} without {only}, which says what units it is of", "add the file"
            problems.append(Problem(NOTE, coded.files[0], found, needed, f"{todo} to have it shown"))
    return chosen, problems


def drop_shared_names(
    connection: duckdb.DuckDBPyConnection, source: Source, tables: Sequence[Coded]
) -> list[Problem]:
    """Units whose name another unit has as well cannot be told apart, and are not used."""
    if not source.units.by_name or not tables:
        return []
    ((count,),) = connection.execute("SELECT COUNT(DISTINCT unit_id) FROM shared_names").fetchall()
    if not count:
        return []
    for coded in tables:
        connection.execute(
            f"DELETE FROM {quoted(coded.relation)} WHERE unit_id IN (SELECT unit_id FROM shared_names)"
        )
    found, allowed = "units that have the same name as another", "a name, or an id, for each unit"
    todo = "nothing; neither of them is used"
    return [Problem(WARNING, tables[0].files[0], found, allowed, todo, count=count)]

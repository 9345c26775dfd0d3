"""The true counts behind the releases of a workspace, kept private so that later releases can be judged.

They are cells, as they were before anything was hidden; no row of a student is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evenground.disclosure.earlier import PAST, Earlier, Past
from evenground.model import HIDDEN, KEYS, UNITS, InputProblems, Released, years_of
from evenground.storage import whole_folder
from evenground.workspace.ledger import Ledger

_FILE = "private-cells.parquet"
_MARK = {b"evenground.private": b"private: true counts behind a release; do not publish"}
_COUNTS = ("n", "total")


def keep(ledger: Ledger, key: str, cells: pa.Table, released: Released) -> None:
    """Writes the true counts (model.CELLS) of a release, for its owner alone."""
    told = cells.select([*KEYS, *_COUNTS])
    told = pa.concat_tables([told, *_together(told, released.cells)]).replace_schema_metadata(_MARK)
    folder = ledger.private(key)
    for above in (folder.parent.parent, folder.parent):
        above.mkdir(mode=0o700, exist_ok=True)
    with whole_folder(folder) as fresh:
        fresh.chmod(0o700)
        (fresh / _FILE).touch(0o600)
        pq.write_table(told, fresh / _FILE, compression="zstd")


def earlier(ledger: Ledger, keys: Collection[str] | None = None) -> Earlier:
    """The releases of the workspace that later ones are judged against: those of `keys`, else all.

    What was withdrawn or replaced stays known to the world, so it is among them. Releases with added chance
    told no count as it is; they are not.
    """
    entries = [entry for entry in ledger.entries() if keys is None or entry.id in keys]
    pasts, units = [], []
    for entry in entries:
        rules = ledger.rules(entry.id)
        if rules.get("kind") == "noise":
            continue
        cells, places = ledger.cells(entry.id)
        pasts.append(Past(entry.id, rules, _past(_true(ledger, entry.id), cells)))
        units.append(places)
    newest = {(row["unit_level"], row["unit_id"]): row for table in units for row in table.to_pylist()}
    return Earlier(tuple(pasts), pa.Table.from_pylist(list(newest.values()), schema=UNITS))


def _past(true: pa.Table, released: pa.Table) -> pa.Table:
    """The true counts with the value and the state as released."""
    told = released.select([*KEYS, "value", "state"])
    joined = true.join(told, keys=list(KEYS), join_type="left outer")
    state = pc.fill_null(joined["state"], HIDDEN)
    index = joined.schema.get_field_index("state")
    ordered = joined.set_column(index, "state", state).sort_by([(name, "ascending") for name in KEYS])
    return ordered.select(PAST.names).cast(PAST)


def _together(cells: pa.Table, released: pa.Table) -> list[pa.Table]:
    """The counts of several years that were told together: the sums of theirs."""
    tables = []
    counted, told = (set(table["period"].unique().to_pylist()) for table in (cells, released))
    for period in sorted(told - counted):
        others = [name for name in KEYS if name != "period"]
        rows = released.filter(pc.equal(released["period"], period)).select(others)
        years = cells.filter(pc.is_in(cells["period"], pa.array(years_of(period))))
        sums = years.join(rows, keys=others, join_type="left semi").group_by(others)
        summed = sums.aggregate([(name, "sum") for name in _COUNTS])
        named = {name: summed[name] for name in others}
        named |= {name: summed[f"{name}_sum"] for name in _COUNTS}
        named["period"] = pa.array([period] * len(summed), pa.string())
        tables.append(pa.table({name: named[name] for name in cells.column_names}).cast(cells.schema))
    return tables


def _true(ledger: Ledger, key: str) -> pa.Table:
    file = ledger.private(key) / _FILE
    if not file.is_file():
        raise InputProblems.one(
            "/".join(Path(*file.parts[-4:]).parts),
            "no such file",
            "the true counts behind an earlier release",
            "bring it back from a backup; without it no new release can be judged against that one",
        )
    return pq.read_table(file).replace_schema_metadata(None)

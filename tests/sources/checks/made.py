"""Clean tables and rosters, made by the tests, into which one defect at a time is planted."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import duckdb
import pyarrow as pa

from evenground.engine import connect
from evenground.sources.checks import Raw, Remark, check_files, profiled

Rows = list[list[str]]
YEARS = ("2013-14", "2014-15", "2015-16")
HEADER = ["year", "school_id", "school_name", "group", "students", "passed", "pass_pct", "kind"]
GROUPS = ("All", "Black", "Latina", "White")
NAMES = ("Cedar Hill", "Niños Felices", "Oak Street", "Río Grande", "Maple Leaf", "Stone Bridge")


def clean(seed: int = 1, schools: int = 30) -> Rows:
    """Rows of a table without a defect: three years, ids of one length with zeros in front."""
    chance = random.Random(seed)
    rows = []
    for year in YEARS:
        for school in range(schools):
            name = f"{NAMES[school % len(NAMES)]} {school}"
            for group in GROUPS:
                students = chance.randint(12, 900)
                passed = chance.randint(1, students - 2)
                kind = "district" if school % 3 else "charter"
                cells = [year, f"{school + 10203:07d}", name, group, str(students), str(passed)]
                rows.append([*cells, f"{passed / students:.3f}", kind])
    return rows


def raw(
    rows: Rows,
    header: list[str] = HEADER,
    file: str = "counts.csv",
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Raw:
    """The rows as the reader of files hands them over: text, with the row in the file."""
    connection = connection or connect()
    cells = {name: [row[place] or None for row in rows] for place, name in enumerate(header)}
    held = pa.table(
        {"row": range(2, len(rows) + 2), **{name: pa.array(v, pa.string()) for name, v in cells.items()}}
    )
    connection.register("held", held)
    connection.execute(f'CREATE TABLE "{file}" AS SELECT * FROM held')
    return profiled(connection, file, file, header)


def found(rows: Rows, header: list[str] = HEADER, file: str = "counts.csv") -> dict[str, Remark]:
    return {remark.check: remark for remark in check_files([raw(rows, header, file)])}


def write(path: Path, header: list[str], rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)

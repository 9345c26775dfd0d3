"""The tidy files of the bundle: findings with their sentences, and cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenground.model import FINDINGS, UNITS
from evenground.press.spreadsheet import harmless_table
from evenground.report.codebook import CELLS
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

_PLACE = ["unit_level", "unit_id"]
_UNITS = b"evenground.units"


def findings_with_sentences(findings: pa.Table, rows: Sequence[Row], speech: Speech) -> pa.Table:
    """The findings and what each says in every language."""
    sentences = [speech.sentence(row) for row in rows]
    for lang in speech.languages:
        texts = [sentence.of(lang) for sentence in sentences]
        findings = findings.append_column(f"sentence_{lang}", pa.array(texts, pa.string()))
    return findings.replace_schema_metadata(None)


def write_parquet(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, compression="zstd")


def read_findings(file: Path) -> pa.Table:
    """The findings, without their sentences. A column that an earlier minor contract did not have is empty;
    one that a later one added is left out."""
    table = pq.read_table(file)
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in FINDINGS
    ]
    return pa.table(columns, schema=FINDINGS)


def write_csv(table: pa.Table, file: Path) -> None:
    """CSV that a spreadsheet does not run: text that starts like a formula gets an apostrophe before it."""
    from pyarrow import csv as arrow_csv

    arrow_csv.write_csv(harmless_table(table), file)


def write_cells(cells: pa.Table, units: pa.Table, file: Path) -> None:
    """The released cells; the units that appear in them travel along in the file's metadata."""
    told = cells.select([name for name in CELLS if name in cells.column_names])
    kept = units.join(told.select(_PLACE).group_by(_PLACE).aggregate([]), keys=_PLACE, join_type="left semi")
    rows = sorted(kept.select(UNITS.names).to_pylist(), key=lambda row: (row["unit_level"], row["unit_id"]))
    write_parquet(told.replace_schema_metadata({_UNITS: json.dumps(rows, ensure_ascii=False)}), file)


def read_cells(file: Path) -> tuple[pa.Table, pa.Table]:
    """Cells and units of `write_cells`."""
    cells = pq.read_table(file)
    rows = json.loads(cells.schema.metadata[_UNITS])
    return cells.replace_schema_metadata(None), pa.Table.from_pylist(rows, schema=UNITS)

"""The tidy files of the bundle: findings with their sentences, cells, the codebook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenground.definitions import said
from evenground.model import FINDINGS, NOT_SHOWN, UNITS
from evenground.press import Wording, Words
from evenground.press.spreadsheet import harmless_table
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

_CELLS = (
    "indicator",
    "unit_level",
    "unit_id",
    "period",
    "group",
    "n",
    "value",
    "low",
    "high",
    "state",
    "reason",
)
_PLACE = ["unit_level", "unit_id"]
_UNITS = b"evenground.units"
_CODED = ("state", "reason", "direction", "unit_level", "reference", "measure", "verdict")


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
    told = cells.select([name for name in _CELLS if name in cells.column_names])
    kept = units.join(told.select(_PLACE).group_by(_PLACE).aggregate([]), keys=_PLACE, join_type="left semi")
    rows = sorted(kept.select(UNITS.names).to_pylist(), key=lambda row: (row["unit_level"], row["unit_id"]))
    write_parquet(told.replace_schema_metadata({_UNITS: json.dumps(rows, ensure_ascii=False)}), file)


def read_cells(file: Path) -> tuple[pa.Table, pa.Table]:
    """Cells and units of `write_cells`."""
    cells = pq.read_table(file)
    rows = json.loads(cells.schema.metadata[_UNITS])
    return cells.replace_schema_metadata(None), pa.Table.from_pylist(rows, schema=UNITS)


def codebook_rows(speech: Speech, cells: pa.Table) -> list[tuple[str, str, str, Words]]:
    """(file, column, code, meaning) of every column and every code of the tidy files."""
    wording, known = speech.wording, speech.definitions
    columns = {
        "findings": [*FINDINGS.names, *(f"sentence_{lang}" for lang in speech.languages)],
        "cells": [name for name in _CELLS if name in cells.column_names],
    }
    rows = [
        (file, name, "", wording.entry("columns", name)) for file, names in columns.items() for name in names
    ]
    rows += [
        ("both", column, code, meaning) for column in _CODED for code, meaning in _codes(wording, column)
    ]
    rows += [("both", "indicator", key, said(entry.name)) for key, entry in known.indicators.items()]
    rows += [("findings", "question", key, said(entry.title)) for key, entry in known.questions.items()]
    rows += [("findings", "dimension", key, said(entry.name)) for key, entry in known.dimensions.items()]
    rows.append(("both", "group", "all", speech.name("all")))
    rows += [
        ("both", "group", f"{key}:{value}", said(group.name))
        for key, entry in known.dimensions.items()
        for value, group in entry.values.items()
    ]
    rows += [
        ("both", "group", f"{key}:{value}", speech.name(f"{key}:{value}"))
        for value in ("unknown", NOT_SHOWN)
        for key in known.dimensions
    ]
    return rows


def _codes(wording: Wording, column: str) -> list[tuple[str, Words]]:
    keys = [key for key in wording.keys("codes") if key.startswith(f"{column}.")]
    return [(key.removeprefix(f"{column}."), wording.entry("codes", key)) for key in keys]


def write_codebook(rows: Sequence[tuple[str, str, str, Words]], file: Path) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    languages = list(rows[0][3])
    writer.writerow(["file", "column", "code", *(f"meaning_{lang}" for lang in languages)])
    writer.writerows([*row[:3], *(row[3].of(lang) for lang in languages)] for row in rows)
    file.write_text(sheet.getvalue(), encoding="utf-8")

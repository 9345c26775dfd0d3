"""Sound files in every format, from which broken ones are made."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

NAMES = ("student_id", "school", "group", "n", "share")
ROWS = (
    ("0071001", "Oak High", "Black", "12", "0.5"),
    ("0071002", "Colegio Bañuelos", "White", "5", "0.25"),
    ("0071003", 'Elm "Old" Middle, North', "Asian", "*", ""),
    ("0071004", "Two\nlines", "Hispanic", "-9", "100%"),
)


def text(delimiter: str = ",") -> str:
    lines = [delimiter.join(NAMES)]
    for row in ROWS:
        cells = [
            '"' + cell.replace('"', '""') + '"' if set(cell) & set('",\n;^|\t') else cell for cell in row
        ]
        lines.append(delimiter.join(cells))
    return "\n".join(lines) + "\n"


def zipped(members: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return held.getvalue()


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Enrollment"], [], NAMES, *ROWS):
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _parquet() -> bytes:
    held = io.BytesIO()
    columns = dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True))
    pq.write_table(pa.table({**columns, "n": [12, 5, None, -9], "share": [0.5, float("nan"), None, 1]}), held)
    return held.getvalue()


@cache
def sound() -> dict[str, bytes]:
    """Name -> bytes of files that can be read."""
    objects = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    plain = text().encode()
    return {
        "t.csv": plain,
        "t.tsv": text("\t").encode("utf-16"),
        "t.txt": text("^").encode("cp1252"),
        "titled.csv": b"Enrollment of all schools\n\n" + plain + b"\nSource: the state\n",
        "t.csv.gz": gzip.compress(plain, mtime=0),
        "t.xlsx": _workbook(),
        "t.xls": text("\t").encode(),
        "t.parquet": _parquet(),
        "t.json": json.dumps(objects, ensure_ascii=False).encode(),
        "t.ndjson": "\n".join(map(json.dumps, objects)).encode(),
        "t.zip": zipped({"inner/t.csv": plain, "inner/u.csv.gz": gzip.compress(plain, mtime=0)}),
    }

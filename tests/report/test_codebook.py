"""The contract: every column and key of a bundle is in its codebook and schema, every code has a meaning, and
no version changes what an earlier one promised."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import evenground
from evenground import report
from evenground.model import FINDINGS, Released
from evenground.report import FILES, PAGES, schema

VERSIONS = ("1.0", "1.1")
# Of versions that were released: never changed again. SHA-256 of the kept file, first 16 signs.
FROZEN = {"1.0": "85c3aeb91cb52466"}
CODED = {
    "findings": (
        "question", "domain", "indicator", "unit_level", "dimension", "group", "reference", "reference_group",
        "measure", "state", "direction", "perspective", "verdict",
    ),
    "cells": ("indicator", "unit_level", "group", "state", "reason"),
}  # fmt: skip
SAME = {"reference_group": "group"}  # a column whose codes are those of another
TYPES = {"string": pa.types.is_string, "number": pa.types.is_floating, "integer": pa.types.is_integer}


def keys(node: Any, place: str = "") -> Iterator[str]:
    """Every key of a JSON file, at any depth: `attack.made`."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield f"{place}{key}"
            yield from keys(value, f"{place}{key}.")
    elif isinstance(node, list):
        for value in node:
            yield from keys(value, place)


def told(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "codebook.csv").open(encoding="utf-8", newline="")))


def untold(folder: Path) -> list[str]:
    """What a bundle holds and its codebook does not tell."""
    lines = told(folder)
    columns = {(row["file"], row["column"]) for row in lines if not row["code"]}
    codes = {(row["column"], row["code"]) for row in lines}
    missing = []
    for name in ("findings", "cells"):
        table = pq.read_table(folder / f"{name}.parquet")
        missing += [f"{name}.{column}" for column in table.column_names if (name, column) not in columns]
        for column in CODED[name]:
            found = {code for code in table[column].unique().to_pylist() if code}
            known = {code for place, code in codes if place == SAME.get(column, column)}
            missing += [f"{name}.{column}={code}" for code in sorted(found - known)]
    for name in ("disclosure.json", "receipt.json", "schema.json"):
        patterns = [column for file, column in columns if file == name]
        found = set(keys(json.loads((folder / name).read_text(encoding="utf-8"))))
        missing += [
            f"{name}: {key}" for key in sorted(found) if not any(fnmatchcase(key, one) for one in patterns)
        ]
    files = {entry.name for entry in folder.iterdir()} - {"codebook.csv"}
    return missing + [f"file {name}" for name in sorted(files - {row["file"] for row in lines})]


@pytest.fixture(scope="module")
def folder(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("codebook") / "review"
    report.write(released, place)
    return place


def test_a_bundle_is_told_in_full(folder: Path) -> None:
    assert untold(folder) == []


def test_a_column_code_or_key_that_is_not_told_is_found(folder: Path, tmp_path: Path) -> None:
    lines = told(folder)
    for file in folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    gone = ("n", "verdict", "attack.made", "index.html")
    with (tmp_path / "codebook.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(row for row in lines if row["column"] not in gone and row["file"] not in gone)
    missing = untold(tmp_path)
    assert {"findings.n", "cells.n", "findings.verdict=below", "disclosure.json: attack.made"} <= set(missing)
    assert "file index.html" in missing


def test_every_line_has_a_meaning_in_every_language_and_none_comes_twice(folder: Path) -> None:
    lines = told(folder)
    assert all(row["meaning_en"] and row["meaning_es"] for row in lines)
    places = [(row["file"], row["column"], row["code"]) for row in lines]
    assert len(set(places)) == len(places)


def test_codes_that_only_one_review_has_are_told(released: Released, tmp_path: Path) -> None:
    """A crossing, a group and a target to compare with, a rule of one's own."""
    findings = released.findings.to_pylist()
    findings[0]["reference"], findings[1]["reference"] = "group:race_ethnicity:white", "target:0.8"
    rules = {"name": {"en": "Ours", "es": "La nuestra"}, "note": {"en": "Hidden.", "es": "Oculto."}}
    own = replace(
        released,
        findings=pa.Table.from_pylist(findings, schema=FINDINGS),
        disclosure={**released.disclosure, "policy": "our-own", "rules": rules},
    )
    report.write(own, tmp_path / "own")
    assert untold(tmp_path / "own") == []
    meant = {(row["column"], row["code"]): row["meaning_es"] for row in told(tmp_path / "own")}
    assert meant["policy", "our-own"] == "La nuestra"
    assert meant["reference", "target:0.8"] == "La meta: 0.8"
    assert meant["reference", "group:race_ethnicity:white"] == meant["group", "race_ethnicity:white"]
    assert ("group", "race_ethnicity:hispanic+sex:female") in meant
    assert ("dimension", "race_ethnicity+sex") in meant


def test_a_real_bundle_is_told_in_full(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    report.write(evenground.review(shared_data("lausd-choice-2018"), policy="n10"), tmp_path / "review")
    assert untold(tmp_path / "review") == []


# --- the schema ---


def kept(version: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(schema.kept(version))
    return content


def test_the_code_writes_what_its_contract_says(folder: Path) -> None:
    """Fails when a column or file changes: then raise CONTRACT, and keep its schema in a file of its own."""
    now = kept(schema.CONTRACT)
    assert now["contract"] == schema.CONTRACT
    assert set(now["files"]) == {*FILES, PAGES}
    for name in ("findings", "cells"):
        table = pq.read_table(folder / f"{name}.parquet")
        columns = now["tables"][name]["columns"]
        assert [column["name"] for column in columns] == table.column_names
        for column in columns:
            assert TYPES[column["type"]](table.schema.field(column["name"]).type), column
            assert column["nullable"] or table[column["name"]].null_count == 0, column


def test_the_keys_of_the_schema_tell_rows_apart(folder: Path) -> None:
    for name, entry in kept(schema.CONTRACT)["tables"].items():
        table = pq.read_table(folder / f"{name}.parquet").select(entry["key"])
        assert table.group_by(entry["key"]).aggregate([]).num_rows == table.num_rows


def test_a_minor_version_only_adds() -> None:
    """What breaks this needs a major version."""
    for old, new in pairwise(VERSIONS):
        before, after = kept(old), kept(new)
        assert set(before["files"]) <= set(after["files"])
        for name, table in before["tables"].items():
            now = {column["name"]: column for column in after["tables"][name]["columns"]}
            assert table["key"] == after["tables"][name]["key"]
            for column in table["columns"]:
                assert now[column["name"]] == column
        added = [
            column
            for name, table in after["tables"].items()
            for column in table["columns"]
            if column["name"] not in {each["name"] for each in before["tables"][name]["columns"]}
        ]
        assert all(column["since"] == new for column in added)
        assert all(after["files"][file] == new for file in set(after["files"]) - set(before["files"]))


def test_a_version_that_was_released_is_never_changed() -> None:
    for version, digest in FROZEN.items():
        assert hashlib.sha256(schema.kept(version).encode()).hexdigest()[:16] == digest
    assert VERSIONS[-1] == schema.CONTRACT


def test_a_bundle_carries_its_schema(folder: Path) -> None:
    assert json.loads((folder / "schema.json").read_text(encoding="utf-8")) == kept(schema.CONTRACT)

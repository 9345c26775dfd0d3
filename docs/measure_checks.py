"""Writes docs/reference/measure-checks.md: `python docs/measure_checks.py`.

Runs the tests of the measures and lists every value that they compare with one from elsewhere. A page is not
written from less than all: where real data are not there, tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "measure-checks.md"
MARKER = "<!-- From here on this page is written by docs/measure_checks.py. -->"
MOST = 3
"""So many values of one check stand in the table; the tests have all."""


def main() -> None:
    with TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "auto",
            "tests/measures",
            "-k",
            "not page and not catalogue",
        ]
        run = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"EVENGROUND_CHECKS": folder}, capture_output=True, text=True
        )
        if run.returncode or "skipped" in run.stdout:
            sys.exit(f"{run.stdout[-3000:]}\nthe page needs all tests of the measures to run and to pass")
        lines = [line for file in Path(folder).glob("*.jsonl") for line in file.read_text().splitlines()]
    records = [json.loads(line) for line in lines]
    head = PAGE.read_text(encoding="utf-8").partition(MARKER)[0]
    PAGE.write_text(f"{head}{MARKER}\n\n{text(records)}\n", encoding="utf-8")


def text(records: Sequence[Mapping[str, Any]]) -> str:
    names = sorted({record["measure"] for record in records})
    exact = sum(record["apart"] <= 1e-9 for record in records)
    lead = f"{len(records)} checks of {len(names)} functions; in {exact} the difference is at most 1e-9."
    families: dict[str, list[Mapping[str, Any]]] = {}
    for record in sorted(records, key=lambda record: (record["measure"], record["what"], record["source"])):
        families.setdefault(family_of(record["measure"]), []).append(record)
    parts = [f"## {family}\n\n" + "\n".join(table(some)) for family, some in families.items()]
    return "\n\n".join([lead, *parts])


def family_of(measure: str) -> str:
    family, _, name = measure.partition(".")
    return family if name and (ROOT / "src/evenground/measures" / family).is_dir() else "groups and gaps"


def table(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| function | what | value from elsewhere | ours | difference | source |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for record in records:
        cells = (
            f"`{record['measure']}`",
            record["what"],
            numbers(record["expected"]),
            numbers(record["found"]),
            f"{record['apart']:.1g}",
            record["source"],
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def numbers(values: Sequence[float]) -> str:
    told = ", ".join(f"{value:.10g}" for value in values[:MOST])
    return f"{told} and {len(values) - MOST} more" if len(values) > MOST else told


if __name__ == "__main__":
    main()

"""The embedded example, by the command itself: what a newcomer runs first."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest
from tests.plain import of_released
from tests.texts import wrong_on
from typer.testing import CliRunner

from evenground.cli import app
from evenground.report import FILES, read
from evenground.sources.synthetic import make_district

BUNDLE = set(FILES)
QUICK = ("review", "--example", "--indicators", "suspension,graduation")
FINDINGS = [
    "finding_id", "domain", "indicator", "unit_level", "unit_id", "unit_name", "period", "dimension", "group",
    "reference", "reference_group", "measure", "value", "low", "high", "n", "state", "direction",
    "perspective", "sentence_en", "sentence_es",
]  # fmt: skip
CELLS = [
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
]


def evenground(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evenground", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert "Traceback" not in done.stderr + done.stdout
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def example(bundle: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "review"
    shutil.copytree(bundle("example"), folder)
    return folder


def test_every_sentence_is_easy_to_read_in_both_languages(example: Path) -> None:
    assert of_released(read(example)) == []
    pages = [example / "index.html", *sorted((example / "pages").glob("*.html"))]
    assert [wrong for page in pages for wrong in wrong_on(page)] == []


def test_the_bundle_is_whole_and_holds_to_its_contract(example: Path) -> None:
    assert {path.name for path in example.iterdir()} == {*BUNDLE, "pages"}
    findings, cells = (
        parquet.read_table(example / "findings.parquet"),
        parquet.read_table(example / "cells.parquet"),
    )
    assert set(FINDINGS) <= set(findings.column_names)
    assert set(CELLS) <= set(cells.column_names)
    assert csv.read_csv(example / "findings.csv").num_rows == findings.num_rows > 1000
    assert set(cells["state"].to_pylist()) <= {"value", "hidden", "not_reported", "not_applicable"}
    assert len(set(findings["finding_id"].to_pylist())) == findings.num_rows


def test_what_is_hidden_has_no_number_and_one_reason(example: Path) -> None:
    cells = parquet.read_table(example / "cells.parquet").to_pylist()
    hidden = [cell for cell in cells if cell["state"] == "hidden"]
    assert hidden
    assert {cell["reason"] for cell in hidden} == {"protects_students"}
    assert all(cell[name] is None for cell in hidden for name in ("n", "value", "low", "high"))
    assert all(cell["n"] >= 10 for cell in cells if cell["state"] == "value" and cell["n"])


def test_rates_are_published_with_ten_students_on_either_side(example: Path) -> None:
    for cell in parquet.read_table(example / "cells.parquet").to_pylist():
        if (
            cell["state"] == "value"
            and 0 < (cell["value"] or 0) < 1
            and cell["indicator"] in ("ap_participation", "suspension")
        ):
            count = round(cell["n"] * cell["value"])
            assert count >= 10
            assert cell["n"] - count >= 10


def test_the_receipt_names_every_file_and_no_path(example: Path) -> None:
    text = (example / "receipt.json").read_text(encoding="utf-8")
    receipt = json.loads(text)
    for name in BUNDLE - {"receipt.json"}:
        assert receipt["files"][name] == hashlib.sha256((example / name).read_bytes()).hexdigest()
    assert str(Path.home()) not in text
    assert "/tmp" not in text


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quick") / "review"
    evenground(*QUICK, "--out", folder)
    return folder


def test_verify_recomputes_the_example_and_finds_a_changed_number(quick: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(quick, tmp_path / "copy")
    assert evenground("verify", copy).returncode == 0
    content = (copy / "findings.csv").read_bytes()
    (copy / "findings.csv").write_bytes(content.replace(b"0.", b"1.", 1))
    assert evenground("verify", copy, check=False).returncode in (1, 2)


def test_a_second_review_replaces_the_first(quick: Path, tmp_path: Path) -> None:
    review = shutil.copytree(quick, tmp_path / "review")
    (review / "findings.csv").unlink()
    evenground(*QUICK, "--out", review)
    assert (review / "findings.csv").read_bytes() == (quick / "findings.csv").read_bytes()


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine", encoding="utf-8")
    assert evenground(*QUICK, "--out", mine, check=False).returncode == 2
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_review_leaves_the_earlier_one_whole(example: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in example.iterdir()}
    running = subprocess.Popen(
        [sys.executable, "-m", "evenground", "review", "--example", "--out", str(example)],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(4)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert {path.name: path.stat().st_mtime_ns for path in example.iterdir()} == before


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small one: what is wrong with the arguments is seen once the files are read."""
    folder = tmp_path_factory.mktemp("small") / "roster"
    make_district(folder, students=300, years=1, schools=3, seed=4)
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["review", "no-such-folder"], "no such folder"),
        (["review", "ROSTER", "--unit", "district:9"], "--unit"),
        (["review", "ROSTER", "--by", "shoe_size"], "--by"),
        (["review", "ROSTER", "--reference", "best"], "--reference"),
        (["review", "ROSTER", "--period", "1850"], "--period"),
        (["review", "--example", "--policy", "none"], "--policy"),
        (["review", "--example", "--lang", "fr"], "--lang"),
        (["review"], "no folder"),
        (["verify", "no-such-folder"], "no readable receipt"),
    ],
)
def test_wrong_arguments_end_with_exit_code_2_and_words(
    arguments: list[str], words: str, roster: Path, tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path / "out")] if arguments[0] == "review" else []
    command = [str(roster) if each == "ROSTER" else each for each in arguments]
    done = CliRunner().invoke(app, [*command, *out])
    assert done.exit_code == 2
    assert words in done.stderr
    assert not (tmp_path / "out").exists()

"""The ledger of a workspace: what is entered, what follows for the next release, what is taken back."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import evenground
from evenground.cli import app
from evenground.model import HIDDEN, KEYS, NOT_SHOWN, VALUE, InputProblems, Unit
from evenground.report import tidy
from evenground.sources.synthetic import make_district
from evenground.workspace import Request, past
from evenground.workspace.considered import considered
from evenground.workspace.ledger import open_ledger

ASKED = {"by": ("english_learner",), "indicators": ("suspension",)}
REASON = "Two days of <October> were missing"


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "roster"
    make_district(folder, students=500, years=1, schools=3, seed=4)
    return folder


class Place(NamedTuple):
    """A workspace with two releases: `first`, and `second`, which corrects it."""

    workspace: Path
    first: Path
    second: Path


@pytest.fixture(scope="module")
def made(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("two")
    place = Place(folder / "workspace", folder / "first", folder / "second")
    evenground.review(roster, out=place.first, workspace=place.workspace, who="The data office", **ASKED)
    [one] = open_ledger(place.workspace).entries()
    evenground.review(
        roster, out=place.second, workspace=place.workspace, corrects=one.id, reason=REASON, **ASKED
    )
    return place


@pytest.fixture
def copied(made: Place, tmp_path: Path) -> Place:
    shutil.copytree(made.workspace.parent, tmp_path / "two")
    return Place(*(tmp_path / "two" / folder.name for folder in made))


def content(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_what_was_released_is_entered_as_it_was(made: Place) -> None:
    first, second = open_ledger(made.workspace).entries()
    assert (first.number, first.who, first.policy, first.by) == (1, "The data office", "n10", ASKED["by"])
    kept = made.workspace / "releases" / first.id
    for name in ("cells.parquet", "disclosure.json", "receipt.json"):
        assert (kept / name).read_bytes() == (made.first / name).read_bytes()
    assert second.corrects == first.id
    assert (first.state, second.state) == ("replaced", "released")
    assert first.replaced
    assert (first.replaced.by, first.replaced.reason) == (second.id, REASON)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are set the POSIX way")
def test_true_counts_are_private_and_hold_no_student(made: Place) -> None:
    first, _ = open_ledger(made.workspace).entries()
    folder = made.workspace / "private" / "releases" / first.id
    [file] = folder.iterdir()
    assert file.name.startswith("private")
    assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)} == {0o700}
    assert file.stat().st_mode & 0o777 == 0o600
    assert next(iter(pq.read_schema(file).metadata)).startswith(b"evenground.private")
    true = pq.read_table(file)
    assert true.column_names == [*KEYS, "n", "total"]
    released, _ = tidy.read_cells(made.first / "cells.parquet")
    told = {tuple(row[key] for key in KEYS): row["state"] for row in released.to_pylist()}
    assert HIDDEN in {told[tuple(row[key] for key in KEYS)] for row in true.to_pylist()}
    assert max(true["n"].to_pylist()) == 499  # everybody counted; no line is a student's own
    assert len(true) < 20


def test_the_same_data_again_is_the_same_and_says_what_was_looked_at(made: Place) -> None:
    assert (made.first / "cells.parquet").read_bytes() == (made.second / "cells.parquet").read_bytes()
    assert content(made.first / "disclosure.json")["earlier_releases"]["considered"] == []
    told = content(made.second / "disclosure.json")["earlier_releases"]
    first, _ = open_ledger(made.workspace).entries()
    cells, _ = tidy.read_cells(made.first / "cells.parquet")
    states = [row["state"] for row in cells.to_pylist() if NOT_SHOWN not in row["group"]]
    assert told == {
        "considered": [first.id],
        "cells_public_before": states.count(VALUE),
        "cells_changed_by_few": 0,
        "cells_kept_hidden": states.count(HIDDEN),
        "cells_of_earlier_releases_beside": 0,
    }


def test_a_correction_says_what_it_replaces(made: Place) -> None:
    first, _ = open_ledger(made.workspace).entries()
    said = {"id": first.id, "date": first.date, "reason": REASON}
    assert content(made.second / "disclosure.json")["corrects"] == said
    assert content(made.second / "receipt.json")["corrects"] == said
    page = (made.second / "index.html").read_text(encoding="utf-8")
    shown = REASON.replace("<", "&lt;").replace(">", "&gt;")
    assert f"This review replaces the one of {first.date} (number {first.id}). Why: {shown}." in page
    assert f"Este informe reemplaza el del {first.date} (número {first.id}). Por qué: {shown}." in page
    assert "replaces the one" not in (made.first / "index.html").read_text(encoding="utf-8")


def test_a_bundle_of_a_workspace_is_verified_with_the_same_earlier_releases(
    made: Place, roster: Path
) -> None:
    assert run("verify", made.second, "--input", roster, "--workspace", made.workspace)[0] == 0
    code, said = run("verify", made.second, "--input", roster)
    assert code == 2
    assert "--workspace" in said


def test_releases_are_listed(made: Place) -> None:
    code, said = run("releases", made.workspace)
    assert code == 0
    first, second = open_ledger(made.workspace).entries()
    lines = [line for line in said.splitlines() if "Larch Unified" in line]
    assert len(lines) == 2
    assert first.id in lines[0]
    assert f"replaced │ {second.id}" in " ".join(lines[0].split())


def test_a_withdrawal_leaves_a_notice_and_a_trace(copied: Place, roster: Path) -> None:
    first, second = open_ledger(copied.workspace).entries()
    code, said = run(
        "withdraw", copied.first, "--workspace", copied.workspace, "--reason", "A <mistake> in the files"
    )
    assert code == 0
    assert "still judged" in said
    assert sorted(path.name for path in copied.first.iterdir()) == ["index.html", "receipt.json"]
    notice = (copied.first / "index.html").read_text(encoding="utf-8")
    for words in (
        "Larch Unified: this review was withdrawn",
        "Larch Unified: este informe fue retirado",
        "Why: A &lt;mistake&gt; in the files",
        "Whom to ask: The data office",
        f"A new review replaces it: number {second.id}",
    ):
        assert words in notice
    trace = content(copied.first / "receipt.json")
    assert trace["withdrawn"]["id"] == first.id
    assert open_ledger(copied.workspace).entry(first.id).state == "withdrawn"
    code, said = run("verify", copied.first, "--input", roster)
    assert code == 0
    assert "withdrawn" in said
    again = evenground.review(roster, workspace=copied.workspace, **ASKED)
    assert again.disclosure["earlier_releases"]["considered"] == [first.id, second.id]
    (copied.first / "index.html").write_text("nothing happened", encoding="utf-8")
    assert run("verify", copied.first)[0] == 2


def test_only_a_release_of_the_workspace_is_withdrawn(copied: Place, tmp_path: Path) -> None:
    def refused(bundle: Path, reason: str = "wrong") -> str:
        code, said = run("withdraw", bundle, "--workspace", copied.workspace, "--reason", reason)
        assert code == 2
        return said

    assert "no receipt.json" in refused(tmp_path)
    assert "nothing" in refused(copied.first, " ")
    (copied.first / "notes.txt").write_text("mine", encoding="utf-8")
    assert "notes.txt" in refused(copied.first)
    (copied.first / "notes.txt").unlink()
    receipt = copied.first / "receipt.json"
    receipt.write_text(receipt.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert "none of the releases" in refused(copied.first)
    assert len(list(copied.first.iterdir())) > 2


def without_student(roster: Path, folder: Path) -> Path:
    """The same records without the last student who was enrolled all year."""
    shutil.copytree(roster, folder)
    with (roster / "students.csv").open(encoding="utf-8") as file:
        gone = list(csv.DictReader(file))[-1]["student_id"]
    for file in folder.glob("*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if f'"{gone}"' not in line), encoding="utf-8")
    return folder


def published(cells: pa.Table) -> dict[tuple, tuple]:
    rows = cells.to_pylist()
    return {tuple(row[k] for k in KEYS): (row["n"], row["value"]) for row in rows if row["state"] == VALUE}


def test_one_student_who_left_cannot_be_found_by_subtracting(
    made: Place, copied: Place, roster: Path, tmp_path: Path
) -> None:
    records = without_student(roster, tmp_path / "without")
    alone = evenground.review(records, **ASKED)
    now = evenground.review(records, workspace=copied.workspace, **ASKED)
    cells, _ = tidy.read_cells(made.first / "cells.parquet")
    before = published(cells)
    differ = [key for key, told in published(alone.cells).items() if before.get(key, told) != told]
    assert differ  # who keeps both releases sees what one student was
    assert [key for key, told in published(now.cells).items() if before.get(key, told) != told] == []
    assert now.disclosure["earlier_releases"]["cells_changed_by_few"] > 0
    assert alone.disclosure["earlier_releases"] == "Earlier releases were not considered."


def test_two_at_once_wait_for_each_other(roster: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys, evenground; evenground.review(sys.argv[1], workspace=sys.argv[2],",
    ]
    command[-1] += " by=('english_learner',), indicators=('suspension',))"
    command += [str(roster), str(tmp_path / "workspace")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
    ledger = open_ledger(tmp_path / "workspace")
    first, second = ledger.entries()
    told = content(ledger.release(second.id) / "disclosure.json")["earlier_releases"]
    assert told["considered"] == [first.id]


def test_what_is_stopped_leaves_no_half_entry(
    copied: Place, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evenground.report.tidy.write_cells", stopped)
    with pytest.raises(KeyboardInterrupt):
        evenground.review(roster, workspace=copied.workspace, **ASKED)
    assert len(open_ledger(copied.workspace).entries()) == 2
    left = [path.name for path in (copied.workspace / "releases").iterdir()]
    assert [name for name in left if name.startswith(".")] == []


def told_of(**asked: object) -> str:
    with pytest.raises(InputProblems) as caught:
        evenground.review(**asked)
    return str(caught.value)


def test_another_system_is_another_workspace(made: Place) -> None:
    ledger = open_ledger(made.workspace)
    _, units = ledger.cells(ledger.entries()[0].id)
    district = Unit("district", "0001", "Larch Unified")
    for focus in (district, Unit("school", "000002")):
        assert len(considered(ledger, Request(), focus, units, "roster").ids) == 2
    elsewhere = Unit("district", "0002", "Pine Unified")
    rows = pa.table({"unit_level": ["district"], "unit_id": ["0002"]})
    with pytest.raises(InputProblems, match=r"district:0001.*one school system.*district:0002"):
        considered(ledger, Request(), elsewhere, rows, "roster")
    with pytest.raises(InputProblems, match="from example"):
        considered(ledger, Request(), district, units, "example")


def test_bad_use_of_a_workspace_is_told_before_any_work(copied: Place, tmp_path: Path) -> None:
    first, second = open_ledger(copied.workspace).entries()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "photo.jpg").write_text("x", encoding="utf-8")
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "workspace.json").write_text('{"evenground_workspace": 2}', encoding="utf-8")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "workspace.json").write_text("[]", encoding="utf-8")
    nowhere = tmp_path / "no such roster"
    for name, said in (
        ("file", "a file"),
        ("full", "photo.jpg"),
        ("newer", "version 2"),
        ("odd", "did not write"),
    ):
        assert said in told_of(folder=nowhere, workspace=tmp_path / name)
    lone = told_of(folder=nowhere, corrects=first.id, who="me")
    assert lone.count("no --workspace") == 2
    assert "no --reason" in lone
    asked = {"folder": nowhere, "workspace": copied.workspace, "reason": "wrong"}
    assert "no release 'x'" in told_of(corrects="x", **asked)
    assert f"correct {second.id}" in told_of(corrects=first.id, **asked)


def test_without_the_true_counts_no_release_can_be_judged(copied: Place) -> None:
    shutil.rmtree(copied.workspace / "private")
    with pytest.raises(InputProblems, match="backup"):
        past.earlier(open_ledger(copied.workspace))

"""Whole or not at all: killed at any moment, two at once, no room, no right to write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evenground.storage import private_folder, whole_file, whole_folder

WRITER = """
import sys, time
from pathlib import Path
from evenground.storage import whole_folder
target, mark = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
while True:
    with whole_folder(target) as fresh:
        for name in "abcdef":
            (fresh / name).write_text(mark * 2000)
"""


def write(target: Path, mark: str) -> None:
    with whole_folder(target) as fresh:
        for name in "abcdef":
            (fresh / name).write_text(mark)


def start(target: Path, mark: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target), mark], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def is_whole(target: Path) -> bool:
    texts = {path.name: path.read_text() for path in target.iterdir()}
    return set(texts) == set("abcdef") and len(set(texts.values())) == 1


def test_a_folder_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "review"
    write(target, "first")
    write(target, "second")
    assert is_whole(target)
    assert (target / "a").read_text() == "second"
    assert [path.name for path in target.parent.iterdir()] == ["review"]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    write(tmp_path / "review", "first")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "review") as fresh:
        (fresh / "a").write_text(str(1 / 0))
    assert is_whole(tmp_path / "review")
    assert (tmp_path / "review" / "a").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["review"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be exchanged in one step there")
def test_killed_at_any_moment_what_is_there_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "review"
    write(target, "z")
    moments = random.Random(5)
    for _ in range(8):
        process = start(target, "x")
        time.sleep(moments.uniform(0.0, 0.08))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_whole(target)
    for left in tmp_path.glob(".review-*"):
        os.utime(left, (0, 0))
    write(target, "y")
    assert [path.name for path in tmp_path.iterdir()] == ["review"], "the next run cleans up"


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be exchanged in one step there")
def test_two_at_once_do_no_harm(tmp_path: Path) -> None:
    target = tmp_path / "review"
    write(target, "z")
    both = [start(target, mark) for mark in "xy"]
    try:
        for _ in range(200):
            held = target.stat().st_ino
            texts = [(target / name).read_text() for name in "abcdef" if target.stat().st_ino == held]
            assert texts or target.stat().st_ino != held
        assert all(process.poll() is None for process in both), "neither stumbled over the other"
    except FileNotFoundError:
        pass  # a name was read while the folders changed places
    finally:
        for process in both:
            process.kill()
            process.wait()
    assert is_whole(target)


def test_a_file_is_whole_or_the_earlier_one(tmp_path: Path) -> None:
    target = tmp_path / "gaps.csv"
    with whole_file(target) as fresh:
        fresh.write_text("first")
    with pytest.raises(ZeroDivisionError), whole_file(target) as fresh:
        fresh.write_text(str(1 / 0))
    assert target.read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["gaps.csv"]


def test_a_private_folder_is_the_owners_alone_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with private_folder() as folder:
        (folder / "rows.parquet").write_text("a student")
        if sys.platform != "win32":
            assert folder.stat().st_mode & 0o077 == 0
        with private_folder() as other:
            assert other != folder
            assert (folder / "rows.parquet").exists(), "what a run holds stays"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_rows_that_a_killed_run_left_are_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    hang = (
        "import time; from evenground.storage import private_folder\n"
        "with private_folder() as folder:\n"
        "    (folder / 'rows').write_text('x'); print(folder, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", hang],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout
    left = Path(process.stdout.readline().strip())
    process.kill()
    process.wait()
    assert (left / "rows").exists()
    with private_folder():
        assert not left.exists()

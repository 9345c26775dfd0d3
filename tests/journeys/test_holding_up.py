"""Full disk, no right to write, not a table: one clear sentence, nothing half-written, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenground.cli import app
from evenground.sources.synthetic import make_district

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set the POSIX way")
FEW = ("--indicators", "suspension,graduation")

LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.argv = ["evenground", *sys.argv[2:]]
from evenground.cli import main
main()
"""


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "roster"
    make_district(folder, students=500, years=1, schools=3, seed=4)
    return folder


def run(*arguments: str | Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command, where no file may grow beyond `limit` bytes: what a full disk does, at a chosen moment."""
    start = ["-m", "evenground"] if limit is None else ["-c", LIMITED, str(limit)]
    command = [sys.executable, *start, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


@pytest.mark.parametrize("limit", [2_000, 40_000])
def test_a_full_disk_is_one_sentence(roster: Path, tmp_path: Path, limit: int) -> None:
    done = run("review", roster, *FEW, "--out", tmp_path / "out" / "review", limit=limit)
    assert done.returncode == 1
    assert "Cannot read or write" in done.stderr
    assert done.stderr.count("Nothing was half-written") == 1
    assert list((tmp_path / "out").iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_before_any_work(roster: Path) -> None:
    done = run("review", roster, "--out", "/dev/null/review")
    assert done.returncode == 2
    assert "Counting" not in done.stderr
    assert "/dev/null" in done.stderr


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_read_only_folder_is_one_sentence(roster: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run("review", roster, "--out", tmp_path / "review")
    assert done.returncode == 2
    assert "Permission denied" in done.stderr


@pytest.mark.parametrize("content", [b"%PDF-1.7\n\x00\x01", b"", b"PK\x03\x04garbage", b"\x89PNG\r\n\x1a\n"])
def test_not_a_table_is_a_problem_with_its_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scores.csv").write_bytes(content)
    command = ["gaps", str(tmp_path / "scores.csv"), "--outcome", "passed", "--by", "group"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "scores.csv" in done.stderr


def test_two_reviews_into_one_folder_do_no_harm(roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "review"
    command = [sys.executable, "-m", "evenground", "review", str(roster), "--out", str(out), *FEW]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        process.communicate(timeout=300)
        assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["review"]
    assert run("verify", out, "--input", roster).returncode == 0

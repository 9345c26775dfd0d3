"""Bundles that tests share: made once, whichever worker asks first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenground.cli import app
from evenground.sources.synthetic import make_district

Shared = Callable[[str], Path]


def run(*arguments: str | Path) -> None:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output


def example(out: Path, _: Shared) -> None:
    run("review", "--example", "--pages", "schools", "--out", out)


def choice(out: Path, shared: Shared) -> None:
    run("review", shared("lausd-choice-2018"), "--out", out)


def completion(out: Path, shared: Shared) -> None:
    folder = shared("ca-graduates-ag")
    run("review", folder, "--source", "cde-graduates", "--unit", "district:1964733", "--out", out)


def kentucky(out: Path, shared: Shared) -> None:
    run("review", shared("ky-kysrc"), "--out", out)


def private(out: Path, _: Shared) -> None:
    """The pages that stay in the office, of a small district."""
    roster = out.parent / "roster"
    make_district(roster, students=2500, years=1, schools=4, seed=7)
    run("check", roster, "--out", out / "checks")
    run("indicators", roster, "--out", out / "coverage")
    run("review", roster, "--out", out / "bundle", "--protection", out / "office", "--pages", "schools")
    run("questionnaire", room(out.parent / "answers.csv"), "--out", out / "room")


def room(file: Path) -> Path:
    """Answers of twelve people: seven choose A where five choose B; all choose A in the first."""
    head = ",".join(f"q{number}" for number in range(1, 13))
    lines = ["A" + f",{side}" * 11 for side in "AAAAAAABBBBB"]
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


MADE = {each.__name__: each for each in (example, choice, completion, kentucky, private)}


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory, shared_data: Shared) -> Shared:
    """`bundle("example")` is a folder with pages; the test is skipped where its data are absent."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "quality"

    def made(name: str) -> Path:
        out, done, failed = place / name / "out", place / name / "done", place / name / "failed"
        done.parent.mkdir(parents=True, exist_ok=True)
        with (place / name / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if failed.is_file():
                pytest.fail(f"the bundle {name} could not be made: {failed.read_text(encoding='utf-8')}")
            if not done.is_file():
                try:
                    MADE[name](out, shared_data)
                except Exception as error:  # it would fail for every test again; a skip is no Exception
                    failed.write_text(str(error), encoding="utf-8")
                    raise
                done.touch()
        return out

    return made

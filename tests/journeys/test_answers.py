"""What a command answers to what it cannot do: what was found, what to do, an exit code, nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenground import workspace
from evenground.cli import app


def answer(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.csv"
    file.write_text("group,passed\na,1\nb,0\n", encoding="utf-8")
    return file


def gaps(table: Path, *more: str | Path) -> tuple[str | Path, ...]:
    return ("gaps", table, "--outcome", "passed", "--by", "group", *more)


FOLDERS = ("check", "indicators", "questionnaire")


@pytest.mark.parametrize("command", FOLDERS)
def test_a_folder_that_is_a_file_is_told_before_any_work(command: str, table: Path) -> None:
    given = () if command == "questionnaire" else (table.parent,)
    code, said = answer(command, *given, "--out", table)
    assert code == 2
    assert f"{table}: found a file; allowed: a folder; to do: choose another place" in said
    assert "..." not in said
    assert table.read_text(encoding="utf-8").startswith("group")


@pytest.mark.parametrize("command", FOLDERS)
def test_a_folder_with_files_of_somebody_is_left_alone(command: str, table: Path) -> None:
    given = () if command == "questionnaire" else (table.parent,)
    code, said = answer(command, *given, "--out", table.parent)
    assert code == 2
    assert "a folder with other files (table.csv)" in said
    assert [each.name for each in table.parent.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("command", ["gaps", "attack", "poverty"])
def test_a_private_file_that_is_a_folder_is_told_before_any_work(command: str, table: Path) -> None:
    (table.parent / "out.private.csv").mkdir()
    out = ("--out", table.parent / "out.csv")
    more = {"attack": ("--by", "group", "--count", "passed")}
    code, said = answer(
        *(gaps(table, *out) if command == "gaps" else (command, table, *more.get(command, ()), *out))
    )
    assert code == 2
    assert "out.private.csv: found a folder; allowed: a file; to do: choose another name" in said
    assert "..." not in said


def test_a_place_below_a_file_names_the_file_and_what_to_do(table: Path) -> None:
    code, said = answer(*gaps(table, "--out", table / "below" / "out.csv"))
    assert code == 2
    assert f"Cannot read or write {table}" in said
    assert "Name a place that you may read or write. Nothing was half-written" in said


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="a place where nothing can be put")
def test_the_place_is_told_by_the_name_that_was_given(table: Path) -> None:
    code, said = answer(*gaps(table, "--out", "/proc/out.csv"))
    assert code == 2
    assert "Cannot read or write /proc/out.private.csv:" in said


@pytest.mark.parametrize("command", ["policies", "perspectives"])
def test_a_file_without_an_entry_is_a_problem(command: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("# nothing yet\n", encoding="utf-8")
    code, said = answer(command, tmp_path / "own.yaml")
    assert code == 2
    assert "own.yaml: found no p" in said
    assert "write one, in the shape of those that come along" in said


def test_groups_by_no_column_are_a_problem(table: Path) -> None:
    code, said = answer("gaps", table, "--outcome", "passed", "--by", " , ")
    assert code == 2
    assert "--by: found no column" in said


def test_ctrl_c_ends_with_130(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "gaps", stopped)
    code, said = answer(*gaps(table))
    assert code == 130
    assert said == "Stopped. Nothing was half-written; what was there before is whole.\n"


def test_more_schools_than_students_is_said_in_words(tmp_path: Path) -> None:
    code, said = answer("synthetic", tmp_path / "made", "--students", "500", "--schools", "5000")
    assert code == 2
    assert "needs at least 13,000 students" in " ".join(said.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []

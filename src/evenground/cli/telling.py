"""What a command says while it runs and when something is wrong: words, never a traceback."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from evenground.model import InputProblems

PRIVATE = "private: not checked for disclosure; do not publish"
_NUMBER = re.compile(r"errno\W+(\d+)")
_BESIDE = re.compile(r"/\.([^/]+)-\w{8}(/.*)?$")  # where something is written until it is whole
_WRONG_PLACE = (
    FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError,
)  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """Whatever goes wrong is told in words: wrong input and places that cannot be used end with exit code 2,
    a full disk with 1, Ctrl-C with 130 as everywhere.
    """
    try:
        yield
    except KeyboardInterrupt:
        _stop("Stopped.", code=130)
    except OSError as error:
        wrong = isinstance(error, _WRONG_PLACE)
        todo = "Name a place that you may read or write." if wrong else "Make room there, or choose another."
        _stop(f"Cannot read or write {_place(error)}: {_reason(error)}. {todo}", code=2 if wrong else 1)
    except MemoryError:
        _stop("Not enough memory.")
    except Exception as error:
        from evenground.model import InputProblems

        if isinstance(error, InputProblems):
            _say_problems(error)
            raise typer.Exit(2) from None
        if type(error).__name__ == "OutOfMemoryException":
            _stop("Not enough memory or room on the disk for what does not fit into it.")
        if type(error).__name__ != "IOException":
            raise
        _stop(f"Cannot read or write a working file: {_reason(error)}.")


def _stop(sentence: str, code: int = 1) -> NoReturn:
    typer.echo(f"{sentence} Nothing was half-written; what was there before is whole.", err=True)
    raise typer.Exit(code) from None


def _place(error: OSError) -> str:
    return _BESIDE.sub(r"/\1", str(error.filename or "a file"))


def _reason(error: Exception) -> str:
    """What the system says. Engines write its number into a longer text."""
    number = getattr(error, "errno", None) or next(iter(_NUMBER.findall(str(error))), None)
    return os.strerror(int(number)) if number else str(error).splitlines()[0][:200]


def _say_problems(error: InputProblems) -> None:
    for problem in error.problems:
        typer.echo(problem.sentence(), err=True)
    many = len(error.problems)
    typer.echo(f"{many} {'problem' if many == 1 else 'problems'}; nothing was written.", err=True)


@contextmanager
def progress() -> Iterator:  # type: ignore[type-arg]
    """One line that says what is being done; on a terminal it is replaced, elsewhere a line each."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: console.print(f"{step} ...", highlight=False, markup=False, soft_wrap=True)
        return
    with console.status("Starting") as status:
        yield lambda step: status.update(step)


def private_place(out: Path | None) -> Path | None:
    """Where something goes that was not checked: `private` is in its name. Raises as `check_file` does,
    before any work is done for it.
    """
    if out is None:
        return None
    from evenground.workspace.place import check_file

    place = out if "private" in out.name else out.with_name(f"{out.stem}.private{out.suffix}")
    check_file(place)
    return place

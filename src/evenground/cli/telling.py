"""What a command says while it runs and when something is wrong: words, never a traceback."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from evenground.model import InputProblems

PRIVATE = "private: not checked for disclosure; do not publish"
_NUMBER = re.compile(r"errno\W+(\d+)")


@contextmanager
def told() -> Iterator[None]:
    """Whatever goes wrong is told in words: wrong input ends with exit code 2, a full disk with 1."""
    try:
        yield
    except KeyboardInterrupt:
        _stop("Stopped.")
    except OSError as error:
        _stop(f"Cannot read or write {_place(error)}: {_reason(error)}.")
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


def _stop(sentence: str) -> NoReturn:
    typer.echo(f"{sentence} Nothing was half-written; what was there before is whole.", err=True)
    raise typer.Exit(1) from None


def _place(error: OSError) -> str:
    return str(error.filename or "a file")


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

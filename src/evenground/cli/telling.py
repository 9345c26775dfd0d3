"""What a command says while it runs and when something is wrong: words, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from evenground.model import InputProblems

PRIVATE = "private: not checked for disclosure; do not publish"


@contextmanager
def told() -> Iterator[None]:
    """Problems of an input are told in words, all of them, and end with exit code 2."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was half-written.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(
            f"Cannot read or write {error.filename or 'a file'}: {error.strerror or error}.",
            err=True,
        )
        raise typer.Exit(1) from None
    except Exception as error:
        from evenground.model import InputProblems

        if not isinstance(error, InputProblems):
            raise
        _say_problems(error)
        raise typer.Exit(2) from None


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

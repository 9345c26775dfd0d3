"""`evenground perspectives`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told


@app.command()
def perspectives(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.yaml", help="Ideas of your own; without it, those that come along."),
    ] = None,
) -> None:
    """The ideas of fairness that `--perspective` takes; those of a file of your own are checked."""
    with told():
        from evenground.definitions import load
        from evenground.workspace import perspective

        found = perspective.perspectives(file, load())
        width = max(map(len, found), default=0)
        for key, entry in found.items():
            typer.echo(f"{key:{width}}  {entry.name.en}. {entry.idea.en}")
            typer.echo(f"{'':{width}}  Unfair: {entry.inequity.en}")
            typer.echo(f"{'':{width}}  Source: {entry.source} ({entry.date}, {entry.confidence})")
        if file is None:
            typer.echo("None of them is the right one. Without --perspective a review shows all of them.")

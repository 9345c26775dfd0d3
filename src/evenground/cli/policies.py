"""`evenground policies`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told


@app.command()
def policies(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.yaml", help="Policies of your own; without it, those that come along."),
    ] = None,
) -> None:
    """The disclosure policies that `--policy` takes; those of a file of your own are checked."""
    with told():
        from evenground.definitions import load
        from evenground.workspace import policy

        found = policy.policies(file, load())
        width = max(map(len, found), default=0)
        for key, entry in found.items():
            typer.echo(f"{key:{width}}  {entry.name.en}. {entry.note.en}")
            typer.echo(f"{'':{width}}  Source: {entry.source} ({entry.date}, {entry.confidence})")

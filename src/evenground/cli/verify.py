"""`evenground verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import progress, told


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="DIR", help="A bundle that `evenground review` wrote.")],
    input: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The files that it was made of; the example needs none."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The mapping of your own that the review was made with."),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The workspace that the review was made for, if any."),
    ] = None,
) -> None:
    """Recompute a bundle from its inputs and say what differs."""
    with told():
        from evenground.report.withdrawal import withdrawal
        from evenground.workspace import verify as differences_of

        gone = withdrawal(bundle)
        if gone:
            typer.echo(f"{bundle}: withdrawn on {gone.date}; the notice is as it was written.")
            return
        with progress() as tell:
            differences = differences_of(bundle, input, tell, mapping, workspace)
        for difference in differences[:50]:
            typer.echo(difference)
        if differences:
            typer.echo(f"{len(differences)} differences between {bundle} and its inputs.")
            raise typer.Exit(1)
        typer.echo(f"{bundle}: every number is what its inputs give.")

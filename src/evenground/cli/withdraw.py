"""`evenground withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told


@app.command()
def withdraw(
    bundle: Annotated[Path, typer.Argument(metavar="DIR", help="The bundle that is withdrawn.")],
    workspace: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The workspace that the review was made for.")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; the notice gives it.")],
    who: Annotated[
        str, typer.Option(metavar="TEXT", help="Whom to ask. Default: who answered for the review.")
    ] = "",
) -> None:
    """Take a review back: a notice stands in its place, and the ledger keeps the trace."""
    with told():
        from evenground.workspace.withdraw import withdraw as take_back

        entry = take_back(bundle, workspace, reason, who)
        typer.echo(f"Release {entry.id} is withdrawn. In {bundle} a notice stands in its place.")
        typer.echo("Copies elsewhere stay: put the notice wherever the review was published.")
        typer.echo("What was published stays known: later releases are still judged against it.")

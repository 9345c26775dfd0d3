"""`evenground diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told

_LINES = 5


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The bundle of the earlier review.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The bundle of the later review.")],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also write FILE.html, a page to publish, or FILE.csv, a row a change."
        ),
    ] = None,
) -> None:
    """Say what changed between two bundles. Exit code 1 where they differ, as with diff."""
    with told():
        from evenground.report.difference import parts_of, title_of
        from evenground.workspace.diff import diff as difference_of

        speech, found = difference_of(old, new, out)
        for text in title_of(speech, found):
            typer.echo(text.en)
        for part in parts_of(speech, found, _LINES):
            typer.echo(f"\n{part.title.en}")
            for line in (*part.counts, *part.lines):
                typer.echo(f"  {line.en}")
            if part.rest:
                typer.echo(f"  {speech.wording.label('diff.more', count=f'{part.rest:,}').en}")
        if out:
            typer.echo(f"\nWritten: {out}")
        if found.content:
            raise typer.Exit(1)

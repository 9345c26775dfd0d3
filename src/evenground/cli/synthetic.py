"""`evenground synthetic`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from evenground.cli.app import app
from evenground.cli.telling import told

Written = Literal["roster", "oneroster-1.1", "oneroster-1.2"]


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    students: Annotated[int, typer.Option(min=500, max=10_000_000, help="Students a year.")] = 5000,
    years: Annotated[int, typer.Option(min=1, max=20, help="School years.")] = 3,
    districts: Annotated[int, typer.Option(min=1, help="Districts.")] = 1,
    schools: Annotated[int | None, typer.Option(min=3, help="Schools; default: as students need.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same district.")] = 1,
    written: Annotated[
        Written, typer.Option("--as", help="A roster folder, or OneRoster with files beside it.")
    ] = "roster",
    changes: Annotated[
        bool, typer.Option("--changes", help="Schools close, merge, split and change their id.")
    ] = False,
) -> None:
    """Make a district that does not exist: a roster folder, and beside it the truth that was planted."""
    with told():
        from evenground.sources.synthetic import make_district

        try:
            make_district(folder, students, years, schools, seed, districts, changes, written)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        truth = folder.with_name(f"{folder.name}-truth.json")
        what = "A roster" if written == "roster" else f"OneRoster {written.removeprefix('oneroster-')}"
        typer.echo(f"{what} of {students:,} made-up students a year: {folder}\nWhat is true of it: {truth}")
        typer.echo(f"Next: evenground review {folder} --out review")

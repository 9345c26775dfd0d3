"""`evenground synthetic`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    students: Annotated[int, typer.Option(min=500, max=10_000_000, help="Students a year.")] = 5000,
    years: Annotated[int, typer.Option(min=1, max=20, help="School years.")] = 3,
    districts: Annotated[int, typer.Option(min=1, help="Districts.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same district.")] = 1,
) -> None:
    """Make a district that does not exist: a roster folder, and beside it the truth that was planted."""
    with told():
        from evenground.sources.synthetic import make_district

        make_district(folder, students=students, years=years, districts=districts, seed=seed)
        truth = folder.with_name(f"{folder.name}-truth.json")
        typer.echo(f"A roster of {students:,} made-up students a year: {folder}\nWhat is true of it: {truth}")
        typer.echo(f"Next: evenground review {folder} --out review")

"""`evenground indicators`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import Source
from evenground.cli.telling import progress, told

if TYPE_CHECKING:
    from evenground.workspace.coverage import Coverage


@app.command()
def indicators(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="The folder with the files; without one, the whole catalogue."),
    ] = None,
    source: Source = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page and two tables into this folder too.")
    ] = None,
) -> None:
    """What the data can show, what to collect for the rest, and how far each framework is covered."""
    with told():
        from evenground.workspace.coverage import coverage
        from evenground.workspace.coverage_page import FILES, write
        from evenground.workspace.place import check_folder

        if out is not None:
            check_folder(out, FILES)
        with progress() as tell:
            found = coverage(folder, source, tell)
        _say_indicators(found)
        _say_frameworks(found)
        if out is not None:
            write(found, out)
            typer.echo(f"Page: {out / 'index.html'}")


def _say_indicators(found: Coverage) -> None:
    known = found.definitions
    if found.title:
        typer.echo(f"{found.title}: {len(found.seen)} of {len(known.indicators)} indicators can be shown.\n")
    else:
        typer.echo(f"{len(known.indicators)} indicators.\n")
    width = max(map(len, known.indicators))
    for question, entry in known.questions.items():
        typer.echo(entry.title.en)
        for key, one in known.indicators.items():
            if one.question != question:
                continue
            seen = found.seen.get(key)
            if seen is None:
                collect = f"; to collect: {one.collect.en}" if found.title else ""
                typer.echo(f"  {'-' if found.title else ' '} {key:{width}}  {one.name.en}{collect}")
                continue
            years = " to ".join(dict.fromkeys((seen.periods[0], seen.periods[-1])))
            groups = ", ".join(seen.dimensions) or "all students only"
            typer.echo(f"  x {key:{width}}  {one.name.en}; {years}; down to {seen.level}; by {groups}")
        typer.echo("")


def _say_frameworks(found: Coverage) -> None:
    for key, framework in found.definitions.frameworks.items():
        places = [place for place in found.places if place.framework == key]
        covered = sum(bool(place.shown) for place in places)
        of = f"{covered} of {len(places)} covered" if found.title else f"{len(places)} entries"
        typer.echo(f"{framework.name.en} ({key}): {of}")
        for place in places:
            entry = framework.entries[place.entry]
            if place.shown:
                line = f"x {entry.label} {entry.name.en}: {', '.join(place.shown)}"
            elif place.others:
                would = "would be covered by: " if found.title else ""
                line = f"- {entry.label} {entry.name.en}: {would}{', '.join(place.others)}"
            else:
                line = f"- {entry.label} {entry.name.en}: no indicator of the catalogue"
            typer.echo(f"  {line}")
        typer.echo("")

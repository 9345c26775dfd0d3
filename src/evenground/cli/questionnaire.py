"""`evenground questionnaire`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told


@app.command()
def questionnaire(
    answers: Annotated[
        Path | None,
        typer.Argument(
            metavar="ANSWERS.csv", help="The answers of a room; without them, the form is written."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the form, or the page of the room, is written.")
    ] = Path("questionnaire"),
) -> None:
    """Which of these is fairer? A form on paper for a room of people, and where they stand, without names."""
    with told():
        from datetime import date

        from evenground.definitions import load
        from evenground.workspace.questionnaire import read_answers, write_form, write_room

        if answers is None:
            names = write_form(out, date.today().isoformat())
            typer.echo(f"Form and table: {', '.join(names)} in {out}")
            typer.echo("Next: type the answers into the table, a row a person, no names; then")
            typer.echo(f"      evenground questionnaire {out / names[-1]} --out ROOM")
            return
        room = read_answers(answers, load())
        page = out / "room-private.html"
        write_room(room, page, load())
        typer.echo(f"{room.people} people. Private: {page}, for the people of this room.")

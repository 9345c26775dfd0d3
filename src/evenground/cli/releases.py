"""`evenground releases`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told

if TYPE_CHECKING:
    from evenground.workspace.ledger import Entry

_WIDTH = 160  # where no terminal says how wide it is


@app.command()
def releases(
    workspace: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder that was given to review --workspace.")
    ],
) -> None:
    """Every release of a workspace: what, when, by which rules, and what became of it."""
    with told():
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        from evenground.workspace.ledger import open_ledger

        entries = open_ledger(workspace).entries()
        console = Console()
        if not console.is_terminal:
            console = Console(width=_WIDTH)
        table = Table("id", "date", "what", "policy", "state", "replaced by", "why")
        for entry in entries:
            table.add_row(*(escape(text) for text in _row(entry)))
        if entries:
            console.print(table)
        else:
            typer.echo("No release yet.")


def _row(entry: Entry) -> tuple[str, ...]:
    years = " to ".join(dict.fromkeys((entry.periods[0], entry.periods[-1])))
    by = f", by {', '.join(entry.by)}" if entry.by else ""
    state = f"withdrawn {entry.withdrawn.date}" if entry.withdrawn else entry.state
    mark = entry.withdrawn or entry.replaced
    reason = mark.reason if mark else entry.reason
    replaced = entry.replaced.by if entry.replaced else ""
    return entry.id, entry.date, f"{entry.title}, {years}{by}", entry.policy, state, replaced, reason

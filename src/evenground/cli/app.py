"""The application that every command adds itself to."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An honest picture of who gets what in a school system, in which no child can be picked out.",
)

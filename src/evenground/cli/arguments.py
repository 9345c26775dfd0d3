"""Arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

By = Annotated[
    str, typer.Option(metavar="A,B", help="Dimensions, apart by commas: each of them and their crossings.")
]
Reference = Annotated[
    str, typer.Option(metavar="R", help="Compare with: overall, others, highest, group:NAME or target:0.8.")
]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="What the files are. Default: recognised.")]


def names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))

"""`evenground gaps`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import Reference, names
from evenground.cli.telling import PRIVATE, private_place, told

if TYPE_CHECKING:
    import pyarrow as pa


@app.command()
def gaps(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV, Excel or Parquet table.")],
    outcome: Annotated[str, typer.Option(metavar="COLUMN", help="The outcome: 0/1, true/false or numbers.")],
    by: Annotated[str, typer.Option(metavar="COLUMN,COLUMN", help="The columns that tell groups apart.")],
    depth: Annotated[int, typer.Option(min=1, max=3, help="How many columns may be crossed.")] = 3,
    period: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column of the school year.")
    ] = None,
    weight: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of weights.")] = None,
    reference: Reference = "overall",
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help="Hide what must be hidden by this policy: n10, FILE.yaml. Without it the output is private.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", help="Where to write; without a policy, `private` is put into the name."
        ),
    ] = None,
) -> None:
    """Rates, gaps and what it would take, for every group of any table."""
    with told():
        from evenground import workspace
        from evenground.questions.gaps import Wanted

        place = private_place(out) if policy is None else out
        table = workspace.gaps(file, Wanted(outcome, names(by), depth, period, weight, reference), policy)
        _write_gaps(table, place, private=policy is None)
        _say_noise(table)


def _write_gaps(table: pa.Table, out: Path | None, *, private: bool) -> None:
    import io

    import pyarrow.csv as csv

    from evenground.press.spreadsheet import harmless_table
    from evenground.storage import whole_file

    text = io.BytesIO()
    csv.write_csv(harmless_table(table), text, csv.WriteOptions(quoting_style="needed"))
    content = (f"# {PRIVATE}\n" if private else "") + text.getvalue().decode("utf-8")
    if out is None:
        sys.stdout.write(content)
        return
    with whole_file(out) as fresh:
        fresh.write_text(content, encoding="utf-8")
    typer.echo(f"{table.num_rows} groups: {out}" + (f" ({PRIVATE})" if private else ""))


def _say_noise(table: pa.Table) -> None:
    """What a policy that adds chance has spent, and what it takes as known; not in the table itself."""
    import json

    said = json.loads((table.schema.metadata or {}).get(b"noise", b"null"))
    if said is None:
        return
    years = said["histograms"]
    spent = f"epsilon {said['epsilon']:g}" + (
        f" in each of {years} periods, {said['epsilon_in_all']:g} in all" if years > 1 else ""
    )
    known = [
        f"the groups of {', '.join(said[key])} as {how}"
        for key, how in (("found", "they stand in the table"), ("defined", "the definitions name them"))
        if said[key]
    ]
    typer.echo(
        f"Chance was added: {spent}. Every run draws anew and spends that again. "
        f"Taken as known to everybody: that a student has one row a period, and {' and '.join(known)}.",
        err=True,
    )

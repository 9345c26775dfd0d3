"""`evenground check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import Source
from evenground.cli.telling import progress, told

if TYPE_CHECKING:
    from evenground.sources.checks.told import Told

_MOST = 12


@app.command()
def check(
    path: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder, a file or an archive (.zip).")],
    source: Source = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="A mapping of your own that says how to read them."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a private page and table for those who mend the files."),
    ] = None,
) -> None:
    """Tell everything that is wrong or odd in files, errors first, all at once."""
    with told():
        from evenground.workspace import check as checked_files
        from evenground.workspace.check import FILES, write
        from evenground.workspace.place import check_folder

        if out is not None:
            check_folder(out, FILES)
        with progress() as tell:
            found = checked_files(path, source, mapping, tell)
        _say(found, out)
        if out is not None:
            write(found, out)
            typer.echo(f"Page:  {out / 'checks.private.html'}\nTable: {out / 'checks.private.csv'}")
    if found.of("error"):
        raise typer.Exit(2)


def _say(found: Told, out: Path | None) -> None:
    from evenground.sources.checks.told import SEVERITIES, grouped

    typer.echo(f"{found.name}: {f'read as {found.source}' if found.source else 'tables of no known source'}")
    for severity in SEVERITIES:
        for file, kinds in grouped(found.of(severity)):
            typer.echo(f"\n{severity}: {file}")
            lines = [finding for kind in kinds for finding in kind]
            for finding in lines[:_MOST]:
                typer.echo(f"  {finding.en.sentence().removeprefix(file).lstrip(',: ')}")
            if len(lines) > _MOST:
                all_there = "" if out else "; --out DIR writes all"
                typer.echo(f"  and {len(lines) - _MOST} more{all_there}")
    met = [issue for issue in found.issues if issue.state == "met"]
    if met:
        typer.echo("\nknown issues of the source that are in these files:")
        for issue in met:
            typer.echo(f"  {issue.issue}")
    numbers = [(len(found.of(severity)), severity) for severity in SEVERITIES]
    counts = ", ".join(f"{number} {severity}{'' if number == 1 else 's'}" for number, severity in numbers)
    typer.echo(f"\n{counts}. Nothing was changed.")

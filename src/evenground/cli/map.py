"""`evenground map`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told

if TYPE_CHECKING:
    from evenground.sources.proposal import Guide
    from evenground.workspace.proposal import Mapped

_WIDEST = 34
_LISTED = 12


@app.command(name="map")
def map_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table of your own: CSV, Excel, Parquet.")],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.yaml", help="Where to write. Default: FILE.mapping.yaml, beside the file."
        ),
    ] = None,
) -> None:
    """Propose what the columns and words of your own file mean, how sure that is, and try it on ten rows."""
    with told():
        from evenground.sources.proposal import Guide
        from evenground.workspace.proposal import map_file

        found = map_file(file, out)
        lines = _guide(found) if isinstance(found, Guide) else _mapped(found, file)
        typer.echo("\n".join(lines))


def _mapped(found: Mapped, file: Path) -> Iterator[str]:
    proposal = found.proposal
    yield f"{proposal.file}: {len(proposal.decisions)} columns"
    yield ""
    yield from _table(
        ("column", "what it is", "sure", "because"),
        [(name, kind, sure, why) for name, kind, sure, why in proposal.decisions],
        last_wide=True,
    )
    yield ""
    if found.rows:
        yield f"{len(found.rows)} of {found.cells:,} cells through the mapping:"
        yield ""
        cells = [
            (row.unit, row.year, row.group, row.indicator, row.n, row.value, row.state) for row in found.rows
        ]
        yield from _table(("unit", "year", "group", "indicator", "n", "value", "state"), cells)
    else:
        yield "No cell can be shown yet:"
        yield from (f"- {note}" for note in proposal.notes)
        yield from (f"- {problem.sentence()}" for problem in found.problems[:_LISTED])
        if not proposal.live:
            yield "- no indicator can be counted from the columns of this file alone"
    yield ""
    checks = proposal.text([]).count("please check")
    yield f"Written: {found.mapping}. Lines to check: {checks}; look for `please check`."
    folder, mapping = quote(str(file.parent)), quote(str(found.mapping))
    yield f"Next: evenground review {folder} --mapping {mapping} --out review"


def _guide(guide: Guide) -> Iterator[str]:
    yield f"{guide.file}: one row a student or more ({guide.rows:,} rows, {guide.students:,} students)."
    yield "These are records, not counts. No value of a student is shown here. Nothing was written."
    for name, why in guide.unread.items():
        yield f"Never read: {name} ({why})."
    yield ""
    yield "They can be reviewed as a roster folder. Of this file, it would hold:"
    for part in guide.parts:
        yield ""
        yield f"{part.table}.csv ({part.grain})"
        yield from _table(
            ("roster column", "your column", "sure"),
            [
                (place.column, f"{place.found}{f' ({place.note})' if place.note else ''}", place.confidence)
                for place in part.places
                if place.found
            ],
            last_wide=True,
        )
        if part.missing:
            yield f"  still needed: {', '.join(part.missing)}"
    if guide.unused:
        yield ""
        yield f"Not used: {', '.join(guide.unused)}."
    yield ""
    yield "Next: save these files in one folder, then evenground review FOLDER. See docs/reference/roster.md."


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, last_wide: bool = False) -> Iterator[str]:
    """Rows as lines of even columns."""
    shown = [
        [_short(cell, last_wide and place == len(header) - 1) for place, cell in enumerate(row)]
        for row in rows
    ]
    widths = [max(len(row[place]) for row in [list(header), *shown]) for place in range(len(header))]
    for row in [list(header), *shown]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()


def _short(cell: str, wide: bool) -> str:
    widest = 90 if wide else _WIDEST
    return cell if len(cell) <= widest else cell[: widest - 3] + "..."

"""`evenground attack`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import names
from evenground.cli.telling import PRIVATE, private_place, told

if TYPE_CHECKING:
    from evenground.workspace.attack import Audit

_SHOWN = 10
_WIDTH = 140  # where no terminal says how wide it is


class Attacker(StrEnum):
    sums = "sums"
    counts = "counts"
    own_school = "own_school"


BundleOrTable = Annotated[
    Path,
    typer.Argument(metavar="PATH", help="A bundle of `evenground review`, or a CSV, Excel or Parquet table."),
]

# Of a table.
By = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN,COLUMN",
        help="Table: every column that tells rows apart, nested ones too (district, school).",
    ),
]
Count = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Table: the numbers of students, hidden ones marked * or <10."),
]
Reached = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Table: how many of them reached something.")
]
Rate = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Table: which share of them reached something.")
]
Total = Annotated[
    str | None,
    typer.Option(metavar="WORD", help="Table: the label of totals (else total, all or nothing)."),
]

# Of a bundle.
Earlier = Annotated[
    list[Path] | None,
    typer.Option(metavar="DIR", help="Bundle: one released before of the same system, oldest first."),
]

# Of both.
Policy = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="The policy to hold it to, or FILE.yaml; else the bundle's own, or n10.",
    ),
]
Knows = Annotated[
    Attacker | None,
    typer.Option(help="What the outsider knows: sums add up; counts are whole; all of one school."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE.csv", help="Where to write every range; `private` is put into the name."),
]


@app.command()
def attack(
    path: BundleOrTable,
    by: By = None,
    count: Count = None,
    reached: Reached = None,
    rate: Rate = None,
    total: Total = None,
    policy: Policy = None,
    attacker: Knows = None,
    earlier: Earlier = None,
    out: Out = None,
) -> None:
    """Tries to work out the hidden numbers of a bundle, or of any table with totals, as an outsider would."""
    with told():
        from evenground.workspace.attack import Asked, audit_bundle, audit_table

        knows = attacker.value if attacker else None
        place = private_place(out)
        of_table = {"--by": by, "--count": count, "--reached": reached, "--rate": rate, "--total": total}
        given = [option for option, value in of_table.items() if value]
        if path.is_dir():
            _check_bundle(path, given)
            audit = audit_bundle(path, policy, knows, earlier or ())
        else:
            _check_table(path, given, earlier)
            asked = Asked(names(by or ""), count or "", reached, rate, total)
            audit = audit_table(path, asked, policy, knows)
        _say(audit)
        if place is not None:
            _write(audit, place)
    if audit.found:
        raise typer.Exit(1)


def _check_bundle(folder: Path, given: list[str]) -> None:
    from evenground.model import InputProblems

    if given:
        found = f"a folder, and {', '.join(given)}"
        raise InputProblems.one(folder.name, found, "a table with these", "leave them out")


def _check_table(file: Path, given: list[str], earlier: list[Path] | None) -> None:
    from evenground.model import InputProblems

    missing = [option for option in ("--by", "--count") if option not in given]
    if missing:
        found, allowed = f"no {' and no '.join(missing)}", "--by COLUMN,COLUMN and --count COLUMN for a table"
        raise InputProblems.one(file.name, found, allowed, "name the columns of the table")
    if earlier:
        raise InputProblems.one(file.name, "--earlier", "bundles with it", "leave it out")


def _say(audit: Audit) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(f"{PRIVATE.capitalize()}.", style="bold", highlight=False)
    summary = Table("", "number", show_header=False)
    wanted = audit.possible_values
    for what, number in (
        ("hidden cells", audit.hidden),
        ("hidden counts tried", len(audit.ranges)),
        ("that can be worked out exactly", audit.pinned),
        (f"with fewer than {wanted} values left", audit.narrow),
        ("too few together, or since an earlier release", audit.small),
        ("that someone who knows one school can work out", audit.by_one_school),
    ):
        summary.add_row(what, f"{number:,}")
    console.print(summary)
    console.print(
        f"Policy {audit.policy}; the outsider knows: {_KNOWS[audit.attacker]} {audit.seconds:.1f} seconds.",
        highlight=False,
    )
    for note in audit.notes:
        console.print(note, highlight=False, markup=False)
    if len(audit.ranges):
        console.print(_narrowest(audit))
    console.print(_todo(audit), style="bold", highlight=False)


_KNOWS = {
    "sums": "how numbers add up.",
    "counts": "how numbers add up, and that counts are whole and not below zero.",
    "own_school": "how numbers add up, that counts are whole, and all numbers of one school.",
}


def _narrowest(audit: Audit):  # type: ignore[no-untyped-def]
    from rich.markup import escape
    from rich.table import Table

    labels = [name for name in audit.ranges.column_names if name not in ("low", "high", "exact", "found")]
    table = Table(*labels, "an outsider can say", title=f"The {_SHOWN} narrowest ranges")
    for row in audit.ranges.slice(0, _SHOWN).to_pylist():
        table.add_row(
            *(escape(str(row[name])) for name in labels), _range(row["low"], row["high"], row["exact"])
        )
    return table


def _range(low: float | None, high: float | None, exact: bool) -> str:
    if low is None and high is None:
        return "nothing"
    if high is None:
        return f"{low:g} or more"
    if low == high:
        return f"{low:g}"
    return f"{low:g} to {high:g}" if exact else f"{low:g} to {high:g}, or wider"


def _todo(audit: Audit) -> str:
    if not audit.found:
        return "Nothing was found."
    return (
        "Something was found. If it is your release: hide more of the same rows and columns, or leave out "
        "the totals, and attack it again. If it is published: tell its publisher, and nobody else."
    )


def _write(audit: Audit, out: Path) -> None:
    import io

    import pyarrow.csv as csv

    from evenground.press.spreadsheet import harmless_table
    from evenground.storage import whole_file

    text = io.BytesIO()
    csv.write_csv(harmless_table(audit.ranges), text, csv.WriteOptions(quoting_style="needed"))
    with whole_file(out) as fresh:
        fresh.write_text(f"# {PRIVATE}\n" + text.getvalue().decode("utf-8"), encoding="utf-8")
    typer.echo(f"{len(audit.ranges)} ranges: {out} ({PRIVATE})")

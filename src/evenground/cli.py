"""Arguments in, exit codes out: 0 done, 1 failure or difference, 2 wrong input or arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa

    from evenground.model import InputProblems

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An honest picture of who gets what in a school system, in which no child can be picked out.",
)

By = Annotated[
    str, typer.Option(metavar="A,B", help="Dimensions, apart by commas: each of them and their crossings.")
]
Reference = Annotated[
    str, typer.Option(metavar="R", help="Compare with: overall, others, highest, group:NAME or target:0.8.")
]
_PRIVATE = "private: not checked for disclosure; do not publish"


@app.command()
def review(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="The folder with the files.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the bundle is written.")] = Path("review"),
    example: Annotated[
        bool, typer.Option("--example", help="Review a synthetic district, made on the spot.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What the files are: roster, kentucky, cde-graduates. Default: recognised."
        ),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL:ID", help="The place in focus, such as district:1964733. Default: the widest."
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="YEAR", help="The school year in focus: 2015-16, or 2016 for the one that ends then."
        ),
    ] = None,
    by: By = "",
    depth: Annotated[int, typer.Option(min=1, max=3, help="How many dimensions may be crossed.")] = 3,
    reference: Reference = "overall",
    policy: Annotated[
        str | None,
        typer.Option(metavar="P", help="Disclosure policy: n10, published. Default: the source's own."),
    ] = None,
    lang: Annotated[
        str, typer.Option(metavar="en|es", help="Language of the PDF and the workbook; the page has both.")
    ] = "en",
) -> None:
    """Review a folder of files: page, PDF, workbook and tidy tables that may be published."""
    with _told():
        from evenground.workspace import Request
        from evenground.workspace import review as make_review

        _check_lang(lang)
        request = Request(folder, example, source, unit, period, _names(by), depth, reference, policy)
        with _progress() as progress:
            released = make_review(request, out, lang, progress)
        _say_released(released, out)


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
            help="Hide what must be hidden by this policy (n10). Without it the output is private.",
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
    with _told():
        from evenground import workspace
        from evenground.questions.gaps import Wanted

        table = workspace.gaps(file, Wanted(outcome, _names(by), depth, period, weight, reference), policy)
        _write_gaps(table, out, private=policy is None)


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="DIR", help="A bundle that `evenground review` wrote.")],
    input: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The files that it was made of; the example needs none."),
    ] = None,
) -> None:
    """Recompute a bundle from its inputs and say what differs."""
    with _told():
        from evenground.workspace import verify as differences_of

        with _progress() as progress:
            differences = differences_of(bundle, input, progress)
        for difference in differences[:50]:
            typer.echo(difference)
        if differences:
            typer.echo(f"{len(differences)} differences between {bundle} and its inputs.")
            raise typer.Exit(1)
        typer.echo(f"{bundle}: every number is what its inputs give.")


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    students: Annotated[int, typer.Option(min=500, max=10_000_000, help="Students a year.")] = 5000,
    years: Annotated[int, typer.Option(min=1, max=20, help="School years.")] = 3,
    districts: Annotated[int, typer.Option(min=1, help="Districts.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same district.")] = 1,
) -> None:
    """Make a district that does not exist: a roster folder, and beside it the truth that was planted."""
    with _told():
        from evenground.sources.synthetic import make_district

        make_district(folder, students=students, years=years, districts=districts, seed=seed)
        truth = folder.with_name(f"{folder.name}-truth.json")
        typer.echo(f"A roster of {students:,} made-up students a year: {folder}\nWhat is true of it: {truth}")
        typer.echo(f"Next: evenground review {folder} --out review")


def main() -> None:
    app()


@contextmanager
def _told() -> Iterator[None]:
    """Problems of an input are told in words, all of them, and end with exit code 2."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was half-written.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(
            f"Cannot read or write {error.filename or 'a file'}: {error.strerror or error}.",
            err=True,
        )
        raise typer.Exit(1) from None
    except Exception as error:
        from evenground.model import InputProblems

        if not isinstance(error, InputProblems):
            raise
        _say_problems(error)
        raise typer.Exit(2) from None


def _say_problems(error: InputProblems) -> None:
    for problem in error.problems:
        typer.echo(problem.sentence(), err=True)
    many = len(error.problems)
    typer.echo(f"{many} {'problem' if many == 1 else 'problems'}; nothing was written.", err=True)


@contextmanager
def _progress() -> Iterator:  # type: ignore[type-arg]
    """One line that says what is being done; on a terminal it is replaced, elsewhere a line each."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: console.print(f"{step} ...", highlight=False, markup=False, soft_wrap=True)
        return
    with console.status("Starting") as status:
        yield lambda step: status.update(step)


def _say_released(released, out: Path) -> None:  # type: ignore[no-untyped-def]
    about, hidden = released.about, released.cells["state"].to_pylist().count("hidden")
    typer.echo(
        f"{about.title}, {about.periods[0]} to {about.periods[-1]}: "
        f"{released.findings.num_rows:,} findings from {released.cells.num_rows:,} cells."
    )
    policy = released.disclosure["policy"]
    why = (
        "are hidden to protect students"
        if released.disclosure["attack"]["made"]
        else "are not shown, as their publisher hid them"
    )
    typer.echo(f"Disclosure policy {policy}: {hidden:,} cells {why}.")
    typer.echo(
        f"Page:  {out / 'index.html'}\nPrint: {out / 'review.pdf'}\nSheet: {out / 'review.xlsx'}\n"
        f"Data:  {out / 'findings.csv'}, {out / 'cells.parquet'}"
    )
    typer.echo("Next: open the page; `evenground verify` recomputes it from its inputs.")


def _write_gaps(table: pa.Table, out: Path | None, *, private: bool) -> None:
    import io

    import pyarrow.csv as csv

    text = io.BytesIO()
    csv.write_csv(_harmless(table), text, csv.WriteOptions(quoting_style="needed"))
    content = (f"# {_PRIVATE}\n" if private else "") + text.getvalue().decode("utf-8")
    if out is None:
        sys.stdout.write(content)
        return
    if private and "private" not in out.name:
        out = out.with_name(f"{out.stem}.private{out.suffix}")
    partial = out.with_name(out.name + ".part")
    partial.write_text(content, encoding="utf-8")
    partial.replace(out)
    typer.echo(f"{table.num_rows} groups: {out}" + (f" ({_PRIVATE})" if private else ""))


def _harmless(table: pa.Table) -> pa.Table:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    import pyarrow as pa

    def safe(text: str | None) -> str | None:
        return f"'{text}" if text and text[0] in "=+-@\t\r" else text

    columns = [
        pa.array([safe(text) for text in column.to_pylist()], pa.string())
        if pa.types.is_string(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _check_lang(lang: str) -> None:
    from evenground.model import InputProblems

    if lang not in ("en", "es"):
        raise InputProblems.one("--lang", lang, "en, es", "choose one of them")


if __name__ == "__main__":
    main()

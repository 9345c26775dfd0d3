"""`evenground review`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import By, Reference, names
from evenground.cli.telling import progress, told

# What is read.
Folder = Annotated[
    Path | None, typer.Argument(metavar="FOLDER", help="The folder with the files, a file or an archive.")
]
Example = Annotated[bool, typer.Option("--example", help="Review a synthetic district, made on the spot.")]
Source = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What the files are: roster, kentucky, crdc. Default: recognised."),
]
Mapping = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A mapping of your own (YAML) for files that are not known."),
]
Poverty = Annotated[
    str | None,
    typer.Option(
        metavar="MEASURE",
        help="Measure of economic disadvantage of records: meals, direct_certification, neighborhood.",
    ),
]

# What is asked.
Unit = Annotated[
    str | None,
    typer.Option(
        metavar="LEVEL:ID", help="The place in focus, such as district:1964733. Default: the widest."
    ),
]
Period = Annotated[
    str | None,
    typer.Option(
        metavar="YEAR", help="The school year in focus: 2015-16, or 2016 for the one that ends then."
    ),
]
Indicators = Annotated[
    str,
    typer.Option(metavar="A,B", help="Only these indicators. Default: all that the data can show."),
]
Questions = Annotated[
    str,
    typer.Option(metavar="A,B", help="Only these questions: doors, learning, here, money, and so on."),
]
Depth = Annotated[int, typer.Option(min=1, max=3, help="How many dimensions may be crossed.")]
Perspective = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="An idea of fairness to read by: `evenground perspectives` lists them, or FILE.yaml.",
    ),
]

# How it is protected, and told to whoever signs.
Policy = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="Disclosure policy: n10, nces, strict, published or FILE.yaml. Default: the source's own.",
    ),
]
Protection = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.html",
        help="Also write a private page that tells what was hidden and why: a file or a folder.",
    ),
]
Variants = Annotated[
    bool,
    typer.Option("--variants", help="With --protection: protect other ways to ask as well, and compare."),
]

# What is written.
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the bundle is written.")]
Pages = Annotated[
    str | None,
    typer.Option(metavar="LEVEL", help="Also one page, and its print, for each: schools or districts."),
]
Lang = Annotated[
    str, typer.Option(metavar="en|es", help="Language of prints, slides and workbook; pages have all.")
]

# What is kept of it.
Workspace = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Enter the release in this ledger, and look at those that came before."
    ),
]
Corrects = Annotated[
    str | None,
    typer.Option(metavar="ID", help="With --workspace: the release that this one replaces."),
]
Reason = Annotated[
    str | None, typer.Option(metavar="TEXT", help="With --workspace: why this release is made.")
]
Who = Annotated[str | None, typer.Option(metavar="TEXT", help="With --workspace: who answers for it.")]


@app.command()
def review(
    folder: Folder = None,
    out: Out = Path("review"),
    example: Example = False,
    source: Source = None,
    mapping: Mapping = None,
    unit: Unit = None,
    period: Period = None,
    indicators: Indicators = "",
    questions: Questions = "",
    by: By = "",
    depth: Depth = 3,
    reference: Reference = "overall",
    policy: Policy = None,
    perspective: Perspective = None,
    poverty: Poverty = None,
    pages: Pages = None,
    workspace: Workspace = None,
    corrects: Corrects = None,
    reason: Reason = None,
    who: Who = None,
    lang: Lang = "en",
    protection: Protection = None,
    variants: Variants = False,
) -> None:
    """Review a folder of files: page, PDF, workbook and tidy tables that may be published."""
    with told():
        from evenground.workspace import Request
        from evenground.workspace import review as make_review

        _check_lang(lang)
        _check_variants(protection, variants)
        request = Request(
            input=folder,
            example=example,
            source=source,
            mapping=mapping,
            unit=unit,
            period=period,
            indicators=names(indicators),
            questions=names(questions),
            by=names(by),
            depth=depth,
            reference=reference,
            policy=policy,
            perspective=perspective,
            poverty=poverty,
            pages=pages,
            workspace=workspace,
            corrects=corrects,
            reason=reason,
            who=who,
        )
        with progress() as tell:
            released = make_review(request, out, lang, tell, protection, variants)
        _say_released(released, out)
        if protection:
            typer.echo("Private: the page of --protection and its table. Do not publish them.")


def _say_released(released, out: Path) -> None:  # type: ignore[no-untyped-def]
    about, hidden = released.about, released.cells["state"].to_pylist().count("hidden")
    typer.echo(
        f"{about.title}, {' to '.join(dict.fromkeys((about.periods[0], about.periods[-1])))}: "
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
        f"Meet:  {out / 'meeting.pdf'}, {out / 'review.pptx'}\n"
        f"Data:  {out / 'findings.csv'}, {out / 'cells.parquet'}"
    )
    told = released.disclosure["earlier_releases"]
    if isinstance(told, dict):
        typer.echo(f"Earlier releases looked at: {len(told['considered'])}.")
    typer.echo("Next: open the page; `evenground verify` recomputes it from its inputs.")


def _check_variants(protection: Path | None, variants: bool) -> None:
    from evenground.model import InputProblems

    if variants and protection is None:
        raise InputProblems.one(
            "--variants", "no --protection", "both together", "add --protection FOLDER, where the page goes"
        )


def _check_lang(lang: str) -> None:
    from evenground.definitions import load_wording
    from evenground.model import InputProblems

    languages = load_wording().languages
    if lang not in languages:
        raise InputProblems.one("--lang", lang, ", ".join(languages), "choose one of them")

"""`evenground sources`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.telling import told

if TYPE_CHECKING:
    from evenground.workspace.sources import Known

_WIDTH = 100


@app.command()
def sources(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One source, to have all of it told.")
    ] = None,
) -> None:
    """The files that can be read as they are: whose, which years, what they can answer, where to download."""
    with told():
        from evenground.workspace.sources import known_source, known_sources

        if name is None:
            lines = [line for source in known_sources() for line in _short(source)]
            lines.append(
                "Next: evenground sources NAME tells one in full; evenground map FILE is for any other."
            )
        else:
            lines = [*_full(known_source(name))]
        typer.echo("\n".join(lines))


def _short(source: Known) -> Iterator[str]:
    yield f"{source.key}: {source.title}"
    yield from _wrapped("publisher", source.publisher)
    yield from _wrapped("years", source.years)
    yield from _wrapped("levels", ", ".join(source.levels))
    by = ", ".join(source.dimensions) or "school"
    most = "up to " if source.records else ""
    many = len(source.indicators)
    yield from _wrapped("answers", f"{most}{many} {'indicator' if many == 1 else 'indicators'} by {by}")
    yield from _wrapped("download", source.download)
    if source.issues:
        yield from _wrapped("issues", f"{len(source.issues)} known")
    yield ""


def _full(source: Known) -> Iterator[str]:
    yield f"{source.key}: {source.title}"
    for what, words in (
        ("publisher", source.publisher),
        ("licence", source.licence),
        ("years", source.years),
        ("levels", ", ".join(source.levels)),
        ("download", source.download),
        ("policy", source.policy),
        ("indicators", ", ".join(source.indicators)),
        ("groups", ", ".join(source.dimensions)),
        ("seen", f"{source.source} ({source.date}, {source.confidence})"),
    ):
        yield from _wrapped(what, words)
    yield ""
    yield "Files and the columns that are read of them:"
    for file in source.files:
        levels = f" ({', '.join(file.levels)})" if file.levels else ""
        needed = "" if file.required else ", may be absent"
        yield f"  {', '.join(file.names)}{levels}{needed}"
        if file.columns:
            yield from _wrapped("columns", ", ".join(file.columns), 4)
        if file.indicators:
            yield from _wrapped("gives", ", ".join(file.indicators), 4)
    if source.codes:
        yield ""
        yield "What their words stand for:"
        lists: dict[str, list[str]] = {}
        for name, word, group in source.codes:
            lists.setdefault(name, []).append(f"{word or '(empty)'} = {group}")
        for name, meanings in lists.items():
            yield from _wrapped(name, "; ".join(meanings))
    if source.issues:
        yield ""
        yield "Known issues:"
        for issue in source.issues:
            said = f"{issue.text} [{issue.id}]" if issue.id else issue.text
            yield from textwrap.wrap(said, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    yield ""
    yield f"Next: evenground review FOLDER --source {source.key}"


def _wrapped(what: str, words: str, indent: int = 2) -> Iterator[str]:
    first = f"{' ' * indent}{what + ':':<12}"
    rest = " " * len(first)
    yield from textwrap.wrap(
        words or "-", _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False
    )

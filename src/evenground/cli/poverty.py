"""`evenground poverty`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenground.cli.app import app
from evenground.cli.arguments import Source
from evenground.cli.telling import PRIVATE, private_place, progress, told

if TYPE_CHECKING:
    from evenground.questions.poverty import Conclusion, Gap
    from evenground.workspace.poverty import Poverty

_BASES = {
    "students": "Students in poverty against all others",
    "schools": "The quarter of students in schools with most poverty against the quarter with least; "
    "fewer than three schools on a side have no margin",
}
_VERDICTS = {
    "holds": "holds",
    "no_margin": "too few schools to tell from chance",
    "nowhere_clear": "no clear gap",
    "same_direction": "same direction, not always clear",
    "depends": "DEPENDS ON THE MEASURE",
}


@app.command()
def poverty(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the files.")],
    source: Source = None,
    period: Annotated[
        str | None, typer.Option(metavar="YEAR", help="The school year. Default: the latest.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Where to write every gap; `private` is put into the name."),
    ] = None,
) -> None:
    """Who is in poverty by each measure in the data, and how far the gaps depend on the choice."""
    with told():
        from evenground.workspace.poverty import poverty as answer

        place = private_place(out)
        with progress() as tell:
            found = answer(folder, source, period, tell)
        typer.echo(f"{PRIVATE}\n\n{found.title}, {found.period}\n")
        _say_measures(found)
        for basis, title in _BASES.items():
            _say_gaps(title, found, basis)
        if place is not None:
            _write(found, place)
        typer.echo("Next: evenground review FOLDER --poverty MEASURE uses one of them, and says so.")


def _say_measures(found: Poverty) -> None:
    width = max(len(one.measure) for one in found.counted)
    typer.echo(f"{'measure':{width}}  in poverty   students  schools  high-poverty schools")
    for one in found.counted:
        typer.echo(
            f"{one.measure:{width}}  {one.share:10.1%}  {one.students:9,.0f}  {one.schools:7,}  "
            f"{one.high_poverty_schools:20,}"
        )
    for one in found.counted:
        measure = found.measures[one.measure]
        typer.echo(f"\n{one.measure}: {measure.name.en}. {measure.caution.en}", nl=False)
    typer.echo("\n")


def _say_gaps(title: str, found: Poverty, basis: str) -> None:
    gaps = [gap for gap in found.gaps if gap.basis == basis]
    if not gaps:
        return
    typer.echo(f"{title} (gap with its margin; * clear of chance)")
    measures = list(dict.fromkeys(gap.measure for gap in gaps))
    moved = {one.indicator: one for one in found.conclusions if one.basis == basis}
    width, column = max(len(gap.indicator) for gap in gaps), max(18, *map(len, measures))
    heads = (f"{name:>{column}}" for name in measures)
    typer.echo("  ".join([f"{'indicator':{width}}", *heads, "across measures"]))
    by_key = {(gap.indicator, gap.measure): gap for gap in gaps}
    for indicator in dict.fromkeys(gap.indicator for gap in gaps):
        shown = [_shown(by_key.get((indicator, name)), found) for name in measures]
        told_so = _verdict(moved.get(indicator), found)
        typer.echo("  ".join([f"{indicator:{width}}", *(f"{text:>{column}}" for text in shown), told_so]))
    typer.echo("")


def _shown(gap: Gap | None, found: Poverty) -> str:
    if gap is None:
        return "-"
    share = found.units[gap.indicator] == "share"
    value = f"{100 * gap.value:+.1f}" if share else f"{gap.value:+,.1f}"
    half = (gap.high - gap.low) / 2
    margin = "" if half != half else f" ±{100 * half:.1f}" if share else f" ±{half:,.1f}"
    return value + margin + ("*" if gap.side else "")


def _verdict(conclusion: Conclusion | None, found: Poverty) -> str:
    if conclusion is None:
        return "one measure only"
    share = found.units[conclusion.indicator] == "share"
    low, high = (
        f"{100 * value:+.1f}" if share else f"{value:+,.1f}"
        for value in (conclusion.smallest, conclusion.largest)
    )
    return f"{_VERDICTS[conclusion.verdict]}: {low} to {high}"


def _write(found: Poverty, out: Path) -> None:
    import csv
    import io
    from dataclasses import asdict

    from evenground.storage import whole_file

    text = io.StringIO()
    text.write(f"# {PRIVATE}\n")
    rows = [{"period": found.period, **asdict(gap)} for gap in found.gaps]
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["period"])
    writer.writeheader()
    writer.writerows(rows)
    with whole_file(out) as fresh:
        fresh.write_text(text.getvalue(), encoding="utf-8")
    typer.echo(f"{len(rows)} gaps: {out}")

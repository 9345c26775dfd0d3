"""Writes the pages that repeat what the code and the definitions already say: `python docs/generate.py`.

The head of each page, down to the marker, is written by hand and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
MARKER = "<!-- From here on this page is written by docs/generate.py. -->"


def pages() -> dict[Path, str]:
    """Each generated page with its whole text."""
    below = {"reference/commands.md": commands(), "reference/definitions.md": definitions()}
    return {DOCS / page: f"{head(DOCS / page)}{MARKER}\n\n{text.strip()}\n" for page, text in below.items()}


def head(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition(MARKER)[0]


# --- commands ---


def commands() -> str:
    from typer.main import get_command

    from evenground.cli import app

    group: Any = get_command(app)
    return "\n".join(line for named in group.commands.items() for line in command_section(*named))


def command_section(name: str, command: Any) -> Iterator[str]:
    yield from (f"## evenground {name}", "", paragraphs(command.help), "")
    visible = [parameter for parameter in command.params if not parameter.hidden]
    yield from table(("argument or option", "what it does", "if left out"), map(parameter_row, visible))


def parameter_row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        spelled = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        spelled = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    if parameter.required:
        default = "it must be given"
    elif parameter.default in (None, "", False, [], ()):
        default = ""
    else:
        default = f"`{parameter.default}`"
    several = " May be given several times." if parameter.multiple else ""
    return spelled, paragraphs(parameter.help) + several, default


# --- definitions ---


def definitions() -> str:
    from evenground.definitions import load

    known = load()
    sections = (
        ("Questions", "What the review asks, in the order of the page.", question_rows(known)),
        ("Indicators", "What is counted, over whom.", indicator_rows(known)),
        ("Dimensions", "The ways of telling students apart, and the values of each.", dimension_rows(known)),
        ("Populations", "Whom an indicator is counted over.", population_rows(known)),
        ("Disclosure policies", "What the gate hides.", policy_rows(known)),
        ("Parameters", "The numbers that measures take.", parameter_rows(known)),
        ("Sources", "The public files that evenground knows.", source_rows()),
    )
    return "\n".join(
        line for title, lead, rows in sections for line in (f"## {title}", "", lead, "", *table(*rows))
    )


Rows = tuple[tuple[str, ...], Iterable[tuple[str, ...]]]


def question_rows(known: Any) -> Rows:
    return ("key", "question", "pregunta"), (
        (f"`{key}`", entry.title.en, entry.title.es) for key, entry in known.questions.items()
    )


def indicator_rows(known: Any) -> Rows:
    def rows() -> Iterator[tuple[str, ...]]:
        for key, entry in known.indicators.items():
            population = known.populations[entry.over]
            counted = f"{population.name.en} ({population.as_of.replace('_', ' ')})"
            name, better, caution = entry.name, entry.direction, entry.caution.en
            yield f"`{key}`", name.en, name.es, counted, better, caution, provenance(entry)

    return ("key", "name", "nombre", "counted over", "better", "caution", "source"), rows()


def dimension_rows(known: Any) -> Rows:
    def rows() -> Iterator[tuple[str, ...]]:
        for key, entry in known.dimensions.items():
            values = "; ".join(f"`{value}` {named.name.en}" for value, named in entry.values.items())
            other = "; ".join(f"`{name}` {rollup.name.en}" for name, rollup in entry.rollups.items())
            overlapping = "yes" if entry.overlapping else "no"
            yield f"`{key}`", entry.name.en, entry.name.es, values, other, overlapping

    return ("key", "name", "nombre", "values", "put together", "overlapping"), rows()


def population_rows(known: Any) -> Rows:
    return ("key", "students", "estudiantes", "as of"), (
        (f"`{key}`", entry.name.en, entry.name.es, entry.as_of.replace("_", " "))
        for key, entry in known.populations.items()
    )


def policy_rows(known: Any) -> Rows:
    return ("key", "name", "nombre", "what it does", "source"), (
        (f"`{key}`", entry.name.en, entry.name.es, entry.note.en, provenance(entry))
        for key, entry in known.policies.items()
    )


def parameter_rows(known: Any) -> Rows:
    return ("key", "value", "meaning", "source"), (
        (f"`{key}`", f"{entry.value:g}", entry.meaning.en, provenance(entry))
        for key, entry in known.parameters.items()
    )


def source_rows() -> Rows:
    return ("key",), ()


def provenance(entry: Any) -> str:
    return f"{entry.source} ({entry.date.year}, {entry.confidence})"


# --- tables ---


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---' for _ in header)} |"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    yield ""


def paragraphs(text: str | None) -> str:
    """Help text as one line of Markdown."""
    return " ".join((text or "").split())


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")

"""What is looked for in files, and what to do where it is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenground.sources.checks import checks as known
from writers.markdown import headed, provenance, section

ABOUT = {
    "files": ("Files", "Any table, as it is written."),
    "counts": ("Published counts", "What a source's files say, once they are read."),
    "records": ("Records", "Students, schools and years of a roster."),
}


def checks() -> str:
    parts = (
        section(title, lead, (line for key, one in known().items() if one.about == about
                              for line in check_section(key, one)))
        for about, (title, lead) in ABOUT.items()
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part)


def check_section(key: str, one: Any) -> Iterator[str]:
    yield from headed(key, one.title)
    yield from (f"- {one.severity.capitalize()}. {one.explained().en}", f"- To do: {one.advice.en}")
    if one.parameters:
        yield f"- Numbers: {', '.join(f'`{name}` {value:g}' for name, value in one.parameters.items())}"
    yield from (f"- Source: {provenance(one)}", "")

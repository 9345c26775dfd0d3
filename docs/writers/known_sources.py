"""The published files that can be read as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenground.workspace import sources
from writers.markdown import table


def known_sources() -> str:
    return "\n".join(line for source in sources.known_sources() for line in known_source(source))


def known_source(source: Any) -> Iterator[str]:
    yield from (f"## {source.key}", "", f"**{source.title}**. {source.publisher}.", "")
    facts = (
        ("school years", source.years),
        ("levels", ", ".join(source.levels)),
        ("indicators", ", ".join(f"`{name}`" for name in source.indicators)),
        ("student groups", ", ".join(f"`{name}`" for name in source.dimensions)),
        ("download", source.download),
        ("licence", source.licence),
        ("disclosure policy", f"`{source.policy}`"),
        ("seen", f"{source.source} ({source.date}, {source.confidence})"),
    )
    yield from table(("what", ""), (fact for fact in facts if fact[1]))
    files = (
        (
            ", ".join(f"`{name}`" for name in file.names),
            ", ".join(file.levels),
            "yes" if file.required else "",
        )
        for file in source.files
    )
    yield from table(("files", "levels", "needed"), files)
    yield from (f"- {issue.text}{f' (`{issue.id}`)' if issue.id else ''}" for issue in source.issues)
    yield ""

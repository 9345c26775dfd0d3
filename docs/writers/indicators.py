"""The indicators by question, and the frameworks that they speak to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenground.definitions import load
from writers.markdown import headed, provenance, section, table

DIRECTIONS = {"higher": "Higher is better.", "lower": "Lower is better.", "neutral": "Neither way is better."}
KINDS = {
    "rate": "A rate: students counted over students.",
    "mean": "A mean over students.",
    "exposure": "A mean over students of what their classes, school or district have.",
}


def indicators() -> str:
    known = load()
    parts = [
        section(entry.title.en, f"*{entry.title.es}*", indicators_of(known, key))
        for key, entry in known.questions.items()
    ]
    parts.append(section("Frameworks", "What each asks, and what speaks to it.", frameworks(known)))
    return "\n".join(line for part in parts for line in part)


def indicators_of(known: Any, question: str) -> Iterator[str]:
    for key, entry in known.indicators.items():
        if entry.question != question:
            continue
        population = known.populations[entry.over]
        yield from headed(key, entry.name)
        yield f"- Counted over: {population.name.en} ({population.as_of.replace('_', ' ')})."
        yield f"- {DIRECTIONS[entry.direction]} {KINDS[entry.kind]}"
        yield f"- Caution: {entry.caution.en}"
        yield f"- To measure it: {entry.collect.en}"
        if entry.records:
            yield f"- From records: `{entry.records.counted}`."
        if places := "; ".join(placed(known, entry)):
            yield f"- Frameworks: {places}."
        yield f"- Source: {provenance(entry)}"
        yield ""


def placed(known: Any, indicator: Any) -> Iterator[str]:
    for framework, entries in indicator.framework.items():
        if entries:
            labels = [known.frameworks[framework].entries[entry].label for entry in entries]
            yield f"{framework} {', '.join(labels)}"


def frameworks(known: Any) -> Iterator[str]:
    for key, framework in known.frameworks.items():
        yield from headed(key, framework.name)
        rows = (
            (
                entry.label,
                entry.name.en,
                entry.name.es,
                ", ".join(speaking(known, key, name)),
                entry.confidence,
            )
            for name, entry in framework.entries.items()
        )
        yield from table(("", "what it asks", "lo que pide", "indicators", "confidence"), rows)
        yield f"Source: {provenance(framework)}"
        yield ""


def speaking(known: Any, framework: str, entry: str) -> Iterator[str]:
    return (f"`{key}`" for key, one in known.indicators.items() if entry in one.framework.get(framework, ()))

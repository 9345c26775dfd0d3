"""All that definitions hold besides the indicators."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import yaml

from evenground.definitions import load
from evenground.sources import source_names
from evenground.sources.published.mapping import published_sources
from writers.markdown import headed, provenance, section, table

ATTACKERS = {
    "sums": "The outsider knows how the numbers add up.",
    "counts": "The outsider knows how the numbers add up, and that counts are whole and not negative.",
    "own_school": "The outsider knows all that, and every count of a school of their own.",
}


def definitions() -> str:
    known = load()
    parts = (
        section("Questions", "What the review asks, in the order of the page.", questions(known)),
        section("Indicators", "What is counted: [Indicators](indicators.md).", ()),
        section("Dimensions", "How students are told apart. Each also knows `unknown`.", dimensions(known)),
        section("Populations", "Whom an indicator is counted over.", populations(known)),
        section("Measures", "What the `measure` of a finding may be.", measures()),
        section(
            "Statistics",
            "Numbers about a whole system: further measures of findings.",
            statistics(known),
        ),
        section("Perspectives", "Ideas of fairness to read by; none is the right one.", perspectives(known)),
        section("Disclosure policies", "What the gate hides.", policies(known)),
        section("Parameters", "The numbers that measures take.", parameters(known)),
        section("Glossary", "Words of the pages, and their meaning.", glossary(known)),
        section(
            "Method", "How each kind of number is made (`pages/method.html` of a bundle).", method(known)
        ),
        section("Sources", "The inputs that evenground knows how to read.", sources()),
        section("Student years", "The table that records become.", columns(known)),
    )
    return "\n".join(line for part in parts for line in part)


def questions(known: Any) -> Iterator[str]:
    rows = ((f"`{key}`", entry.title.en, entry.title.es) for key, entry in known.questions.items())
    return table(("key", "question", "pregunta"), rows)


def dimensions(known: Any) -> Iterator[str]:
    for key, entry in known.dimensions.items():
        yield from headed(key, entry.name)
        if entry.measured_by:
            yield f"Measured by: {entry.measured_by.en}"
            yield ""
        if entry.note:
            yield entry.note.en
            yield ""
        if entry.overlapping:
            yield "A student may have several of these values: they do not add up to everybody."
            yield ""
        rows = ((f"`{value}`", named.name.en, named.name.es) for value, named in entry.values.items())
        yield from table(("value", "name", "nombre"), rows)
        for name, rollup in entry.rollups.items():
            merged = "; ".join(f"`{value}` from {', '.join(parts)}" for value, parts in rollup.values.items())
            yield f"Put together as `{name}` ({rollup.name.en}): {merged}."
            yield ""
        yield f"Source: {provenance(entry)}"
        yield ""


def populations(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", entry.name.en, entry.name.es, entry.as_of.replace("_", " "))
        for key, entry in known.populations.items()
    )
    return table(("key", "students", "estudiantes", "as of"), rows)


def measures() -> Iterator[str]:
    rows = ((f"`{key}`", *said) for key, said in measure_codes().items())
    yield from table(("key", "meaning", "significado"), rows)
    yield from ("How each is worked out: [Measures](measures.md).", "")


def measure_codes() -> dict[str, tuple[str, ...]]:
    """Each measure's meaning in English and Spanish, as the codebook of a bundle gives it."""
    wording = resources.files("evenground.definitions") / "languages"
    languages = [
        yaml.safe_load((wording / f"{lang}.yaml").read_text(encoding="utf-8"))["codes"]
        for lang in ("en", "es")
    ]
    keys = [key for key in languages[0] if key.startswith("measure.")]
    return {key.removeprefix("measure."): tuple(codes[key] for codes in languages) for key in keys}


def statistics(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", entry.name.en, entry.unit, provenance(entry)) for key, entry in known.statistics.items()
    )
    return table(("key", "what it is", "unit", "source"), rows)


def perspectives(known: Any) -> Iterator[str]:
    for key, entry in known.perspectives.items():
        yield from headed(key, entry.name, f". {entry.idea.en}")
        yield f"- Unfair: {entry.inequity.en}"
        yield f"- {entry.looks.en}"
        yield f"- Groups: {', '.join(f'`{group}`' for group in entry.groups)}."
        own = (f"`{dimension}`: `{name}`" for dimension, name in entry.references.items())
        yield f"- Compared with: {', '.join((f'`{entry.reference}`', *own))}."
        for look in entry.looks_at:
            what = look.question or ", ".join(f"`{indicator}`" for indicator in look.indicators)
            yield f"- Looks at {what} ({look.stage}): counts `{look.counts}`."
        for one in entry.standards:
            yield f"- Standard {one.at:g}: {', '.join(f'`{indicator}`' for indicator in one.indicators)}."
        yield f"- Done: {entry.done.en}"
        yield f"- Cannot see: {entry.cannot_see.en}"
        yield f"- Source: {provenance(entry)}"
        yield ""


def policies(known: Any) -> Iterator[str]:
    for key, entry in known.policies.items():
        yield from headed(key, entry.name, f". {entry.note.en}")
        if entry.kind == "suppress":
            reached, others = entry.minimum_numerator, entry.minimum_complement
            yield f"- Hidden when fewer than {entry.minimum_n} students are counted."
            yield f"- Hidden when fewer than {reached} of them reached it. Nobody: {entry.zero_numerator}."
            yield f"- Hidden when fewer than {others} did not. Nobody: {entry.zero_complement}."
            if entry.together:
                yield "- What is hidden of a sum that is shown is, taken together, held to the same minimums."
            yield f"- {ATTACKERS[entry.attacker]}"
            yield f"- Of a hidden count at least {entry.possible_values} values stay possible."
            for band in entry.bands:
                upper = f"to {band.students_to}" if band.students_to else "or more"
                yield (
                    f"- Groups of {band.students_from} {upper}: shares up to {band.low:.0%} and from "
                    f"{band.high:.0%} on are only said to be there, others told in steps of {band.step:.0%}."
                )
            if entry.round_n > 1:
                yield f"- Numbers of students are told to the nearest multiple of {entry.round_n}."
            if entry.roll_up:
                yield f"- Told together where alone is hidden: {', '.join(entry.roll_up)}."
        if entry.epsilon is not None:
            yield f"- Epsilon {entry.epsilon:g} for a table: the smaller, the more chance is added."
        yield f"- Source: {provenance(entry)}"
        yield ""


def parameters(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", f"{entry.value:g}", entry.meaning.en, provenance(entry))
        for key, entry in known.parameters.items()
    )
    return table(("key", "value", "meaning", "source"), rows)


def glossary(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", entry.forms[0].en, entry.forms[0].es, entry.meaning.en)
        for key, entry in known.glossary.items()
    )
    return table(("key", "word", "palabra", "meaning"), rows)


def method(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", entry.title.en, f"`{entry.formula}`", entry.source)
        for key, entry in known.method.items()
    )
    return table(("key", "what", "formula", "source"), rows)


def sources() -> Iterator[str]:
    published = published_sources()
    for key in source_names():
        yield f"### `{key}`"
        yield ""
        if key not in published:
            yield "A school system's own records. [The roster folder](roster.md) lists files and columns."
            yield ""
            continue
        entry = published[key]
        yield f"{entry.title}. {entry.publisher}. Licence: {entry.licence}. Policy: `{entry.policy}`."
        yield ""
        if entry.download or entry.years:
            years = f"School years: {entry.years}. " if entry.years else ""
            yield years + (f"Download: {entry.download}." if entry.download else "")
            yield ""
        yield f"Files: {', '.join(f'`{file}`' for file in entry.files)}."
        yield ""
        yield f"Indicators: {', '.join(f'`{indicator}`' for indicator in entry.indicators)}."
        yield ""
        yield from (f"- {issue}" for issue in entry.known_issues)
        yield f"- Source: {provenance(entry)}"
        yield ""


def columns(known: Any) -> Iterator[str]:
    rows = ((f"`{key}`", entry.type, entry.meaning) for key, entry in known.student_year.items())
    return table(("column", "type", "meaning"), rows)

"""Writes the pages that repeat what the code and the definitions already say: `python docs/generate.py`.

The head of each page, down to the marker, is written by hand and kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parent
MARKER = "<!-- From here on this page is written by docs/generate.py. -->"


def pages() -> dict[Path, str]:
    """Each generated page with its whole text."""
    below = {
        "reference/commands.md": commands(),
        "reference/bundle.md": bundle(),
        "reference/definitions.md": definitions(),
        "reference/indicators.md": indicators(),
        "reference/known-sources.md": known_sources(),
        "reference/roster.md": roster(),
        "reference/checks.md": checks(),
        "explanation/what-we-refuse-to-say.md": refusals(),
    }
    return {
        page: f"{head(page)}{MARKER}\n\n{text.strip()}\n"
        for page, text in ((DOCS / name, text) for name, text in below.items())
    }


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
        spelled += f" {parameter.metavar}" if parameter.metavar else ""
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


def section(title: str, lead: str, content: Iterable[str]) -> Iterator[str]:
    yield from (f"## {title}", "", lead, "", *content)


def questions(known: Any) -> Iterator[str]:
    rows = ((f"`{key}`", entry.title.en, entry.title.es) for key, entry in known.questions.items())
    return table(("key", "question", "pregunta"), rows)


def indicators() -> str:
    from evenground.definitions import load

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
        yield f"### `{key}`"
        yield ""
        yield f"**{entry.name.en}** · {entry.name.es}"
        yield ""
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
        yield f"### `{key}`"
        yield ""
        yield f"**{framework.name.en}** · {framework.name.es}"
        yield ""
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


DIRECTIONS = {"higher": "Higher is better.", "lower": "Lower is better.", "neutral": "Neither way is better."}
KINDS = {
    "rate": "A rate: students counted over students.",
    "mean": "A mean over students.",
    "exposure": "A mean over students of what their classes, school or district have.",
}


def dimensions(known: Any) -> Iterator[str]:
    for key, entry in known.dimensions.items():
        yield f"### `{key}`"
        yield ""
        yield f"**{entry.name.en}** · {entry.name.es}"
        yield ""
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


ATTACKERS = {
    "sums": "The outsider knows how the numbers add up.",
    "counts": "The outsider knows how the numbers add up, and that counts are whole and not negative.",
    "own_school": "The outsider knows all that, and every count of a school of their own.",
}


def policies(known: Any) -> Iterator[str]:
    for key, entry in known.policies.items():
        yield f"### `{key}`"
        yield ""
        yield f"**{entry.name.en}** · {entry.name.es}. {entry.note.en}"
        yield ""
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


def perspectives(known: Any) -> Iterator[str]:
    for key, entry in known.perspectives.items():
        yield f"### `{key}`"
        yield ""
        yield f"**{entry.name.en}** · {entry.name.es}. {entry.idea.en}"
        yield ""
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


def parameters(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", f"{entry.value:g}", entry.meaning.en, provenance(entry))
        for key, entry in known.parameters.items()
    )
    return table(("key", "value", "meaning", "source"), rows)


def statistics(known: Any) -> Iterator[str]:
    rows = (
        (f"`{key}`", entry.name.en, entry.unit, provenance(entry)) for key, entry in known.statistics.items()
    )
    return table(("key", "what it is", "unit", "source"), rows)


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


def refusals() -> str:
    from evenground.definitions import load

    parts = (
        f"## {entry.wish.en}\n\n*{entry.wish.es}*\n\n"
        f"**Why not.** {entry.why.en}\n\n**Instead.** {entry.instead.en}\n"
        for entry in load().refusals.values()
    )
    return "\n".join(parts)


def sources() -> Iterator[str]:
    from evenground.sources import source_names
    from evenground.sources.published.mapping import published_sources

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


def provenance(entry: Any) -> str:
    return f"{entry.source} ({entry.date.isoformat()}, {entry.confidence})"


# --- the checks ---

ABOUT = {
    "files": ("Files", "Any table, as it is written."),
    "counts": ("Published counts", "What a source's files say, once they are read."),
    "records": ("Records", "Students, schools and years of a roster."),
}


def checks() -> str:
    from evenground.sources.checks import checks as known

    parts = (
        section(title, lead, (line for key, one in known().items() if one.about == about
                              for line in check_section(key, one)))
        for about, (title, lead) in ABOUT.items()
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part)


def check_section(key: str, one: Any) -> Iterator[str]:
    yield from (f"### `{key}`", "", f"**{one.title.en}** · {one.title.es}", "")
    yield from (f"- {one.severity.capitalize()}. {one.explained().en}", f"- To do: {one.advice.en}")
    if one.parameters:
        yield f"- Numbers: {', '.join(f'`{name}` {value:g}' for name, value in one.parameters.items())}"
    yield from (f"- Source: {provenance(one)}", "")


# --- the bundle ---


def bundle() -> str:
    from evenground.definitions import load, load_wording
    from evenground.report import codebook, schema
    from evenground.report.story.speech import Speech

    speech = Speech(load(), load_wording())
    contract = json.loads(schema.kept())
    meanings = {(file, column): said.en for file, column, _, said in codebook.columns(speech)}
    lines = [f"Contract {contract['contract']}.", ""]
    for name, entry in contract["tables"].items():
        lines += [f"### {name}", "", f"Key: {', '.join(f'`{key}`' for key in entry['key'])}.", ""]
        rows = (
            (
                f"`{column['name']}`",
                column["type"],
                column.get("unit", ""),
                "yes" if column["nullable"] else "",
                column["since"],
                meanings[name, column["name"]],
            )
            for column in entry["columns"]
        )
        lines += table(("column", "type", "unit", "may be empty", "since", "meaning"), rows)
    return "\n".join(lines)


# --- the roster folder ---


def roster() -> str:
    from evenground.sources.roster.format import roster_format

    form = roster_format()
    return "\n".join(line for name, entry in form.tables.items() for line in roster_table(name, entry))


def roster_table(name: str, entry: Any) -> Iterator[str]:
    needed = "required" if entry.required else "optional"
    yield from (f"## {name}", "", f"{entry.grain.capitalize()}; {needed}.", "")
    rows = (roster_row(key, column) for key, column in entry.columns.items())
    yield from table(("column", "type", "required", "meaning", "codes and how they may be spelled"), rows)


def roster_row(key: str, column: Any) -> tuple[str, ...]:
    required = "yes" if column.required else ""
    return f"`{key}`", column.type.replace("_", " "), required, column.meaning, codes(column)


def codes(column: Any) -> str:
    return "; ".join(f"`{code}`: {', '.join(spellings)}" for code, spellings in column.codes.items())


# --- the known sources ---


def known_sources() -> str:
    from evenground.workspace.sources import known_sources

    return "\n".join(line for source in known_sources() for line in known_source(source))


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

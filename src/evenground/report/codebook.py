"""The codebook: every file of a bundle, every column and key in it, every code, and what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from evenground.definitions import Text, said
from evenground.model import ALL, FINDINGS, NOT_SHOWN, Released
from evenground.press import Words, filled
from evenground.press.spreadsheet import harmless
from evenground.report.story.speech import Speech

Line = tuple[str, str, str, Words]
"""(file, column or key, code, meaning). `findings`, `cells` and `both` stand for those tables."""

CELLS = (
    "indicator",
    "unit_level",
    "unit_id",
    "period",
    "group",
    "n",
    "value",
    "low",
    "high",
    "state",
    "reason",
)
"""The columns of the released cells."""

_CODED = ("state", "reason", "direction", "unit_level", "reference", "measure", "verdict")


def codebook(speech: Speech, released: Released) -> list[Line]:
    """Columns and codes of the tables; then files and keys. Codes that only this review has (a crossing of
    dimensions, a group to compare with, a rule of one's own) are in it too."""
    lines = [*columns(speech), *_codes(speech), *_of_definitions(speech)]
    known = {(column, code) for _, column, code, _ in lines}
    lines += [line for line in _of_review(speech, released) if line[1:3] not in known]
    return [*lines, *_policies(speech, released), *_files(speech), *_keys(speech)]


def write_codebook(lines: Sequence[Line], file: Path) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    languages = list(lines[0][3])
    writer.writerow(["file", "column", "code", *(f"meaning_{lang}" for lang in languages)])
    texts = ([*line[:3], *(line[3].of(lang) for lang in languages)] for line in lines)
    writer.writerows(map(harmless, line) for line in texts)
    file.write_text(sheet.getvalue(), encoding="utf-8")


def columns(speech: Speech) -> Iterator[Line]:
    """The columns of the two tables."""
    for file, names in (("findings", FINDINGS.names), ("cells", CELLS)):
        for name in names:
            yield file, name, "", speech.wording.entry("columns", name)
        if file == "findings":
            yield from (_sentences(speech, lang) for lang in speech.languages)


def _sentences(speech: Speech, lang: str) -> Line:
    language = speech.wording.label("language_name").of(lang)
    meaning = filled(speech.wording.entry("columns", "sentence"), language=language)
    return "findings", f"sentence_{lang}", "", meaning


def _codes(speech: Speech) -> Iterator[Line]:
    for key in speech.wording.keys("codes"):
        column, _, code = key.partition(".")
        if column in _CODED:
            yield "both", column, code, speech.wording.entry("codes", key)


def _of_definitions(speech: Speech) -> Iterator[Line]:
    known = speech.definitions
    for key, indicator in known.indicators.items():
        yield "both", "indicator", key, said(indicator.name)
    for key, statistic in known.statistics.items():
        yield "findings", "measure", key, said(statistic.name)
    for key, perspective in known.perspectives.items():
        yield "findings", "perspective", key, said(perspective.name)
    for key, question in known.questions.items():
        yield "findings", "question", key, said(question.title)
    for question in known.questions.values():
        yield "findings", "domain", question.domain, said(question.title)
    yield "findings", "dimension", ALL, speech.name(ALL)
    for key, dimension in known.dimensions.items():
        yield "findings", "dimension", key, said(dimension.name)
    yield "both", "group", ALL, speech.name(ALL)
    for key, dimension in known.dimensions.items():
        for value, group in dimension.values.items():
            yield "both", "group", f"{key}:{value}", said(group.name)
    for value in ("unknown", NOT_SHOWN):
        for key in known.dimensions:
            yield "both", "group", f"{key}:{value}", speech.name(f"{key}:{value}")


def _of_review(speech: Speech, released: Released) -> Iterator[Line]:
    """The groups, dimensions and references that occur, with their names."""
    tables = (released.findings, released.pages, released.cells)
    say: dict[str, Callable[[str], Words]] = {
        "group": speech.name,
        "dimension": speech.dimension,
        "reference": lambda code: _reference(speech, code),
    }
    for column, name in say.items():
        codes = {code for table in tables for code in _unique(table, column)}
        # Places have their names in units: one line stands for all of them.
        for code in sorted({"unit:" if code.startswith("unit:") else code for code in codes}):
            yield "both", column, code, name(code)


def _reference(speech: Speech, code: str) -> Words:
    kind, _, what = code.partition(":")
    if kind == "group":
        return speech.name(what)
    if kind == "dimension":
        return speech.dimension(what)
    if kind == "chain":
        return speech.title(what)
    if f"reference.{code}" in speech.wording.keys("codes"):
        return speech.wording.entry("codes", f"reference.{code}")
    target = speech.wording.label("target").raised
    return Words.each(lambda word: f"{word}: {what}", target)


def _unique(table: pa.Table, column: str) -> list[str]:
    if column not in table.column_names:
        return []
    return [code for code in table[column].unique().to_pylist() if code]


def _policies(speech: Speech, released: Released) -> Iterator[Line]:
    policies = {key: said(entry.name) for key, entry in speech.definitions.policies.items()}
    own, rules = str(released.disclosure.get("policy", "")), released.disclosure.get("rules")
    if own not in policies and isinstance(rules, Mapping) and "name" in rules:
        policies[own] = said(Text(**rules["name"]))
    for key, name in policies.items():
        yield "disclosure.json", "policy", key, name


def _files(speech: Speech) -> Iterator[Line]:
    for name in speech.wording.keys("downloads"):
        yield name, "", "", speech.wording.entry("downloads", name)


def _keys(speech: Speech) -> Iterator[Line]:
    """The keys of the JSON files, the codes of some, and files that are no download."""
    for key in speech.wording.keys("keys"):
        place, _, code = key.partition("=")
        file, _, name = place.partition(".")
        meaning = speech.wording.entry("keys", key)
        yield (name, "", "", meaning) if file == "file" else (f"{file}.json", name, code, meaning)

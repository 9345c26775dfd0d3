"""One of the two reviews that are compared: what was released, what it was made with, what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from evenground.model import Released
from evenground.press import Words
from evenground.report import receipt
from evenground.report.bundle import read
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import story_of
from evenground.report.story.together import together_of

MADE_WITH = ("contract", "evenground", "definitions")
"""What a receipt says of how a review was made, beside its inputs and its policy."""

_SENTENCE = "sentence_"
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class Edition:
    """`made_with` has MADE_WITH; `sentences` what each finding says as it was published, by its id and then
    by language; `short` the findings in short, by what they are about."""

    released: Released
    made_with: Mapping[str, str]
    sentences: Mapping[str, Mapping[str, str]]
    short: Mapping[str, Words]


def read_edition(folder: Path, speech: Speech) -> Edition:
    """The review of a bundle. Raises InputProblems where it is damaged, withdrawn or of another contract."""
    released = read(folder)
    paid = json.loads((folder / receipt.NAME).read_text(encoding="utf-8"))
    made_with = {key: str(paid.get(key, "")) for key in MADE_WITH}
    return Edition(released, made_with, _published(folder), _short(released, speech))


def edition_of(released: Released, speech: Speech) -> Edition:
    """A review that is not written yet, as its bundle would be read."""
    paid = receipt.receipt_of(released)
    rows = rows_of(released.findings, released.cells)
    sentences = {row.finding_id: dict(speech.sentence(row)) for row in rows}
    return Edition(released, {key: str(paid[key]) for key in MADE_WITH}, sentences, _short(released, speech))


def _published(folder: Path) -> dict[str, dict[str, str]]:
    """The sentences in the file, which may be of an earlier wording than ours."""
    table = pq.read_table(folder / "findings.parquet")
    names = [name for name in table.column_names if name.startswith(_SENTENCE)]
    languages = [name.removeprefix(_SENTENCE) for name in names]
    told = zip(*(table[name].to_pylist() for name in names), strict=True)
    ids = table["finding_id"].to_pylist()
    return {key: dict(zip(languages, texts, strict=True)) for key, texts in zip(ids, told, strict=True)}


def _short(released: Released, speech: Speech) -> dict[str, Words]:
    """The findings in short as they would be said today, so that both reviews are chosen and told alike. What
    one is about is its English headline without its numbers."""
    rows = list(rows_of(released.findings, released.cells))
    ledger = ledger_of(rows, released.about.unit, together_of(released, speech.definitions))
    items = story_of(released, ledger, speech).items
    return {_NUMBER.sub("#", item.headline.en): item.headline for item in items}

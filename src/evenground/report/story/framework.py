"""A framework as the contents page of a review: what the review says on each of its entries, or what to
collect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenground.definitions import said
from evenground.model import ALL, Released
from evenground.press import Words
from evenground.report.story.answer import unsure
from evenground.report.story.panel import is_unknown
from evenground.report.story.rows import Ledger, Row, ranked
from evenground.report.story.speech import Speech

NO_WHOLES: Mapping[str, Words] = {}


@dataclass(frozen=True)
class Entry:
    """One thing that the framework asks for.

    Either `sentence` says what the review says on it and `question` names the section that says more
    (None where the review leaves that section out), or `note` says why there is nothing to say.
    `indicators` are the names of those that speak to it here, `collect` the (name, what to collect) of
    those that cannot.
    """

    key: str
    label: str
    name: Words
    sentence: Words | None
    question: str | None
    indicators: tuple[Words, ...]
    note: Words | None
    collect: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True)
class Framework:
    """`counts` says in one sentence for how many of the entries the review has something to say."""

    key: str
    title: Words
    source: str
    counts: Words
    entries: tuple[Entry, ...]


def framework_of(
    speech: Speech, ledger: Ledger, released: Released, key: str, wholes: Mapping[str, Words] = NO_WHOLES
) -> Framework:
    """The contents page of the framework `key`. `wholes` are the answers of questions that the review answers
    for the whole system alone, with no number of a group. Raises KeyError for one that the definitions do not
    know."""
    framework = speech.definitions.frameworks[key]
    entries = tuple(
        _entry(speech, ledger, released, key, entry, framework.entries[entry].label, wholes)
        for entry in framework.entries
    )
    told = sum(entry.sentence is not None for entry in entries)
    counts = speech.wording.set("framework.counts", told=str(told), count=str(len(entries)))
    return Framework(key, said(framework.name), framework.source, counts, entries)


def _entry(
    speech: Speech,
    ledger: Ledger,
    released: Released,
    framework: str,
    entry: str,
    label: str,
    wholes: Mapping[str, Words],
) -> Entry:
    known = speech.definitions
    speaking = [
        key for key, indicator in known.indicators.items() if entry in indicator.framework.get(framework, ())
    ]
    here = [key for key in speaking if key in ledger.latest]
    missing = {each.indicator for each in released.not_measured}
    lead = _lead(speech, ledger, here)
    questions = (known.indicators[key].question for key in speaking)
    whole = next((question for question in questions if question in wholes), None) if not here else None
    if lead is not None or whole is not None:
        note = None
    elif here:
        note = speech.wording.set("framework.hidden")
    elif any(key in missing for key in speaking):
        note = speech.wording.set("framework.not_here")
    elif speaking:
        note = speech.wording.set("framework.not_asked")
    else:
        note = speech.wording.set("framework.nobody")
    return Entry(
        entry,
        label,
        said(known.frameworks[framework].entries[entry].name),
        speech.short(lead) if lead else wholes[whole] if whole else None,
        _shown(released, lead) if lead else whole,
        tuple(speech.title(key) for key in here),
        note,
        tuple((speech.title(key), said(known.indicators[key].collect)) for key in speaking if key in missing),
    )


def _lead(speech: Speech, ledger: Ledger, indicators: Sequence[str]) -> Row | None:
    """The gap to look at first; else the largest of which we cannot say how sure it is; else everybody; else
    the largest group with a number."""
    if first := ranked(ledger, indicators):
        return first[0]
    bare = unsure(speech, [row for key in indicators for row in ledger.differences(key)])
    levels = (ledger.level(key, ALL) for key in indicators)
    if lead := bare or next((row for row in levels if row is not None and row.told), None):
        return lead
    groups = [
        row
        for row in ledger.newest(indicators)
        if row.measure in ("rate", "mean") and row.told and not is_unknown(row.group)
    ]
    return max(groups, key=lambda row: (row.n or 0.0, row.indicator, row.group), default=None)


def _shown(released: Released, row: Row) -> str | None:
    asked = released.settings.get("questions") or ()
    return row.question if not asked or row.question in asked else None

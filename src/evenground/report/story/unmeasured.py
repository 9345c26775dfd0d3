"""What belongs to a question and these data cannot show, and what to collect."""

from __future__ import annotations

from dataclasses import dataclass

from evenground.definitions import said
from evenground.model import Released
from evenground.press import Words, count
from evenground.report.story.speech import Speech


@dataclass(frozen=True)
class Missing:
    """One indicator that these data cannot show."""

    indicator: str
    name: Words
    reason: Words
    collect: Words


@dataclass(frozen=True)
class Unmeasured:
    """All of one question, with the sentence that stands beside its answer."""

    sentence: Words
    missing: tuple[Missing, ...]


def unmeasured_of(speech: Speech, released: Released, question: str) -> Unmeasured | None:
    """What belongs to the question and is not in these data, in the order of the definitions; None where
    nothing is missing."""
    reasons = {entry.indicator: entry.reason for entry in released.not_measured}
    missing = tuple(
        Missing(
            key,
            said(indicator.name),
            speech.wording.label(f"reason.{reasons[key]}"),
            said(indicator.collect),
        )
        for key, indicator in speech.definitions.indicators.items()
        if indicator.question == question and key in reasons
    )
    if not missing:
        return None
    sentence = speech.wording.set(
        "unmeasured.one" if len(missing) == 1 else "unmeasured.some",
        count=count(len(missing)),
        indicator=missing[0].name,
    )
    return Unmeasured(sentence, missing)

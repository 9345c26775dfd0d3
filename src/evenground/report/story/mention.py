"""What the questions about the whole system found of one place, for its own page: it alone is told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evenground.definitions import said
from evenground.press import Words, bases, count, decimal
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

MENTIONED = (
    "advantage", "advantage_expected", "likeness", "risk_ratio", "years_over", "expected_money", "need_index",
)  # fmt: skip
_MOST = 2  # results that go better
_ALIKE = 5  # places like it that are named

Key = tuple[str, str, str]
"""(measure, indicator, group)."""


INCOME = "group:economic_disadvantage:disadvantaged"
"""Family income, as findings name what places are alike by. Places not alike in it are not set beside
each other on a page of their own."""


def mentions_of(
    speech: Speech, rows: Sequence[Row], names: Mapping[str, str], compared_on: Sequence[Row]
) -> tuple[Words, ...]:
    """Sentences from the findings of one place that are no comparison of its groups (`MENTIONED`): where it
    does better than places like it, where a group is sent out more often for years, what its needs would
    bring. `names`: unit id -> name; `compared_on`: of the whole system, what places are alike by."""
    known = {(row.measure, row.indicator, row.group): row for row in rows if row.told}
    fair = {row.indicator for row in compared_on if row.reference == INCOME}
    better = _better(speech, [row for row in rows if row.indicator in fair], names)
    return (*better, *_sent_out(speech, known), *_money(speech, known))


def _better(speech: Speech, rows: Sequence[Row], names: Mapping[str, str]) -> Iterator[Words]:
    """The results that most students stand behind, each of its largest group, and whom to compare with."""
    known = {(row.measure, row.indicator, row.group): row for row in rows if row.told}
    named = [row for row in known.values() if row.measure == "advantage" and row.verdict == "above"]
    largest: dict[str, Row] = {}
    for row in sorted(named, key=lambda row: (-(row.n or 0.0), row.indicator, row.group)):
        largest.setdefault(row.indicator, row)
    told: set[str] = set()
    for row in list(largest.values())[:_MOST]:
        expected = known.get(("advantage_expected", row.indicator, row.group))
        if row.level is None or expected is None or not speech.counts_people(row.indicator):
            continue
        base = bases(row.level, expected.value or 0.0, apart=True)
        yield speech.wording.set(
            "mention.better",
            base=f"{base:,}",
            group=speech.people(row.indicator, row.group),
            phrase=said(speech.indicator(row.indicator).phrase),
            a=speech.amount(row.indicator, row.level, base),
            b=speech.amount(row.indicator, expected.value or 0.0, base),
        )
        alike = _alike(rows, row.indicator, names)
        if alike and alike not in told:
            told.add(alike)
            yield speech.wording.set("mention.alike", indicator=speech.title(row.indicator), names=alike)


def _alike(rows: Sequence[Row], indicator: str, names: Mapping[str, str]) -> str:
    near = [row for row in rows if row.told and (row.measure, row.indicator) == ("likeness", indicator)]
    ids = [
        str(row.reference).partition(":")[2]
        for row in sorted(near, key=lambda row: (row.value or 0.0, str(row.reference)))
    ]
    return ", ".join(names.get(one, one) for one in ids[:_ALIKE])


def _sent_out(speech: Speech, known: Mapping[Key, Row]) -> Iterator[Words]:
    """The groups that are over the line year after year."""
    for (measure, indicator, group), held in known.items():
        ratio = known.get(("risk_ratio", indicator, group))
        if measure == "years_over" and ratio is not None:
            yield speech.wording.set(
                "mention.sent_out",
                indicator=speech.title(indicator),
                group=speech.people(indicator, group),
                x=decimal(ratio.value or 0.0),
                years=count(held.value or 0.0),
            ).then(speech.wording.set("aspect.consequences.careful"))


def _money(speech: Speech, known: Mapping[Key, Row]) -> Iterator[Words]:
    for (measure, indicator, _), row in known.items():
        if measure == "expected_money" and row.level is not None:
            yield speech.wording.set(
                "mention.money",
                indicator=speech.title(indicator),
                period=row.period,
                a=speech.amount(indicator, row.level),
                b=speech.amount(indicator, row.value or 0.0),
            ).then(speech.wording.set("mention.judgement"))

"""What a finding says: patterns from the wording, numbers from the released row."""

from __future__ import annotations

from evenground.definitions import said
from evenground.model import ALL, HIDDEN, NOT_APPLICABLE, NOT_REPORTED, OF_GROUPS, VALUE
from evenground.press import Words, bases, count, decimal, whole
from evenground.report.story.names import Names
from evenground.report.story.rows import Row
from evenground.report.story.statistic import statistic

_STATES = (HIDDEN, NOT_REPORTED, NOT_APPLICABLE)


class Speech(Names):
    """Sets the sentences of one review. No sentence says more than its interval allows."""

    def sentence(self, row: Row) -> Words:
        """The whole finding."""
        if row.measure == "reading":
            return self._reading(row)
        if row.state in _STATES or row.value is None:
            state = row.state if row.state in _STATES else NOT_REPORTED
            return self.wording.set(
                f"state.{state}", indicator=self.title(row.indicator), group=self.name(row.group)
            )
        if row.measure not in OF_GROUPS:
            return statistic(self, row)
        if row.measure in ("rate", "mean"):
            return self._level(row)
        if row.measure == "difference" and row.level is not None:
            return self._difference(row)
        if row.measure in ("needed_fixed", "needed_moving"):
            return self.needed(row)
        if row.measure == "change" and row.level is not None:
            return self._change(row)
        if row.measure == "gap_change":
            verdict = (
                row.verdict if row.verdict and self.wording.has(f"gap_change.{row.verdict}") else "unsure"
            )
            people = self.people(row.indicator, row.group)
            return self.wording.set(
                f"gap_change.{verdict}", group=people, **{"from": row.period_from, "period": row.period}
            )
        return self._other(row)

    def _reading(self, row: Row) -> Words:
        """How an idea of fairness reads it."""
        idea = said(self.definitions.perspectives[row.perspective or ""].name)
        words = {"indicator": self.title(row.indicator), "group": self.name(row.group), "idea": idea}
        return self.wording.set(f"reading.{row.verdict or 'unsaid'}", **words)

    def short(self, row: Row) -> Words:
        """The first sentence of a difference: both levels."""
        if row.reference_level is None or row.level is None:
            return self.sentence(row)
        base = self.base(row)
        known = self.indicator(row.indicator)
        target = ".target" if row.reference and row.reference.startswith("target:") else ""
        level = self.amount(row.indicator, row.level, base)
        words = {
            "base": f"{base:,}",
            "group": self.people(row.indicator, row.group),
            "reference": self.reference(row),
            "a": level,
            "b": self.amount(row.indicator, row.reference_level, base),
        }
        if known.of_people:
            return self.wording.set(f"short.rate{target}", phrase=said(known.phrase), **words)
        return self.wording.set(f"short.mean{target}", phrase=self._phrase(row.indicator, level), **words)

    def base(self, row: Row) -> int:
        """Of how many the sentence of this difference tells."""
        if not self.share(row.indicator) or row.level is None or row.reference_level is None:
            return 100
        certain = row.verdict in ("above", "below")
        return bases(row.level, max(row.reference_level, 0.0), apart=certain)

    def needed(self, row: Row) -> Words:
        """What parity would take. Never a fraction of a student."""
        prefix = "needed_fixed" if row.measure == "needed_fixed" else "needed"
        students = abs(row.value or 0.0)
        number = int(students) if students == int(students) else int(students) + 1
        if number == 0:
            return self.wording.set("needed.none")
        way = "fewer" if row.direction == "lower" else "more"
        parity = self.population(row.indicator).parity
        what = self.wording.label(parity, "one" if number == 1 else "many")
        about = self.wording.label(parity, "about")
        return self.wording.set(f"{prefix}.{way}", count=count(number), what=what, about=about)

    def _phrase(self, indicator: str, value: Words) -> Words:
        phrase = said(self.indicator(indicator).phrase)
        return Words.each(lambda pattern, told: pattern.replace("{value}", told), phrase, value)

    def _level(self, row: Row) -> Words:
        assert row.value is not None
        people = self.people(row.indicator, row.group)
        if not self.counts_people(row.indicator):
            base = bases(row.value) if self.share(row.indicator) else 100
            if row.group == ALL:
                people = self.wording.label("overall", "whole")
            return self.wording.set(
                "mean",
                group=people,
                phrase=self._phrase(row.indicator, self.amount(row.indicator, row.value, base)),
            )
        base = bases(row.value)
        return self.wording.set(
            "rate",
            base=f"{base:,}",
            group=people,
            a=self.amount(row.indicator, row.value, base),
            phrase=said(self.indicator(row.indicator).phrase),
        )

    def _difference(self, row: Row) -> Words:
        assert row.level is not None
        assert row.value is not None
        first, base = self.short(row), self.base(row)
        if row.verdict not in ("above", "below"):
            what = self.things(row.indicator)
            return self.wording.set(f"difference.{row.verdict or 'unsure'}", first=first, what=what)
        size = self.gap(row.indicator, row.level, row.level - row.value, base)
        return self.wording.set("difference.clear", first=first, d=size, chance=self._chance(row, base))

    def _chance(self, row: Row, base: int) -> Words:
        half, what = row.half or 0.0, self.things(row.indicator)
        if not self.share(row.indicator):
            size = self._measured(self.indicator(row.indicator).unit, half)
            return self.wording.set("chance", m=size, what=what)
        if not whole(half * base):
            return self.wording.set("chance.small", what=what)
        return self.wording.set("chance", m=count(half * base), what=what)

    def _change(self, row: Row) -> Words:
        assert row.level is not None
        assert row.value is not None
        before = row.level_from if row.level_from is not None else row.level - row.value
        verdict = row.verdict or "unsure"
        certain = verdict in ("rose", "fell")
        base = bases(row.level, max(before, 0.0), apart=certain) if self.share(row.indicator) else 100
        words = {
            "base": f"{base:,}",
            "group": self.people(row.indicator, row.group),
            "from": row.period_from,
            "period": row.period,
            "a": self.amount(row.indicator, row.level, base),
            "b": self.amount(row.indicator, before, base),
        }
        if self.counts_people(row.indicator):
            return self.wording.set(
                f"change.{verdict}", phrase=said(self.indicator(row.indicator).phrase), **words
            )
        if row.group == ALL:
            words["group"] = self.wording.label("overall", "whole")
        return self.wording.set(
            f"change.mean.{verdict}",
            phrase=self._phrase(row.indicator, self.amount(row.indicator, row.level, base)),
            **words,
        )

    def _other(self, row: Row) -> Words:
        assert row.value is not None
        people = self.people(row.indicator, row.group)
        if row.measure == "ratio":
            return self.wording.set(
                "ratio" if self.share(row.indicator) else "ratio.mean",
                group=people,
                reference=self.reference(row),
                x=decimal(row.value, 2),
            )
        if row.measure == "ppg":
            margin = None if row.half is None else decimal(row.half * 100)
            return self.wording.set(
                "ppg" if margin else "ppg.unsure",
                group=people,
                d=decimal(row.value * 100).replace("-", "−"),
                m=margin,
            )
        if row.measure in ("proportionality_index", "index_80"):
            return self.wording.set(row.measure, group=people, x=decimal(row.value * 100, 0))
        if row.measure in ("gap_between", "gap_within"):
            points = decimal(row.value * 100).replace("-", "−")
            return self.wording.set(row.measure, group=people, d=points)
        told = self.figure(row.indicator, row.value) if row.state == VALUE else ""
        return self.wording.set(
            "other", indicator=self.title(row.indicator), group=self.name(row.group), x=told
        )

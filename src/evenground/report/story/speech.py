"""What a finding says: patterns from the wording, numbers from the released row."""

from __future__ import annotations

from functools import cache

from evenground.definitions import Definitions, Indicator, Population, other_people, said
from evenground.definitions import label as group_label
from evenground.definitions import people as group_people
from evenground.model import ALL, HIDDEN, NOT_APPLICABLE, NOT_REPORTED, OF_GROUPS, VALUE, is_rest_place
from evenground.press import Wording, Words, bases, count, decimal, percent, span, whole
from evenground.report.story.rows import Row
from evenground.report.story.statistic import statistic

_STATES = (HIDDEN, NOT_REPORTED, NOT_APPLICABLE)


class Speech:
    """Sets the sentences of one review. No sentence says more than its interval allows."""

    def __init__(self, definitions: Definitions, wording: Wording):
        self.definitions, self.wording, self.languages = definitions, wording, wording.languages
        self.name = cache(self._name)
        self.people = cache(self._people)

    # --- names ---

    def _name(self, group: str) -> Words:
        """The row label of a group; a group that the definitions do not know keeps its key."""
        try:
            return group_label(self.definitions, group)
        except (KeyError, ValueError):
            return Words.same(group)

    def _people(self, indicator: str, group: str) -> Words:
        """The group as a plural, among those over whom the indicator is counted: "Latina graduates"."""
        try:
            return group_people(self.definitions, group, self.population(indicator))
        except (KeyError, ValueError):
            return Words.same(group)

    def indicator(self, key: str) -> Indicator:
        return self.definitions.indicators[key]

    def population(self, indicator: str) -> Population:
        return self.definitions.populations[self.indicator(indicator).over]

    def things(self, indicator: str) -> Words:
        """What the indicator counts: students, or applications."""
        thing = self.population(indicator).thing
        return said(thing) if thing else self.wording.label("students", "many")

    def dimension(self, key: str) -> Words:
        """What a dimension, or a cross of several, is called: "Race and ethnicity × Gender"."""
        names = [
            said(self.definitions.dimensions[part].name)
            if part in self.definitions.dimensions
            else Words.same(part)
            for part in key.split("+")
        ]
        return Words.each(lambda *parts: " × ".join(parts), *names)

    def question_title(self, key: str) -> Words:
        return said(self.definitions.questions[key].title)

    def title(self, indicator: str) -> Words:
        return said(self.indicator(indicator).name)

    def place(self, row: Row) -> Words:
        """The name of the row's place; places that are told together have one in both languages."""
        if is_rest_place(row.unit_id):
            return self.wording.label(f"together.{row.unit_level}")
        return Words.same(row.unit_name)

    def period(self, period: str) -> Words:
        """A school year, or the first and the last of several told together."""
        first, several, last = period.partition("/")
        return self.wording.label("together.years", first=first, last=last) if several else Words.same(period)

    def reference(self, row: Row) -> Words:
        """Those with whom the row's group is compared, as a plural."""
        if row.reference == "others":
            return other_people(self.definitions, self.population(row.indicator))
        if row.reference == "overall" or row.reference_group == ALL:
            return (
                self.people(row.indicator, ALL)
                if self.counts_people(row.indicator)
                else self.wording.label("overall", "whole")
            )
        if row.reference_group:
            return self.people(row.indicator, row.reference_group)
        return self.wording.label("highest", "plural")

    def reference_label(self, row: Row) -> Words:
        """The same as a label for a line in a chart."""
        if row.reference == "others":
            return self.wording.label("others", "name")
        if row.reference and row.reference.startswith("target:"):
            return self.wording.label("target").raised
        return self.row_label(row.indicator, row.reference_group or ALL)

    def row_label(self, indicator: str, group: str) -> Words:
        """The name of a group at its row or line; where no people are counted, everybody is all that is."""
        thing = self.population(indicator).thing
        return said(thing).raised if thing and group == ALL else self.name(group)

    # --- numbers ---

    def counts_people(self, indicator: str) -> bool:
        """Whether it is said of every 100 people how many."""
        return self.indicator(indicator).of_people

    def share(self, indicator: str) -> bool:
        return self.indicator(indicator).unit == "share"

    def amount(self, indicator: str, value: float, base: int = 100) -> Words:
        """A value in a sentence: "60" (of every `base`), "8 in 100", "11.2 years", "$9,800".

        Verbs stand in the plural after it: one of every 100,000 is told as less than 2.
        """
        known = self.indicator(indicator)
        if known.of_people:
            told = count(value * base)
            return self.wording.label("fewer_than", x="2") if told == "1" else Words.same(told)
        if known.unit == "share":
            return self.wording.label("in_base", x=count(value * base), base=f"{base:,}")
        return self._measured(known.unit, value)

    def figure(self, indicator: str, value: float) -> str:
        """A value in a table or at a dot: 60.2%, 11.2, $9,800."""
        unit = self.indicator(indicator).unit
        if unit == "share":
            return percent(value)
        return f"${count(value)}" if unit == "dollars" else decimal(value, _places(unit, value))

    def gap(self, indicator: str, first: float, second: float, base: int) -> Words:
        """The size of a difference, so that it adds up with the two numbers told: "6 in 100", "6 to 7
        in 100"."""
        if not self.share(indicator):
            return self._measured(self.indicator(indicator).unit, abs(first - second))
        low, high = span(first * base, second * base)
        told = (
            Words.same(f"{low:,}")
            if low == high
            else self.wording.label("range", x=f"{low:,}", y=f"{high:,}")
        )
        if high == 0:
            told = self.wording.label("less_than_one")
        return self.wording.label("in_base", x=told, base=f"{base:,}")

    def measure(self, key: str) -> Words:
        """What a measure of the findings is called."""
        if key in OF_GROUPS:
            return self.wording.entry("codes", f"measure.{key}")
        return said(self.definitions.statistics[key].name)

    def statistic(self, row: Row, value: float) -> str:
        """A value of the row's statistic in a table: 42.0%, 0.42, 2.80, $9,800."""
        unit = self.definitions.statistics[row.measure].unit
        if unit == "indicator":
            return self.figure(row.indicator, value)
        if unit in ("share", "probability"):
            return percent(value)
        if unit == "dollars":
            return f"${count(value)}"
        return count(value) if unit == "count" else decimal(value, 2)

    def _measured(self, unit: str, value: float) -> Words:
        told = count(value) if unit == "dollars" else decimal(value, _places(unit, value))
        return self.wording.label(f"unit.{unit}", x=told.replace("-", "−"))

    # --- sentences ---

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


def _places(unit: str, value: float) -> int:
    """Decimal places: two for events; one for years and the like, two where the number is below one."""
    return 2 if unit == "events" or 0 < abs(value) < 0.95 else 1

"""How things are called in sentences and tables, and how their numbers are told."""

from __future__ import annotations

from functools import cache

from evenground.definitions import Definitions, Indicator, Population, other_people, said
from evenground.definitions import label as group_label
from evenground.definitions import people as group_people
from evenground.model import ALL, OF_GROUPS, is_rest_place
from evenground.press import Wording, Words, count, decimal, percent, span
from evenground.report.story.rows import Row


class Names:
    """The names and numbers of one review, in every language."""

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


def _places(unit: str, value: float) -> int:
    """Decimal places: two for events; one for years and the like, two where the number is below one."""
    return 2 if unit == "events" or 0 < abs(value) < 0.95 else 1

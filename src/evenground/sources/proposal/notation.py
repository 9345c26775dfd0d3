"""How a file writes its numbers, and what stands in it where a number should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evenground.sources.proposal.draft import Line
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.matter import SHARE
from evenground.sources.proposal.meant import Meant
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.seen import Seen
from evenground.sources.proposal.statistics import Statistics


class Notation:
    """Of all tables of a file. `missing`: word -> (state, confidence)."""

    def __init__(self, seen: Seen):
        self._seen = seen
        self.missing: dict[str, tuple[str, str]] = {}
        self.blurred = False

    @property
    def hides(self) -> bool:
        """Whether the file's publisher hid numbers."""
        return self.blurred or any(state == "hidden" for state, _ in self.missing.values())

    def of_table(self, meant: Sequence[Meant], statistics: Statistics) -> Iterator[Line]:
        """The lines of a table that say how its numbers are written; learns its marks."""
        used = [one for one in meant if one.name in statistics.used]
        if self._seen.decimal:
            yield Line("decimal", ",", MEDIUM, f"numbers such as {self._seen.decimal}")
        shares = [one for one in used if one.part == SHARE and statistics.reads(one, "share")]
        if shares and statistics.percent:
            high = max(profile.high or 0 for one in shares for profile in self._profiles(one))
            yield Line("percent", True, HIGH, f"percentages from 0 to 100; the highest is {high:g}")
        if statistics.decimals is not None:
            yield Line("decimals", statistics.decimals, evidence="places to which percentages are rounded")
        ranges = [
            word
            for one in meant
            if statistics.reads(one, "share", "total")
            for profile in self._profiles(one)
            for word in profile.ranges
        ]
        if ranges:
            self.blurred = True
            yield Line("blurred", True, HIGH, f"ranges such as {', '.join(dict.fromkeys(ranges))[:60]}")
        for one in used:
            self._marks(one, is_base=not statistics.reads(one, "share", "total"))

    def _profiles(self, one: Meant) -> list[Profile]:
        return [self._seen.profiles[column] for column in one.figure.columns.values()]

    def _marks(self, one: Meant, *, is_base: bool) -> None:
        """What stands where a number of these columns should be."""
        reserve = recognition().reserve
        for profile in self._profiles(one):
            for word in profile.odd:
                if word in profile.marks:
                    self.missing.setdefault(word, (profile.marks[word], HIGH))
                elif word in profile.ranges:
                    if is_base:
                        self.missing.setdefault(word, ("hidden", MEDIUM))
                else:
                    self.missing.setdefault(word, ("not_reported", LOW))
            for word in profile.negative:
                known = reserve.get(word.removesuffix(".0"))
                self.missing.setdefault(word, (known or "not_reported", MEDIUM if known else LOW))
            if profile.filled < profile.rows:
                self.missing.setdefault("", ("not_reported", MEDIUM))

    def missing_line(self) -> Line:
        """What each of these words means, for the whole source."""
        return Line("missing", [*_words(self.missing)] or {})


def _words(missing: Mapping[str, tuple[str, str]]) -> Iterator[Line]:
    for word, (state, sure) in sorted(missing.items()):
        why = "an empty cell" if not word else "it stands where a number should be"
        yield Line(word, state, sure, why)

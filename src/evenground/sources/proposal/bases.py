"""The students that a figure is counted over: which column has them."""

from __future__ import annotations

from collections.abc import Sequence

from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.matter import (
    COUNT,
    STUDENTS,
    TOTAL,
    is_counted_over,
    is_enrolled,
    is_tested,
)
from evenground.sources.proposal.meant import Meant
from evenground.sources.proposal.ratios import Ratio


class Bases:
    """The figures of a table, each a possible base of others."""

    def __init__(self, meant: Sequence[Meant], ratios: Sequence[Ratio]):
        self._meant, self._ratios = meant, ratios

    def counted(self, indicator: str, share: Meant) -> str | None:
        """The column with the counted students of a share, by its name."""
        for one in self._meant:
            same = one.said.matter == share.said.matter and one.said.subject == share.said.subject
            if one.part == TOTAL and same and _alike(one, share) and not self.under_others(one):
                return one.name
        bare = [one for one in self._meant if one.part == TOTAL and one.said.matter is None]
        return bare[0].name if len(bare) == 1 and _alike(bare[0], share) else None

    def under_others(self, one: Meant) -> bool:
        """Whether other figures of the file are counted over this one."""
        return any(
            is_counted_over(one.figure.stem, str(other.said.matter)) >= one.said.length
            for other in self._meant
            if other is not one and other.said.matter and other.said.matter != one.said.matter
        )

    def under(self, indicator: str, figure: Meant) -> tuple[str | None, str, str]:
        """(column of the students, evidence, confidence)."""
        known = [ratio for ratio in self._ratios if figure.name in (ratio.total, ratio.share)]
        if known:
            return known[0].n, known[0].evidence, HIGH
        about = figure.said.subject
        scored = []
        for place, one in enumerate(self._meant):
            if one is figure or one.part not in (STUDENTS, COUNT, TOTAL) or not _alike(one, figure):
                continue
            if (
                one.part == TOTAL
                and not self.under_others(one)
                and not is_counted_over(one.figure.stem, indicator)
            ):
                continue
            if one.said.subject and about and one.said.subject != about:
                continue
            score = 10 * is_counted_over(one.figure.stem, indicator)
            tested = is_tested(one.figure.stem)
            score += (6 if tested else 0) if _of_test(indicator) else (-3 if tested else 0)
            score += 3 if is_enrolled(one.figure.stem) else 0
            score += 4 if one.part == STUDENTS else 1 if one.part == COUNT and not one.said.matter else -5
            score += 3 if one.said.subject and one.said.subject == about else 0
            if one.said.matter and one.said.matter != figure.said.matter and one.part != TOTAL:
                score -= 4
            if score > 0:
                scored.append((-score, place, one))
        if not scored:
            return None, "", LOW
        best = min(scored)[2]
        named = is_counted_over(best.figure.stem, indicator) > 0
        named = named or (_of_test(indicator) and is_tested(best.figure.stem))
        sure = HIGH if named else MEDIUM if best.part == STUDENTS else LOW
        others = [entry for entry in scored if entry[0] == min(scored)[0]]
        if len(others) > 1:
            sure = LOW
        return best.name, f"`{best.name}` has the students", sure


def _of_test(indicator: str) -> bool:
    return indicator.startswith(("reading_", "mathematics_", "act_", "sat_benchmark"))


def _alike(one: Meant, other: Meant) -> bool:
    """Whether both are columns of the same groups."""
    mine = [{word.casefold() for word in words} for words in one.figure.words.values()]
    theirs = [{word.casefold() for word in words} for words in other.figure.words.values()]
    return mine == theirs

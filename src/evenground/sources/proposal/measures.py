"""Numbers put together into statistics: which indicator, counted by which columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evenground.definitions import load
from evenground.sources.proposal.bases import Bases
from evenground.sources.proposal.context import Context, Target, these
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.matter import COUNT, FIGURE, MEAN, NOTHING, SHARE, STUDENTS, TOTAL
from evenground.sources.proposal.meant import Meant
from evenground.sources.proposal.ratios import Ratio
from evenground.sources.proposal.statistics import Draft, Statistics

_TEST = ("proficient", "basic", "advanced", "score")


def statistics_of(meant: Sequence[Meant], ratios: Sequence[Ratio], context: Context) -> Statistics:
    """The statistics that a table's figures give, surest first; what has no place is said."""
    work = _Work(list(meant), list(ratios), context)
    work.shares()
    work.counts()
    work.means()
    work.given()
    work.students()
    return work.finish()


class _Work:
    def __init__(self, meant: list[Meant], ratios: list[Ratio], context: Context):
        self.meant, self.ratios, self.context = meant, ratios, context
        self.bases = Bases(meant, ratios)
        self.out = Statistics()
        self.used: set[str] = set()

    # --- forms ---

    def shares(self) -> None:
        shares = [one for one in self.meant if one.part == SHARE]
        scales = [one.percent for one in shares]
        self.out.percent = bool(scales) and scales.count(True) * 2 >= len(scales)
        best: dict[tuple[str | None, str | None], Meant] = {}
        for one in shares:
            key = (one.said.matter, one.said.subject)
            if one.said.matter and (key not in best or one.said.length > best[key].said.length):
                best[key] = one
        for one in shares:
            if one.said.matter and best[one.said.matter, one.said.subject] is not one:
                other = best[one.said.matter, one.said.subject].name
                self.out.unused[one.name] = f"`{other}` says the same or more"
        for one in best.values():
            self._share(one, self._targets(one))
        for one in shares:
            if one.said.matter is None and one.name not in self.used | self.out.unused.keys():
                targets = self.context.targets(self._done())
                if targets and len([other for other in shares if other.said.matter is None]) == 1:
                    self._share(one, targets)
                elif not any(one.name == ratio.share for ratio in self.ratios if ratio.total in self.used):
                    self.out.unused[one.name] = "a share of something that its name does not tell"

    def _share(self, one: Meant, targets: list[Target]) -> None:
        ratio = next((ratio for ratio in self.ratios if ratio.share == one.name), None)
        for indicator, where, confidence, why in targets:
            if ratio:
                spec: dict[str, Any] = {"n": ratio.n, "total": ratio.total}
                self._add(indicator, spec, where, confidence, f"{why}; {ratio.evidence}")
                self.used |= {ratio.n, ratio.total, one.name}
                self.out.unused.setdefault(one.name, "it is worked out from the two counts")
                continue
            total = self.bases.counted(indicator, one)
            base, base_why, sure = self.bases.under(indicator, one)
            if one.percent != self.out.percent:
                self.out.unused[one.name] = "other percentages of the file are written on another scale"
                continue
            if base and total:
                self._add(
                    indicator,
                    {"n": base, "total": total},
                    where,
                    _least(confidence, sure),
                    f"{why}; {base_why}",
                )
                self.used |= {base, total, one.name}
                self.out.unused.setdefault(one.name, "the two counts say it more exactly")
            elif base:
                evidence = f"{why}; {base_why}"
                self._add(
                    indicator, {"n": base, "share": one.name}, where, _least(confidence, sure), evidence
                )
                self.used |= {base, one.name}
                self.out.decimals = max(self.out.decimals or 0, min(one.decimals, 6))
            else:
                self._add(
                    indicator, {"share": one.name}, where, confidence, f"{why}; no column has its students"
                )
                self.used.add(one.name)

    def counts(self) -> None:
        """Counted students, where there is no share of them."""
        done = self._done()
        for one in self.meant:
            if one.part != TOTAL or one.name in self.used | self.out.unused.keys():
                continue
            for indicator, where, confidence, why in self._targets(one) or self.context.targets(self._done()):
                if indicator in done and not where:
                    self.out.unused.setdefault(one.name, f"{indicator} is read from other columns")
                    continue
                base, base_why, sure = self.bases.under(indicator, one)
                if base:
                    spec = {"n": base, "total": one.name}
                    self._add(indicator, spec, where, _least(confidence, sure), f"{why}; {base_why}")
                    self.used |= {base, one.name}
                    done.add(indicator)
                elif not self.bases.under_others(one):
                    self._lacks(
                        indicator, {"n": "COLUMN", "total": one.name}, where, "no column has the students"
                    )
        for one in [one for one in self.meant if one.part in (COUNT, STUDENTS)]:
            if self.context.matters and one.name not in self.used:
                self._rows_of_counts(one)

    def _rows_of_counts(self, one: Meant) -> None:
        """A count whose matter stands in another column, over the students of other rows or of none."""
        context = self.context
        over = context.matters.get("everybody")
        if len([other for other in self.meant if other.part in (COUNT, STUDENTS)]) > 1 and not over:
            return
        for indicator, words in context.matters.items():
            if indicator == "everybody":
                continue
            where = {str(context.matter_column): list(words)}
            if over:
                why = f"rows {these(words)} over rows {these(over)} of `{context.matter_column}`"
                spec = {"total": one.name, "over": "students"}
                self._add(indicator, spec, where, MEDIUM, why)
                self.used.add(one.name)
            else:
                spec = {"total": one.name, "over": "TABLE"}
                self._lacks(indicator, spec, where, "the file does not say over how many students")
                self.used.add(one.name)

    def means(self) -> None:
        for one in self.meant:
            if one.part == MEAN and one.name not in self.used:
                for indicator, where, confidence, why in self._targets(one):
                    base, base_why, sure = self.bases.under(indicator, one)
                    spec = {"n": base, "mean": one.name} if base else {"mean": one.name}
                    evidence = f"{why}; {base_why}" if base else f"{why}; no column has its students"
                    self._add(indicator, spec, where, _least(confidence, sure if base else HIGH), evidence)
                    self.used |= {name for name in (base, one.name) if name}

    def given(self) -> None:
        """Figures of a school that are given to its students."""
        for one in self.meant:
            if one.part != FIGURE or not one.said.matter or one.figure.is_wide:
                continue
            base, base_why, sure = self.bases.under(one.said.matter, one)
            spec = {"each": one.name, "over": self.context.key if base else "TABLE"}
            entry = load().indicators[one.said.matter]
            if entry.unit == "share" and one.percent:
                self.out.unused[one.name] = "a percentage of 100 for each school; write it as a share of 1"
            elif base:
                self.out.count, self.out.count_why = base, base_why
                self._add(one.said.matter, spec, {}, _least(MEDIUM, sure), f"{_said(one)}; {base_why}")
                self.used |= {base, one.name}
            else:
                self._lacks(one.said.matter, spec, {}, "no column has the students of the school")
                self.used.add(one.name)

    def students(self) -> None:
        """Counts of students alone show with whom students go to school."""
        counts = [one for one in self.meant if one.part in (STUDENTS, COUNT) and one.name not in self.used]
        counts = [one for one in counts if one.said.matter is None]
        if not counts or self.out.drafts or not self.context.races:
            return
        one = counts[0]
        evidence = "a number of students by race and ethnicity, and nothing else"
        if self.context.matter:
            entry = self.context.matter
            self._lacks(
                entry, {"n": "COLUMN", "total": one.name}, {}, "over how many students is not in the file"
            )
            self.used.add(one.name)
        if "same_group_share" in load().indicators and self.context.matter is None:
            self.out.count, self.out.count_why = one.name, evidence
            spec = {"own": "race_ethnicity", "over": self.context.key}
            self._add("same_group_share", spec, {}, MEDIUM, evidence)
            self.used.add(one.name)

    # --- what a figure is about ---

    def _targets(self, one: Meant) -> list[Target]:
        """(indicator, where, confidence, evidence) of a figure whose name tells its matter."""
        said, context = one.said, self.context
        if said.matter is None:
            return []
        if said.matter not in _TEST:
            return [(said.matter, {}, HIGH if said.length > 1 else MEDIUM, _said(one))]
        if said.subject in ("reading", "mathematics"):
            return [(f"{said.subject}_{said.matter}", {}, HIGH, f"{_said(one)} and its subject")]
        if said.subject == "other":
            self.out.unused[one.name] = "a subject for which there is no indicator"
            return []
        if context.subjects:
            column = str(context.subject_column)
            return [
                (
                    f"{subject}_{said.matter}",
                    {column: list(words)},
                    HIGH,
                    f"{_said(one)}, rows {these(words)}",
                )
                for subject, words in context.subjects.items()
            ]
        if context.subject:
            return [(f"{context.subject}_{said.matter}", {}, MEDIUM, f"{_said(one)}; the file's name")]
        spec = {"share": one.name} if one.part == SHARE else {"total": one.name}
        self._lacks(f"reading_{said.matter}", spec, {}, "nothing says whether it is reading or mathematics")
        self.used.add(one.name)
        return []

    # --- lines ---

    def _done(self) -> set[str]:
        return {draft.indicator for draft in self.out.drafts}

    def _add(
        self, indicator: str, spec: dict[str, Any], where: dict[str, Any], confidence: str, evidence: str
    ) -> None:
        if indicator not in load().indicators:
            self._lacks(indicator, spec, where, "this indicator is not defined yet")
            return
        if any(draft.indicator == indicator and draft.live for draft in self.out.drafts):
            self.out.drafts.append(
                Draft(indicator, _with(spec, where), LOW, "a second way to count it", False)
            )
            return
        self.out.drafts.append(Draft(indicator, _with(spec, where), confidence, evidence))

    def _lacks(self, indicator: str, spec: dict[str, Any], where: dict[str, Any], why: str) -> None:
        self.out.drafts.append(Draft(indicator, _with(spec, where), LOW, why, False))

    def finish(self) -> Statistics:
        for one in self.meant:
            if one.name not in self.used:
                self.out.unused.setdefault(one.name, _idle(one))
        return self.out


def _idle(one: Meant) -> str:
    """Why a figure is not used."""
    if one.part == NOTHING and one.said.said:
        return f"`{one.said.said}` in its name: nothing that is shown"
    if one.part == STUDENTS:
        return "a number of students over which nothing of the file is counted"
    return "what it counts was not recognised"


def _with(spec: dict[str, Any], where: dict[str, Any]) -> dict[str, Any]:
    return {**spec, "where": where} if where else spec


def _said(one: Meant) -> str:
    return f"its name says {one.said.matter.replace('_', ' ')}" if one.said.matter else "its name"


def _least(*confidences: str) -> str:
    return max(confidences, key=(HIGH, MEDIUM, LOW).index)

"""The tables of a proposed mapping: which figures are read, of which groups and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from glob import escape
from typing import Any

import duckdb

from evenground.sources.proposal.columns import GROUP, NUMBER, Role
from evenground.sources.proposal.context import context_of, matters_of
from evenground.sources.proposal.draft import Line, inline
from evenground.sources.proposal.figures import figures
from evenground.sources.proposal.groups import HIGH, MEDIUM
from evenground.sources.proposal.matter import SHARE
from evenground.sources.proposal.meant import Meant, meaning
from evenground.sources.proposal.measures import statistics_of
from evenground.sources.proposal.notation import Notation
from evenground.sources.proposal.period import UNKNOWN, period_line
from evenground.sources.proposal.ratios import ratios_of
from evenground.sources.proposal.seen import Seen
from evenground.sources.proposal.splits import Kept
from evenground.sources.proposal.statistics import Statistics
from evenground.sources.proposal.units import UnitPlan
from evenground.sources.proposal.words import key_of

_NO_YEAR = "The school year is in no column, title or name: write it behind `period:`."


class Tables:
    """A file's tables, and what is learned as they are put together: `codes`, the lists that tell groups
    apart; `notation`; `unused`, columns of which nothing is made, and why; `notes`; `live`, the statistics
    that can be read; `sizeless`, whether some come without their students.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, seen: Seen, plan: UnitPlan, kept: Kept):
        self._connection, self.seen, self.plan, self.kept = connection, seen, plan, kept
        self.roles = seen.roles
        numbers = [
            name for name, role in self.roles.items() if role.kind == NUMBER and name not in plan.columns
        ]
        self.meant = {
            figure.name: meaning(figure, [seen.profiles[column] for column in figure.columns.values()])
            for figure in figures(numbers)
        }
        self.codes: dict[str, list[Line]] = {}
        self.notation = Notation(seen)
        self.unused: dict[str, str] = {}
        self.notes: list[str] = []
        self.live, self.sizeless = 0, False

    def lines(self) -> tuple[list[Line], int]:
        """The lines below `tables`, and of how many tables; those with the students of others come first."""
        made: list[tuple[str, list[Line], Statistics]] = []
        parts = self._parts()
        for key, part in parts.items():
            lines, statistics = self._table(key, part, alone=len(parts) == 1)
            self.live += sum(draft.live for draft in statistics.drafts)
            self.unused |= statistics.unused
            if statistics.drafts or statistics.count:
                made.append((key, lines, statistics))
        if not made:
            key = next(iter(parts), "table")
            made.append((key, *self._table(key, parts.get(key, []), alone=True)))
        students = [line for _, _, statistics in made for line in self._students(statistics)]
        return [*students, *(Line(key, lines) for key, lines, _ in made)], len(made)

    def _parts(self) -> dict[str, list[Meant]]:
        """Figures with the same groups in their names are of one table."""
        held: dict[tuple[tuple[str, frozenset[str]], ...], list[Meant]] = {}
        for one in self.meant.values():
            words = tuple(
                (mark, frozenset(word.casefold() for word in words))
                for mark, words in one.figure.words.items()
            )
            held.setdefault(words, []).append(one)
        base = key_of(self.seen.stem)
        names: dict[str, list[Meant]] = {}
        for words, meant in held.items():
            marks = "_".join(mark.strip("{}") for mark, _ in words)
            key = f"by_{marks}" if words else base
            while key in names:
                key += "_2"
            names[key] = meant
        return names

    def _table(self, key: str, meant: list[Meant], *, alone: bool) -> tuple[list[Line], Statistics]:
        context = context_of(key, meant, self.seen)
        statistics = statistics_of(meant, ratios_of(self._connection, meant), context)
        alias = {
            one.name: f"{_noun(one)} {one.name}"
            for one in meant
            if one.name in statistics.used and _bare(one.name)
        }
        lines = [Line("files", {self.plan.files: escape(self.seen.name)})]
        lines += self._place()
        groups = self._groups(meant)
        if groups:
            lines.append(Line("groups", groups))
        if self.kept.keep:
            lines.append(Line("keep", [Line(c, list(w), s, e) for c, (w, s, e) in self.kept.keep.items()]))
        if alias:
            columns = {alias[name]: [name] for name in alias}
            lines.append(
                Line("columns", columns, evidence="the names of these columns are those of the groups")
            )
        lines += self.notation.of_table(meant, statistics)
        if statistics.count:
            count = alias.get(statistics.count, statistics.count)
            lines.append(Line("count", count, MEDIUM, statistics.count_why))
        lines += self._statistics(statistics, alias)
        return lines, statistics

    def _place(self) -> Iterator[Line]:
        plan = self.plan
        unit = plan.remarks["unit"]
        yield Line("unit", plan.unit, unit.confidence, unit.evidence)
        if plan.level:
            remark = plan.remarks["level"]
            yield Line("level", plan.level, remark.confidence, remark.evidence)
        period = period_line(self.seen)
        if period is UNKNOWN and _NO_YEAR not in self.notes:
            self.notes.append(_NO_YEAR)
        yield period
        if plan.names:
            yield Line("names", plan.names)

    def _groups(self, meant: list[Meant]) -> dict[str, str]:
        """Column or mark -> list of codes; fills the lists."""
        found: dict[str, str] = {}
        for role in self.roles.values():
            if role.kind == GROUP:
                name = key_of(role.column)
                codes = dict(role.codes)
                if self.seen.profiles[role.column].filled < self.seen.profiles[role.column].rows:
                    codes.setdefault("", None)
                self.codes[name] = [*_codes(codes, role)]
                found[role.column] = name
        for figure in (one.figure for one in meant):
            for mark, words in figure.words.items():
                name = mark.strip("{}")
                sure = figure.confidence
                lines = [
                    Line(w, group, "" if sure == HIGH else sure, "" if sure == HIGH else figure.how)
                    for w, group in words.items()
                ]
                self.codes.setdefault(name, lines)
                found[mark] = name
        return found

    def _statistics(self, statistics: Statistics, alias: Mapping[str, str]) -> Iterator[Line]:
        live = [draft for draft in statistics.drafts if draft.live]
        self.sizeless |= any(not {"n", "over"} & set(draft.spec) for draft in live)
        if live:
            yield Line(
                "statistics",
                [
                    Line(draft.indicator, _aliased(draft.spec, alias), draft.confidence, draft.evidence)
                    for draft in live
                ],
            )
        for draft in statistics.drafts:
            if not draft.live:
                spec = inline(_aliased(draft.spec, alias))
                yield Line(
                    None, evidence=f"{draft.indicator}: {spec}  # skip, please check: {draft.evidence}"
                )

    def _students(self, statistics: Statistics) -> Iterator[Line]:
        """A table of the rows with the students, for counts that stand in other rows of the same column."""
        wanted = [draft for draft in statistics.drafts if draft.live and draft.spec.get("over") == "students"]
        if not wanted:
            return
        column, words = matters_of(self.roles)
        name = str(wanted[0].spec["total"])
        part = next(part for part in self._parts().values() if name in [one.name for one in part])
        lines = [Line("files", {self.plan.files: escape(self.seen.name)}), *self._place()]
        groups = self._groups(part)
        if groups:
            lines.append(Line("groups", groups))
        alias = f"students {name}" if _bare(name) else name
        if alias != name:
            lines.append(Line("columns", {alias: [name]}))
        lines.append(Line("keep", {column: words["everybody"]}, MEDIUM, "the rows with all students"))
        lines.append(Line("count", alias))
        yield Line("students", lines)


def _codes(codes: Mapping[str, str | None], role: Role) -> Iterator[Line]:
    for word, group in codes.items():
        if group is None:
            yield Line(
                word, "skip", evidence="please check: not one of our groups" if word else "an empty cell"
            )
        elif word in role.unsure:
            yield Line(word, group, MEDIUM, role.how)
        else:
            yield Line(word, group)


def _aliased(spec: Mapping[str, Any], alias: Mapping[str, str]) -> dict[str, Any]:
    return {
        part: alias.get(value, value) if isinstance(value, str) else value for part, value in spec.items()
    }


def _bare(name: str) -> bool:
    return name.startswith("{") and name.endswith("}") and name.count("{") == 1


def _noun(one: Meant) -> str:
    return "share of" if one.part == SHARE else "students"

"""From a file that nobody wrote a mapping for to a proposed mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from glob import escape
from pathlib import Path
from typing import Any

import duckdb

from evenground.model import InputProblems, parse_period
from evenground.sources.proposal.columns import (
    GROUP,
    MATTER,
    NUMBER,
    OTHER,
    PERIOD,
    SUBJECT,
    UNIT_ID,
    UNIT_NAME,
    Role,
)
from evenground.sources.proposal.draft import Line, Proposal
from evenground.sources.proposal.figures import Figure, figures
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.matter import (
    SHARE,
    matter_of,
    subject_of,
    test_level,
)
from evenground.sources.proposal.meant import Meant, meaning
from evenground.sources.proposal.measures import Context, Statistics, statistics_of
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.ratios import ratios_of
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.records import Guide, guide
from evenground.sources.proposal.seen import TABLE, Seen, look
from evenground.sources.proposal.splits import Kept, narrow
from evenground.sources.proposal.units import UnitPlan, plan_units
from evenground.sources.proposal.words import small_words

YEAR = "write the school year, such as 2023-24"
_YEARS = (
    r"(\d{4}[-–]\d{4})",
    r"(\d{4}[-–]\d{2})(?!\d)",
    r"(\d{4})[_ ](\d{4})(?!\d)",
    r"(\d{4})[_ ](\d{2})(?!\d)",
    r"(?<!\d)((?:19|20)\d{2})(?!\d)",
    r"(?<!\d)(\d{4})(?!\d)",
    r"(?<!\d)(\d{2})(?!\d)",
)


_SURE_YEARS = 5  # of these patterns: those that find no other number in a sentence


def propose(path: Path) -> Proposal | Guide:
    """A mapping for a file of counts, or, for a file of students, which roster tables it would be.

    Raises InputProblems where the file cannot be read or nothing in it says where a row belongs.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET preserve_insertion_order = true; SET threads = 2")
        seen = look(connection, path)
        students = guide(connection, TABLE, seen.name, seen.profiles, seen.unread)
        return students or _propose(connection, seen)
    finally:
        connection.close()


# --- a file of counts ---


def _propose(connection: duckdb.DuckDBPyConnection, seen: Seen) -> Proposal:
    title = " ".join(word for word in re.split(r"[\s_\-.]+", seen.stem) if word) or "My file"
    plan = plan_units(connection, TABLE, title, seen.roles, seen.profiles)
    if plan is None:
        columns = ", ".join(seen.profiles)[:300]
        todo = "add a column with the id or the name of the school or district, and run it again"
        raise InputProblems.one(
            seen.name, f"no column that says which school a row is of, in {columns}", "such a column", todo
        )
    kept = narrow(connection, TABLE, seen.roles, seen.profiles, plan.columns)
    work = _Proposing(connection, seen, plan, kept, title)
    return work.proposal()


class _Proposing:
    """A file's parts, being put together."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, seen: Seen, plan: UnitPlan, kept: Kept, title: str
    ):
        self.connection, self.seen, self.plan, self.kept, self.title = connection, seen, plan, kept, title
        self.roles = seen.roles
        numbers = [
            name for name, role in self.roles.items() if role.kind == NUMBER and name not in plan.columns
        ]
        self.figures = figures(numbers)
        self.meant = {figure.name: meaning(figure, self._profiles(figure)) for figure in self.figures}
        self.codes: dict[str, list[Line]] = {}
        self.notes: list[str] = []
        self.missing: dict[str, tuple[str, str]] = {}  # word -> (state, confidence)
        self.blurred = self.sizeless = False

    def _profiles(self, figure: Figure) -> list[Profile]:
        return [self.seen.profiles[column] for column in figure.columns.values()]

    def proposal(self) -> Proposal:
        tables, live, unused = [], 0, dict[str, str]()
        parts = self._parts()
        for key, part in parts.items():
            lines, statistics = self._table(key, part, alone=len(parts) == 1)
            live += sum(draft.live for draft in statistics.drafts)
            unused |= statistics.unused
            if statistics.drafts or statistics.count:
                tables.append((key, lines, statistics))
        if not tables:
            key = next(iter(parts), "table")
            lines, statistics = self._table(key, parts.get(key, []), alone=True)
            tables.append((key, lines, statistics))
        table_lines = [line for key, lines, statistics in tables for line in self._students(key, statistics)]
        table_lines += [Line(key, lines) for key, lines, _ in tables]
        proposal = Proposal(
            self.seen.name, _key(self.seen.stem), self._source(table_lines), len(tables), live
        )
        proposal.lines += self._not_used(unused)
        proposal.decisions = [*self._decisions()]
        proposal.notes = self.notes
        return proposal

    # --- tables ---

    def _parts(self) -> dict[str, list[Meant]]:
        """Figures with the same groups in their names are of one table."""
        held: dict[tuple[tuple[str, frozenset[str]], ...], list[Meant]] = {}
        for figure in self.figures:
            words = tuple(
                (mark, frozenset(word.casefold() for word in words)) for mark, words in figure.words.items()
            )
            held.setdefault(words, []).append(self.meant[figure.name])
        base = _key(self.seen.stem)
        names: dict[str, list[Meant]] = {}
        for words, meant in held.items():
            marks = "_".join(mark.strip("{}") for mark, _ in words)
            key = f"by_{marks}" if words else base
            while key in names:
                key += "_2"
            names[key] = meant
        return names

    def _table(self, key: str, meant: list[Meant], *, alone: bool) -> tuple[list[Line], Statistics]:
        context = self._context(key, meant)
        statistics = statistics_of(meant, ratios_of(self.connection, meant), context)
        used = _columns_used(statistics)
        alias = {
            one.name: f"{_noun(one)} {one.name}" for one in meant if one.name in used and _bare(one.name)
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
        lines += self._scale(meant, used, statistics)
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
        period = next((role for role in self.roles.values() if role.kind == PERIOD), None)
        if period:
            yield Line("period", period.column, period.confidence, period.evidence)
        else:
            yield self._year()
        if plan.names:
            yield Line("names", plan.names)

    def _year(self) -> Line:
        for pattern in _YEARS:
            found = re.search(pattern, self.seen.name)
            if found and (year := _school_year("-".join(found.groups()))):
                sure = MEDIUM if len(found[0]) > 2 else LOW
                return Line(
                    "period", {"file": pattern}, sure, f"no column has it; the file's name says {year}"
                )
        for place, text in (
            ("sheet's name", self.seen.sheet or ""),
            *(("title", t) for t in self.seen.titles),
        ):
            for pattern in _YEARS[:_SURE_YEARS]:
                found = re.search(pattern, text)
                if found and (year := _school_year("-".join(found.groups()))):
                    return Line("period", {"is": year}, LOW, f"no column has it; the {place} says {found[0]}")
        note = "The school year is in no column, title or name: write it behind `period:`."
        if note not in self.notes:
            self.notes.append(note)
        return Line("period", {"is": YEAR}, LOW, "no column, no title and not the file's name say it")

    def _groups(self, meant: list[Meant]) -> dict[str, str]:
        """Column or mark -> list of codes; fills the lists."""
        found: dict[str, str] = {}
        for role in self.roles.values():
            if role.kind == GROUP:
                name = _key(role.column)
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

    def _scale(self, meant: list[Meant], used: set[str], statistics: Statistics) -> Iterator[Line]:
        if self.seen.decimal:
            yield Line("decimal", ",", MEDIUM, f"numbers such as {self.seen.decimal}")
        shares = [one for one in meant if one.name in used and one.part == SHARE]
        shares = [one for one in shares if self._is_read(one, statistics, "share")]
        if shares and statistics.percent:
            high = max(profile.high or 0 for one in shares for profile in self._profiles(one.figure))
            yield Line("percent", True, HIGH, f"percentages from 0 to 100; the highest is {high:g}")
        if statistics.decimals is not None:
            yield Line("decimals", statistics.decimals, evidence="places to which percentages are rounded")
        ranges = [
            word
            for one in meant
            if self._is_read(one, statistics, "share") or self._is_read(one, statistics, "total")
            for profile in self._profiles(one.figure)
            for word in profile.ranges
        ]
        if ranges:
            self.blurred = True
            yield Line("blurred", True, HIGH, f"ranges such as {', '.join(dict.fromkeys(ranges))[:60]}")
        for one in meant:
            if one.name in used:
                self._marks(one, is_base=not self._is_read(one, statistics, "share", "total"))

    def _is_read(self, one: Meant, statistics: Statistics, *parts: str) -> bool:
        return any(
            draft.spec.get(part) == one.name for draft in statistics.drafts if draft.live for part in parts
        )

    def _marks(self, one: Meant, *, is_base: bool) -> None:
        """What stands where a number of these columns should be."""
        reserve = recognition().reserve
        for profile in self._profiles(one.figure):
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
                from evenground.sources.proposal.draft import inline

                spec = inline(_aliased(draft.spec, alias))
                yield Line(
                    None, evidence=f"{draft.indicator}: {spec}  # skip, please check: {draft.evidence}"
                )

    def _students(self, key: str, statistics: Statistics) -> Iterator[Line]:
        """A table of the rows with the students, for counts that stand in other rows of the same column."""
        wanted = [draft for draft in statistics.drafts if draft.live and draft.spec.get("over") == "students"]
        if not wanted:
            return
        column, words = self._matters()
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

    # --- what is known beside the numbers ---

    def _context(self, key: str, meant: list[Meant]) -> Context:
        subjects: dict[str, list[str]] = {}
        column = next((role for role in self.roles.values() if role.kind == SUBJECT), None)
        for word, subject in (column.codes if column else {}).items():
            if subject:
                subjects.setdefault(subject, []).append(word)
        about = " ".join(filter(None, (self.seen.stem, self.seen.sheet)))
        level = test_level(about)
        matter_column, matters = self._matters()
        groups = [
            group for role in self.roles.values() if role.kind == GROUP for group in role.codes.values()
        ]
        groups += [g for one in meant for words in one.figure.words.values() for g in words.values()]
        subject = subject_of(about)
        return Context(
            key=key,
            matter=matter_of(about),
            matter_from=f"the file's name `{about}`",
            subject=subject if subject != "other" else None,
            level=level if level in ("proficient", "advanced", "basic") else None,
            subject_column=column.column if column else None,
            subjects=subjects,
            matter_column=matter_column or None,
            matters=matters,
            races=any(group and group.startswith("race_ethnicity") for group in groups),
        )

    def _matters(self) -> tuple[str, dict[str, list[str]]]:
        column = next((role for role in self.roles.values() if role.kind == MATTER), None)
        found: dict[str, list[str]] = {}
        for word, matter in (column.codes if column else {}).items():
            if matter:
                found.setdefault(matter, []).append(word)
        return (column.column if column else ""), found

    # --- the source around the tables ---

    def _source(self, tables: list[Line]) -> list[Line]:
        missing = {word: state for word, (state, _) in sorted(self.missing.items())}
        units = self.plan.remarks.get("units")
        state = self.plan.remarks.get("state")
        remark = units if units and (state is None or units.confidence == LOW) else state or units
        return [
            Line("title", self.title, evidence="as it stands over the review"),
            Line("publisher", "write who published the file", evidence="please check"),
            Line("licence", "write on what terms", evidence="please check"),
            self._policy(),
            Line("source", f"{self.seen.name}; mapping proposed by evenground map"),
            Line("date", date.today()),
            Line(
                "confidence", "unverified-low", evidence="of the mapping: `seen` once somebody has checked it"
            ),
            Line("absent_rows", "unknown", evidence="a group without a row: `unknown`, or `zero` students"),
            Line("missing", [*self._missing_lines(missing)] or {}),
            Line(
                "units",
                self.plan.units,
                remark.confidence if remark else "",
                "; ".join(one.evidence for one in (units, state) if one),
            ),
            *(
                [Line("codes", [Line(name, lines) for name, lines in self.codes.items()])]
                if self.codes
                else []
            ),
            Line("tables", tables),
        ]

    def _policy(self) -> Line:
        """What is hidden: by our own rule, unless the file shows that its publisher did."""
        if self.blurred or any(state == "hidden" for state, _ in self.missing.values()):
            why = "numbers are hidden in the file already; write n10 to hide more"
        elif self.sizeless:
            why = "some numbers come without the number of students behind them, so that n10 could show none"
        else:
            why = "small numbers are hidden; write `published` for a file that is public already"
            return Line("policy", "n10", evidence=why)
        return Line("policy", "published", MEDIUM, why)

    def _missing_lines(self, missing: Mapping[str, str]) -> Iterator[Line]:
        for word, state in missing.items():
            sure = self.missing[word][1]
            why = "an empty cell" if not word else "it stands where a number should be"
            yield Line(word, state, sure, why)

    def _not_used(self, unused: Mapping[str, str]) -> Iterator[Line]:
        """Columns of which nothing is made, each with its reason."""
        lines = []
        for column, why in self.seen.unread.items():
            lines.append(f"{column}: never read ({why})")
        mentioned = {*self.plan.columns, *self.plan.names.values(), *self.kept.keep}
        spread = {one.name: ", ".join(one.figure.columns.values()) for one in self.meant.values()}
        unused = {spread.get(name, name): why for name, why in unused.items()}
        for name, role in self.roles.items():
            if role.kind == OTHER and name not in mentioned:
                lines.append(f"{name}: skip  # {self.kept.dropped.get(name, role.evidence)}")
            elif role.kind in (UNIT_ID, UNIT_NAME) and name not in mentioned:
                lines.append(f"{name}: skip  # {role.kind} of the {role.level}; other columns say it")
        lines += [f"{name}: skip  # {why}" for name, why in unused.items()]
        if lines:
            yield Line(None, evidence="Columns that are not used:")
            yield from (Line(None, evidence=f"  {line}") for line in lines)

    def _decisions(self) -> Iterator[tuple[str, str, str, str]]:
        for name, role in self.roles.items():
            yield name, f"{role.kind} {role.level}".strip(), role.confidence, role.evidence


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


def _columns_used(statistics: Statistics) -> set[str]:
    used = {statistics.count} if statistics.count else set()
    for draft in statistics.drafts:
        for part in ("n", "total", "share", "mean", "each", "per"):
            if isinstance(draft.spec.get(part), str):
                used.add(draft.spec[part])
    return used


def _aliased(spec: Mapping[str, Any], alias: Mapping[str, str]) -> dict[str, Any]:
    return {
        part: alias.get(value, value) if isinstance(value, str) else value for part, value in spec.items()
    }


def _bare(name: str) -> bool:
    return name.startswith("{") and name.endswith("}") and name.count("{") == 1


def _noun(one: Meant) -> str:
    return "share of" if one.part == SHARE else "students"


def _school_year(word: str) -> str | None:
    try:
        return parse_period(f"20{word}" if len(word) == 2 else word)
    except ValueError:
        return None


def _key(text: str) -> str:
    """A name as keys are written."""
    key = "_".join(small_words(text)) or "my_file"
    key = re.sub(r"[^a-z0-9_]", "", key)
    return key if key[:1].isalpha() else f"file_{key}"

"""What is known of a table besides the names of its columns of numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evenground.sources.proposal.columns import GROUP, MATTER, SUBJECT, Role
from evenground.sources.proposal.groups import MEDIUM
from evenground.sources.proposal.matter import matter_of, subject_of, test_level
from evenground.sources.proposal.meant import Meant
from evenground.sources.proposal.seen import Seen

Target = tuple[str, dict[str, Any], str, str]
"""(indicator, where, confidence, evidence): what a figure is taken for, of which rows."""


@dataclass(frozen=True)
class Context:
    """What is known besides the names of columns. `matter` and `subject` from the file's name or title,
    `subjects` word -> subject of a column; `races`: whether the groups have races; `key` of the table."""

    key: str
    matter: str | None = None
    matter_from: str = ""
    subject: str | None = None
    level: str | None = None
    subject_column: str | None = None
    subjects: Mapping[str, Sequence[str]] = field(default_factory=dict)
    matter_column: str | None = None
    matters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    races: bool = False

    def targets(self, done: Collection[str]) -> list[Target]:
        """Of a figure whose name does not tell its matter: from another column or the file's name."""
        if self.matters:
            column = str(self.matter_column)
            return [
                (indicator, {column: list(words)}, MEDIUM, f"rows {these(words)} of `{column}`")
                for indicator, words in self.matters.items()
                if indicator != "everybody"
            ]
        if self.level and (self.subjects or self.subject):
            if self.subjects:
                column = str(self.subject_column)
                return [
                    (
                        f"{subject}_{self.level}",
                        {column: list(words)},
                        MEDIUM,
                        f"{self.matter_from}, {these(words)}",
                    )
                    for subject, words in self.subjects.items()
                ]
            return [(f"{self.subject}_{self.level}", {}, MEDIUM, self.matter_from)]
        if self.matter and self.matter not in done:
            return [(self.matter, {}, MEDIUM, self.matter_from)]
        return []


def context_of(key: str, meant: Sequence[Meant], seen: Seen) -> Context:
    """What is known of a table of these figures."""
    subjects: dict[str, list[str]] = {}
    column = next((role for role in seen.roles.values() if role.kind == SUBJECT), None)
    for word, subject in (column.codes if column else {}).items():
        if subject:
            subjects.setdefault(subject, []).append(word)
    about = " ".join(filter(None, (seen.stem, seen.sheet)))
    level = test_level(about)
    matter_column, matters = matters_of(seen.roles)
    groups = [group for role in seen.roles.values() if role.kind == GROUP for group in role.codes.values()]
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


def matters_of(roles: Mapping[str, Role]) -> tuple[str, dict[str, list[str]]]:
    """The column that says what a row counts, and of each matter its words; empty where there is none."""
    column = next((role for role in roles.values() if role.kind == MATTER), None)
    found: dict[str, list[str]] = {}
    for word, matter in (column.codes if column else {}).items():
        if matter:
            found.setdefault(matter, []).append(word)
    return (column.column if column else ""), found


def these(words: Sequence[str]) -> str:
    return ", ".join(repr(word) for word in words)

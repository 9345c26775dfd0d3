"""Columns that split rows although they are no student group: one of their words is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from evenground.engine import quoted
from evenground.model import ALL, group_dimensions
from evenground.sources.proposal.columns import GROUP, LEVEL, MATTER, OTHER, PERIOD, SUBJECT, Role
from evenground.sources.proposal.groups import LOW, MEDIUM
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.words import Phrases

_WORDS = 60
_AGES = {"grade", "grade_band"}


@dataclass
class Kept:
    """`keep`: column -> (words of the rows that are read, confidence, evidence); `dropped`: column that
    looked like groups -> why it is none."""

    keep: dict[str, tuple[tuple[str, ...], str, str]] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)


def narrow(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    roles: dict[str, Role],
    profiles: Mapping[str, Profile],
    unit: Sequence[str],
) -> Kept:
    """Leaves group columns that say nothing new (they change `roles`), and finds columns that split rows."""
    kept = Kept()
    look = _Look(connection, table, unit)
    for name in [name for name, role in roles.items() if role.kind == GROUP]:
        why = _says_nothing(look, name, roles)
        if why:
            kept.dropped[name] = why
            roles[name] = Role(name, OTHER, MEDIUM, why)
    keys = [
        *unit,
        *(name for name, role in roles.items() if role.kind in (PERIOD, GROUP, SUBJECT, MATTER, LEVEL)),
    ]
    rows, apart = look.rows(), look.apart(keys)
    while rows - apart > rows * recognition().limit("same_rows"):
        choices = [
            (look.apart([*keys, name]), -profiles[name].distinct, name)
            for name, role in roles.items()
            if role.kind == OTHER and 1 < profiles[name].distinct <= _WORDS and name not in keys
        ]
        best = max(choices, default=(apart, 0, ""))
        if best[0] <= apart:
            break
        apart, _, name = best
        keys.append(name)
        kept.keep[name] = _chosen(profiles[name])
    return kept


def _chosen(profile: Profile) -> tuple[tuple[str, ...], str, str]:
    totals = [word for word in profile.words if Phrases(recognition().totals).is_all(word)]
    words = ", ".join(repr(word) for word in [*profile.words][:6])
    if totals:
        return (totals[0],), MEDIUM, f"rows are told apart by {words}; the total is read"
    first = next(iter(profile.words))
    return (first,), LOW, f"rows are told apart by {words}; choose which are read"


def _says_nothing(look: _Look, name: str, roles: Mapping[str, Role]) -> str:
    groups = [group for group in roles[name].codes.values() if group and group != ALL]
    dimensions = {dimension for group in groups for dimension in group_dimensions(group)}
    if dimensions <= _AGES and look.apart([*look.unit, name]) == look.apart(look.unit):
        return "it says what kind of school it is, not which students are counted"
    for other, role in roles.items():
        if other != name and role.kind == GROUP:
            both, mine, theirs = look.apart([name, other]), look.apart([name]), look.apart([other])
            known = sum(1 for code in roles[name].codes.values() if code)
            theirs_known = sum(1 for code in role.codes.values() if code)
            if both == mine == theirs and (known, other) < (theirs_known, name):
                return f"it says the same as `{other}`"
    return ""


class _Look:
    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, unit: Sequence[str]):
        self.connection, self.table, self.unit = connection, table, list(unit)
        self.held = " OR ".join(f"TRIM(COALESCE({quoted(column)}, '')) <> ''" for column in unit)

    def rows(self) -> int:
        return self._one(f"SELECT COUNT(*) FROM {self.table} WHERE {self.held}")

    def apart(self, columns: Sequence[str]) -> int:
        """How many different rows these columns tell apart."""
        names = ", ".join(f"COALESCE({quoted(column)}, '')" for column in columns)
        return self._one(
            f"SELECT COUNT(*) FROM (SELECT DISTINCT {names} FROM {self.table} WHERE {self.held})"
        )

    def _one(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])

"""A file that is asked how it tells its units apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from evenground.engine import literal, quoted
from evenground.sources.proposal.columns import LEVEL, UNIT_ID, UNIT_NAME, Role
from evenground.sources.proposal.profile import Profile
from evenground.sources.published.states import states_by

_SEPARATORS = ("/", " / ", " | ", " :: ")


class Lookup:
    """The columns of a file by what they are, and its rows to be asked."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        title: str,
        roles: Mapping[str, Role],
        profiles: Mapping[str, Profile],
    ):
        self.connection, self.table, self.title = connection, table, title
        self.roles, self.profiles = roles, profiles
        self.level = next((role for role in roles.values() if role.kind == LEVEL), None)

    def held(self, kind: str) -> dict[str, Role]:
        """Level -> its first column of that kind; of ids, one without gaps before one with."""
        found: dict[str, Role] = {}
        for role in self.roles.values():
            if role.kind == kind and role.level not in found and self._usable(role):
                found[role.level] = role
        return found

    def _usable(self, role: Role) -> bool:
        profile = self.profiles[role.column]
        return role.kind == UNIT_NAME or profile.filled >= profile.rows * 0.5

    def state_column(self) -> Role | None:
        for kind in (UNIT_ID, UNIT_NAME):
            role = self.held(kind).get("state")
            if role and self.way(role):
                return role
        return None

    def way(self, role: Role) -> str | None:
        """How the states are written: postal, fips or name."""
        words = {word.casefold() for word in self.profiles[role.column].words}
        for way in ("postal", "name", "fips"):
            if words and words <= {word.casefold() for word in states_by(way)}:
                return way
        return None

    def many_states(self, role: Role) -> bool:
        return len(self.profiles[role.column].words) > 1

    def separator(self, columns: list[str]) -> str:
        """A sign that none of the words has."""
        for sign in _SEPARATORS:
            found = " OR ".join(f"CONTAINS({text(column)}, {literal(sign)})" for column in columns)
            if not self.one(f"SELECT COUNT(*) FROM {quoted(self.table)} WHERE {found}"):
                return sign
        return " ::: "

    def share(self, condition: str, where: str = "TRUE") -> float:
        return float(
            self.one(
                f"SELECT COALESCE(AVG(IF({condition}, 1.0, 0.0)), 0) FROM {quoted(self.table)} WHERE {where}"
            )
        )

    def one(self, query: str) -> Any:
        return self.connection.execute(query).fetchall()[0][0]


def codes_of_states() -> str:
    return ", ".join(literal(code) for code in states_by("fips"))


def text(column: str, pad: int | None = None) -> str:
    word = f"TRIM(COALESCE({quoted(column)}, ''))"
    return f"IF(LENGTH({word}) BETWEEN 1 AND {pad - 1}, LPAD({word}, {pad}, '0'), {word})" if pad else word

"""How a file says which school, district or state a row is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from evenground.sources.proposal.columns import LEVEL, UNIT_ID, UNIT_NAME, Role
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import Shape, recognition
from evenground.sources.proposal.words import Phrases
from evenground.sources.published.states import states_by

_SEPARATORS = ("/", " / ", " | ", " :: ")


@dataclass(frozen=True)
class Remark:
    """How sure a decision is and what it rests on."""

    confidence: str
    evidence: str


@dataclass
class UnitPlan:
    """The lines of a mapping that say where a unit is: `unit`, `level`, `names` of a table, `units` of the
    source and the key under `files`; and why."""

    unit: Any
    files: str
    units: dict[str, Any]
    level: dict[str, Any] | None = None
    names: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)  # unit, level, units
    columns: tuple[str, ...] = ()


def plan_units(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    title: str,
    roles: Mapping[str, Role],
    profiles: Mapping[str, Profile],
) -> UnitPlan | None:
    """The best way to tell units apart; None where no column does."""
    look = _Look(connection, table, title, roles, profiles)
    ids = look.held(UNIT_ID)
    if "any" in ids:
        return look.whole(ids["any"])
    if "school" in ids and "district" in ids:
        return look.two(ids)
    for level in ("school", "district"):
        if level in ids:
            return look.whole(ids[level])
    names = look.held(UNIT_NAME)
    if "school" in names or "district" in names or "any" in names:
        return look.named(names)
    if "state" in ids or "state" in names:
        return look.states({**names, **ids}["state"])
    return None


class _Look:
    """The file, while its units are looked for."""

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

    # --- one column holds the whole id ---

    def whole(self, role: Role) -> UnitPlan:
        """Ids of one column: of schools, of districts, or of several levels."""
        column, profile = role.column, self.profiles[role.column]
        names = self.held(UNIT_NAME)
        longest = max(profile.lengths)
        shape = self._shape(role, longest)
        plan = UnitPlan(column, "school", {}, columns=(column,))
        plan.remarks["unit"] = Remark(role.confidence, role.evidence)
        pad = self._lost_zeros(profile, shape)
        if pad:
            plan.unit = {"join": [column], "pad": [pad]}
            longest = pad
            plan.remarks["unit"] = Remark(MEDIUM, f"{role.evidence}; shorter ones have lost their zeros")
        prefix, why = self._prefix(column, pad, longest, shape, names)
        only_districts = role.level == "district" or (
            role.level != "any" and "school" not in names and "district" in names and prefix is None
        )
        if only_districts and self.level is None:
            plan.files = "district"
            same = len(profile.lengths) == 1 or pad
            plan.units = {"district_digits": longest} if same else {"separator": self._separator([column])}
            plan.remarks["units"] = Remark(HIGH if same else MEDIUM, f"{why or 'a row is a district'}")
        elif prefix:
            plan.units = {"district_digits": prefix, "school_digits": longest}
            sure = HIGH if shape or why.startswith("the first") else LOW
            plan.remarks["units"] = Remark(sure, why)
        else:
            plan.units = {"district": {"id": "all", "name": self.title}}
            why = "no column says which district a school is in; all are put into one"
            plan.remarks["units"] = Remark(LOW, why)
        self._state(plan, shape)
        self._levels(plan, column, pad, prefix, longest, shape)
        self._names(plan, names)
        return plan

    def _shape(self, role: Role, longest: int) -> Shape | None:
        """A known build of ids, where the column's name says so and the length is right."""
        return next(
            (
                shape
                for shape in recognition().units.shapes.values()
                if shape.digits == longest
                and (Phrases(shape.words).within(role.column) or self._fits_states(role.column, shape))
            ),
            None,
        )

    def _fits_states(self, column: str, shape: Shape) -> bool:
        """Federal ids begin with the state's code."""
        if shape.state is not None:
            return False
        codes = ", ".join(f"'{code}'" for code in states_by("fips"))
        return self._share(f"LEFT({_text(column)}, 2) IN ({codes})") == 1 and self._state_column() is not None

    def _lost_zeros(self, profile: Profile, shape: Shape | None) -> int | None:
        """The length that ids should have, where some are one or two digits short."""
        lengths = sorted(profile.lengths)
        if not profile.digits or len(lengths) < 2 or lengths[-1] - lengths[0] > 1 or self.level:
            return None
        return lengths[-1]

    def _prefix(
        self, column: str, pad: int | None, longest: int, shape: Shape | None, names: Mapping[str, Role]
    ) -> tuple[int | None, str]:
        """How many characters of a school's id are its district's, and how that was found."""
        if shape:
            return shape.district, shape.meaning
        district = names.get("district") or self.held(UNIT_ID).get("district")
        if district is None:
            return None, ""
        word, name = _text(column, pad), _text(district.column)
        rows = f"{word} <> '' AND {name} <> '' AND LENGTH({word}) = {longest}"
        many = self._one(f"SELECT COUNT(DISTINCT {name}) FROM {_quoted(self.table)} WHERE {rows}")
        if many < 2:
            return None, "all rows are of one district"
        for digits in range(2, longest):
            kept = self._one(f"""
                SELECT COALESCE(SUM(best) / SUM(every), 0) FROM (
                    SELECT part, MAX(n) AS best, SUM(n) AS every FROM (
                        SELECT LEFT({word}, {digits}) AS part, {name} AS name, COUNT(*) AS n
                        FROM {_quoted(self.table)} WHERE {rows} GROUP BY ALL) GROUP BY part)""")
            parts = self._one(
                f"SELECT COUNT(DISTINCT LEFT({word}, {digits})) FROM {_quoted(self.table)} WHERE {rows}"
            )
            if kept >= recognition().limit("shared_prefix"):
                if parts > many * 1.5:
                    return None, ""
                found = f"the first {digits} characters go with one `{district.column}` each"
                return digits, found
        return None, ""

    # --- district and school in two columns ---

    def two(self, ids: Mapping[str, Role]) -> UnitPlan:
        district, school = ids["district"].column, ids["school"].column
        begins = self._share(
            f"STARTS_WITH({_text(school)}, {_text(district)})",
            f"{_text(district)} <> '' AND {_text(school)} <> ''",
        )
        names = self.held(UNIT_NAME)
        lengths = self.profiles[district].lengths
        if begins == 1 and len(lengths) == 1:
            digits, shape = max(lengths), self._shape(ids["school"], max(self.profiles[school].lengths))
            longest = max(self.profiles[school].lengths)
            plan = UnitPlan(school, "school", {"district_digits": digits}, columns=(school, district))
            if len(self.profiles[school].lengths) == 1:
                plan.units["school_digits"] = longest
            plan.remarks["unit"] = Remark(HIGH, f"{ids['school'].evidence}; it begins with `{district}`")
            plan.remarks["units"] = Remark(HIGH, f"every `{school}` begins with its `{district}`")
            self._state(plan, shape)
            self._levels(plan, school, None, digits, longest, shape)
            self._names(plan, names)
            return plan
        columns = [ids[level].column for level in ("county", "district", "school") if level in ids]
        sizes = [max(self.profiles[column].lengths) for column in columns]
        shape = next(
            (
                shape
                for shape in recognition().units.shapes.values()
                if shape.digits == sum(sizes) and shape.state
            ),
            None,
        )
        if shape is None and "county" in ids:
            columns, sizes = columns[1:], sizes[1:]
        if all(self.profiles[column].digits for column in columns) or shape:
            plan = UnitPlan(
                {"join": columns, "pad": sizes},
                "school",
                {"district_digits": sum(sizes[:-1]), "school_digits": sum(sizes)},
                columns=tuple(columns),
            )
            why = f"{len(columns)} columns of ids, with zeros in front to {', '.join(map(str, sizes))} digits"
            plan.remarks["unit"] = Remark(HIGH if shape else MEDIUM, why)
            plan.remarks["units"] = Remark(HIGH, shape.meaning if shape else "the lengths of the ids")
        else:
            by = self._separator(columns)
            plan = UnitPlan({"join": columns, "by": by}, "school", {"separator": by}, columns=tuple(columns))
            plan.remarks["unit"] = Remark(MEDIUM, "two columns of ids, put together as they stand")
            plan.remarks["units"] = Remark(MEDIUM, "the district is what stands before the sign")
        self._state(plan, shape)
        if self.level:
            self._level_column(plan, joined=True)
        self._names(plan, names)
        return plan

    # --- names instead of ids ---

    def named(self, names: Mapping[str, Role]) -> UnitPlan:
        """Units that have no ids are told apart by their names."""
        state = self._state_column()
        order = [names.get("district"), names.get("school") or names.get("any")]
        columns = [role.column for role in order if role]
        level = "school" if order[1] else "district"
        if state and len(columns) and self._many_states(state):
            columns = [state.column, *columns]
        by = self._separator(columns)
        plan = UnitPlan(
            {"join": columns, "by": by} if len(columns) > 1 else columns[0], level, {}, columns=tuple(columns)
        )
        evidence = "there is no column of ids; names tell the places apart"
        plan.remarks["unit"] = Remark(MEDIUM, evidence)
        if level == "school" and order[0] is None:
            plan.units = {"district": {"id": "all", "name": self.title}}
            plan.remarks["units"] = Remark(LOW, "no column names the district; all schools are put into one")
        else:
            plan.units = {"separator": by}
            plan.remarks["units"] = Remark(MEDIUM, "the district is what stands before the last sign")
        if state and state.column in columns:
            plan.units["states"] = self._way(state)
        else:
            self._state(plan, None)
        if order[1]:
            plan.names["school"] = order[1].column
        if order[0]:
            plan.names["district"] = order[0].column
        if self.level:
            self._level_column(plan, joined=len(columns) > 1)
        return plan

    def states(self, role: Role) -> UnitPlan | None:
        """A file with a row a state."""
        way = self._way(role)
        if way is None:
            return None
        plan = UnitPlan(role.column, "state", {"states": way, "separator": "/"}, columns=(role.column,))
        plan.remarks["unit"] = Remark(HIGH, f"{role.evidence}; names of states")
        plan.remarks["units"] = Remark(HIGH, "every row is a state")
        return plan

    # --- the state, the levels, the names ---

    def _state_column(self) -> Role | None:
        for kind in (UNIT_ID, UNIT_NAME):
            role = self.held(kind).get("state")
            if role and self._way(role):
                return role
        return None

    def _way(self, role: Role) -> str | None:
        """How the states are written: postal, fips or name."""
        words = {word.casefold() for word in self.profiles[role.column].words}
        for way in ("postal", "name", "fips"):
            if words and words <= {word.casefold() for word in states_by(way)}:
                return way
        return None

    def _many_states(self, role: Role) -> bool:
        return len(self.profiles[role.column].words) > 1

    def _state(self, plan: UnitPlan, shape: Shape | None) -> None:
        """The state of all districts, where the ids or a column say it."""
        role = self._state_column()
        if shape and shape.state:
            plan.units["state"] = {"id": shape.state, "name": shape.title}
        elif role is not None and self._many_states(role):
            digits = plan.units.get("district_digits")
            pad = (
                plan.unit["pad"][0]
                if isinstance(plan.unit, dict) and len(plan.unit.get("pad", ())) == 1
                else None
            )
            if digits and self._share(f"LEFT({_text(plan.columns[0], pad)}, 2) IN ({_codes()})") == 1:
                plan.units |= {"states": "fips", "state_digits": 2}
        elif role is not None:
            word = next(iter(self.profiles[role.column].words))
            known = {key.casefold(): value for key, value in states_by(self._way(role)).items()}  # type: ignore[arg-type]
            postal = known[word.casefold()]
            name = {postal: name for name, postal in states_by("name").items()}[postal]
            plan.units["state"] = {"id": postal, "name": name}

    def _levels(
        self,
        plan: UnitPlan,
        column: str,
        pad: int | None,
        prefix: int | None,
        longest: int,
        shape: Shape | None,
    ) -> None:
        """Which rows are of which level: a column says it, or the build of the ids."""
        if self.level:
            self._level_column(plan, joined=False)
            return
        patterns: dict[str, str] = {}
        rest = longest - (prefix or 0)
        word = _text(column, pad)
        every = self._one(f"SELECT COUNT(*) FROM {_quoted(self.table)} WHERE {word} <> ''")
        known = [(f"0{{{longest}}}", "state")]
        if prefix:
            known += [(rf"\d{{2}}0{{{longest - 2}}}", "skip")] if shape and shape.state else []
            known += [(f".{{{prefix}}}0{{{rest}}}", "district"), (f".{{{prefix}}}", "district")]
        known.append((f".{{{longest}}}", "school" if prefix else plan.files))
        left = "TRUE"
        for pattern, level in known:
            fits = f"REGEXP_FULL_MATCH({word}, '{pattern}')"
            many = self._one(
                f"SELECT COUNT(*) FROM {_quoted(self.table)} WHERE {word} <> '' AND {left} AND {fits}"
            )
            if many:
                patterns[pattern] = level
                every -= many
            left += f" AND NOT {fits}"
        if len(set(patterns.values())) < 2:
            only = next(iter(patterns.values()), plan.files)
            plan.files = only if only != "skip" else plan.files
            return
        if every:
            patterns[".*"] = "skip"
        plan.files, plan.level = "any", {"unit": patterns}
        plan.remarks["level"] = Remark(HIGH if shape else MEDIUM, "the build of the ids")
        self._needs_state(plan, patterns)

    def _level_column(self, plan: UnitPlan, *, joined: bool) -> None:
        assert self.level is not None
        words = {word: level or "skip" for word, level in self.level.codes.items()}
        by_names = joined and isinstance(plan.unit, dict) and "by" in plan.unit
        if by_names:  # a row of a district has no school to put behind the sign
            words = {word: level if level == "school" else "skip" for word, level in words.items()}
        plan.level = {"column": self.level.column, "words": words}
        plan.files = "any"
        why = f"{self.level.evidence}{'; only rows of schools are read' if by_names else ''}"
        plan.remarks["level"] = Remark(LOW if by_names else self.level.confidence, why)
        self._needs_state(plan, words)

    def _needs_state(self, plan: UnitPlan, levels: Mapping[str, str]) -> None:
        """Rows of a state need to be told which it is."""
        if "state" not in levels.values():
            return
        if "state" not in plan.units and "states" not in plan.units:
            plan.units["state"] = {"id": "state", "name": self.title}
            plan.remarks["state"] = Remark(LOW, "which state it is, no column says")
        code = self._code_of_state(plan, levels)
        if code and "state" in plan.units:
            plan.units["state"] = {"code": code, **plan.units["state"]}

    def _code_of_state(self, plan: UnitPlan, levels: Mapping[str, str]) -> str | None:
        """The id that the rows of the state have."""
        if not isinstance(plan.unit, str):
            return None
        word = _text(plan.unit)
        if plan.level and "column" in plan.level:
            words = ", ".join(_literal(word) for word, level in levels.items() if level == "state")
            where = f"{_text(plan.level['column'])} IN ({words})"
        else:
            pattern = next(pattern for pattern, level in levels.items() if level == "state")
            where = f"REGEXP_FULL_MATCH({word}, '{pattern}')"
        rows = self.connection.execute(
            f"SELECT DISTINCT {word} FROM {_quoted(self.table)} WHERE {where} LIMIT 2"
        ).fetchall()
        return str(rows[0][0]) if len(rows) == 1 and rows[0][0] else None

    def _names(self, plan: UnitPlan, names: Mapping[str, Role]) -> None:
        for level in ("school", "district"):
            if level in names and not (level == "school" and plan.files == "district"):
                plan.names[level] = names[level].column
        if "any" in names and not plan.names:
            plan.names["school" if plan.files != "district" else "district"] = names["any"].column

    def _separator(self, columns: list[str]) -> str:
        """A sign that none of the words has."""
        for sign in _SEPARATORS:
            found = " OR ".join(f"CONTAINS({_text(column)}, {_literal(sign)})" for column in columns)
            if not self._one(f"SELECT COUNT(*) FROM {_quoted(self.table)} WHERE {found}"):
                return sign
        return " ::: "

    def _share(self, condition: str, where: str = "TRUE") -> float:
        return float(
            self._one(
                f"SELECT COALESCE(AVG(IF({condition}, 1.0, 0.0)), 0) FROM {_quoted(self.table)} WHERE {where}"
            )
        )

    def _one(self, query: str) -> Any:
        return self.connection.execute(query).fetchall()[0][0]


def _codes() -> str:
    return ", ".join(_literal(code) for code in states_by("fips"))


def _text(column: str, pad: int | None = None) -> str:
    word = f"TRIM(COALESCE({_quoted(column)}, ''))"
    return f"IF(LENGTH({word}) BETWEEN 1 AND {pad - 1}, LPAD({word}, {pad}, '0'), {word})" if pad else word


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"

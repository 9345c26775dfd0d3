"""A file with one row a student: which roster tables it would be, said without showing a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from evenground.model import parse_group
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM, match_words
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.words import Phrases
from evenground.sources.roster.format import Format, Table, column_key, roster_format

_COMMON = ("student_id", "school_id", "school_year", "cohort_year", "subject")
_ALWAYS = ("students", "enrollments")


@dataclass(frozen=True)
class Place:
    """A roster column and the file's column for it; None where the file has none."""

    column: str
    required: bool
    found: str | None
    confidence: str
    note: str


@dataclass(frozen=True)
class Part:
    """One roster file that the file would be."""

    table: str
    grain: str
    places: tuple[Place, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(place.column for place in self.places if place.required and place.found is None)


@dataclass(frozen=True)
class Guide:
    """What a file of students would be. It holds names of columns and counts, never a student's value."""

    file: str
    rows: int
    students: int
    parts: tuple[Part, ...]
    unread: Mapping[str, str]
    unused: tuple[str, ...] = field(default=())


def guide(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    file: str,
    profiles: Mapping[str, Profile],
    unread: Mapping[str, str],
) -> Guide | None:
    """The guide for a file of students; None for a file of anything else."""
    identity = _student_id(profiles, unread)
    if identity is None and "personal" not in unread.values():
        return None
    form = roster_format()
    found = _found(profiles, form)
    if identity:
        found["student_id"] = (identity, HIGH, "")
    rows = next(iter(profiles.values())).rows if profiles else 0
    races = _races(profiles)
    parts = tuple(
        _part(name, entry, found, races)
        for name, entry in form.tables.items()
        if _is_here(name, entry, found)
    )
    used = {column for column, _, _ in found.values()} | set(races.values())
    kept = tuple(name for name in profiles if name not in used)
    students = profiles[identity].distinct if identity else rows
    return Guide(file, rows, students, parts, dict(unread), kept)


def _student_id(profiles: Mapping[str, Profile], unread: Mapping[str, str]) -> str | None:
    """The column with ids of students: by its name, and nearly as many ids as rows of a year."""
    names = Phrases(recognition().records["student_id"])
    for name, profile in profiles.items():
        if names.is_all(name) or column_key(name) == "student_id":
            several = profile.filled / max(profile.distinct, 1)
            if profile.distinct > 1 and (several < 40 or "personal" in unread.values()):
                return name
    return None


def _found(profiles: Mapping[str, Profile], form: Format) -> dict[str, tuple[str, str, str]]:
    """Roster column -> (the file's column, confidence, note)."""
    found: dict[str, tuple[str, str, str]] = {}
    names = {name for table in form.tables.values() for name in table.columns}
    for name in profiles:
        key = column_key(name)
        if key in names:
            found.setdefault(key, (name, HIGH, ""))
    taken = {column for column, _, _ in found.values()}
    for key, phrases in recognition().records.items():
        known = Phrases(phrases)
        for name in profiles:
            if key not in found and name not in taken and known.is_all(name):
                found[key] = (name, MEDIUM, "")
                taken.add(name)
    return found


def _races(profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Roster flag -> the one column whose words are races; its words become one flag each."""
    known = recognition()
    for name, profile in profiles.items():
        if not profile.words or (profile.is_number and profile.numbers):
            continue
        matches, _ = match_words(name, tuple(profile.words))
        values = {
            parse_group(match.group)[0][1]
            for match in matches.values()
            if match and match.group.startswith("race")
        }
        least = 1 if Phrases(known.groups["race_ethnicity"].columns).within(name) else 3
        if len(values) >= least and 2 * sum(1 for match in matches.values() if match) >= len(matches):
            return {known.race_flags.get(value, value): name for value in sorted(values)}
    return {}


def _is_here(name: str, entry: Table, found: Mapping[str, object]) -> bool:
    if name in _ALWAYS:
        return True
    own = [column for column, shape in entry.columns.items() if column not in _COMMON]
    needed = [column for column, shape in entry.columns.items() if shape.required and column not in _COMMON]
    return any(column in found for column in own) and all(column in found for column in needed)


def _part(
    name: str, entry: Table, found: Mapping[str, tuple[str, str, str]], races: Mapping[str, str]
) -> Part:
    places = []
    for column, shape in entry.columns.items():
        if column in found:
            given, sure, note = found[column]
            places.append(Place(column, shape.required, given, sure, note))
        elif column in races:
            note = f"yes where `{races[column]}` says so, no elsewhere"
            places.append(Place(column, shape.required, races[column], MEDIUM, note))
        else:
            places.append(Place(column, shape.required, None, LOW, ""))
    return Part(name, entry.grain, tuple(places))

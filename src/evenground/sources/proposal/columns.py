"""What each column of a file is: school year, level, unit, student group, subject, matter or number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evenground.model import parse_period
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM, Match, match_words
from evenground.sources.proposal.matter import matter_of
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import recognition
from evenground.sources.proposal.words import Phrases, small_words
from evenground.sources.roster.format import roster_format

PROTECTED, PERSONAL, PERIOD, LEVEL, UNIT_ID, UNIT_NAME = (
    "protected",
    "personal",
    "school year",
    "level",
    "id",
    "name",
)
GROUP, SUBJECT, MATTER, NUMBER, OTHER = "student group", "subject", "indicator", "number", "not used"
_FEW = 12  # a column of levels has no more words


@dataclass(frozen=True)
class Role:
    """What a column is, how sure that is and what it was seen by. `level` of ids and names of units;
    `codes` word -> what it stands for; None for a word that is left out."""

    column: str
    kind: str
    confidence: str
    evidence: str
    level: str = ""
    codes: Mapping[str, str | None] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()  # words whose meaning somebody should check
    how: str = ""  # what the words were recognised by


def is_protected(name: str) -> bool:
    """A column whose values are never read."""
    return roster_format().protects(name) is not None


def is_personal(name: str) -> bool:
    """A column about one person, such as a birth date: never read either."""
    words = small_words(name)
    return Phrases(recognition().personal).has(words) or words[:2] == ("student", "name")


def roles(profiles: Mapping[str, Profile]) -> dict[str, Role]:
    """The role of every column, each looked at by itself."""
    found = {name: _role(profile) for name, profile in profiles.items()}
    periods = [role for role in found.values() if role.kind == PERIOD]
    if len(periods) > 1:
        kept = min(periods, key=lambda role: (role.confidence != HIGH, [*found].index(role.column)))
        for role in periods:
            if role is not kept:
                evidence = f"a second column of school years; `{kept.column}` is used"
                found[role.column] = Role(role.column, OTHER, MEDIUM, evidence)
    return found


def _role(profile: Profile) -> Role:
    if profile.filled == 0:
        return Role(profile.name, OTHER, HIGH, "it is empty")
    for recognise in (_period, _level, _unit, _subject, _group, _matter, _number):
        role = recognise(profile)
        if role is not None:
            return role
    return Role(profile.name, OTHER, LOW, "nothing in its name or its words is known")


def _period(profile: Profile) -> Role | None:
    named = Phrases(recognition().period).within(profile.name)
    if not profile.words or profile.distinct > 80:
        return None
    try:
        years = sorted({parse_period(word) for word in profile.words})
    except ValueError:
        return None
    spans = all(any(mark in word for mark in "-/–") for word in profile.words)
    if not spans and not named:
        return None
    many = f"{years[0]} to {years[-1]}" if len(years) > 1 else years[0]
    counted = "one school year" if len(years) == 1 else f"{len(years)} school years"
    evidence = f"{'its name and ' if named else ''}{counted}, {many}"
    return Role(profile.name, PERIOD, HIGH if named else MEDIUM, evidence)


def _level(profile: Profile) -> Role | None:
    known = recognition().level
    if profile.distinct > _FEW or not profile.words:
        return None
    named = Phrases(known.names).is_all(profile.name)
    codes: dict[str, str | None] = {}
    for word in profile.words:
        bare = " ".join(small_words(word))
        level = next((level for level, words in known.words.items() if bare in words), None)
        if level is None and named and bare in known.x_is_state:
            level = "state"
        codes[word] = level
    sure = [word for word, level in codes.items() if level]
    by_words = all(len(word.strip()) > 2 for word in sure)
    told = {level for level in codes.values() if level and level != "skip"}
    if len(sure) < len(codes) * 0.6 or not told or not (named or (by_words and len(told) > 1)):
        return None
    confidence = HIGH if named and len(sure) == len(codes) else MEDIUM
    evidence = f"{'its name and ' if named else ''}its words {', '.join(sorted(codes))}"
    unsure = frozenset(word for word, level in codes.items() if level is None)
    return Role(profile.name, LEVEL, confidence, evidence, codes=codes, unsure=unsure)


def _unit(profile: Profile) -> Role | None:
    level, kind = unit_of_name(profile.name)
    if not level:
        return None
    looks = UNIT_NAME if profile.letters > profile.filled / 2 and not _codelike(profile) else UNIT_ID
    if kind and kind != looks and kind == UNIT_NAME and not profile.letters:
        return None
    if not kind and looks == UNIT_ID and profile.is_number and profile.whole < profile.numbers:
        return None
    sure = kind or looks
    lengths = ", ".join(str(length) for length in sorted(profile.lengths)[:4])
    size = f", {lengths} characters" if sure == UNIT_ID and len(profile.lengths) <= 4 else ""
    evidence = f"its name; {profile.distinct:,} different {'ids' if sure == UNIT_ID else 'names'}{size}"
    return Role(profile.name, sure, HIGH if kind == looks else MEDIUM, evidence, level)


def _codelike(profile: Profile) -> bool:
    """Ids may hold letters too: words without blanks, all of one length."""
    return len(profile.lengths) == 1 and not any(" " in word for word in profile.examples)


def unit_of_name(name: str) -> tuple[str, str]:
    """(school, district, state, county or any, id or name) by a column's name alone; empty where unknown.

    Every word of the name has to be about that: `School Type` and `Charter School Number` are no units.
    """
    units, words = recognition().units, small_words(name)
    joined = "".join(words)
    if joined in units.names_of:
        kind = UNIT_ID if joined.endswith(("code", "sch", "leaid", "id")) else UNIT_NAME
        return units.names_of[joined], kind
    if Phrases(units.both).has(words):
        return "any", UNIT_ID
    if Phrases(units.both_names).has(words):
        return "any", UNIT_NAME
    rest, levels, kind = list(words), set[str](), ""
    for level in ("county", "school", "district", "state"):
        phrases = Phrases(getattr(units, level).words)
        while found := phrases.find(rest):
            del rest[found[0] : found[0] + found[1]]
            levels.add(level)
    for phrases, meant in ((Phrases(units.name), UNIT_NAME), (Phrases(units.id), UNIT_ID)):
        while found := phrases.find(rest):
            del rest[found[0] : found[0] + found[1]]
            kind = kind or meant
    if rest or not levels:
        return "", ""
    level = next(level for level in ("school", "district", "county", "state") if level in levels)
    return level, kind


def _subject(profile: Profile) -> Role | None:
    if not profile.words or not Phrases(recognition().subject_columns).is_all(profile.name):
        return None
    codes: dict[str, str | None] = {}
    for word in profile.words:
        codes[word] = next(
            (key for key, phrases in recognition().subjects.items() if Phrases(phrases).is_all(word)), None
        )
    if not {"reading", "mathematics"} & set(codes.values()):
        return None
    codes = {word: key if key != "other" else None for word, key in codes.items()}
    return Role(profile.name, SUBJECT, HIGH, f"its name and its words {_some(codes)}", codes=codes)


def _group(profile: Profile) -> Role | None:
    if not profile.words:
        return None
    named = _names_groups(profile.name)
    if profile.is_number and profile.numbers and not named:
        return None
    matches, how = match_words(profile.name, tuple(profile.words))
    known = {word: match for word, match in matches.items() if match}
    groups = {match.group for match in known.values()}
    least = recognition().limit("group_words") * len(matches)
    if len(known) < least or len(groups) < 2 or not (groups - {"all"}):
        return None
    confidence = HIGH if named and how == "its words" else MEDIUM
    if len(known) == len(matches) and len(groups) > 2 and how == "its words":
        confidence = HIGH
    left = f"; {len(matches) - len(known)} others" if len(known) < len(matches) else ""
    evidence = f"{how}: {len(known)} student groups such as {_some(known)}{left}"
    codes = {word: match.group if match else None for word, match in matches.items()}
    by = "a short code, or near to a word that we know" if how == "its words" else how
    return Role(profile.name, GROUP, confidence, evidence, codes=codes, unsure=_unsure(matches), how=by)


def _unsure(matches: Mapping[str, Match | None]) -> frozenset[str]:
    return frozenset(word for word, match in matches.items() if match and match.confidence != HIGH)


def _names_groups(name: str) -> bool:
    known = recognition()
    columns = [phrase for words in known.groups.values() for phrase in words.columns]
    return Phrases([*columns, *known.group_columns]).within(name)


def _matter(profile: Profile) -> Role | None:
    """A column whose words say what the numbers of the row are about."""
    if not profile.words or profile.distinct > 60 or (profile.is_number and profile.numbers):
        return None
    known = recognition()
    named = Phrases(known.indicator_columns).is_all(profile.name)
    codes: dict[str, str | None] = {}
    for word in profile.words:
        if Phrases(known.enrolled if named else [*known.totals, *known.enrolled]).is_all(word):
            codes[word] = "everybody"
        else:
            codes[word] = matter_of(word, whole=not named)
    letters = known.indicator_letters["discipline"]
    if named and set(profile.words) <= set(letters):
        codes = {word: letters[word] for word in profile.words}
    found = {code for code in codes.values() if code and code != "everybody"}
    if not found or not (named or ("everybody" in codes.values() and len(codes) <= _FEW)):
        return None
    unsure = frozenset(word for word, code in codes.items() if code not in (None, "everybody"))
    evidence = f"{'its name and ' if named else ''}its words {_some(codes)}"
    return Role(profile.name, MATTER, MEDIUM, evidence, codes=codes, unsure=unsure)


def _number(profile: Profile) -> Role | None:
    if not profile.is_number:
        return None
    marks = f", and {_some(profile.marks)} where a number is missing" if profile.marks else ""
    between = (
        "no number" if profile.high is None else f"numbers from {profile.low or 0:g} to {profile.high:g}"
    )
    return Role(profile.name, NUMBER, HIGH, f"{between}{marks}")


def _some(words: Mapping[str, object]) -> str:
    shown = [repr(word) for word in words][:4]
    return ", ".join(shown) + (" ..." if len(words) > len(shown) else "")

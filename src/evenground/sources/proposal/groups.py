"""Student groups recognised in words of a column and in names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from evenground.definitions import load
from evenground.model import ALL, group_key, parse_group
from evenground.sources.proposal.recognition import CodeList, recognition
from evenground.sources.proposal.words import Phrases, singular, small_words, tokens

HIGH, MEDIUM, LOW = "high", "medium", "low"
Pair = tuple[str, str]
_PREFIX = 3  # letters that an abbreviation has at least: `hisp` for hispanic
_PEOPLE = ("student", "pupil")
_MARK = 2  # letters of a group's name within a column's name: `el_tested`, never `a_tested`


@dataclass(frozen=True)
class Match:
    """The group that a word stands for, and how sure that is."""

    group: str
    confidence: str


@dataclass(frozen=True)
class Span:
    """A group's name within a column's name: characters start to end."""

    start: int
    end: int
    group: str


@dataclass(frozen=True)
class _Lexicon:
    pairs: Mapping[tuple[str, ...], Pair | None]  # None: everybody
    everybody: Phrases
    fill: Phrases
    negations: Phrases
    not_ours: Phrases
    complements: Mapping[Pair, str]
    longest: int


@cache
def _lexicon() -> _Lexicon:
    known, dimensions = recognition(), load().dimensions
    pairs: dict[tuple[str, ...], Pair | None] = {_form(phrase): None for phrase in known.everybody}
    complements: dict[Pair, str] = {}
    for dimension, words in known.groups.items():
        if dimension not in dimensions:
            continue
        for value, entry in dimensions[dimension].values.items():
            for phrase in (
                value.replace("_", " "),
                *(
                    getattr(text, language)
                    for text in (entry.name, entry.plural)
                    for language in ("en", "es")
                ),
            ):
                pairs.setdefault(_form(phrase), (dimension, value))
            if entry.complement:
                complements[dimension, value] = entry.complement
        for value, phrases in words.values.items():
            for phrase in phrases:
                pairs[_form(phrase)] = (dimension, value)
    for form, pair in [*pairs.items()]:
        if len(form) > 1 and len("".join(form)) >= 6:
            pairs.setdefault(("".join(form),), pair)
    return _Lexicon(
        pairs,
        Phrases(known.everybody),
        Phrases(known.fill),
        Phrases(known.negations),
        Phrases(known.not_ours),
        complements,
        max(map(len, pairs)),
    )


def _form(phrase: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in small_words(phrase))


def match_group(word: str) -> Match | None:
    """The group that a word of a file stands for; None for one that is not surely one of ours.

    Every part of the word has to be understood: `English Learner plus Monitored` is not `English Learner`.
    """
    lexicon, words = _lexicon(), tuple(singular(part) for part in small_words(word))
    if not words:
        return None
    if words in lexicon.pairs:
        pair = lexicon.pairs[words]
        return Match(group_key([pair]) if pair else ALL, HIGH)
    if lexicon.not_ours.find(words) is not None:
        return None
    pairs = _cover(words, lexicon)
    if pairs is not None:
        return Match(group_key(pairs), HIGH)
    near = _abbreviated(words, lexicon)
    return Match(group_key([near]), MEDIUM) if near else None


def _cover(words: tuple[str, ...], lexicon: _Lexicon) -> tuple[Pair, ...] | None:
    """The groups of a word that is made of nothing but groups and fill, each dimension once."""
    best: dict[int, tuple[int, tuple[Pair, ...], bool]] = {len(words): (0, (), False)}
    for start in range(len(words) - 1, -1, -1):
        choices = []
        for length in range(1, min(lexicon.longest, len(words) - start) + 1):
            rest = best.get(start + length)
            if rest is None:
                continue
            for found, known in _meanings(words[start : start + length], lexicon):
                dimensions = {dimension for dimension, _ in rest[1]}
                if found is None or found[0] not in dimensions:
                    pairs = rest[1] if found is None else (found, *rest[1])
                    choices.append((rest[0] + 1, pairs, rest[2] or known))
        if choices:
            best[start] = min(choices, key=lambda choice: (choice[0], not choice[2]))
    whole = best.get(0)
    return whole[1] if whole and whole[2] else None


def _meanings(words: tuple[str, ...], lexicon: _Lexicon) -> Iterable[tuple[Pair | None, bool]]:
    """(pair or None, whether it names a group): a group, its opposite, or fill."""
    if words in lexicon.pairs:
        yield lexicon.pairs[words], True
    if len(words) > 1 and lexicon.negations.has(words[:1]):
        pair = lexicon.pairs.get(words[1:])
        if pair and pair in lexicon.complements:
            yield (pair[0], lexicon.complements[pair]), True
    if lexicon.fill.has(words):
        yield None, False


def _abbreviated(words: tuple[str, ...], lexicon: _Lexicon) -> Pair | None:
    """The only group whose name begins, word by word, as these words do: `Econ Disadvant`."""
    kept = tuple(word for word in words if not lexicon.fill.has((word,)))
    if not kept or any(len(word) < _PREFIX for word in kept):
        return None
    found = {
        pair
        for form, pair in lexicon.pairs.items()
        if pair
        and len(form) == len(kept)
        and all(full.startswith(short) for full, short in zip(form, kept, strict=True))
    }
    return found.pop() if len(found) == 1 else None


def code_list(name: str, words: Sequence[str]) -> CodeList | None:
    """The publisher's list of codes that a column's words are all in, where they say nothing else."""
    held = [word for word in words if word]
    fits = [
        entry
        for entry in recognition().code_lists.values()
        if len(held) >= min(3, len(entry.codes))
        and set(held) <= set(entry.codes)
        and (not entry.needs or Phrases(entry.needs).within(name))
    ]
    if not fits and held and set(held) <= {"F", "M"} and Phrases(["sex", "gender", "gndr"]).within(name):
        return recognition().code_lists["sex_letters"]
    return min(fits, key=lambda entry: len(entry.codes)) if fits else None


def match_words(name: str, words: Sequence[str]) -> tuple[dict[str, Match | None], str]:
    """Word -> its group, for the words of a column, and what it was recognised by."""
    listed = code_list(name, words)
    if listed:
        return {
            word: Match(listed.codes[word], MEDIUM) if word in listed.codes else None for word in words
        }, f"codes as in {listed.name}"
    grades = Phrases(recognition().groups["grade"].columns)
    if grades.is_all(name):
        return {word: _grade(word) for word in words}, f"`{grades.said(name)}` in its name, and its words"
    matches = {word: match_group(word) for word in words}
    short = recognition().code_lists["short_codes"]
    if any(matches.values()) and Phrases(short.needs).within(name):
        for word in words:
            if matches[word] is None and word in short.codes:
                matches[word] = Match(short.codes[word], MEDIUM)
    return matches, "its words"


def _grade(word: str) -> Match | None:
    bare = word.strip().lower()
    for grade, spellings in recognition().grades.items():
        if bare in spellings:
            return Match(group_key([("grade", grade)]), HIGH)
    found = match_group(word)
    if found is None and Phrases(recognition().totals).is_all(word):
        return Match(ALL, MEDIUM)
    return found


def spans(name: str, *, bare: bool = True) -> tuple[Span, ...]:
    """The groups' names within a column's name, longest first, without overlap.

    `bare`: without `students` at the end, which may belong to the measure: `White Students Tested`.
    """
    lexicon, held = _lexicon(), tokens(name)
    words = tuple(singular(token.word) for token in held)
    found: list[Span] = []
    start = 0
    while start < len(words):
        length, group = _longest(words, start, lexicon, bare=bare)
        if group is not None:
            found.append(Span(held[start].start, held[start + length - 1].end, group))
        start += max(length, 1)
    return tuple(found)


def _longest(words: tuple[str, ...], start: int, lexicon: _Lexicon, *, bare: bool) -> tuple[int, str | None]:
    for length in range(min(lexicon.longest, len(words) - start), 0, -1):
        stretch = words[start : start + length]
        if len("".join(stretch)) < _MARK or (bare and length > 1 and stretch[-1] in _PEOPLE):
            continue
        for pair, known in _meanings(stretch, lexicon):
            if known:
                return length, group_key([pair]) if pair else ALL
    return 1, None


def dimensions_of(groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups if group != ALL for name, _ in parse_group(group)))

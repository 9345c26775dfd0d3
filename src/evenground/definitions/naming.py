"""What a student group is called: "Latina graduates", "Black students with disabilities who took the ACT"."""

from __future__ import annotations

from itertools import combinations

from evenground.definitions.known import Definitions
from evenground.definitions.languages import Added, added, joined, said
from evenground.definitions.schema import Dimension, Population
from evenground.definitions.sense import OTHERS, UNKNOWN
from evenground.model import ALL, NOT_SHOWN, group_key, parse_group
from evenground.press import Words

Pairs = tuple[tuple[str, str], ...]

_COMMON = (UNKNOWN, NOT_SHOWN)
"""Values that every dimension has: nobody knows which, and those told together."""


def label(definitions: Definitions, group: str) -> Words:
    """The row label of a group, joined by commas: "Hispanic or Latino, Female"; everybody: "All students".

    Raises KeyError for a dimension or value that is not defined.
    """
    names = [_value_name(definitions, dimension, value) for dimension, value in _spoken(parse_group(group))]
    if not names:
        return said(definitions.groups[ALL].name)
    return Words.each(lambda *told: ", ".join(told), *names)


def people(definitions: Definitions, group: str, population: Population | None = None) -> Words:
    """The group as a plural noun, within a population where one is given: what "Of every 100 {people}" takes.

    One group of students is called by its own plural ("multilingual learners (English learners)"). A cross,
    or a population with a noun of its own, is put together from the parts of its values ("Latina graduates").
    Things are named beside their students ("AP exams taken by Black students"), or alone ("AP exams").
    Raises KeyError for a dimension or value that is not defined.
    """
    pairs = parse_group(group)
    if population and population.thing and all(_told_of(definitions, name, population) for name, _ in pairs):
        return joined(_parts(definitions, pairs), said(population.thing))
    noun = said(population.noun) if population and population.noun else None
    who = _students(definitions, pairs, noun)
    same = population.same_as if population else None
    return who if same and set(parse_group(same)) <= set(pairs) else _within(population, who)


def other_people(definitions: Definitions, population: Population) -> Words:
    """Everybody of a population but the group itself: "other graduates"."""
    part = definitions.groups[OTHERS].part
    assert part, "the loader has seen to it"
    if population.thing:
        return joined([added(part)], said(population.thing))
    noun = population.noun or definitions.groups[ALL].plural
    return _within(population, joined([added(part)], said(noun)))


def _told_of(definitions: Definitions, dimension: str, population: Population) -> bool:
    """Whether the words of a dimension may follow the noun of a population's things."""
    known = definitions.dimensions.get(dimension)
    return known is not None and any(definitions.populations[key] is population for key in known.things)


def _within(population: Population | None, who: Words) -> Words:
    if population is None or population.among is None:
        return who
    return _filled(said(population.among), group=who)


def _students(definitions: Definitions, pairs: Pairs, noun: Words | None) -> Words:
    if len(pairs) == 1 and noun is None:
        return _value_plural(definitions, *pairs[0])
    return joined(_parts(definitions, pairs), noun or said(definitions.groups[ALL].plural))


def _value_name(definitions: Definitions, dimension: str, value: str) -> Words:
    if value in _COMMON:
        name = said(definitions.dimensions[dimension].name)
        return _filled(said(definitions.groups[value].name), dimension=name)
    return said(definitions.dimensions[dimension].values[value].name)


def _value_plural(definitions: Definitions, dimension: str, value: str) -> Words:
    if value in _COMMON:
        name = _called(definitions.dimensions[dimension])
        return _filled(said(definitions.groups[value].plural), dimension=name)
    return said(definitions.dimensions[dimension].values[value].plural)


def _filled(pattern: Words, **words: Words) -> Words:
    names = list(words)
    return Words.each(
        lambda text, *told: text.format(**dict(zip(names, told, strict=True))), pattern, *words.values()
    )


def _value_part(definitions: Definitions, dimension: str, value: str) -> Added:
    known = definitions.dimensions[dimension]
    if value not in _COMMON:
        return added(known.values[value].part)
    part = definitions.groups[value].part
    assert part, "the loader has seen to it"
    return Added(_filled(added(part).words, dimension=_called(known)), before=False)


def _called(dimension: Dimension) -> Words:
    """The dimension's name inside a sentence."""
    return said(dimension.called) if dimension.called else Words.each(str.lower, said(dimension.name))


def _parts(definitions: Definitions, pairs: Pairs) -> list[Added]:
    """The parts of a group; two values that have a word of their own ("Latina") give one part."""
    for dimension, _ in pairs:
        for two in combinations(pairs, 2):
            if part := definitions.dimensions[dimension].crosses.get(group_key(two)):
                return [
                    added(part),
                    *(_value_part(definitions, *pair) for pair in _spoken(pairs) if pair not in two),
                ]
    return [_value_part(definitions, *pair) for pair in _spoken(pairs)]


def _spoken(pairs: Pairs) -> Pairs:
    """The order in which one says them: race first, as in "Black female students"."""
    return tuple(sorted(pairs, key=lambda pair: not pair[0].startswith("race_")))

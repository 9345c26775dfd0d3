"""What one entry alone cannot show: names that are not defined, entries that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evenground.definitions.advice import instead
from evenground.definitions.document import Document
from evenground.definitions.ideas import contradictions as of_perspective
from evenground.definitions.known import Definitions
from evenground.definitions.rules import contradictions
from evenground.definitions.schema import Dimension, Indicator, Text
from evenground.model import ALL, NOT_SHOWN, Problem, group_key, parse_group

UNKNOWN = "unknown"
OTHERS = "others"
"""Everybody but the group itself, with whom it may be compared."""

Places = dict[tuple[str, str], Document]
"""(kind, key) -> the file that the entry stands in; also of entries that are not in their shape."""

_NO_GROUPS = Document("groups.yaml", {}, None)


def nonsense(definitions: Definitions, places: Places) -> Iterator[Problem]:
    """Every contradiction between entries, with its place."""
    names = {kind: [key for other, key in places if other == kind] for kind, _ in places}
    yield from _common(definitions, places)
    for key, dimension in definitions.dimensions.items():
        yield from _complements(places["dimensions", key], key, dimension)
        yield from _rollups(places["dimensions", key], key, dimension)
        yield from _crosses(places["dimensions", key], key, dimension, definitions.dimensions)
    for key, population in definitions.populations.items():
        if population.among:
            yield from _placeholder(
                places["populations", key], (key, "among"), population.among, "{group}", 1
            )
        if population.same_as:
            yield from _same_as(places["populations", key], key, population.same_as, definitions)
    for key, indicator in definitions.indicators.items():
        document = places["indicators", key]
        yield from _dangling(document, key, indicator, names)
        yield from _form(document, key, indicator)
        yield from _columns(document, key, indicator, names, definitions)
        yield from _placed(document, key, indicator, names, definitions)
        question = definitions.questions.get(indicator.question)
        if question and question.domain != indicator.domain:
            found = f"domain {indicator.domain}, while `{indicator.question}` is of {question.domain}"
            yield document.problem((key, "domain"), found, question.domain, f"write `{question.domain}`")
    yield from _families(definitions.indicators, places)
    for key, chapter in definitions.method.items():
        known = names.get("parameters", [])
        for name in chapter.parameters if known else ():
            if name not in known:
                found = f"parameter `{name}`, which is not in parameters.yaml"
                place = (key, "parameters")
                yield places["method", key].problem(place, found, ", ".join(known), instead(name, known))
    for key, perspective in definitions.perspectives.items():
        yield from of_perspective(places["perspectives", key], key, perspective, definitions, names)
    for key, policy in definitions.policies.items():
        yield from contradictions(places["policies", key], key, policy)


def _common(definitions: Definitions, places: Places) -> Iterator[Problem]:
    """Everybody, the unknown, those told together and the others have to be there, all but the first sayable
    in a cross."""
    document = places.get(("groups", UNKNOWN)) or places.get(("groups", ALL)) or _NO_GROUPS
    for key in (ALL, UNKNOWN, NOT_SHOWN, OTHERS):
        if ("groups", key) not in places:
            allowed = f"{ALL}, {UNKNOWN}, {NOT_SHOWN} and {OTHERS}"
            yield document.problem((key,), f"no `{key}`", allowed, f"add the entry `{key}:`")
    for key in (UNKNOWN, NOT_SHOWN):
        common = definitions.groups.get(key)
        if common and (common.part is None or common.part.after is None):
            place = (key, "part")
            yield document.problem(place, "no `after`", "words after the noun", "add the line `after:`")
    others = definitions.groups.get(OTHERS)
    if others and others.part is None:
        yield document.problem((OTHERS,), "no `part`", "words beside the noun", "add the line `part:`")


def _complements(document: Document, key: str, dimension: Dimension) -> Iterator[Problem]:
    values = dimension.values
    for name, value in values.items():
        other = value.complement
        place = (key, "values", name, "complement")
        others = {None, *values} - {name}  # a complement that is no value at all is its own line's problem
        if other is None:
            continue
        if other not in values:
            yield document.problem(
                place,
                f"complement `{other}`, which is no value of {key}",
                ", ".join(values),
                instead(other, values),
            )
        elif other == name or len(values) != 2 or values[other].complement in others:
            allowed = "the other one of exactly two values, each the complement of the other"
            rest = [value for value in values if value != name]
            todo = f"write `{rest[0]}` here and `{name}` there" if len(rest) == 1 else "remove the line"
            yield document.problem(place, f"complement `{other}` of `{name}`", allowed, todo)


def _rollups(document: Document, key: str, dimension: Dimension) -> Iterator[Problem]:
    for rollup, into in dimension.rollups.items():
        placed = [value for values in into.values.values() for value in values]
        for name, values in into.values.items():
            for value in values:
                if value not in dimension.values:
                    todo = instead(value, dimension.values)
                    place = (key, "rollups", rollup, "values", name)
                    yield document.problem(
                        place, f"`{value}`, which is no value of {key}", ", ".join(dimension.values), todo
                    )
        for value in dimension.values:
            if placed.count(value) != 1 and not dimension.overlapping:
                found = f"`{value}` {placed.count(value)} times in the roll-up {rollup}"
                yield document.problem(
                    (key, "rollups", rollup, "values"),
                    found,
                    "each value once",
                    f"put `{value}` into one of its lists",
                )


def _crosses(
    document: Document, key: str, dimension: Dimension, dimensions: Mapping[str, Dimension]
) -> Iterator[Problem]:
    for cross in dimension.crosses:
        place = (key, "crosses", cross)
        try:
            parts = parse_group(cross)
        except ValueError as error:
            yield document.problem(place, f"`{cross}`", "a group key", str(error))
            continue
        for name, value in parts:
            known = dimensions[name].values if name in dimensions else {}
            if value not in known:
                yield document.problem(
                    place,
                    f"`{name}:{value}`, which is not defined",
                    ", ".join(known or dimensions),
                    instead(value, known or dimensions),
                )
        if cross != group_key(parts):
            yield document.problem(
                place, f"`{cross}`", "dimensions in alphabetical order", f"write `{group_key(parts)}`"
            )


def _dangling(
    document: Document, key: str, indicator: Indicator, names: Mapping[str, list[str]]
) -> Iterator[Problem]:
    for field, kind in (("question", "questions"), ("over", "populations"), ("counts", "populations")):
        name, known = getattr(indicator, field), names.get(kind, [])
        if name is not None and name not in known:
            yield document.problem(
                (key, field),
                f"{field} `{name}`, which is not in {kind}.yaml",
                ", ".join(known),
                instead(name, known),
            )


def _form(document: Document, key: str, indicator: Indicator) -> Iterator[Problem]:
    if (indicator.family is None) != (indicator.order is None):
        given, absent = ("family", "order") if indicator.order is None else ("order", "family")
        yield document.problem(
            (key, given), f"`{given}` without `{absent}`", "both or neither", f"add the line `{absent}:`"
        )
    if indicator.kind == "rate" and indicator.unit != "share":
        yield document.problem(
            (key, "unit"), f"unit {indicator.unit} of a rate", "share", "write `share`, or `kind: mean`"
        )
    yield from _placeholder(
        document, (key, "phrase"), indicator.phrase, "{value}", 0 if indicator.of_people else 1
    )


def _placeholder(
    document: Document, place: tuple[str, ...], text: Text, mark: str, times: int
) -> Iterator[Problem]:
    for language, words in (("en", text.en), ("es", text.es)):
        if words.count(mark) != times or words.count("{") != times:
            allowed = (
                f"{mark} once and no other {{}}"
                if times
                else "no {}; the number stands before the phrase of a rate"
            )
            yield document.problem(
                (*place, language),
                f"{words!r}",
                allowed,
                f"put {mark} where it belongs" if times else "remove it",
            )


def _columns(
    document: Document,
    key: str,
    indicator: Indicator,
    names: Mapping[str, list[str]],
    definitions: Definitions,
) -> Iterator[Problem]:
    if indicator.records is None:
        return
    columns = names.get("student_year", [])
    for field in ("over", "counted"):
        name = getattr(indicator.records, field)
        if name is not None and name not in columns:
            found = f"{field} `{name}`, which is not a column of student_year.yaml"
            yield document.problem((key, "records", field), found, ", ".join(columns), instead(name, columns))
    grades = _grades(definitions)
    for grade in indicator.records.grades:
        if grades and grade not in grades:
            yield document.problem(
                (key, "records", "grades"), f"grade `{grade}`", ", ".join(grades), instead(grade, grades)
            )


def _placed(
    document: Document,
    key: str,
    indicator: Indicator,
    names: Mapping[str, list[str]],
    definitions: Definitions,
) -> Iterator[Problem]:
    """Frameworks and entries of them that an indicator names have to be defined."""
    known = names.get("frameworks", [])
    for framework, entries in indicator.framework.items():
        place = (key, "framework", framework)
        if framework not in known:
            found = f"framework `{framework}`, which is not in frameworks.yaml"
            yield document.problem(place, found, ", ".join(known), instead(framework, known))
        elif framework in definitions.frameworks:
            defined = definitions.frameworks[framework].entries
            for entry in entries:
                if entry not in defined:
                    found = f"`{entry}`, which is no entry of {framework}"
                    yield document.problem(place, found, ", ".join(defined), instead(entry, defined))


def _same_as(document: Document, key: str, group: str, definitions: Definitions) -> Iterator[Problem]:
    dimension, _, value = group.partition(":")
    known = definitions.dimensions[dimension].values if dimension in definitions.dimensions else {}
    if definitions.dimensions and value not in known:
        allowed = "dimension:value, as dimensions.yaml has them"
        yield document.problem((key, "same_as"), f"`{group}`", allowed, instead(value, known or {}))


def _grades(definitions: Definitions) -> Iterable[str]:
    return list(definitions.dimensions["grade"].values) if "grade" in definitions.dimensions else []


def _families(indicators: Mapping[str, Indicator], places: Places) -> Iterator[Problem]:
    """Levels of one assessment are counted over the same students, each place taken once."""
    seen: dict[tuple[str, int], str] = {}
    over: dict[str, tuple[str, str]] = {}
    for key, indicator in indicators.items():
        if indicator.family is None or indicator.order is None:
            continue
        document = places["indicators", key]
        first = seen.setdefault((indicator.family, indicator.order), key)
        if first != key:
            found = f"order {indicator.order}, which `{first}` has in the family {indicator.family}"
            yield document.problem((key, "order"), found, "each place once", "write the next number")
        other, population = over.setdefault(indicator.family, (key, indicator.over))
        if population != indicator.over:
            found = f"over {indicator.over}, while `{other}` of the same family is over {population}"
            yield document.problem((key, "over"), found, population, f"write `{population}`")

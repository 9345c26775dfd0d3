"""Do a mapping and the definitions agree?"""

from __future__ import annotations

from collections.abc import Iterator

from evenground.definitions import Definitions
from evenground.definitions.advice import instead, nearest
from evenground.definitions.document import Place
from evenground.model import Problem, parse_group
from evenground.sources.published.layout import SKIP
from evenground.sources.published.mapping import Source


def check_against(source: Source, definitions: Definitions) -> list[Problem]:
    """A policy and groups that the definitions do not know, forms that do not fit an indicator's kind, and a
    mapping of which no indicator is defined."""
    return [
        *_policy(source, definitions),
        *_groups(source, definitions),
        *_forms(source, definitions),
        *_nothing_defined(source, definitions),
    ]


def _policy(source: Source, definitions: Definitions) -> Iterator[Problem]:
    known = definitions.policies
    if source.policy not in known:
        todo = instead(source.policy, known)
        yield source.wrong(("policy",), f"the policy `{source.policy}`", ", ".join(known), todo)


def _groups(source: Source, definitions: Definitions) -> Iterator[Problem]:
    words: list[tuple[Place, str, str]] = [
        (("codes", name, word), repr(word), group)
        for name, codes in source.codes.items()
        for word, group in codes.items()
    ]
    words += [(("tables", name, "of"), "`of`", table.of) for name, table in source.tables.items() if table.of]
    words += [
        (("tables", name, "split"), "`split`", group)
        for name, table in source.tables.items()
        for part in table.split
        for group in part.groups
    ]
    for place, word, group in words:
        for dimension, value in () if group == SKIP else parse_group(group):
            known = definitions.dimensions.get(dimension)
            if known is None:
                allowed = f"one of the dimensions {', '.join(definitions.dimensions)}"
            elif value not in (*known.values, "unknown"):
                allowed = ", ".join(f"{dimension}:{value}" for value in known.values)
            else:
                continue
            found = f"{group} for {word} in {place[0]}.{place[1]}"
            yield source.wrong(place, found, allowed, "correct the group key")


def _forms(source: Source, definitions: Definitions) -> Iterator[Problem]:
    for key, table in source.tables.items():
        for indicator, statistic in table.statistics.items():
            defined = definitions.indicators.get(indicator)
            if defined and (defined.kind == "exposure") != statistic.exposure:
                found = f"{indicator}, of kind {defined.kind}, read by {', '.join(sorted(statistic.form))}"
                allowed = "`each, over` or `own, over` for exposures and only for them"
                yield source.wrong(
                    ("tables", key, "statistics", indicator), found, allowed, "correct the form"
                )


def _nothing_defined(source: Source, definitions: Definitions) -> Iterator[Problem]:
    """One unknown indicator among others is left out with a note; where all are, nothing would be left."""
    if set(source.indicators) & set(definitions.indicators):
        return
    allowed = "indicators that are defined; `evenground indicators` lists them"
    for name, table in source.tables.items():
        for indicator in table.statistics:
            close = nearest(indicator, definitions.indicators)
            todo = f"write `{close}`" if close else "name one of them, or define it"
            found = f"no indicator of the mapping is defined: `{indicator}`"
            yield source.wrong(("tables", name, "statistics", indicator), found, allowed, todo)

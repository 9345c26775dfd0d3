"""Do a mapping and the definitions agree?"""

from __future__ import annotations

from collections.abc import Iterator

from evenground.definitions import Definitions
from evenground.model import ERROR, Problem, parse_group
from evenground.sources.published.layout import SKIP
from evenground.sources.published.mapping import Source


def check_against(source: Source, key: str, definitions: Definitions) -> list[Problem]:
    """Groups that the definitions do not know, and forms that do not fit an indicator's kind."""
    return [*_groups(source, f"{key}.yaml", definitions), *_forms(source, f"{key}.yaml", definitions)]


def _groups(source: Source, file: str, definitions: Definitions) -> Iterator[Problem]:
    words = [
        (f"codes.{name}", repr(word), group)
        for name, codes in source.codes.items()
        for word, group in codes.items()
    ]
    words += [(f"tables.{name}", "`of`", table.of) for name, table in source.tables.items() if table.of]
    words += [
        (f"tables.{name}", "`split`", group)
        for name, table in source.tables.items()
        for part in table.split
        for group in part.groups
    ]
    for name, word, group in words:
        for dimension, value in () if group == SKIP else parse_group(group):
            known = definitions.dimensions.get(dimension)
            if known is None:
                allowed = f"one of the dimensions {', '.join(definitions.dimensions)}"
            elif value not in (*known.values, "unknown"):
                allowed = ", ".join(f"{dimension}:{value}" for value in known.values)
            else:
                continue
            found = f"{group} for {word} in {name}"
            yield Problem(ERROR, file, found, allowed, "correct the group key")


def _forms(source: Source, file: str, definitions: Definitions) -> Iterator[Problem]:
    for table in source.tables.values():
        for indicator, statistic in table.statistics.items():
            defined = definitions.indicators.get(indicator)
            if defined and (defined.kind == "exposure") != statistic.exposure:
                found = f"{indicator}, of kind {defined.kind}, read by {', '.join(sorted(statistic.form))}"
                allowed = "`each, over` or `own, over` for exposures and only for them"
                yield Problem(ERROR, file, found, allowed, "correct the form")

"""Which of the known sources a place's files are of."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.model import ERROR
from evenground.sources import files
from evenground.sources.files import Place
from evenground.sources.published.files import layout_of
from evenground.sources.published.header import find_columns
from evenground.sources.published.inputs import Match, check_matches, matches_of
from evenground.sources.published.mapping import Source, published_sources


def fitting_sources(place: Place) -> Mapping[str, Source]:
    """The sources whose files are all there; of several, those whose columns fit, and of these the ones that
    read most files.
    """
    candidates: dict[str, list[Match]] = {}
    for key, source in published_sources().items():
        matches = matches_of(source, place)
        lacking = any(problem.severity == ERROR for problem in check_matches(source, place, matches))
        if matches and not lacking:
            candidates[key] = matches
    if len(candidates) > 1:
        fit = {key: matches for key, matches in candidates.items() if _columns_fit(key, matches)}
        candidates = fit or candidates
    most = max((_files(matches) for matches in candidates.values()), default=0)
    return {key: published_sources()[key] for key, matches in candidates.items() if _files(matches) == most}


def _columns_fit(key: str, matches: list[Match]) -> bool:
    """Whether each file has the columns that the source reads of it."""
    source = published_sources()[key]
    for match in matches:
        table = source.tables[match.table]
        wanted = source.spelled(table, match.level)
        names = [name for candidates in wanted.values() for name in candidates]
        preview, _ = files.preview(match.entry, layout_of(table), rows=1, columns=names)
        if preview is None:
            continue  # what is wrong with the file is said when it is read
        _, lacking = find_columns(match.entry.name, list(preview.header), wanted, table)
        if lacking:
            return False
    return True


def _files(matches: list[Match]) -> int:
    return len({match.entry.name for match in matches})

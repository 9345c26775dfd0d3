"""The first row of a file: which columns it has, in what order, which are read and which never are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.sources.oneroster.format import File, OneRoster
from evenground.sources.roster import roster_format

_METADATA = "metadata."


def match_header(
    header: Sequence[str], name: str, told: str, version: str, form: OneRoster, problems: list[Problem]
) -> dict[str, str]:
    """Column to read (or `metadata.KEY` with a key of `form.metadata`) -> its name in the file."""
    file = form.files[name]
    expected = file.header(version)
    small = {column.lower(): column for column in expected}
    places = {small[cell.lower()]: cell for cell in header if cell.lower() in small}
    problems.extend(_misspelled(places, told))
    missing = [column for column in expected if column not in places]
    problems.extend(_missing(missing, header, file, told, version))
    order = [small[cell.lower()] for cell in header if cell.lower() in small]
    if order != sorted(order, key=expected.index):
        allowed = ", ".join(expected[:6]) + (" ..." if len(expected) > 6 else "")
        todo = "nothing; columns are read by their names. Other programs may not read the file"
        problems.append(Problem(WARNING, told, "columns in another order", allowed, todo, 1))
    extra = [cell for cell in header if cell.lower() not in small]
    metadata = _metadata(extra, name, form)
    problems.extend(_not_read(places, extra, metadata, file, told))
    read = {column: cell for column, cell in places.items() if file.columns[column].read}
    return {**read, **metadata}


def _misspelled(places: Mapping[str, str], told: str) -> Iterator[Problem]:
    for column, cell in places.items():
        if column != cell:
            todo = f"write {column}; it was read as that"
            yield Problem(
                WARNING, told, f"a column {cell}", "names in the case of the standard", todo, 1, column
            )


def _missing(
    missing: Sequence[str], header: Sequence[str], file: File, told: str, version: str
) -> Iterator[Problem]:
    for column in missing:
        definition = file.columns[column]
        if definition.is_required(version) and definition.read:
            near = get_close_matches(column.lower(), [cell.lower() for cell in header], n=1, cutoff=0.75)
            todo = f"rename the column that is nearly called so to {column}" if near else "add the column"
            yield Problem(ERROR, told, "no such column", column, todo, 1, column)
    others = [
        column
        for column in missing
        if not (file.columns[column].is_required(version) and file.columns[column].read)
        and not file.columns[column].may_be_absent
    ]
    if others:
        found = f"no column {', '.join(others)}"
        todo = "nothing; what they would hold is unknown. Other programs may not read the file"
        yield Problem(NOTE, told, found, f"every column of OneRoster {version}", todo, 1)


def _metadata(extra: Sequence[str], name: str, form: OneRoster) -> dict[str, str]:
    if name not in ("users", "demographics"):
        return {}
    found: dict[str, str] = {}
    for cell in extra:
        if not cell.lower().startswith(_METADATA) or roster_format().protects(cell[len(_METADATA) :]):
            continue
        plain = re.sub(r"[^a-z0-9]", "", cell[len(_METADATA) :].lower())
        for key, spellings in form.metadata.items():
            if plain == key.replace("_", "") or plain in spellings:
                found.setdefault(_METADATA + key, cell)
    return found


def _not_read(
    places: Mapping[str, str], extra: Sequence[str], metadata: Mapping[str, str], file: File, told: str
) -> Iterator[Problem]:
    protected = [cell for column, cell in places.items() if file.columns[column].protected]
    protected += [cell for cell in extra if roster_format().protects(cell.removeprefix(_METADATA))]
    if protected:
        todo = "nothing; it was not read. Leave it out of the next export"
        yield Problem(
            NOTE, told, f"protected columns: {', '.join(protected)}", "nothing that a review has no need of",
            todo, 1,
        )  # fmt: skip
    read = set(metadata.values()) | set(protected)
    if others := [cell.strip() or "(no name)" for cell in extra if cell not in read]:
        yield Problem(
            NOTE, told, f"further columns: {', '.join(sorted(others))}",
            "the columns of docs/reference/oneroster.md", "nothing; they were not read", 1,
        )  # fmt: skip

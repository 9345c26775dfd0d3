"""The step from a source's own ids to schools that can be followed over the years."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from evenground.definitions import Definitions
from evenground.model import InputProblems
from evenground.sources import files
from evenground.sources.dataset import Dataset
from evenground.sources.places.breaks import find_breaks
from evenground.sources.places.crosswalk import PLACES, read_crosswalk
from evenground.sources.places.follow import follow


def placed(dataset: Dataset, place: Path, definitions: Definitions) -> Dataset:
    """The dataset with the changes of `place`/places.csv followed, and warnings where one seems missing.

    Raises InputProblems where places.csv cannot be used.
    """
    told: frozenset[str] = frozenset()
    content = _content(place)
    if content is not None:
        schools = {unit["unit_id"] for unit in dataset.units.to_pylist() if unit["unit_level"] == "school"}
        changes = read_crosswalk(_text(content), schools)
        told = frozenset(change.old for change in changes)
        dataset = follow(dataset, changes)
        inputs = {**dataset.inputs, PLACES: hashlib.sha256(content).hexdigest()}
        dataset = replace(dataset, inputs=inputs)
    return replace(dataset, checks=(*dataset.checks, *find_breaks(dataset, told, definitions)))


def _content(place: Path) -> bytes | None:
    try:
        return files.read_small(place, PLACES)
    except ValueError as error:
        raise InputProblems.one(PLACES, str(error), "a short CSV file", "export it again") from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found, todo = "text that is not UTF-8", "save it as CSV UTF-8"
        raise InputProblems.one(PLACES, found, "text in UTF-8", todo) from error

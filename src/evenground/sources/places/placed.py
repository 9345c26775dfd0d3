"""The step from a source's own ids to schools that can be followed over the years."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from evenground.definitions import Definitions
from evenground.model import InputProblems
from evenground.sources.dataset import Dataset
from evenground.sources.places.breaks import find_breaks
from evenground.sources.places.crosswalk import PLACES, read_crosswalk
from evenground.sources.places.follow import follow


def placed(dataset: Dataset, folder: Path, definitions: Definitions) -> Dataset:
    """The dataset with the changes of `folder`/places.csv followed, and warnings where one seems missing.

    Raises InputProblems where places.csv cannot be used.
    """
    told: frozenset[str] = frozenset()
    path = folder / PLACES
    if path.is_file():
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputProblems.one(
                PLACES, "text that is not UTF-8", "text in UTF-8", "save it again"
            ) from error
        schools = {unit["unit_id"] for unit in dataset.units.to_pylist() if unit["unit_level"] == "school"}
        changes = read_crosswalk(text, schools)
        told = frozenset(change.old for change in changes)
        dataset = follow(dataset, changes)
        dataset = replace(dataset, inputs={**dataset.inputs, PLACES: hashlib.sha256(content).hexdigest()})
    return replace(dataset, checks=(*dataset.checks, *find_breaks(dataset, told, definitions)))

"""Reads the definitions and says, with file and line, what is wrong with them and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from evenground.definitions.advice import advise
from evenground.definitions.document import Document, read_document
from evenground.definitions.known import Definitions
from evenground.definitions.perspective import Perspective
from evenground.definitions.schema import (
    Chapter,
    Column,
    CommonGroup,
    Dimension,
    EntryKey,
    Framework,
    Indicator,
    Parameter,
    Policy,
    Population,
    Question,
    Refusal,
    Statistic,
    Term,
)
from evenground.definitions.sense import Places, nonsense
from evenground.model import InputProblems, Problem

Shape = TypeVar("Shape", bound=BaseModel)


@cache
def load() -> Definitions:
    """The definitions that come with evenground."""
    return load_from(resources.files("evenground.definitions"))


def load_from(folder: Traversable | Path) -> Definitions:
    """The definitions of a folder laid out like ours. Raises InputProblems with all problems of all files."""
    problems: list[Problem] = []
    places: Places = {}

    def read(name: str, shape: type[Shape]) -> dict[str, Shape]:
        entries: dict[str, Shape] = {}
        for file in _files(folder, name):
            document = read_document(file, problems)
            for key, entry in _entries(document, shape, problems).items():
                _keep(places, name, key, document, problems)
                if entry is not None:
                    entries[key] = entry
        return entries

    questions = read("questions", Question)
    definitions = Definitions(
        dimensions=read("dimensions", Dimension),
        groups=read("groups", CommonGroup),
        populations=read("populations", Population),
        indicators=_ordered(read("indicators", Indicator), questions),
        questions=questions,
        frameworks=read("frameworks", Framework),
        policies=read("policies", Policy),
        parameters=read("parameters", Parameter),
        glossary=read("glossary", Term),
        method=read("method", Chapter),
        refusals=read("refusals", Refusal),
        statistics=read("statistics", Statistic),
        perspectives=read("perspectives", Perspective),
        student_year=read("student_year", Column),
    )
    problems.extend(nonsense(definitions, places))
    if problems:
        raise InputProblems(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
    return definitions


def read_entries(file: Traversable | Path, shape: type[Shape], problems: list[Problem]) -> dict[str, Shape]:
    """The sound entries of one YAML file (key -> shape); what is wrong is added to `problems`."""
    found = _entries(read_document(file, problems), shape, problems)
    return {key: entry for key, entry in found.items() if entry is not None}


def _entries(document: Document, shape: type[Shape], problems: list[Problem]) -> dict[str, Shape | None]:
    """Every entry of a document; None for one that has problems, so that its name is known nevertheless."""
    entries = _adapter(shape)
    try:
        return dict(entries.validate_python(document.content))
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    if not isinstance(document.content, dict):
        problems.append(
            document.problem(
                (), "no entries", "lines `key:` with an entry indented below", "write the file's entries"
            )
        )
        return {}
    problems.extend(advise(document, shape, wrong))
    broken = {one["loc"][0] for one in wrong}
    sound = entries.validate_python(
        {key: value for key, value in document.content.items() if key not in broken}
    )
    return {str(key): sound.get(key) for key in document.content}


@cache
def _adapter(shape: type[Shape]) -> TypeAdapter[dict[str, Shape]]:
    return TypeAdapter(dict[EntryKey, shape])  # type: ignore[valid-type]


def _files(folder: Traversable | Path, name: str) -> Iterator[Traversable | Path]:
    """`name.yaml`, or every YAML file of the folder `name`."""
    inside = folder / name
    if inside.is_dir():
        yield from sorted(
            (file for file in inside.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
        )
    else:
        yield folder / f"{name}.yaml"


def _keep(places: Places, name: str, key: str, document: Document, problems: list[Problem]) -> None:
    if (name, key) in places:
        found = f"`{key}` a second time (first in {places[name, key].file})"
        problems.append(document.problem((key,), found, "each key once", "rename or remove one of the two"))
    places[name, key] = document


def _ordered(indicators: dict[str, Indicator], questions: Mapping[str, Question]) -> dict[str, Indicator]:
    """Indicators in the order of their questions, and within one in the order of its file."""
    order = {question: place for place, question in enumerate(questions)}
    return dict(sorted(indicators.items(), key=lambda item: order.get(item[1].question, len(order))))

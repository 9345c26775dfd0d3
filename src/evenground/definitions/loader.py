"""Reads the definitions and says, with file and line, what is wrong with them and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from evenground.definitions.schema import Dimension, Indicator, Parameter, Policy, Population, Question
from evenground.model import ERROR, InputProblems, Problem

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Definitions:
    """Everything that an educator can review and change without reading code."""

    dimensions: Mapping[str, Dimension]
    populations: Mapping[str, Population]
    indicators: Mapping[str, Indicator]
    questions: Mapping[str, Question]
    policies: Mapping[str, Policy]
    parameters: Mapping[str, Parameter]

    def parameter(self, key: str) -> float:
        return self.parameters[key].value


@cache
def load() -> Definitions:
    """The definitions that come with evenground."""
    return load_from(resources.files("evenground.definitions"))


def load_from(folder: Traversable | Path) -> Definitions:
    """The definitions of a folder laid out like ours. Raises InputProblems with every problem of every file."""
    problems: list[Problem] = []

    def read(name: str, shape: type[Shape]) -> dict[str, Shape]:
        entries: dict[str, Shape] = {}
        for file in _files(folder, name):
            for key, entry in read_entries(file, shape, problems).items():
                if key in entries:
                    problems.append(_problem(file.name, 1, f"{key!r} a second time", "each key once", "rename or remove one of the two"))
                entries[key] = entry
        return entries

    definitions = Definitions(
        dimensions=read("dimensions", Dimension),
        populations=read("populations", Population),
        indicators=read("indicators", Indicator),
        questions=read("questions", Question),
        policies=read("policies", Policy),
        parameters=read("parameters", Parameter),
    )
    problems.extend(_dangling(definitions))
    if problems:
        raise InputProblems(problems)
    return definitions


def read_entries(file: Traversable | Path, shape: type[Shape], problems: list[Problem]) -> dict[str, Shape]:
    """The entries of one YAML file (key -> shape); what is wrong with it is added to `problems` with its line."""
    text = file.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(_problem(file.name, line, "text that is not YAML", "key: value lines, indented by spaces", f"mend the line ({getattr(error, 'problem', error)})"))
        return {}
    try:
        return TypeAdapter(dict[str, shape]).validate_python(content)  # type: ignore[valid-type]
    except ValidationError as error:
        for wrong in error.errors():
            line = _line(node, wrong["loc"])
            problems.append(_describe(file.name, line, wrong))
        return {}


def _files(folder: Traversable | Path, name: str) -> Iterator[Traversable | Path]:
    """`name.yaml`, or every YAML file of the folder `name`."""
    inside = folder / name
    if inside.is_dir():
        yield from sorted((file for file in inside.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    else:
        yield folder / f"{name}.yaml"


def _line(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """The line (from 1) of the deepest part of `path` that exists in the file."""
    line = 1
    for step in path:
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if str(getattr(key, "value", None)) == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _describe(file: str, line: int, wrong: Mapping[str, Any]) -> Problem:
    place = ".".join(str(step) for step in wrong["loc"])
    kind, context = wrong["type"], wrong.get("ctx", {})
    if kind == "missing":
        return _problem(file, line, f"no {place}", "an entry with it", f"add the line `{wrong['loc'][-1]}:`")
    if kind == "extra_forbidden":
        return _problem(file, line, f"{place}, which evenground does not know", "the keys of definitions/schema.py", "remove the line or correct its name")
    allowed = context.get("expected") or context.get("pattern") or wrong["msg"]
    return _problem(file, line, f"{wrong['input']!r} as {place}", str(allowed), f"write {allowed}")


def _dangling(definitions: Definitions) -> Iterator[Problem]:
    """References to what is not defined."""
    for key, indicator in definitions.indicators.items():
        for field, known in (("question", definitions.questions), ("over", definitions.populations), ("counts", definitions.populations)):
            name = getattr(indicator, field)
            if name is not None and name not in known:
                yield _problem("indicators", None, f"{field}: {name} in {key}", f"one of {', '.join(known)}", "correct the name or define it")
        if (indicator.family is None) != (indicator.order is None):
            yield _problem("indicators", None, f"{key} with only one of family and order", "both or neither", "add the other line")


def _problem(file: str, line: int | None, found: str, allowed: str, todo: str) -> Problem:
    return Problem(ERROR, file, found, allowed, todo, row=line)

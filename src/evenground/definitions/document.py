"""A YAML file together with the line of everything in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from evenground.model import ERROR, Problem

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is about eight times as fast

Place = Sequence[int | str]
"""The way to a part of a file: ("graduation", "name", "es")."""


@dataclass(frozen=True)
class Document:
    """One file, parsed once: its content as Python values and the nodes that know their lines."""

    file: str
    content: Any
    root: yaml.Node | None

    def line(self, place: Place) -> int:
        """The line (from 1) of the deepest part of `place` that the file has."""
        node, line = self.root, 1
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line

    def problem(self, place: Place, found: str, allowed: str, todo: str) -> Problem:
        return Problem(ERROR, self.file, found, allowed, todo, row=self.line(place))


def read_document(file: Traversable | Path, problems: list[Problem]) -> Document:
    """The file's content; a file that is absent, not YAML or says a key twice adds to `problems`."""
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(
            Problem(ERROR, file.name, "no such file", "a file with its entries", f"add {file.name}")
        )
        return Document(file.name, {}, None)
    except UnicodeDecodeError:
        problems.append(
            Problem(ERROR, file.name, "text that is not UTF-8", "UTF-8", "save it as UTF-8", row=1)
        )
        return Document(file.name, {}, None)
    try:
        root = loader.get_single_node()
        content = {} if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        problems.append(_unreadable(file.name, error))
        return Document(file.name, {}, None)
    finally:
        loader.dispose()
    document = Document(file.name, content, root)
    problems.extend(_said_twice(document, root))
    return document


def _child(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # of a key said twice, YAML keeps the last
            if str(key.value) == str(step):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _said_twice(document: Document, node: yaml.Node | None) -> Iterator[Problem]:
    """YAML silently keeps the last of two equal keys; whoever wrote the first would look for it in vain."""
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in first:
                found = f"`{key.value}` a second time (first in row {first[key.value]})"
                yield Problem(
                    ERROR, document.file, found, "each key once", "rename or remove one of the two", row=line
                )
            first.setdefault(key.value, line)
            yield from _said_twice(document, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _said_twice(document, value)


def _unreadable(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    why = getattr(error, "problem", None) or "it cannot be read"
    found = f"text that is not YAML: {why}"
    allowed = 'lines `key: value`, indented by spaces; text with a colon in "quotes"'
    return Problem(
        ERROR, file, found, allowed, "mend this line or the one above it", row=mark.line + 1 if mark else 1
    )

"""What to write instead: a shape's complaint about an entry, as a problem with its line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from evenground.definitions.document import Document
from evenground.model import Problem

Way = tuple[int | str, ...]

_WORD = {
    "string_type": 'text in "quotes"',
    "string_too_short": "some text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a date such as 2026-11-21",
    "date_parsing": "a date such as 2026-11-21",
    "date_from_datetime_parsing": "a date such as 2026-11-21",
    "model_type": "indented lines `key: value`",
    "dict_type": "indented lines `key: value`",
    "tuple_type": "a list: [one, another]",
}


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely was meant to be."""
    close = get_close_matches(str(name).lower(), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def instead(name: object, known: Iterable[str]) -> str:
    """What to do about an unknown name."""
    names = list(known)
    close = nearest(name, names)
    return f"write `{close}`" if close else f"write one of {', '.join(names)}"


def advise(
    document: Document, shape: type[BaseModel], errors: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """The problems that pydantic's `errors` (each `loc` starts with the entry's key) stand for.

    A name that is not known and one that is missing beside it are one mistake: a misspelt name.
    """
    meant = _misspelt(errors)
    said = {(*place[:-1], name) for place, name in meant.items()}
    for wrong in errors:
        if wrong["loc"] in meant:
            place, name = wrong["loc"], meant[wrong["loc"]]
            allowed = ", ".join(_fields_at(shape, place[1:-1]))
            yield document.problem(place, f"`{_name(place)}`, which is not known", allowed, f"write `{name}`")
        elif wrong["type"] != "missing" or wrong["loc"] not in said:
            yield _describe(document, shape, wrong)


def _misspelt(errors: Sequence[Mapping[str, Any]]) -> dict[Way, str]:
    """The way to each unknown name -> the missing name of the same mapping that it stands for."""
    missing: dict[Way, list[str]] = defaultdict(list)
    unknown: dict[Way, list[str]] = defaultdict(list)
    for wrong in errors:
        kinds = {"missing": missing, "extra_forbidden": unknown}
        if wrong["type"] in kinds:
            kinds[wrong["type"]][wrong["loc"][:-1]].append(wrong["loc"][-1])
    meant: dict[Way, str] = {}
    for at, names in unknown.items():
        left = missing[at]
        only = len(left) == len(names) == 1
        for name in names:
            close = left[0] if only else nearest(name, left)
            if close:
                meant[(*at, name)] = close
                left.remove(close)
    return meant


def _describe(document: Document, shape: type[BaseModel], wrong: Mapping[str, Any]) -> Problem:
    place, kind, context = tuple(wrong["loc"]), wrong["type"], wrong.get("ctx", {})
    if place[-1] == "[key]":
        place, kind = place[:-1], "key"
    name = _name(place)
    if kind == "key":
        tidy = re.sub(r"[^a-z0-9]+", "_", str(place[-1]).lower()).strip("_")
        return document.problem(
            place, f"the key `{place[-1]}`", "small letters, digits and _, a letter first", f"write `{tidy}`"
        )
    if kind == "missing":
        return document.problem(
            place,
            f"no `{place[-1]}` in {_name(place[:-1])}",
            "an entry with it",
            f"add the line `{place[-1]}:`",
        )
    if kind == "extra_forbidden":
        known = _fields_at(shape, place[1:-1])
        return document.problem(
            place, f"`{name}`, which is not known", ", ".join(known), _mend(place[-1], known)
        )
    found = f"{_short(wrong['input'])} as {name}"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return document.problem(place, found, ", ".join(choices), instead(wrong["input"], choices))
    allowed = _WORD.get(kind) or _plain(wrong["msg"])
    return document.problem(place, found, allowed, f"write {allowed}")


def _name(place: Way) -> str:
    return ".".join(str(step) for step in place)


def _mend(name: object, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f"write `{close}`" if close else "remove the line or correct its name"


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(message: str) -> str:
    """pydantic's message without its lead: "Input should be greater than 0" -> "greater than 0"."""
    return re.sub(r"^(Input|Value) should (be|have|match) ", "", message)


def _fields_at(shape: Any, place: tuple[int | str, ...]) -> list[str]:
    """The names that a mapping at `place` inside `shape` may hold."""
    for step in place:
        shape = _inside(_without_none(shape), step)
    shape = _without_none(shape)
    return list(shape.model_fields) if isinstance(shape, type) and issubclass(shape, BaseModel) else []


def _inside(shape: Any, step: int | str) -> Any:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        field = shape.model_fields.get(str(step))
        return field.annotation if field else None
    arguments = get_args(shape)
    return arguments[1] if get_origin(shape) is dict else arguments[0] if arguments else None


def _without_none(shape: Any) -> Any:
    if get_origin(shape) in (Union, UnionType):
        return next(argument for argument in get_args(shape) if argument is not type(None))
    return shape

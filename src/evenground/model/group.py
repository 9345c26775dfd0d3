"""Student groups and their keys: `all`, `race_ethnicity:black`, `race_ethnicity:black+sex:female`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ALL = "all"

NOT_SHOWN = "not_shown"
"""The value of the students told together because their own groups are hidden: `race_ethnicity:not_shown`.
"""

_ESCAPES = {"%": "%25", ":": "%3A", "+": "%2B"}


def _escape(value: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in value)


def _unescape(value: str) -> str:
    return value.replace("%2B", "+").replace("%3A", ":").replace("%25", "%")


def group_key(parts: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """The key of a group from its (dimension, value) pairs, in alphabetical order; no pair is everybody."""
    pairs = sorted(dict(parts).items())
    return "+".join(f"{_escape(dimension)}:{_escape(value)}" for dimension, value in pairs) or ALL


def parse_group(key: str) -> tuple[tuple[str, str], ...]:
    """The (dimension, value) pairs of a key, in alphabetical order of the dimension; everybody has none."""
    if key == ALL:
        return ()
    pairs = []
    for part in key.split("+"):
        dimension, found, value = part.partition(":")
        if not found or not dimension or not value:
            raise ValueError(
                f"{key!r} is not a group key; write dimension:value+dimension:value, for example sex:female"
            )
        pairs.append((_unescape(dimension), _unescape(value)))
    return tuple(sorted(pairs))


def group_dimensions(key: str) -> tuple[str, ...]:
    """The dimensions that a key names: `race_ethnicity:black+sex:female` -> (`race_ethnicity`, `sex`)."""
    return tuple(dimension for dimension, _ in parse_group(key))

"""Tables in JSON: an array of objects, or one object a line; an object is a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from evenground.sources.files import limits
from evenground.sources.files.layout import Found
from evenground.sources.files.opening import Opened
from evenground.sources.files.place import Entry
from evenground.sources.files.rowfile import write_rows
from evenground.sources.files.stream import CHUNK, opened, sha256
from evenground.sources.files.trouble import Unreadable, foreign

_ALLOWED = "an array of objects, or one object a line"
_BETWEEN = re.compile(r"[\s,]*")


def objects(entry: Entry) -> Iterator[dict[str, Any]]:
    """The objects of a file, one after another. Raises Unreadable."""
    decoder = json.JSONDecoder()
    text, row, is_array = "", 0, False
    for piece, last in _pieces(entry):
        text += piece
        place = 0
        if row == 0 and not is_array:
            begin = re.match(r"\ufeff?\s*(\[?)", text)
            assert begin is not None  # matches the empty text
            is_array, place = bool(begin[1]), begin.end()
        while True:
            place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]
            if is_array and text.startswith("]", place):
                return
            if place >= len(text):
                break
            try:
                with foreign("JSON that is nested without end", _ALLOWED):
                    try:
                        found, end = decoder.raw_decode(text, place)
                    except json.JSONDecodeError:
                        found, end = None, -1
            except Unreadable as trouble:
                raise Unreadable(trouble.found, trouble.allowed, trouble.todo, row + 1) from trouble
            if end < 0 or (end == len(text) and not last and not isinstance(found, dict)):
                if last or len(text) - place > limits.RECORD:
                    raise Unreadable("text that is not JSON, or breaks off", _ALLOWED, row=row + 1)
                break
            row += 1
            if not isinstance(found, dict):
                raise Unreadable("JSON that is no object", _ALLOWED, "export it again", row)
            yield found
            place = end
        text = text[place:]
    if is_array:
        raise Unreadable("JSON that breaks off", _ALLOWED, row=row + 1)


def open_json(entry: Entry, scratch: Path) -> Opened:
    """A file of objects as a source for the engine; the columns are all the keys. Raises Unreadable.

    What is nested stays JSON text. The row is the number of the object.
    """
    keys: dict[str, int] = {}
    for count, found in enumerate(objects(entry), 1):
        for key in found:
            keys.setdefault(key, len(keys))
        if len(keys) > limits.COLUMNS:
            raise Unreadable(f"more than {limits.COLUMNS:,} keys", _ALLOWED, row=count)
    if not keys:
        raise Unreadable("a file without objects", _ALLOWED)
    rows = ([cell_of(found.get(key)) for key in keys] for found in objects(entry))
    return Opened(
        name=entry.name,
        sha256=sha256(entry),
        header=tuple(" ".join(key.encode("utf-8", "replace").decode().split()) for key in keys),
        found=Found("json", (0, 0), "UTF-8"),
        source=write_rows(scratch / "rows.parquet", len(keys), rows),
        first=1,
        skipped=np.zeros(0, np.int64),
        is_copy=True,
    )


def cell_of(value: Any) -> str | None:
    """A value as text: true and false as JSON writes them, 5.0 as 5, what is nested as JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _pieces(entry: Entry) -> Iterator[tuple[str, bool]]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with opened(entry) as stream:
        chunk = stream.read(CHUNK)
        while chunk:
            following = stream.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not following)
            except UnicodeDecodeError as error:
                raise Unreadable("characters that are not UTF-8", "JSON in UTF-8") from error
            yield text, not following
            chunk = following

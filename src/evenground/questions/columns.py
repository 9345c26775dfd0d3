"""Columns of a person's own table: text or numbers as numbers, groups and periods as codes with labels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenground.model import ERROR, InputProblems, Problem, parse_period

UNKNOWN = "unknown"
_TRUTHS = {"true": 1.0, "false": 0.0}
_ALLOWED = "0/1, true/false or numbers; empty where it is not known"
_LISTED = 20

Codes = tuple[np.ndarray, list[str]]
"""The code of each row, an index into the labels."""


def numbers(table: pa.Table, column: str, file: str) -> np.ndarray:
    """A column as numbers, NaN where it is empty; true and false count as 1 and 0.

    Raises InputProblems with the rows whose text is no number, and where a number is infinite.
    """
    values = table[column].combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return _finite(values, column, file)
    encoded = values.dictionary_encode()
    parsed = np.array([_parsed(text) for text in encoded.dictionary.to_pylist()] + [np.nan], dtype=object)
    codes = pc.fill_null(encoded.indices, len(parsed) - 1).to_numpy(zero_copy_only=False)
    wrong = np.array([number is None for number in parsed])[codes]
    _no_rows(wrong, "text that is not a number", column, file)
    return np.asarray(parsed.astype(float)[codes])


def groups(table: pa.Table, column: str) -> Codes:
    """A column as codes and labels in alphabetical order; empty is `unknown`."""
    values = table[column].combine_chunks()
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    texts = pc.cast(encoded.dictionary, pa.string()).to_pylist()
    written = [(text or "").strip() or UNKNOWN for text in texts] + [UNKNOWN]
    labels = sorted(set(written))
    place = {label: code for code, label in enumerate(labels)}
    codes = np.array([place[label] for label in written], dtype=np.int64)
    nowhere = len(written) - 1
    rows = pc.fill_null(pc.cast(encoded.indices, pa.int64()), nowhere).to_numpy(zero_copy_only=False)
    return codes[rows], labels


def periods(table: pa.Table, column: str | None) -> Codes:
    """School years named one way where they can be; other periods as they are written."""
    if column is None:
        return np.zeros(table.num_rows, dtype=np.int64), [""]
    codes, labels = groups(table, column)
    named = [_period(label) for label in labels]
    merged = sorted(set(named))
    return np.array([merged.index(name) for name in named], dtype=np.int64)[codes], merged


def _finite(values: pa.Array, column: str, file: str) -> np.ndarray:
    try:
        found = np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputProblems.one(
            file,
            f"values of type {values.type}",
            "0/1 or numbers",
            "choose a column of numbers",
            column=column,
        ) from error
    _no_rows(np.isinf(found), "a number without end", column, file)
    return found


def _no_rows(wrong: np.ndarray, found: str, column: str, file: str) -> None:
    """Raises InputProblems with the first of the rows that are wrong, as a spreadsheet counts them."""
    rows = np.flatnonzero(wrong)[:_LISTED]
    if len(rows):
        todo = "correct the value"
        raise InputProblems(
            [Problem(ERROR, file, found, _ALLOWED, todo, int(row) + 2, column) for row in rows]
        )


def _parsed(text: str) -> float | None:
    """A number, NaN for nothing, None for what is neither."""
    word = text.strip().lower()
    if not word:
        return np.nan
    try:
        number = float(_TRUTHS.get(word, word))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _period(text: str) -> str:
    try:
        return parse_period(text)
    except ValueError:
        return text

"""A table of counts with margins, read as it is published: totals, hidden marks, marks that say how many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
import pyarrow as pa

from evenground.disclosure.attacking.tabular import Counts, Tabular
from evenground.model import ERROR, InputProblems, Problem
from evenground.sources.proposal.recognition import recognition

_NUMBER = re.compile(r"^\d{1,3}(,\d{3})+(\.0+)?$|^\d+(\.0+)?$")
_SHARE = re.compile(r"^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$")
_BELOW = re.compile(r"^(?:n\s*)?(<|<=|≤|less than|fewer than|under)\s*(\d+)(?:\s*students)?$")
_BETWEEN = re.compile(r"^(\d+)\s*(?:-|–|to)\s*(\d+)$")
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """`by`: columns of dimensions; `count`: of the counts; `reached` or `rate`: of those among them who
    reached something; `total`: the word for totals.
    """

    by: tuple[str, ...]
    count: str
    reached: str | None = None
    rate: str | None = None
    total: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        more = [name for name in (self.reached, self.rate) if name]
        return tuple(dict.fromkeys((*self.by, self.count, *more)))


def tabular(rows: pa.Table, asked: Asked, file: str) -> tuple[Tabular, list[tuple[str, ...]], list[int]]:
    """The table for the attack, the labels of its rows, and which rows of the file they are.

    Rows without any label are left out. Raises InputProblems with everything that cannot be read.
    """
    if asked.reached and asked.rate:
        raise InputProblems.one("--rate", "--reached as well", "one of the two", "leave one out")
    labels = [tuple(_text(row[name]) for name in asked.by) for row in rows.select(asked.by).to_pylist()]
    kept = [row for row, label in enumerate(labels) if any(label)]
    labels = [labels[row] for row in kept]
    places = [row + 2 for row in kept]
    problems: list[Problem] = []
    marks = {mark.casefold() for mark in recognition().marks.hidden}

    def read(column: str) -> Counts:
        texts = [_text(value) for value in rows[column].take(pa.array(kept, pa.int64())).to_pylist()]
        return _counts(texts, column, places, marks, file, problems)

    counts = read(asked.count)
    reached = read(asked.reached) if asked.reached else None
    shares: list[tuple[int, float, float]] = []
    if asked.rate:
        texts = [_text(value) for value in rows[asked.rate].take(pa.array(kept, pa.int64())).to_pylist()]
        reached, shares = _from_rates(texts, counts, asked.rate, places, marks, file, problems)
    codes = _codes(labels, asked, file, problems)
    problems += _twice(labels, places, asked, file)
    if not kept:
        problems.append(
            Problem(ERROR, file, "no row with a label", "a row a cell", f"check --by {','.join(asked.by)}")
        )
    if problems:
        raise InputProblems(problems)
    return Tabular(codes, counts, reached, shares), labels, places


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value).strip()


def _counts(
    texts: Sequence[str],
    column: str,
    places: Sequence[int],
    marks: set[str],
    file: str,
    problems: list[Problem],
) -> Counts:
    read = [_count(text, marks) for text in texts]
    problems += _unread(
        texts, read, column, places, file, "a whole number, or a mark for hidden such as * or <10"
    )
    ends = np.array([one or (nan, 0.0, nan) for one in read], dtype=float).reshape(-1, 3)
    return Counts(ends[:, 0], ends[:, 1], ends[:, 2])


def _count(text: str, marks: set[str]) -> tuple[float, float, float] | None:
    """(value, least, most); None for what is neither a number nor a mark."""
    if _NUMBER.match(text):
        return float(text.replace(",", "")), 0.0, nan
    plain = text.casefold()
    if found := _BELOW.match(plain):
        most = int(found[2]) - (found[1] not in ("<=", "≤"))
        return nan, 0.0, float(most)
    if (found := _BETWEEN.match(plain)) and int(found[1]) <= int(found[2]):
        return nan, float(found[1]), float(found[2])
    return (nan, 0.0, nan) if not text or plain in marks else None


def _from_rates(
    texts: Sequence[str],
    counts: Counts,
    column: str,
    places: Sequence[int],
    marks: set[str],
    file: str,
    problems: list[Problem],
) -> tuple[Counts, list[tuple[int, float, float]]]:
    """Those who reached, from rates as they are rounded: their number where only one whole number fits."""
    read = [_share(text, marks) for text in texts]
    allowed = "a share from 0 to 1 or from 0 to 100 %, or a mark for hidden"
    problems += _unread(texts, read, column, places, file, allowed)
    hundred = any(one is not None and one[0] > 1 for one in read)
    value, shares = np.full(len(texts), nan), []
    for row, one in enumerate(read):
        if one is None or np.isnan(one[0]):
            continue
        share, half = (part / 100 if hundred and not one[2] else part for part in one[:2])
        low, high = max(share - half, 0.0), min(share + half, 1.0)
        n = counts.value[row]
        least, most = np.ceil(low * n - 1e-9), np.floor(high * n + 1e-9)
        if not np.isnan(n) and least == most:
            value[row] = least
        else:
            shares.append((row, low, high))
    return Counts(value, np.zeros(len(texts)), np.full(len(texts), nan)), shares


def _share(text: str, marks: set[str]) -> tuple[float, float, bool] | None:
    """(share, half a step of its last digit, whether it is already out of 1); None for what is none."""
    if found := _SHARE.match(text):
        digits = len(found[1].partition(".")[2])
        scale = 100 if found[2] else 1
        return float(found[1]) / scale, 0.5 * 10.0**-digits / scale, bool(found[2])
    return (nan, inf, True) if not text or text.casefold() in marks else None


def _unread(
    texts: Sequence[str], read: Sequence[object], column: str, places: Sequence[int], file: str, allowed: str
) -> Iterator[Problem]:
    """One problem a text that is neither a number nor a mark, with its first row."""
    rows: dict[str, list[int]] = {}
    for text, one, place in zip(texts, read, places, strict=True):
        if one is None:
            rows.setdefault(text, []).append(place)
    for text, where in list(rows.items())[:_MOST_SHOWN]:
        todo = "correct it, or name the right column"
        yield Problem(ERROR, file, repr(text[:40]), allowed, todo, where[0], column, len(where))


def _codes(labels: Sequence[tuple[str, ...]], asked: Asked, file: str, problems: list[Problem]) -> np.ndarray:
    """[row, dimension] numbers of the labels; 0 is the total."""
    words = {asked.total.casefold()} if asked.total else {"total", "all", "totals", ""}
    codes = np.zeros((len(labels), len(asked.by)), dtype=np.int64)
    for place in range(len(asked.by)):
        found: dict[str, int] = {}
        for row, label in enumerate(labels):
            if label[place].casefold() not in words:
                codes[row, place] = found.setdefault(label[place], len(found) + 1)
    if asked.total and labels and codes.all():
        todo = f"check the word; labels are, for example, {', '.join(sorted(set(labels[0])))[:80]}"
        problems.append(
            Problem(
                ERROR,
                file,
                f"no row that says {asked.total!r}",
                "rows that are totals",
                todo,
                column=asked.by[0],
            )
        )
    return codes


def _twice(
    labels: Sequence[tuple[str, ...]], places: Sequence[int], asked: Asked, file: str
) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    again = [
        (place, first[label])
        for label, place in zip(labels, places, strict=True)
        if first.setdefault(label, place) != place
    ]
    if again:
        yield Problem(
            ERROR,
            file,
            f"the same labels as row {again[0][1]}",
            "one row for each set of labels",
            f"name every column that tells rows apart in --by (now {', '.join(asked.by)})",
            again[0][0],
            count=len(again),
        )

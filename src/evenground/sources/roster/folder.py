"""The files of a roster folder: which table each holds, whether its bytes are what it says, its hash."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from evenground.model import ERROR, NOTE, Problem
from evenground.sources.roster.format import Format

ABOUT = "about.yaml"
_CHUNK = 1 << 20
_ENDS_OF_PARQUET = b"PAR1"


@dataclass(frozen=True)
class TableFile:
    """A file that holds a table. `empty_lines` are the rows (header = 1) that hold nothing."""

    table: str
    path: Path
    sha256: str
    empty_lines: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_parquet(self) -> bool:
        return self.path.name.lower().endswith(".parquet")


def find_tables(folder: Path, form: Format, problems: list[Problem]) -> dict[str, TableFile]:
    """The readable table files of a folder by table; what is wrong with them is added to `problems`."""
    found: dict[str, Path] = {}
    others: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        table = _table_of(path, form)
        if table is None:
            others.append(path.name)
        elif table in found:
            problems.append(
                Problem(
                    ERROR,
                    path.name,
                    f"the table {table} a second time (also {found[table].name})",
                    "one file a table",
                    "remove one of the two",
                )
            )
        else:
            found[table] = path
    problems.extend(_missing(form, set(found), others))
    problems.extend(_not_read(others, folder))
    opened = {table: _open(table, path, problems) for table, path in found.items()}
    return {table: file for table, file in opened.items() if file is not None}


def _table_of(path: Path, form: Format) -> str | None:
    name = path.name.lower()
    for ending in form.endings:
        if name.endswith(ending) and name.removesuffix(ending) in form.tables and path.is_file():
            return name.removesuffix(ending)
    return None


def _missing(form: Format, found: set[str], others: list[str]) -> Iterator[Problem]:
    stems = {name.lower().split(".")[0]: name for name in others}
    for table, definition in form.tables.items():
        if not definition.required or table in found:
            continue
        near = get_close_matches(table, stems, n=1, cutoff=0.75)
        hint = f"rename {stems[near[0]]} to {table}.csv" if near else f"add {table}.csv ({definition.grain})"
        endings = ", ".join(table + ending for ending in form.endings)
        yield Problem(ERROR, f"{table}.csv", "no such file in the folder", f"one of {endings}", hint)


def _not_read(others: list[str], folder: Path) -> Iterator[Problem]:
    for name in others:
        if name != ABOUT and not name.startswith(".") and (folder / name).is_file():
            yield Problem(
                NOTE,
                name,
                "a file that is no table of a roster",
                "the tables of docs/reference/roster.md",
                "nothing; it was not read",
            )


def _open(table: str, path: Path, problems: list[Problem]) -> TableFile | None:
    """Reads every byte once: the hash, and for text that it is whole, UTF-8 and not something else."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        problems.append(
            Problem(
                ERROR,
                path.name,
                f"a file that cannot be opened ({error.strerror})",
                "a readable file",
                "check its permissions",
            )
        )
        return None
    if path.stat().st_size == 0:
        problems.append(_empty(path.name))
        return None
    whole = (
        _check_parquet(path, problems)
        if path.name.lower().endswith(".parquet")
        else _check_text(path, problems)
    )
    return None if whole is None else TableFile(table, path, digest.hexdigest(), whole)


def _check_parquet(path: Path, problems: list[Problem]) -> tuple[int, ...] | None:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        end = file.read(4)
    if start == _ENDS_OF_PARQUET == end:
        return ()
    found = "a Parquet file that breaks off" if start == _ENDS_OF_PARQUET else "a file that is not Parquet"
    problems.append(Problem(ERROR, path.name, found, "a whole Parquet file", "export or copy it again"))
    return None


def _check_text(path: Path, problems: list[Problem]) -> tuple[int, ...] | None:
    """The rows without content, or None where the file cannot be read as CSV in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    empty: list[int] = []
    line, tail, content = 1, b"", False
    try:
        for chunk in _chunks(path):
            if problem := _not_text(path.name, chunk, first=line == 1 and not tail):
                problems.append(problem)
                return None
            decoder.decode(chunk)
            content = content or bool(chunk.strip())
            pieces = (tail + chunk).split(b"\n")
            tail = pieces.pop()
            if b"" in pieces or b"\r" in pieces:
                empty.extend(line + place for place, piece in enumerate(pieces) if piece in (b"", b"\r"))
            line += len(pieces)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        problems.append(_not_utf8(path))
        return None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        problems.append(
            Problem(
                ERROR,
                path.name,
                "a compressed file that is damaged or breaks off",
                "a whole .csv.gz",
                "compress or copy it again",
            )
        )
        return None
    if not content:
        problems.append(_empty(path.name))
        return None
    return tuple(empty)


def _chunks(path: Path) -> Iterator[bytes]:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _not_text(name: str, chunk: bytes, first: bool) -> Problem | None:
    if first and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Problem(ERROR, name, "text in UTF-16", "text in UTF-8", "save it as CSV UTF-8")
    if b"\0" in chunk or (first and chunk[:4] in (b"PK\x03\x04", b"%PDF", _ENDS_OF_PARQUET)):
        return Problem(
            ERROR,
            name,
            "a file that is not text",
            "comma-separated text in UTF-8",
            "export it again as CSV UTF-8",
        )
    return None


def _not_utf8(path: Path) -> Problem:
    """Where the bytes stop being UTF-8: the first row and how many rows."""
    first, count, line, tail = 0, 0, 1, b""
    for chunk in (*_chunks(path), b"\n"):
        pieces = (tail + chunk).split(b"\n")
        tail = pieces.pop()
        for place, piece in enumerate(pieces):
            if piece.isascii() or _is_utf8(piece):
                continue
            first, count = first or line + place, count + 1
        line += len(pieces)
    return Problem(
        ERROR,
        path.name,
        "characters that are not UTF-8",
        "one encoding, UTF-8, in the whole file",
        "save it as CSV UTF-8",
        row=first,
        count=count,
    )


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _empty(name: str) -> Problem:
    return Problem(
        ERROR,
        name,
        "an empty file",
        "a first row with the column names and a row for every record",
        "export it again or remove it",
    )

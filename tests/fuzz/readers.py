"""Every way into evenground, as one call that takes a folder with broken files in it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import duckdb
from tests.fuzz import damage, seeds
from tests.sources.edfi import district as exchange
from tests.sources.oneroster import district
from tests.sources.published import tiny
from tests.sources.roster.folders import SOUND

from evenground.definitions import Definitions, load
from evenground.model import InputProblems
from evenground.sources import files, open_source
from evenground.sources.proposal import propose
from evenground.sources.table import read_table


@cache
def definitions() -> Definitions:
    return load()


def _one(rng: Random, content: bytes, *, is_text: bool) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        content = rng.choice(damage.OF_TEXT if is_text and rng.random() < 0.7 else damage.OF_BYTES)(
            rng, content
        )
    return content


def _is_text(name: str) -> bool:
    return name.endswith((".csv", ".txt", ".tsv", ".xls", ".json", ".ndjson", ".yaml"))


def broken_file(rng: Random, folder: Path) -> Path:
    """A broken file of any format in `folder`, sometimes under the name of another."""
    held = seeds.sound()
    name = rng.choice(list(held))
    if name == "t.zip" and rng.random() < 0.8:
        content = damage.of_archive(rng, held["t.csv"])
    elif rng.random() < 0.05:  # some files are sound but named as another
        content = held[rng.choice(list(held))]
    else:
        content = _one(rng, held[name], is_text=_is_text(name))
    if name == "t.csv.gz" and rng.random() < 0.5:
        content = gzip.compress(_one(rng, held["t.csv"], is_text=True), 1)
    path = folder / name
    path.write_bytes(content)
    return path


def table(rng: Random, folder: Path, _: Path) -> None:
    read_table(broken_file(rng, folder), rng.choice((("student_id",), ("n", "share"), ("no such",))))


def whole(rng: Random, folder: Path, private: Path) -> None:
    """Everything of a file or of a folder of files."""
    path = broken_file(rng, folder)
    place = files.open_place(rng.choice((path, folder)))
    found = list(place.problems)
    for entry in place.entries:
        preview, told = files.preview(entry)
        assert preview is not None or told
        with duckdb.connect() as connection:
            loaded, problems = files.load(connection, entry, "held", scratch=private)
            assert loaded is not None or problems
            if loaded is not None:
                rows = connection.execute(
                    "SELECT count(*), count(DISTINCT row), min(row) FROM held"
                ).fetchone()
                assert rows is not None
                assert rows[0] == rows[1] == loaded.rows, "rows have numbers of their own"
                assert loaded.rows == 0 or rows[2] > loaded.found.header_rows[1], "rows come after the header"
            found.extend(problems)
    if errors := [problem for problem in found if problem.severity == "error"]:
        raise InputProblems(errors)


def roster(rng: Random, folder: Path, private: Path) -> None:
    held = {f"{name}.csv": text.encode() for name, text in SOUND.items()}
    _break_some(rng, held)
    _read(rng, folder, held, "roster", private)


def published(rng: Random, folder: Path, private: Path) -> None:
    held = {name: tiny.lines(text).encode() for name, text in tiny.FILES.items()}
    mapping = folder.parent / "tiny.yaml"
    content = tiny.MAPPING.encode()
    if rng.random() < 0.3:
        content = _one(rng, content, is_text=True)
    else:
        _break_some(rng, held)
    mapping.write_bytes(content)
    _read(rng, folder, held, None, private, mapping)


def oneroster(rng: Random, folder: Path, private: Path) -> None:
    version = rng.choice(("1.1", "1.2"))
    held = {name: text.encode() for name, text in district.files(district.small(version), version).items()}
    _break_some(rng, held)
    _read(rng, folder, held, rng.choice((None, "oneroster")), private)


def edfi(rng: Random, folder: Path, private: Path) -> None:
    resources = exchange.small(rng.choice((4, 5, 6)))
    held = {f"{name}.json": json.dumps(objects).encode() for name, objects in resources.items()}
    _break_some(rng, held)
    _read(rng, folder, held, rng.choice((None, "edfi")), private)


def proposal(rng: Random, folder: Path, _: Path) -> None:
    """A mapping is proposed for a file that may be anything."""
    propose(broken_file(rng, folder))


def any_place(rng: Random, folder: Path, private: Path) -> None:
    """Whatever it is, through the door."""
    path = broken_file(rng, folder)
    open_source(rng.choice((path, folder)), None, private, definitions())


def _break_some(rng: Random, held: dict[str, bytes]) -> None:
    for name in rng.sample(sorted(held), rng.choice((1, 1, 2))):
        if rng.random() < 0.1:
            del held[name]
        else:
            held[name] = _one(rng, held[name], is_text=True)


def _read(
    rng: Random,
    folder: Path,
    held: dict[str, bytes],
    name: str | None,
    private: Path,
    mapping: Path | None = None,
) -> None:
    place = folder
    if rng.random() < 0.3:
        place = folder / "export.zip"
        content = seeds.zipped(held)
        place.write_bytes(_one(rng, content, is_text=False) if rng.random() < 0.3 else content)
    else:
        for file, content in held.items():
            (folder / file).write_bytes(content)
    open_source(place, name, private, definitions(), mapping)


Reader = Callable[[Random, Path, Path], None]
READERS: dict[str, tuple[Reader, int]] = {
    "whole": (whole, 12), "table": (table, 6), "roster": (roster, 2), "published": (published, 3),
    "oneroster": (oneroster, 2), "edfi": (edfi, 2), "proposal": (proposal, 3), "any place": (any_place, 3),
}  # fmt: skip
"""The readers and how often each is tried."""

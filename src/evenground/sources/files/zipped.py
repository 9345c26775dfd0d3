"""The members of a zip archive, each checked before a byte of it is unpacked."""

from __future__ import annotations

import re
import stat
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from evenground.model import ERROR, Problem
from evenground.sources.files import limits
from evenground.sources.files.trouble import AGAIN, Unreadable, note, unopened

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@dataclass(frozen=True)
class Member:
    """A file in an archive: its name with `/`, its place in the list of members and its unpacked size."""

    name: str
    index: int
    size: int


def members(path: Path, name: str) -> tuple[list[Member], list[Problem]]:
    """The members that can be read, and what is wrong with the archive or with others of them."""
    problems: list[Problem] = []
    try:
        listed = directory(path)
    except Unreadable as trouble:
        return [], [trouble.problem(name)]
    found: dict[str, Member] = {}
    for index, info in enumerate(listed):
        inside = info.filename.replace("\\", "/")
        if inside.endswith("/"):
            continue
        wrong = _wrong(info, inside)
        if wrong is None and inside.lower() in found:
            wrong = Unreadable("two files of this name", "each file once", "remove one of the two")
        if wrong:
            problems.append(wrong.problem(f"{name}/{_shown(inside)}"))
            continue
        if inside.lower().endswith(".zip"):
            todo = "unpack the inner archive and put it beside the others"
            told = note(
                f"{name}/{_shown(inside)}", "an archive in an archive", "files", f"{todo}; it was not read"
            )
            problems.append(told)
        found[inside.lower()] = Member(inside, index, info.file_size)
    return list(found.values()), _shortened(problems, name)


def directory(path: Path) -> list[zipfile.ZipInfo]:
    """The list of an archive's members. Raises Unreadable where it is none, or a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except OSError as error:
        raise unopened(error) from error
    except Exception as error:  # zipfile answers damage with half a dozen kinds of exception
        raise Unreadable(
            "a file that is not a zip archive, or not whole", "a whole archive (.zip)"
        ) from error
    if len(listed) > limits.MEMBERS:
        raise Unreadable(
            f"an archive of {len(listed):,} files",
            f"at most {limits.MEMBERS:,} files",
            "keep the files needed",
        )
    _check_size(listed, path.stat().st_size)
    return listed


def _check_size(listed: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in listed)
    if unpacked > limits.UNPACKED or (unpacked > limits.RATIO_FROM and unpacked > limits.RATIO * packed):
        raise bomb()
    spans = sorted((info.header_offset, info.compress_size) for info in listed)
    for (start, size), (following, _) in pairwise(spans):
        if start + size > following:  # members that share their bytes: how the densest bombs are made
            raise bomb()


def bomb() -> Unreadable:
    allowed = f"at most {limits.RATIO} times its size and {limits.UNPACKED // limits.GIGA} GB"
    return Unreadable(
        "an archive that grows without measure", allowed, "ask for the file without compression"
    )


def _wrong(info: zipfile.ZipInfo, inside: str) -> Unreadable | None:
    if not inside:
        return Unreadable("a file without a name", "names", "pack the files again")
    if (
        inside.startswith("/")
        or ".." in inside.split("/")
        or re.match(r"[A-Za-z]:", inside)
        or "\0" in inside
    ):
        return Unreadable(
            "a name that leads out of the archive", "names inside the archive", "do not use this archive"
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        return Unreadable("a link", "files", "pack the file itself")
    if info.flag_bits & _ENCRYPTED:
        return Unreadable("a file behind a password", "an archive without a password", "unpack it first")
    if info.compress_type not in _METHODS:
        return Unreadable("a kind of compression that is not known", "a plain zip archive", AGAIN)
    return None


def _shown(inside: str) -> str:
    """A name that can stand in a message, whatever it is made of."""
    return "".join(letter if letter.isprintable() else "?" for letter in inside)[:120]


def _shortened(problems: list[Problem], name: str) -> list[Problem]:
    if len(problems) <= limits.LISTED:
        return problems
    rest = problems[limits.LISTED :]
    severity = ERROR if any(problem.severity == ERROR for problem in rest) else rest[0].severity
    more = Problem(severity, name, f"{len(rest):,} more files like these", "as above", "as above")
    return [*problems[: limits.LISTED], more]

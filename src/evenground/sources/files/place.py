"""A place with files: a folder, an archive or a single file. Nothing in it is followed out of it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from evenground.model import ERROR, Problem
from evenground.sources.files import limits
from evenground.sources.files.trouble import Unreadable, unopened
from evenground.sources.files.zipped import Member, members

_DEPTH = 4
_FILES = (".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xls", ".parquet", ".json", ".zip")
_UNSEEN = ("__macosx/", "thumbs.db", "desktop.ini", "~$")


@dataclass(frozen=True)
class Entry:
    """One file of a place: `path` on disk and, in an archive, its `member`. `size` is in bytes, unpacked.

    `name` is how the person finds it: a path inside the place with `/`; a file of an archive in a folder is
    `ARCHIVE.zip/MEMBER`. A folder that holds all that is in an archive is left out of the name.
    """

    name: str
    path: Path
    size: int
    member: Member | None = None

    @property
    def ending(self) -> str:
        """`.csv` of `a.CSV.gz`."""
        return PurePosixPath(self.name.lower().removesuffix(".gz")).suffix

    @property
    def is_packed(self) -> bool:
        """Whether the text is inside gzip."""
        return self.name.lower().endswith(".gz")


@dataclass(frozen=True)
class Place:
    """The files of a place in the order of their names, and what is wrong with the place itself."""

    name: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def find(self, pattern: str) -> tuple[Entry, ...]:
        """The entries whose name, or its last part, fits `pattern` (`*`, `?`, `[...]`; any case)."""
        wanted = pattern.lower()
        return tuple(
            entry
            for entry in self.entries
            if fnmatchcase(entry.name.lower(), wanted)
            or ("/" not in wanted and fnmatchcase(entry.name.lower().rpartition("/")[2], wanted))
        )


def is_archive(path: Path) -> bool:
    """Whether a path is a file whose name says that it is a zip archive."""
    return path.name.lower().endswith(".zip") and path.is_file()


def open_place(path: Path) -> Place:
    """What lies at `path`; whatever it is, this does not raise: what is wrong with it is in `problems`.

    Folders are walked to a depth of four; the files of an archive in a folder are entries as well; an archive
    in an archive is not opened; links are followed only to files of the same folder.
    """
    problems: list[Problem] = []
    name = path.name or str(path)
    try:
        if path.is_dir():
            entries = list(_limited(_walk(path, path.resolve(), "", problems), name, problems))
        elif path.exists() or path.is_symlink():
            _check_regular(path)
            archive = path.name.lower().endswith(".zip")
            entries = _packed(path, "", name, problems) if archive else [_entry(path, name)]
        else:
            allowed = "a folder, an archive (.zip) or a file"
            raise Unreadable("no such file or folder", allowed, "check the path")
    except Unreadable as trouble:
        problems.append(trouble.problem(name))
        entries = []
    except (OSError, ValueError, RuntimeError) as error:
        problems.append(unopened(error if isinstance(error, OSError) else OSError()).problem(name))
        entries = []
    return Place(name, tuple(sorted(entries, key=lambda entry: entry.name)), tuple(problems))


def _walk(folder: Path, root: Path, prefix: str, problems: list[Problem]) -> Iterator[Entry]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        name = prefix + path.name
        if path.name.startswith(".") or path.name.lower().startswith(_UNSEEN):
            continue
        try:
            if path.is_dir() and not path.is_symlink():
                if path.suffix.lower() in _FILES:
                    raise Unreadable(
                        "a folder with the name of a file", "a file", "put the file in its place"
                    )
                if prefix.count("/") < _DEPTH:
                    yield from _walk(path, root, f"{name}/", problems)
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                todo = "put the file itself into the folder"
                raise Unreadable("a link out of the folder", "files of the folder", todo)
            _check_regular(path)
            if path.name.lower().endswith(".zip"):
                yield from _packed(path, f"{name}/", name, problems)
            else:
                yield _entry(path, name)
        except Unreadable as trouble:
            problems.append(trouble.problem(name))
        except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
            problems.append(unopened(error if isinstance(error, OSError) else OSError()).problem(name))


def _check_regular(path: Path) -> None:
    """Only files: a pipe would never end, and a device has no end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unreadable("a pipe, device or folder, not a file", "files", "put a file in its place")


def _entry(path: Path, name: str) -> Entry:
    return Entry(name, path, path.stat().st_size)


def _packed(path: Path, prefix: str, name: str, problems: list[Problem]) -> list[Entry]:
    found, wrong = members(path, name)
    problems.extend(wrong)
    shown = [member for member in found if not _is_unseen(member.name)]
    inner = _common_folder([member.name for member in shown])
    return [
        Entry(prefix + member.name.removeprefix(inner), path, member.size, member)
        for member in shown
        if not member.name.lower().endswith(".zip")
    ]


def _is_unseen(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return last.startswith((".", *_UNSEEN)) or name.lower().startswith(_UNSEEN)


def _common_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""


def _limited(entries: Iterator[Entry], name: str, problems: list[Problem]) -> Iterator[Entry]:
    for count, entry in enumerate(entries):
        if count == limits.MEMBERS:
            found = f"more than {limits.MEMBERS:,} files"
            todo = "put only the files that are to be read into it"
            problems.append(Problem(ERROR, name, found, "a folder of one system's files", todo))
            return
        yield entry

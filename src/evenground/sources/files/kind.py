"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from evenground.sources.files.trouble import Unreadable

_STARTS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document",
}
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<table", b"<body")


def kind_of(start: bytes) -> str | None:
    """What a file that begins in this way is, where it is no text of a table."""
    for mark, what in _STARTS.items():
        if start.startswith(mark):
            return what
    begin = start[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "a web page" if begin.startswith(_PAGES) else None


def check_text(start: bytes) -> None:
    """Raises Unreadable where a file that is named as text is something else."""
    if what := kind_of(start):
        allowed = "text: columns with commas, tabs or semicolons between them"
        todo = "export it again as CSV UTF-8" if "Excel" not in what and "Parquet" not in what else (
            "give it the ending of its kind (.xlsx, .xls, .zip or .parquet)"
        )  # fmt: skip
        raise Unreadable(f"a file that is not text but {what}", allowed, todo)

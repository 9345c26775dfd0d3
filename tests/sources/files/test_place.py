"""Places: folders, archives and files, and what in them is refused: never a traceback, never a hang."""

from __future__ import annotations

import gzip
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from tests.sources.files.reading import errors, packed, read, workbook, written

from evenground.sources import files
from evenground.sources.files import limits

TABLE = "a,b\n1,2\n"


def names(path: Path) -> list[str]:
    return [entry.name for entry in files.open_place(path).entries]


def test_a_folder_with_folders_and_archives(tmp_path):
    written(tmp_path, "b.csv", TABLE)
    (tmp_path / "SCH").mkdir()
    written(tmp_path / "SCH", "Enrollment.csv", TABLE)
    packed(tmp_path / "crdc.zip", {"2017-18/Data/AP.csv": TABLE, "2017-18/Readme.txt": "x"})
    for unseen in (".hidden.csv", "~$b.xlsx", "Thumbs.db"):
        written(tmp_path, unseen, "x")
    place = files.open_place(tmp_path)
    assert names(tmp_path) == ["SCH/Enrollment.csv", "b.csv", "crdc.zip/Data/AP.csv", "crdc.zip/Readme.txt"]
    assert place.problems == ()
    assert [entry.name for entry in place.find("enroll*.CSV")] == ["SCH/Enrollment.csv"]
    assert [entry.name for entry in place.find("crdc.zip/*AP.csv")] == ["crdc.zip/Data/AP.csv"]


@pytest.mark.parametrize(
    ("members", "held"),
    [
        ({"a.csv": TABLE, "b.csv": TABLE}, ["a.csv", "b.csv"]),
        ({"export/a.csv": TABLE, "export/b.csv": TABLE}, ["a.csv", "b.csv"]),
        ({"export/a.csv": TABLE, "b.csv": TABLE}, ["b.csv", "export/a.csv"]),
        ({"x/": "", "x/a.csv": TABLE, "__MACOSX/x/._a.csv": "x", "x/.DS_Store": "x"}, ["a.csv"]),
        ({"x\\a.csv": TABLE}, ["a.csv"]),
    ],
)
def test_an_archive_with_and_without_an_inner_folder(tmp_path, members, held):
    assert names(packed(tmp_path / "t.zip", members)) == held


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv"]
)
def test_a_name_that_leads_out_of_the_archive(tmp_path, name):
    place = files.open_place(packed(tmp_path / "t.zip", {name: TABLE, "in.csv": TABLE}))
    assert [entry.name for entry in place.entries] == ["in.csv"]
    assert errors(place.problems) == [(None, "a name that leads out of the archive")]


def test_a_file_without_a_name_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), TABLE)
    assert errors(files.open_place(tmp_path / "t.zip").problems) == [(None, "a file without a name")]


def test_a_link_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        link = zipfile.ZipInfo("t.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    place = files.open_place(tmp_path / "t.zip")
    assert (place.entries, errors(place.problems)) == ((), [(None, "a link")])


def test_two_files_of_one_name_in_an_archive(tmp_path):
    path = packed(tmp_path / "t.zip", {"t.csv": TABLE, "T.CSV": TABLE})
    assert errors(files.open_place(path).problems) == [(None, "two files of this name")]


def test_an_archive_in_an_archive_is_told_and_left(tmp_path):
    inner = packed(tmp_path / "inner.zip", {"a.csv": TABLE}).read_bytes()
    place = files.open_place(packed(tmp_path / "t.zip", {"inner.zip": inner, "b.csv": TABLE}))
    assert [entry.name for entry in place.entries] == ["b.csv"]
    assert [problem.severity for problem in place.problems] == ["note"]


def test_an_archive_behind_a_password(tmp_path):
    content = bytearray(packed(tmp_path / "t.zip", {"t.csv": TABLE}).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    place = files.open_place(written(tmp_path, "t.zip", bytes(content)))
    assert errors(place.problems) == [(None, "a file behind a password")]


def test_a_compression_that_is_not_known(tmp_path):
    content = bytearray(packed(tmp_path / "t.zip", {"t.csv": TABLE}).read_bytes())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(mark) + place] = 99
    place = files.open_place(written(tmp_path, "t.zip", bytes(content)))
    assert errors(place.problems) == [(None, "a kind of compression that is not known")]


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\xff" * 18])
def test_an_archive_that_is_none(tmp_path, content):
    place = files.open_place(written(tmp_path, "t.zip", content))
    assert errors(place.problems) == [(None, "a file that is not a zip archive, or not whole")]


def test_more_files_than_a_folder_of_data_has(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MEMBERS", 5)
    path = packed(tmp_path / "t.zip", {f"{number}.csv": TABLE for number in range(6)})
    assert errors(files.open_place(path).problems) == [(None, "an archive of 6 files")]
    (tmp_path / "many").mkdir()
    for number in range(7):
        written(tmp_path / "many", f"{number}.csv", TABLE)
    place = files.open_place(tmp_path / "many")
    assert (len(place.entries), errors(place.problems)) == (5, [(None, "more than 5 files")])


BOMB = b"a,b\n" + b"1,2\n" * 1_000_000
_PACKED = gzip.compress(TABLE.encode(), mtime=0)
BROKEN_GZIP = _PACKED[:20] + b"\x00\x01" + _PACKED[22:]


@pytest.mark.parametrize("name", ["t.zip", "t.csv.gz", "t.xlsx"])
def test_an_archive_that_grows_without_measure(tmp_path, monkeypatch, name):
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    if name == "t.csv.gz":
        path = written(tmp_path, name, gzip.compress(BOMB, mtime=0))
    else:
        path = packed(tmp_path / name, {"t.csv": BOMB})
    _, _, problems = read(path) if name != "t.zip" else (None, [], list(files.open_place(path).problems))
    assert errors(problems) == [(None, "an archive that grows without measure")]


def test_a_bomb_that_says_it_is_small(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    content = bytearray(packed(tmp_path / "t.zip", {"t.csv": BOMB}).read_bytes())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(mark) + place, 100)
    (entry,) = files.open_place(written(tmp_path, "t.zip", bytes(content))).entries
    preview, _ = files.preview(entry)
    assert preview is None or len(preview.rows) < 50
    assert errors(read(tmp_path / "t.zip")[2])


def test_members_that_share_their_bytes(tmp_path):
    path = packed(tmp_path / "t.zip", {"a.csv": TABLE, "b.csv": TABLE})
    content = bytearray(path.read_bytes())
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    struct.pack_into("<I", content, second + 42, 0)
    place = files.open_place(written(tmp_path, "t.zip", bytes(content)))
    assert errors(place.problems) == [(None, "an archive that grows without measure")]


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(TABLE.encode() * 900, mtime=0)[:-12],
        TABLE.encode(),
        BROKEN_GZIP,
        gzip.compress(TABLE.encode(), mtime=0) + b"rubbish",
        zlib.compress(TABLE.encode()),
    ],
)
def test_a_damaged_gzip(tmp_path, content):
    _, _, problems = read(written(tmp_path, "t.csv.gz", content))
    assert errors(problems) == [(None, "a damaged or cut-off archive")]


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    written(tmp_path, "u.csv", TABLE)
    for path in (tmp_path, tmp_path / "t.csv"):
        place = files.open_place(path)
        assert errors(place.problems) == [(None, "a pipe, device or folder, not a file")]
    assert names(tmp_path) == ["u.csv"]
    assert errors(files.open_place(Path("/dev/zero")).problems)


def test_links(tmp_path):
    (tmp_path / "in").mkdir()
    written(tmp_path, "out.csv", TABLE)
    written(tmp_path / "in", "a.csv", TABLE)
    (tmp_path / "in" / "b.csv").symlink_to("a.csv")
    (tmp_path / "in" / "c.csv").symlink_to("../out.csv")
    (tmp_path / "in" / "d.csv").symlink_to("d.csv")
    (tmp_path / "in" / "e").symlink_to("..")
    place = files.open_place(tmp_path / "in")
    assert [entry.name for entry in place.entries] == ["a.csv", "b.csv"]
    assert [problem.file for problem in place.problems] == ["c.csv", "d.csv", "e"]


def test_a_folder_with_the_name_of_a_file(tmp_path):
    (tmp_path / "t.csv").mkdir()
    assert errors(files.open_place(tmp_path).problems) == [(None, "a folder with the name of a file")]


@pytest.mark.parametrize("path", ["nowhere", "nowhere/t.csv", "t\0.csv", "x" * 300])
def test_a_path_without_anything(tmp_path, path):
    place = files.open_place(tmp_path / path)
    assert (place.entries, len(errors(place.problems))) == ((), 1)


def test_a_file_that_goes_away(tmp_path):
    path = written(tmp_path, "t.csv", TABLE)
    (entry,) = files.open_place(path).entries
    path.unlink()
    preview, problems = files.preview(entry)
    assert (preview, len(errors(problems))) == (None, 1)


def test_a_workbook_in_an_archive(tmp_path):
    book = workbook(tmp_path / "t.xlsx", {"one": [["a", "b"], [1, "02"]]}).read_bytes()
    _, rows, _ = read(packed(tmp_path / "t.zip", {"x/t.xlsx": book}))
    assert rows == [(2, "1", "02")]

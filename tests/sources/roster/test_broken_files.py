"""Files that are not what their names say: problems, never a traceback, and never a row read wrongly."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.roster.folders import SOUND, make

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources.roster import read_roster

TEXT = SOUND["courses"].encode()


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


WHOLE = parquet(
    pa.table(
        {"student_id": ["0071001"], "school_year": ["2023-24"], "course_code": ["A"], "course_type": ["ap"]}
    )
)
NESTED = parquet(
    pa.table(
        {
            "student_id": [["0071001"]],
            "school_year": [{"a": 1}],
            "course_code": [b"\x00\xff"],
            "course_type": [None],
        }
    )
)
BROKEN: dict[str, tuple[str, bytes]] = {
    "empty": ("courses.csv", b""),
    "empty gzip": ("courses.csv.gz", b""),
    "only a mark": ("courses.csv", b"\xef\xbb\xbf"),
    "only commas": ("courses.csv", b",,,\n,,,\n"),
    "only quotes": ("courses.csv", b'"""'),
    "binary": ("courses.csv", bytes(range(256)) * 40),
    "picture": ("courses.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "workbook": ("courses.csv", b"PK\x03\x04 workbook"),
    "mixed encodings": ("courses.csv", "a,b,Español,ap\n".encode() + "a,b,Año,ap\n".encode("cp1252")),
    "cut inside a letter": ("courses.csv", TEXT + "0071002,2023-24,Españ".encode()[:-1]),
    "gzip that is none": ("courses.csv.gz", TEXT),
    "gzip cut": ("courses.csv.gz", gzip.compress(TEXT * 50)[:-30]),
    "gzip damaged": ("courses.csv.gz", gzip.compress(TEXT)[:20] + b"\x00\x01\x02" + gzip.compress(TEXT)[23:]),
    "gzip of binary": ("courses.csv.gz", gzip.compress(bytes(range(256)))),
    "parquet that is none": ("courses.parquet", TEXT),
    "parquet cut": ("courses.parquet", WHOLE[:-9]),
    "parquet damaged": ("courses.parquet", WHOLE[:4] + b"\xff" * (len(WHOLE) - 8) + WHOLE[-4:]),
    "parquet named csv": ("courses.csv", WHOLE),
    "parquet of lists": ("courses.parquet", NESTED),
    "ragged": ("courses.csv", TEXT + b"a\na,b\na,b,c,d,e,f\n"),
    "open quote": ("courses.csv", TEXT + b'"a,b,c,d\n' + b"x,2023-24,c,ap\n" * 2000),
    "quote inside": ("courses.csv", TEXT + b'a,20"23-24,c,ap\n'),
    "a very long row": ("courses.csv", TEXT + b"a,2023-24," + b"x" * 3_000_000 + b",ap\n"),
    "a name with quotes": ("courses.csv", TEXT.replace(b"course_code", b'"course ""code""; DROP TABLE x"')),
    "the same name often": ("courses.csv", b",".join([b"student_id"] * 300) + b"\n"),
    "html": ("courses.csv", b"<html><body>Log in</body></html>\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_problem(name: str, tmp_path: Path) -> None:
    file, content = BROKEN[name]
    folder = make(tmp_path / "roster", courses=None)
    (folder / file).write_bytes(content)
    with pytest.raises(InputProblems) as found:
        read_roster(folder, tmp_path / "private", load())
    told = [problem for problem in found.value.problems if problem.severity == "error"]
    assert {problem.file for problem in told} == {file}
    assert list((tmp_path / "private").iterdir()) == []  # nothing of the students is left behind


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
        lambda text: text.rstrip("\n"),
        lambda text: "\n".join(
            ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
        ),
        lambda text: text.replace(",", " , "),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "^"),
        lambda text: "Year-end export of the district\n\n" + text,
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("\n", "\r\n\n"),
        lambda text: text.replace("student_id", "Student ID").replace("course_type", "COURSE-TYPE"),
    ],
    ids=[
        "windows lines",
        "old mac lines",
        "mark",
        "empty lines at the end",
        "no last line end",
        "quotes",
        "blanks",
        "tabs",
        "semicolons",
        "carets",
        "a title",
        "empty lines between",
        "two kinds of line ends",
        "names",
    ],
)
def test_harmless_differences_change_nothing(change: Callable[[str], str], tmp_path: Path) -> None:
    sound = make(tmp_path / "a" / "roster")
    other = make(tmp_path / "b" / "roster", **{table: change(text) for table, text in SOUND.items()})
    read = [read_roster(folder, folder.with_name("private"), load()) for folder in (sound, other)]
    tables = [pq.read_table(dataset.student_years) for dataset in read]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp1252", "latin-1"])
def test_an_encoding_that_is_recognised_is_told(encoding: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "roster", courses=None)
    text = SOUND["courses"] + "0071002,2023-24,Español,ap\n"
    (folder / "courses.csv").write_bytes(text.encode(encoding))
    told = [problem.found for problem in read_roster(folder, tmp_path / "private", load()).checks]
    name = {"cp1252": "Latin-1", "latin-1": "Latin-1"}.get(encoding, "UTF-16")
    assert f"text in {name}" in told


@pytest.mark.parametrize("inner", ["", "export 2024/"])
def test_an_archive_is_a_folder(inner: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "roster")
    archive = tmp_path / "roster.zip"
    with ZipFile(archive, "w") as packed:
        for path in folder.iterdir():
            packed.write(path, inner + path.name)
    one, other = (read_roster(place, tmp_path / "private", load()) for place in (folder, archive))
    assert one.inputs == other.inputs
    assert one.checks == other.checks


@given(place=st.integers(0, len(TEXT) - 1), junk=st.binary(min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_anywhere_is_read_or_told(place: int, junk: bytes, tmp_path: Path) -> None:
    folder = make(tmp_path / "roster", courses=None)
    (folder / "courses.csv").write_bytes(TEXT[:place] + junk + TEXT[place:])
    try:
        told = read_roster(folder, tmp_path / "private", load()).checks
    except InputProblems as found:
        told = found.problems
    assert {problem.file for problem in told if problem.severity == "error"} <= {"courses.csv"}


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(InputProblems) as found:
            read_roster(path, tmp_path / "private", load())
        assert len(found.value.problems) == 1


def test_an_empty_folder_asks_for_the_required_tables(tmp_path: Path) -> None:
    (tmp_path / "roster").mkdir()
    with pytest.raises(InputProblems) as found:
        read_roster(tmp_path / "roster", tmp_path / "private", load())
    told = {problem.file for problem in found.value.problems if problem.severity == "error"}
    assert told == {"schools.csv", "students.csv", "enrollments.csv"}


def test_odd_names_of_folders(tmp_path: Path) -> None:
    folder = make(tmp_path / "Año [2024] *copy* 'final' 100%" / "roster")
    dataset = read_roster(folder, folder.with_name("private's"), load())
    assert dataset.student_years is not None
    assert pq.read_metadata(dataset.student_years).num_rows == 8  # one of seven counts at two schools

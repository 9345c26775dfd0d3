"""Laws of reading: however a publisher cuts the same rows into files, the same cells come out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.published.tiny import FILES, MAPPING, lines, problems, read, write

HEADER = "id,year,group,graduates,ready,rate"
TWO_FILES = MAPPING.replace("school: graduates.csv", "school: [graduates.csv, more.csv]")

# at most one row for a school and group: ready <= graduates, some of it hidden
counts = st.one_of(
    st.just(("*", "*")),
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (str(max(pair)), str(min(pair)))),
)
tables = st.dictionaries(
    st.tuples(st.sampled_from(["0101", "0102"]), st.sampled_from(["All", "Black", "White"])),
    counts,
    min_size=2,
)


@settings(max_examples=6, deadline=None)
@given(table=tables, data=st.data())
def test_files_that_overlap_are_one_file(table: dict[tuple[str, str], tuple[str, str]], data) -> None:
    rows = [f"{unit},2015-2016,{group},{n},{ready},*" for (unit, group), (n, ready) in table.items()]
    first = data.draw(st.lists(st.sampled_from(rows), min_size=1))
    rest = data.draw(st.permutations([*(row for row in rows if row not in first), *first[:2]]))
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
        one = read(write(Path(whole), graduates="\n".join([HEADER, *rows])))
        folder = write(Path(parts), graduates="\n".join([HEADER, *first]))
        (folder / "more.csv").write_text("\n".join([HEADER, *rest]), encoding="utf-8")
        two = read(folder, TWO_FILES)
    assert two.leaves.equals(one.leaves)
    repeated = len(first) + len(rest) - len(rows)
    assert sum(problem.count for problem in two.checks if "same numbers" in problem.found) == repeated


STAFF = lines(FILES["staff.csv"]).encode()
broken = st.tuples(
    st.integers(0, len(STAFF)),
    st.integers(0, 12),
    st.one_of(
        st.binary(max_size=4), st.sampled_from([b'"', b",", b"\n", b"\r", b"\x00", b"NaN", b"=1+1", b"1e309"])
    ),
).map(lambda cut: STAFF[: cut[0]] + cut[2] + STAFF[cut[0] + cut[1] :])


@settings(max_examples=40, deadline=None)
@given(content=broken)
def test_whatever_the_bytes_there_is_a_dataset_or_a_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = problems(write(Path(folder), staff=content))
    assert all(problem.file == "staff.csv" and problem.found and problem.todo for problem in found)

"""What cannot be opened is told as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.sources import open_source


@pytest.mark.parametrize(
    ("folder", "mapping", "found"),
    [
        ("empty", None, "empty: found an empty folder"),
        ("others", None, "others: found files that no known source has"),
        ("others", "empty", "empty: found a folder; allowed: a mapping"),
        ("others", "none.yaml", "none.yaml: found no such file"),
    ],
)
def test_a_folder_is_told_as_what_it_is(tmp_path: Path, folder: str, mapping: str | None, found: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    own = tmp_path / mapping if mapping else None
    with pytest.raises(InputProblems, match=found):
        open_source(tmp_path / folder, None, tmp_path / "private", load(), own)

"""Copies of rows lie in private folders only: what a killed run left, the next one removes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evenground.sources import files


def test_a_copy_of_rows_is_made_in_a_held_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "system"))
    (tmp_path / "system").mkdir()
    (tmp_path / "students.csv").write_bytes("name,score\nZoë,3\n".encode("utf-16"))
    place = files.open_place(tmp_path / "students.csv")
    with files.open_table(place.entries[0]) as (opened, problems):
        assert opened is not None, problems
        held = list((tmp_path / "system").iterdir())
        assert [path.name.startswith("evenground-private-") for path in held] == [True]
        assert (held[0] / ".held").exists()
    assert list((tmp_path / "system").iterdir()) == []
    loaded, _ = files.load(duckdb.connect(), place.entries[0], "held")
    assert loaded is not None
    assert list((tmp_path / "system").iterdir()) == []

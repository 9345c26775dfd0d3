"""`evenground sources` tells every source, and nothing that is not so."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from evenground.cli import app
from evenground.definitions import load
from evenground.sources import source_names
from evenground.workspace.sources import known_source, known_sources


def test_every_source_is_told_with_what_it_can_answer() -> None:
    sources = {source.key: source for source in known_sources()}
    assert tuple(sources) == source_names()
    indicators = load().indicators
    for source in sources.values():
        assert source.indicators, source.key
        assert set(source.indicators) <= set(indicators)
        assert source.levels, source.key
        assert source.files, source.key


def test_a_source_in_full() -> None:
    graduates = known_source("cde-graduates")
    assert graduates.levels == ("school",)
    assert "ag_completion" in graduates.indicators
    assert ("gender", "F", "sex:female") in graduates.codes
    assert {column for file in graduates.files for column in file.columns} >= {
        "CDS_CODE",
        "GRADS",
        "UC_GRADS",
    }
    said = CliRunner().invoke(app, ["sources", "cde-graduates"])
    assert said.exit_code == 0
    for words in ("UC_GRADS", "6 = race_ethnicity:black", "Known issues:", "--source cde-graduates"):
        assert words in said.output


@pytest.mark.parametrize(
    ("name", "todo"), [("cde-graduate", "write cde-graduates"), ("zzz", "choose one of them")]
)
def test_a_name_that_is_none(name: str, todo: str) -> None:
    said = CliRunner().invoke(app, ["sources", name])
    assert said.exit_code == 2
    assert todo in said.output

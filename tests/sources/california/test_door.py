"""Each real folder is known by its files, and says what a person has to know about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evenground.definitions import load
from evenground.sources.door import recognised
from evenground.sources.published import published_sources

FOLDERS = {
    "ca-graduates-ag": "cde-graduates",
    "ca-frpm-sat-1415": "cde-schools",
    "ca-suspensions": "cde-suspensions",
    "ca-lcff-2018": "cde-lcff",
    "ca-api-2000": "cde-api-2000",
    "lausd-choice-2018": "lausd-choice",
}
OURS = [key for key in published_sources() if key.startswith(("cde-", "lausd-"))]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_recognised(shared_data: Callable[[str], Path], folder: str) -> None:
    assert recognised(shared_data(folder)) == FOLDERS[folder]


@pytest.mark.parametrize("key", OURS)
def test_a_source_says_what_it_answers_and_what_is_wrong_with_it(key: str) -> None:
    source = published_sources()[key]
    assert source.known_issues
    assert source.licence
    assert set(source.indicators) <= set(load().indicators), "an indicator that is not defined is never shown"
    assert source.download
    assert source.years

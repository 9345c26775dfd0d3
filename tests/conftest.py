"""What many tests lean on: the shared real data and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

# Before anything imports numpy: each worker has one core, and matrices shared out over more make both wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings
from tests.bundles import bundle as bundle

ROOT = Path(__file__).parents[1]
# How long an example takes depends on what else the machine does; speed is measured by the bench.
settings.register_profile("evenground", deadline=None)
settings.load_profile("evenground")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("ky-kysrc")` is the folder with that real data; the test is skipped where it is absent."""

    def folder(name: str) -> Path:
        path = ROOT.parent / "shared" / "data" / name
        if not path.is_dir():
            pytest.skip(f"needs the real data in ../shared/data/{name}")
        return path

    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium. Without one the test is skipped; in CI, where .ci/run installs it, it fails."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return Path(path)
    missing = "needs Chromium (Debian and Ubuntu: apt install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


FIRST = (
    "quality/test_barriers.py",
    "journeys/test_documented.py",
    "journeys/test_example.py",
    "disclosure/test_hierarchies.py",
    "quality",
    "journeys",
)
"""The longest files start first, so that no worker is left with one of them at the end; the first two, with
different bundles, so that neither waits for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT / "tests").as_posix()
        return next((at for at, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))

    items.sort(key=place)

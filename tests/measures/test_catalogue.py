"""Every measure is documented with an example, and stands on the page of values from elsewhere."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from evenground import measures

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "reference"
CHECKED = set(re.findall(r"^\| `([\w.]+)`", (DOCS / "measure-checks.md").read_text("utf-8"), re.MULTILINE))
EXAMPLES = "\n".join(
    line
    for page in [DOCS / "measures.md", *sorted((DOCS / "measures").glob("*.md"))]
    for line in page.read_text("utf-8").splitlines()
    if line.startswith((">>>", "..."))
)
# They hand data over, and answer no number themselves.
NO_NUMBER = {"on", "predictability.of_counts", "predictability.of_students"}


def functions():
    """(name below evenground.measures, function) of everything public that is called."""
    for name in measures.__all__:
        if inspect.isfunction(found := getattr(measures, name)):
            yield name, found
    for _, family, is_package in pkgutil.iter_modules(measures.__path__):
        if is_package:
            package = importlib.import_module(f"evenground.measures.{family}")
            for name in package.__all__:
                if inspect.isfunction(found := getattr(package, name)):
                    yield f"{family}.{name}", found


FUNCTIONS = dict(functions())


def test_there_are_measures_of_every_family():
    families = {name.partition(".")[0] for name in FUNCTIONS if "." in name}
    assert {
        "spectrum",
        "growth",
        "small",
        "segregation",
        "disproportionality",
        "teaching",
        "spread",
    } < families
    assert {"predictability", "decomposition", "bright", "surveys", "agreement"} < families
    assert families < set(measures.__all__)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_measure_is_explained(name):
    page = inspect.getdoc(FUNCTIONS[name]) or ""
    assert len(page) > 60, "a public measure says what it answers, in which unit, and where it comes from"


def test_every_measure_has_an_example():
    called = {name for name in FUNCTIONS if re.search(rf"\b{name.rpartition('.')[2]}\b", EXAMPLES)}
    assert sorted(set(FUNCTIONS) - called) == []


def test_every_measure_was_held_against_a_value_from_elsewhere():
    assert sorted(set(FUNCTIONS) - CHECKED - NO_NUMBER) == []

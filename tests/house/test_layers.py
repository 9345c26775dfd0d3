"""The rooms of the house import in one direction, and only the gate makes Released.

Reads the imports from the syntax tree, so nothing has to run for a crossing to be found.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "evenground"

# Lowest first: a room may import only rooms of the lines above its own; rooms of one line stand side by side.
ORDER = (
    ("model", "storage"),
    ("measures", "press"),
    ("definitions", "engine"),
    ("sources", "cube", "disclosure"),
    ("access", "money", "accountability", "evaluation", "voices", "plans", "perspectives", "questions"),
    ("report",),
    ("workspace",),
    ("cli", "web"),
    ("__init__", "__main__"),
)
# Where the order alone would say something else.
ALSO = {"questions": {"perspectives"}, "__main__": {"cli"}}
ONLY = {"press": {"model"}, "measures": {"model"}, "report": {"model", "press", "definitions", "storage"}}
# Statistics are pure: all that measures may import, from anywhere.
MEASURES_MAY_USE = {"evenground", "numpy", "scipy", "narwhals"} | set(sys.stdlib_module_names)
# Who may construct Released: the gate, and the reader of a released bundle, which checks its receipt.
MAKERS_OF_RELEASED = {"disclosure/gate.py", "report/bundle.py"}


def allowed(room: str) -> set[str]:
    """The rooms that `room` may import."""
    line = next(place for place, rooms in enumerate(ORDER) if room in rooms)
    below = {other for rooms in ORDER[:line] for other in rooms}
    return ONLY.get(room, below) | ALSO.get(room, set())


def imports(path: Path, source: Path) -> Iterator[tuple[int, str]]:
    """(line, full name) of every import of a file; a name imported from a package counts as its module."""
    package = ("evenground", *path.relative_to(source).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *((node.module,) if node.module else ())))
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def problems(source: Path) -> Iterator[str]:
    """One sentence for each crossing in the package at `source`."""
    known = {room for rooms in ORDER for room in rooms}
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source)
        room = place.parts[0].removesuffix(".py")
        if "utils" in path.stem:
            yield f"{place}: name the module after what it holds, not utils"
        if room not in known:
            yield f"{place}: {room} is no room of the house; move the module, or add the room to ORDER here"
            continue
        for line, name in imports(path, source):
            top, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if top == "evenground" and other != room and other not in allowed(room) | {"__version__"}:
                may = ", ".join(sorted(allowed(room)))
                yield f"{place}:{line}: {room} may not import {name}; it may import {may}"
            if room == "measures" and top not in MEASURES_MAY_USE:
                yield f"{place}:{line}: measures are pure: numpy, scipy and model, not {name}"
        if place.as_posix() not in MAKERS_OF_RELEASED:
            for line in calls(path, "Released"):
                yield f"{place}:{line}: only the gate and the bundle's reader make Released"


def calls(path: Path, name: str) -> Iterator[int]:
    """The lines on which a file calls `name(...)` or `something.name(...)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == name:
            yield node.lineno


def test_no_layer_is_crossed() -> None:
    assert list(problems(SOURCE)) == []


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("report/page.py", "from evenground.disclosure import gate", "report may not import evenground.disc"),
        ("report/page.py", "def f():\n    import evenground.cube.leaf", "report/page.py:2"),
        ("report/page.py", "from ..sources import roster", "report may not import evenground.sources.roster"),
        ("report/page.py", "from evenground import workspace", "report may not import evenground.workspace"),
        ("report/page.py", "import evenground", "report may not import evenground"),
        ("model/cell.py", "from evenground.measures import rate", "model may not import"),
        ("measures/rate.py", "import duckdb", "measures are pure"),
        ("cube/leaf.py", "from evenground.sources import roster", "cube may not import"),
        ("perspectives/four.py", "from evenground.questions import ask", "perspectives may not import"),
        ("money/need.py", "from evenground.access import funnel", "money may not import"),
        ("cube/utils.py", "", "not utils"),
        ("helpers/things.py", "", "helpers is no room"),
        ("questions/ask.py", "from evenground.model import Released\nReleased(1)", "ask.py:2: only the"),
        ("questions/ask.py", "from evenground import model\nmodel.Released(1)", "ask.py:2: only the"),
    ],
)
def test_a_planted_crossing_is_found(tmp_path: Path, file: str, code: str, said: str) -> None:
    plant(tmp_path, file, code)
    assert any(said in sentence for sentence in problems(tmp_path)), list(problems(tmp_path))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("report/page.py", "from evenground import __version__\nfrom .charts import dot"),
        ("report/bundle.py", "from evenground.model import Released\nx = Released(1)"),
        ("disclosure/gate.py", "from evenground.definitions import load\nx = Released(1)"),
        ("questions/ask.py", "from evenground.perspectives import four\nfrom evenground.cube import leaf"),
        ("measures/rate.py", "import math\nfrom scipy import stats\nfrom evenground.model import VALUE"),
        ("cli/review.py", "from evenground.workspace import review"),
        ("__main__.py", "from evenground.cli import main"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, file: str, code: str) -> None:
    plant(tmp_path, file, code)
    assert list(problems(tmp_path)) == []


def plant(folder: Path, file: str, code: str) -> None:
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(code, encoding="utf-8")


def test_the_attack_shares_no_code_with_what_hides() -> None:
    for file in sorted((SOURCE / "disclosure" / "attacking").glob("*.py")):
        text = file.read_text(encoding="utf-8")
        for room in ("hiding", "telling", "suppress", "gate"):
            assert f"evenground.disclosure.{room}" not in text, (file.name, room)

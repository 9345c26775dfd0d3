"""The documentation says what is there: commands, options, definitions; and every link leads somewhere."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from evenground.cli import app
from evenground.definitions import load
from evenground.sources import source_names
from evenground.sources.roster.format import roster_format

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def spelled(command: Any) -> Iterator[str]:
    """Every option of a command, and its arguments, as the page spells them."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield f"`{parameter.metavar or parameter.name.upper()}`"
        elif not parameter.hidden:
            yield from (f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))


def test_every_command_and_option_is_documented() -> None:
    group: Any = typer.main.get_command(app)
    parts = re.split(r"^## evenground (\S+)$", page("commands.md"), flags=re.M)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    assert set(sections) == set(group.commands)
    missing = {
        f"{name} {option}"
        for name, command in group.commands.items()
        for option in spelled(command)
        if option not in sections[name]
    }
    assert missing == set()


KINDS = ("questions", "indicators", "frameworks", "dimensions", "populations", "policies", "parameters")


@pytest.mark.parametrize("kind", KINDS)
def test_every_definition_is_documented(kind: str) -> None:
    text = page("indicators.md" if kind in ("indicators", "frameworks") else "definitions.md")
    assert [key for key in getattr(load(), kind) if not has_entry(text, key)] == []


def has_entry(text: str, key: str) -> bool:
    """A section or a row of a table with that key."""
    return f"\n### `{key}`\n" in text or f"\n| `{key}` |" in text


def test_every_source_is_documented() -> None:
    text = page("definitions.md")
    assert [name for name in source_names() if not has_entry(text, name)] == []


def test_every_table_and_column_of_a_roster_is_documented() -> None:
    parts = re.split(r"^## (\S+)$", page("roster.md"), flags=re.M)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    tables = roster_format().tables
    missing = [
        f"{table}.{column}"
        for table, entry in tables.items()
        for column in entry.columns
        if not has_entry(sections[table], column)
    ]
    assert missing == []


def test_every_measure_of_a_review_is_documented() -> None:
    wording = ROOT / "src" / "evenground" / "definitions" / "languages" / "en.yaml"
    codes = yaml.safe_load(wording.read_text(encoding="utf-8"))["codes"]
    measures = [key.removeprefix("measure.") for key in codes if key.startswith("measure.")]
    assert "difference" in measures
    assert [key for key in measures if not has_entry(page("definitions.md"), key)] == []


@pytest.fixture(scope="module")
def written() -> dict[Path, str]:
    """The generated pages, as they would be written now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS)
        pages: dict[Path, str] = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
    return pages


@pytest.mark.parametrize(
    "generated", ["commands.md", "definitions.md", "indicators.md", "known-sources.md", "roster.md"]
)
def test_generated_pages_are_up_to_date(generated: str, written: dict[Path, str]) -> None:
    assert page(generated) == written[DOCS / "reference" / generated], "run `make docs` and commit the page"


def test_every_relative_link_leads_somewhere() -> None:
    files = [*ROOT.glob("*.md"), *PAGES]
    broken = [
        f"{file.relative_to(ROOT)}: {target}"
        for file in files
        for match in LINK.finditer(file.read_text(encoding="utf-8"))
        if not leads_somewhere(file, target := match[1] or match[2])
    ]
    assert broken == []


def leads_somewhere(file: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return True
    path, _, anchor = target.partition("#")
    goal = (file.parent / path).resolve() if path else file
    return goal.exists() and (not anchor or anchor in anchors(goal))


def anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def test_every_page_is_in_the_navigation() -> None:
    def targets(node: Any) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        else:
            for value in node.values() if isinstance(node, dict) else node:
                yield from targets(value)

    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(targets(navigation)) == sorted(file.relative_to(DOCS).as_posix() for file in PAGES)

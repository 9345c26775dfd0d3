"""What the house says: no deficit words; no registry and no folder of a person's machine in any file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "evenground"
BANNED = PACKAGE / "definitions" / "wording" / "banned.yaml"
LANGUAGES = ("en", "es")
# Rooms whose Python strings reach a reader.
SPEAKING = ("press", "report", "questions", "perspectives", "cli")


def pattern(phrase: str) -> re.Pattern[str]:
    """Finds a phrase as whole words, also in the plural and with a hyphen for a space."""
    words = r"[\s-]+".join(map(re.escape, phrase.split()))
    return re.compile(rf"\b{words}(s|es)?\b", re.IGNORECASE)


@cache
def banned(language: str) -> list[tuple[re.Pattern[str], str]]:
    entries = yaml.safe_load(BANNED.read_text(encoding="utf-8"))[language]
    return [(pattern(entry["phrase"]), entry["say"]) for entry in entries]


def objections(text: str, language: str) -> list[str]:
    return [f"“{match[0]}”: {say}" for rule, say in banned(language) if (match := rule.search(text))]


def wording(node: Any, language: str) -> Iterator[str]:
    """Every string that a definition gives in one language, at any depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == language:
                yield from strings(value)
            else:
                yield from wording(value, language)
    elif isinstance(node, list):
        for value in node:
            yield from wording(value, language)


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from strings(value)


def prose(markdown: str) -> str:
    """A page without its code: names in files are as their publishers wrote them."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)


def spoken(python: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_list_is_used_and_finds_what_it_bans() -> None:
    assert objections("Sub-groups at risk", "en") == [
        "“Sub-groups”: student group",
        "“at risk”: name what the school has not yet provided",
    ]
    assert objections("estudiantes en riesgo", "es")
    assert objections("Of every 100 students, 54 had completed the A-G courses.", "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_definition_uses_a_banned_word(language: str) -> None:
    found = {
        f"{file.relative_to(ROOT)}: {text}": said
        for file in sorted(PACKAGE.rglob("*.yaml"))
        if file != BANNED
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8"))
        for text in wording(document, language)
        if (said := objections(text, language))
    }
    assert found == {}


def test_no_page_of_the_documentation_uses_a_banned_word() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = {
        str(page.relative_to(ROOT)): said
        for page in pages
        if (said := objections(prose(page.read_text(encoding="utf-8")), "en"))
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_room_that_speaks_uses_a_banned_word(language: str) -> None:
    files = [file for room in SPEAKING for file in [*PACKAGE.glob(room), *PACKAGE.rglob(f"{room}/**/*")]]
    found: dict[str, list[str]] = {}
    for file in files:
        if file.suffix in {".py", ".html", ".typ", ".js"}:
            text = file.read_text(encoding="utf-8")
            said = objections("\n".join(spoken(text)) if file.suffix == ".py" else text, language)
            found |= {str(file.relative_to(ROOT)): said} if said else {}
    assert found == {}


# Written so that this file does not hold what it forbids.
REGISTRIES = re.compile(r"pypi\.(org|python)|python[h]osted|registry\.npm|npmjs\.|deb\.debian|[x]-url[ =]h")
HOMES = re.compile(r"(?<![\w.:/])/(home|Users|root)/[\w.-]|[A-Z]:\\Users\\")
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".lock", ".html", ".typ", ".css", ".js", ".json", ".txt", ""}


def files_of_the_project() -> Iterator[Path]:
    for folder in ("src", "tests", "docs", "bench", ".ci"):
        yield from (file for file in sorted((ROOT / folder).rglob("*")) if "__pycache__" not in file.parts)
    yield from (*sorted(ROOT.glob("*.*")), ROOT / "Makefile", ROOT / ".gitignore")


def test_no_file_names_a_registry_or_a_folder_of_somebodys_machine() -> None:
    here = [f"{folder}/" for folder in (ROOT.parent, Path.home()) if len(str(folder)) > 1]
    found = []
    for file in files_of_the_project():
        if not file.is_file() or file.suffix not in TEXT:
            continue
        text = file.read_text(encoding="utf-8")
        places = [place for place in here if place in text]
        places += [match[0] for rule in (REGISTRIES, HOMES) if (match := rule.search(text))]
        found += [f"{file.relative_to(ROOT)}: {place}" for place in places]
    assert found == []


@pytest.mark.parametrize(
    "planted", ["py~pi.org/simple", "--index~-url https://x", "in /ho~me/ana", "C:\\Us~ers\\a"]
)
def test_a_planted_place_is_found(planted: str) -> None:
    text = planted.replace("~", "")
    assert REGISTRIES.search(text) or HOMES.search(text)

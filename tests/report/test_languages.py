"""A further language is one more file: a made-up one, English in brackets, goes through everything."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from pypdf import PdfReader
from tests.texts import Reader

import evenground
from evenground import report
from evenground.definitions.languages import OWN, english_texts, load_wording, read_wording
from evenground.definitions.skeleton import skeleton
from evenground.model import InputProblems, Released

LANG = "qps"
WRITE = """
import sys
from pathlib import Path
from evenground.report import read, write
write(read(Path(sys.argv[1])), Path(sys.argv[2]), lang=sys.argv[3])
"""


def bracketed(node: Any) -> Any:
    """Every text in ⟦brackets⟧; in the entries of `texts` only the translation."""
    if isinstance(node, dict):
        return {key: text if key == "en" and LANG in node else bracketed(text) for key, text in node.items()}
    if isinstance(node, list):
        return [bracketed(each) for each in node]
    return f"⟦{node}⟧" if isinstance(node, str) else node


def pseudo() -> str:
    return yaml.safe_dump(bracketed(yaml.safe_load(skeleton(LANG))), allow_unicode=True, sort_keys=False)


@pytest.fixture(scope="module")
def folder(released: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle written by a copy of evenground with one more file in its `languages`."""
    place = tmp_path_factory.mktemp("languages")
    shutil.copytree(Path(evenground.__file__).parent, place / "src" / "evenground")
    languages = place / "src" / "evenground" / "definitions" / "languages"
    (languages / f"{LANG}.yaml").write_text(pseudo(), encoding="utf-8")
    report.write(released, place / "before")
    arguments = [sys.executable, "-c", WRITE, str(place / "before"), str(place / "after"), LANG]
    done = subprocess.run(
        arguments, env={"PYTHONPATH": str(place / "src")}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return place / "after"


def english() -> set[str]:
    """Every text of the English file and of the definitions that has words in it."""
    found = set(english_texts())
    nodes: list[Any] = [load_wording().content["en"]]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict | list):
            nodes += node.values() if isinstance(node, dict) else node
        else:
            found.add(str(node))
    return {text for text in found if re.search(r"[A-Za-z]{4}", text)}


@pytest.mark.parametrize("name", ["index.html", "pages/method.html", "pages/framework-nasem.html"])
def test_nothing_english_is_left_on_a_page(folder: Path, name: str) -> None:
    texts = Reader(folder / name).texts
    own = [text for lang, _, text in texts if lang == LANG]
    assert len(own) > 40
    everywhere = [text for lang, tag, text in texts if lang in (None, "html") and tag != "code"]
    assert [text for text in everywhere if text in english()] == []
    bare = " ".join(own)
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", bare)) != bare:
        bare = less
    for known in ("Cedar <b>Valley</b> & Hills", "evenground", "Monitoring Educational Equity"):
        bare = bare.replace(known, "")
    assert re.findall(r"[A-Za-z]{4,}", bare) == []


def test_the_switch_has_the_language_by_its_own_name(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert f"id=lang-{LANG}" in page
    assert re.search(rf'<span lang={LANG} class="?keep"?>⟦English⟧</span>', page)
    assert f":root:has(#lang-{LANG}:checked)" in page


def test_findings_and_codebook_have_a_column_of_their_own(folder: Path) -> None:
    sentences = pq.read_table(folder / "findings.parquet")[f"sentence_{LANG}"].to_pylist()
    assert all(text.startswith("⟦") for text in sentences)
    assert any(
        "⟦Of every 100 ⟦⟦Black⟧ ⟦graduates⟧⟧, 47 ⟦had completed the A-G courses⟧" in text
        for text in sentences
    )
    with (folder / "codebook.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row[f"meaning_{LANG}"].startswith("⟦") for row in rows if row["column"] == "measure")
    assert any(row["column"] == f"sentence_{LANG}" for row in rows)


def test_paper_slides_and_workbook_can_be_in_it(folder: Path) -> None:
    for name in ("review.pdf", "meeting.pdf"):
        read = PdfReader(folder / name)
        assert read.pages[0].extract_text().count("⟦") > 5
        assert read.trailer["/Root"]["/Lang"].startswith(LANG)
    with zipfile.ZipFile(folder / "review.xlsx") as book:
        assert book.read("xl/sharedStrings.xml").decode().count("⟦") > 50
    with zipfile.ZipFile(folder / "review.pptx") as deck:
        assert "⟦" in deck.read("ppt/slides/slide1.xml").decode()


def test_all_that_a_language_lacks_is_said_at_once(tmp_path: Path) -> None:
    for lang in ("en", "es"):
        shutil.copy(Path(evenground.__file__).parent / "definitions" / "languages" / f"{lang}.yaml", tmp_path)
    content = bracketed(yaml.safe_load(skeleton(LANG)))
    del content["labels"]["group"]
    content["patterns"]["mean"] = "⟦{group}⟧"
    content["labels"]["grup"] = "⟦Student group⟧"
    gone = content["texts"].pop(3)
    content["texts"][4][LANG] = content["texts"][4][LANG] + "{more}"
    file = tmp_path / f"{LANG}.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(InputProblems) as error:
        read_wording(tmp_path)
    found = [problem.found for problem in error.value.problems]
    assert sorted(found) == sorted([
        "other placeholders in `patterns.mean`", "no `labels.group`", "`labels.grup`",
        f"no text for “{gone['en']}”", f"other placeholders in `texts.4.{LANG}`",
    ])  # fmt: skip
    assert all(problem.file == file.name and problem.row for problem in error.value.problems)
    assert not set(OWN) & set(load_wording().content["en"])


def test_a_start_of_a_language_is_written_by_a_command() -> None:
    command = [sys.executable, "-m", "evenground.definitions.skeleton"]
    done = subprocess.run([*command, "fr"], capture_output=True, text=True, check=True)
    content = yaml.safe_load(done.stdout)
    assert content["labels"]["group"] == "Student group"
    assert {entry["en"] for entry in content["texts"]} == set(english_texts())
    assert all(entry["en"] == entry["fr"] for entry in content["texts"])
    refused = subprocess.run([*command, "es"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "es is there already: languages/es.yaml\n"
    with pytest.raises(ValueError, match="no code of a language"):
        skeleton("Français")

"""The print: tagged, titled, in its language, with page numbers, source and date on each page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from evenground import report
from evenground.model import Released


@pytest.fixture(scope="module", params=["en", "es"])
def printed(
    request: pytest.FixtureRequest, released: Released, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, bytes]:
    place: Path = tmp_path_factory.mktemp("paper") / "review"
    report.write(released, place, request.param)
    return request.param, (place / "review.pdf").read_bytes()


def elements(node: Any, depth: int = 0) -> Iterator[pikepdf.Dictionary]:
    """Every structure element below a node of the tag tree."""
    if depth > 60:
        return
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from elements(part, depth + 1)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K, depth + 1)


def test_it_says_that_it_is_pdf_ua_and_is_tagged(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang)[:2] == lang
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert "Cedar <b>Valley</b> & Hills" in meta["dc:title"]


def test_its_structure_has_headings_tables_and_pictures_with_words(printed: tuple[str, bytes]) -> None:
    _, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = list(elements(pdf.Root.StructTreeRoot.K))
        kinds = Counter(str(element.S) for element in found)
        assert kinds["/H1"] == 1
        assert kinds["/H2"] == 4  # in short, two questions, about the data
        assert kinds["/H3"] >= 6
        assert kinds["/Table"] == 3  # the numbers of two questions; how a gap closed, seen four ways
        assert kinds["/TH"] == 15
        pictures = [element for element in found if str(element.S) == "/Figure"]
        assert len(pictures) >= 5
        assert all(str(picture.get("/Alt", "")).strip() for picture in pictures)


def test_its_words(printed: tuple[str, bytes]) -> None:
    lang, content = printed
    reader = pypdf.PdfReader(io.BytesIO(content))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert 2 <= len(pages) <= 10
    for number, page in enumerate(pages, start=1):
        assert (
            f"{'Page' if lang == 'en' else 'Página'} {number} {'of' if lang == 'en' else 'de'} {len(pages)}"
            in page
        )
        assert "2026-11-21" in page
        assert "A <i>publisher</i>" in page
    assert ("In short" if lang == "en" else "En breve") in pages[0]
    everything = " ".join(pages)
    assert ("18 more students" if lang == "en" else "18 estudiantes más") in everything
    assert (
        "hidden to protect students" if lang == "en" else "oculto para proteger a estudiantes"
    ) in everything
    assert (
        "None could be found (6 tried)" if lang == "en" else "No se pudo con ninguno (6 intentos)"
    ) in everything
    assert ("La paridad" in everything) == (lang == "es")


def test_the_print_for_a_meeting_has_two_pages_and_says_what_its_pictures_show(
    released: Released, tmp_path: Path
) -> None:
    report.write(released, tmp_path / "review", "es")
    content = (tmp_path / "review" / "meeting.pdf").read_bytes()
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 2
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == (
        pytest.approx(595.3, abs=0.1),  # 210 mm, as A4
        pytest.approx(792.0, abs=0.1),  # 279.4 mm, as Letter
    )
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "es"
        found = list(elements(pdf.Root.StructTreeRoot.K))
        kinds = Counter(str(element.S) for element in found)
        assert kinds["/H1"] == 1
        assert kinds["/H2"] == 5  # in short; every question; how sure; what to ask; what we decide
        pictures = [element for element in found if str(element.S) == "/Figure"]
        assert pictures
        assert all(str(picture.get("/Alt", "")).strip() for picture in pictures)
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert "Qué decidimos" in text
    assert "Página 2 de 2" in text

"""The private page of a review: whole, private in name and first line, outside the bundle, and adding up."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from lxml import html
from playwright.sync_api import sync_playwright
from typer.testing import CliRunner

from evenground.cli import app
from evenground.definitions import load
from evenground.model import CELLS
from evenground.sources.synthetic import make_district
from evenground.workspace.protection import rule as rules
from evenground.workspace.protection.ways import NotTried, _summed


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("protection") / "roster"
    make_district(folder, students=2500, years=1, schools=4, seed=7)
    return folder


def run(roster: Path, out: Path, *more: str | Path):  # type: ignore[no-untyped-def]
    asked = ["--indicators", "suspension", "--by", "race_ethnicity,sex", "--policy", "california-11"]
    return CliRunner().invoke(app, ["review", str(roster), "--out", str(out), *asked, *map(str, more)])


@pytest.fixture(scope="module")
def folder(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle and, beside it, the private page with other ways to ask."""
    place = tmp_path_factory.mktemp("made")
    result = run(roster, place / "bundle", "--protection", place / "office", "--variants")
    assert result.exit_code == 0, result.output
    return place


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "office" / "private-protection.csv").open(encoding="utf-8", newline="") as file:
        assert next(file).startswith("# private:")
        return list(csv.DictReader(file))


def words(page: str) -> str:
    """The page's English words and numbers."""
    tree = html.fromstring(page)
    for other in tree.xpath("//style|//script|//body//*[@lang='es']"):
        other.drop_tree()
    return " ".join(tree.xpath("//text()"))


def test_it_says_private_in_its_names_and_its_first_lines(folder: Path) -> None:
    assert {path.name for path in (folder / "office").iterdir()} == {
        "private-protection.html", "private-protection.csv",
    }  # fmt: skip
    page = (folder / "office" / "private-protection.html").read_text(encoding="utf-8")
    assert page.splitlines()[1].startswith("<!-- private:")
    assert "<title" in page
    assert re.search(r"<title[^>]*>Private: ", page)
    assert not [path.name for path in (folder / "bundle").iterdir() if "private" in path.name]


def test_the_reasons_of_the_hidden_cells_add_up_with_the_bundle(folder: Path) -> None:
    cells = parquet.read_table(folder / "bundle" / "cells.parquet").to_pylist()
    keys = ("indicator", "unit_level", "unit_id", "period", "group")
    hidden = {tuple(cell[key] for key in keys) for cell in cells if cell["state"] == "hidden"}
    told = rows(folder)
    assert {tuple(row[key] for key in keys) for row in told} == hidden
    assert all(row["why"] for row in told)
    assert "n" not in told[0]
    reasons = Counter(row["why"] for row in told)
    page = words((folder / "office" / "private-protection.html").read_text(encoding="utf-8"))
    assert f"{reasons['protects'] + reasons['table']:,} more are hidden to protect those" in page
    names = {"few_students": "Few students", "protects": "To protect those above: it would give them away"}
    for reason, name in names.items():
        assert re.search(rf"{name}\s+{reasons[reason]:,}\s", page), reason


def test_other_ways_to_ask_are_compared_with_the_review_as_it_is(folder: Path) -> None:
    page = words((folder / "office" / "private-protection.html").read_text(encoding="utf-8"))
    table = page[page.index("Way to ask") : page.index("Not tried")]
    for way in ("As it is", "Without crossed groups", "Without schools", "in fewer groups", "rule “"):
        assert way in table
    assert re.search(r"All school years as one\s+There is one school year", page)
    assert re.search(r"As it is\s+[\d,]+\s+[\d,]+\s+\d+\s+0\s+0\s+0\s", table)
    lost = re.search(r"Without schools\s+[\d,]+\s+[\d,]+\s+\d+\s+([\d,]+)", table)
    assert lost
    cells = parquet.read_table(folder / "bundle" / "cells.parquet").to_pylist()
    schools = [
        cell
        for cell in cells
        if (cell["unit_level"], cell["state"]) == ("school", "value")
        and "not_shown" not in cell["unit_id"] + cell["group"]
    ]
    assert int(lost[1].replace(",", "")) >= len(schools) > 0


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("bundle/private-protection.html", "outside --out"),
        ("bundle", "outside --out"),
        ("office/protection.html", "private in its name"),
    ],
)
def test_a_place_that_would_publish_it_is_refused_before_any_work(
    target: str, said: str, roster: Path, tmp_path: Path
) -> None:
    result = run(roster, tmp_path / "bundle", "--protection", tmp_path / target)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.rglob("*.html")) == []


def test_other_ways_without_the_page_are_refused(roster: Path, tmp_path: Path) -> None:
    result = run(roster, tmp_path / "bundle", "--variants")
    assert result.exit_code == 2
    assert "--variants: found no --protection" in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_page_in_a_browser(folder: Path, chromium: Path) -> None:
    page_file = (folder / "office" / "private-protection.html").as_uri()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        for locale, width in (("en-US", 320), ("es-MX", 320), ("en-US", 1280)):
            page = browser.new_context(
                locale=locale, viewport={"width": width, "height": 900}, color_scheme="dark"
            ).new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("request", lambda ask, said=said: said.append(ask.url))
            page.goto(page_file)
            assert said == [page_file]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("h1:visible").count() == 1
            levels = page.eval_on_selector_all("h1,h2,h3", "all => all.map(one => +one.tagName[1])")
            assert all(after <= before + 1 for before, after in pairwise(levels))
            charts = page.locator("figure svg:visible")
            assert charts.count() == 2  # by level and by kind of group; one year and one measure need none
            for at in range(charts.count()):
                named = page.locator(f"#{charts.nth(at).get_attribute('aria-labelledby')}")
                assert len(named.inner_text().strip()) > 20
            tables = page.locator("table").count()
            assert page.locator("table:has(caption):has(thead th[scope=col])").count() == tables
            other = "en" if locale == "es-MX" else "es"
            assert page.locator(f"body [lang={other}]:not(.keep):visible").count() == 0
        browser.close()


# --- the parts, by hand ---


def cell(group: str, n: float | None, total: float | None, period: str = "2015-16") -> dict[str, object]:
    state = "value" if n is not None else "hidden"
    value = total / n if n and total is not None else None
    place = {"indicator": "graduation", "unit_level": "school", "unit_id": "1", "period": period}
    sums = {"n": n, "total": total, "total_sq": total, "weight_sq": None, "value": value}
    return {**place, "group": group, **sums, "state": state}


def test_cells_with_the_same_key_are_made_one() -> None:
    """12 and 8 students, of whom 6 and 3 graduated: 20 and 9. What has a part without a number has none."""
    made = [cell("all", 12, 6), cell("all", 8, 3), cell("sex:male", 10, 5), cell("sex:male", None, None)]
    table = _summed(pa.Table.from_pylist(made, schema=CELLS))
    found = {row["group"]: row for row in table.to_pylist()}
    assert (found["all"]["n"], found["all"]["total"], found["all"]["value"]) == (20, 9, 0.45)
    assert (found["sex:male"]["n"], found["sex:male"]["state"]) == (None, "hidden")
    assert table.schema.names == CELLS.names


@pytest.mark.parametrize("key", list(load().policies))
def test_every_policy_is_told_in_both_languages(key: str) -> None:
    lines = rules.rule(load().policies[key])
    assert len(lines) >= 2
    for about, says in lines[:-1]:
        assert about.en != about.es
        assert says.en != says.es
        assert "{" not in says.en + says.es


def test_the_rule_of_ten_in_words() -> None:
    told = {about.en: says.en for about, says in rules.rule(load().policies["n10"])}
    assert told["Students"] == "Groups of fewer than 10 students are hidden."
    assert told["None and all"].endswith("That every student reached it is hidden.")
    strict = {about.en: says.en for about, says in rules.rule(load().policies["strict"])}
    assert strict["What must stay open"].startswith("An outsider must still find 5 or more values possible")
    assert "one school of their own" in strict["What an outsider may know"]


def test_what_is_not_tried_says_why() -> None:
    text = rules.say(NotTried("without_schools", (), "no_schools").why)
    assert text.en == "No schools were asked for."

"""What is told together stands in the tables of page, print and workbook beside what is hidden, and nowhere
else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pypdf
import pytest
from lxml import html

from evenground import report
from evenground.definitions import label, load, people
from evenground.model import KEYS, Released, Unit, split_together
from evenground.questions import Asked, ask
from evenground.report.story.together import together_of

BLACK, ISLANDER = "race_ethnicity:black", "race_ethnicity:pacific_islander"
REST, YEARS = "race_ethnicity:not_shown", "2014-15/2015-16"
DISTRICT, SCHOOLS_REST = ("district", "0012345"), ("school", "0012345/not_shown")
ROWS = [  # with numbers that nothing else has
    (DISTRICT, "2015-16", REST, 61.0, 0.377),
    (DISTRICT, YEARS, ISLANDER, 23.0, 0.478),
    (SCHOOLS_REST, "2015-16", BLACK, 47.0, 0.489),
]


@pytest.fixture(scope="module")
def together(released: Released) -> Released:
    """The made-up review with three rows that are told together."""
    names = ("unit_level", "unit_id", "period", "group", "n", "value")
    told = [
        {
            **dict(zip(names, (*unit, *numbers), strict=True)),
            "indicator": "ag_completion",
            "state": "value",
            "reason": "",
        }
        for unit, *numbers in ROWS
    ]
    cells = pa.concat_tables([released.cells, pa.Table.from_pylist(told, schema=released.cells.schema)])
    rest = dict(zip(("unit_level", "unit_id"), SCHOOLS_REST, strict=True))
    beneath = pa.Table.from_pylist(
        [{**rest, "unit_name": "not_shown", "parent_id": DISTRICT[1]}], schema=released.units.schema
    )
    units = pa.concat_tables([released.units, beneath])
    return replace(released, cells=cells, units=units)


@pytest.fixture(scope="module")
def folder(together: Released, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("together") / "review"
    report.write(together, place)
    return place


def lines(page: str) -> list[list[str]]:
    """The English words of each row of a table."""
    tree = html.fromstring(page)
    for other in tree.xpath("//body//*[@lang='es']"):
        other.drop_tree()
    return [[cell.text_content().strip() for cell in row.xpath("th|td")] for row in tree.xpath("//tr")]


def test_the_page_tells_them_beside_the_hidden_rows(folder: Path) -> None:
    rows = lines((folder / "index.html").read_text(encoding="utf-8"))
    groups = ["Race and ethnicity: groups not shown, together", "61", "37.7%", "", "", ""]
    assert groups in rows
    years = ["Native Hawaiian or Pacific Islander, 2014-15 to 2015-16", "23", "47.8%", "", "", ""]
    assert years in rows
    before = rows[rows.index(years) - 1]
    assert before == ["Native Hawaiian or Pacific Islander", "hidden to protect students"]
    assert ["Schools not shown, together", "47", "48.9%", ""] in rows
    over_time = next(row for row in rows if row[0] == "Native Hawaiian or Pacific Islander" and len(row) > 2)
    assert over_time[-1] == "47.8%"


def test_the_page_says_so_in_both_languages(folder: Path) -> None:
    page = html.fromstring((folder / "index.html").read_text(encoding="utf-8")).text_content()
    assert "hidden one by one are told together." in page
    assert "se dicen en conjunto." in page
    assert "Escuelas que no se muestran, en conjunto" in page


def test_print_and_workbook_have_them_too(folder: Path) -> None:
    printed = " ".join(page.extract_text() for page in pypdf.PdfReader(folder / "review.pdf").pages)
    printed = " ".join(printed.split())
    assert "groups not shown, together 61 37.7%" in printed
    assert "2014-15 to 2015-16 23 47.8%" in printed
    book = openpyxl.load_workbook(folder / "review.xlsx")
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    found = {(row[0], row[2], row[4]): row for row in rows if len(row) > 9 and row[9] in (61, 23, 47)}
    assert {(row[6], row[9]) for row in found.values()} == {(0.377, 61), (0.478, 23), (0.489, 47)}
    assert any(place == "Schools not shown, together" for place, _, _ in found)
    assert any(year == "2014-15 to 2015-16" for _, year, _ in found)


def test_they_are_in_no_finding_and_in_no_chart(folder: Path, together: Released) -> None:
    findings = csv.read_csv(folder / "findings.csv")
    assert not [group for group in findings["group"].to_pylist() if "not_shown" in group]
    assert findings.num_rows == together.findings.num_rows
    page = (folder / "index.html").read_text(encoding="utf-8")
    pictures = " ".join(re.findall(r"<svg.*?</svg>", page, flags=re.S))
    assert "not shown" not in pictures
    assert "37.7%" not in pictures


def test_the_bundle_is_read_back_with_them(folder: Path, together: Released) -> None:
    cells = report.read(folder).cells
    rest = split_together(cells)[1]
    assert sorted(rest["n"].to_pylist()) == [23, 47, 61]
    codes = (folder / "codebook.csv").read_text(encoding="utf-8")
    assert 'race_ethnicity:not_shown,"Race and ethnicity: groups not shown, together"' in codes


@pytest.mark.parametrize("name", list(load().dimensions))
def test_every_dimension_can_say_it(name: str) -> None:
    definitions = load()
    for text in (label(definitions, f"{name}:not_shown"), people(definitions, f"{name}:not_shown")):
        assert "{" not in text.en + text.es
        assert text.en != text.es


def test_questions_are_not_asked_of_them(together: Released) -> None:
    """A rate of 0 for the rest would be the largest gap of all: it is not even compared."""
    cells = together.cells.filter(pc.equal(together.cells["indicator"], "ag_completion"))
    n, value = (cells[name].to_numpy(zero_copy_only=False) for name in ("n", "value"))
    sums = {"n": n, "total": n * value, "total_sq": n * value, "weight_sq": n * float("nan"), "value": value}
    table = pa.table({**{key: cells[key] for key in KEYS}, **sums, "state": cells["state"]})
    asked = Asked(Unit(*DISTRICT), ("race_ethnicity",), 1, "overall")
    found = ask(table, together.units, asked, load())
    assert found.num_rows > 0
    assert not [key for key in found["group"].to_pylist() if "not_shown" in key]
    assert set(found["period"].to_pylist()) <= {"2014-15", "2015-16"}
    assert not [key for key in found["unit_id"].to_pylist() if "not_shown" in key]


def test_one_sentence_for_the_reader(folder: Path, together: Released) -> None:
    """Rows told together are not counted. Hidden are Pacific Islander graduates, in both years."""
    alone = split_together(together.cells)[0]["state"].to_pylist()
    assert alone.count("hidden") == 2
    page = (folder / "index.html").read_text(encoding="utf-8")
    words = "Numbers hidden to protect students: 2 of"
    assert f"{words} {len(alone)}. We tried to work them back and found none." in page
    assert "Earlier releases were not looked at." in page


def test_what_the_definitions_no_longer_know_is_left_out(together: Released) -> None:
    names = together.cells["indicator"].to_pylist()
    older = [name if at < together.cells.num_rows - 1 else "long_gone" for at, name in enumerate(names)]
    at = together.cells.schema.get_field_index("indicator")
    cells = together.cells.set_column(at, "indicator", pa.array(older, together.cells["indicator"].type))
    assert len(together_of(together, load()).rows) == 3
    assert len(together_of(replace(together, cells=cells), load()).rows) == 2

"""The examples of the page run, and what it says of Los Angeles follows from the published file."""

import csv
import doctest
import gzip
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from evenground.measures import decompose

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs/reference/measures.md", *sorted((ROOT / "docs/reference").glob("measures/*.md"))]
GRADUATES = ROOT.parent / "shared" / "data" / "ca-graduates-ag" / "graduates_0607_1516.csv.gz"
HISPANIC, AFRICAN_AMERICAN, WHITE = "5", "6", "7"


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_example_of_a_page_is_true(page):
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), 0)
    assert examples.examples
    said: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(examples, out=said.append).failed == 0, "".join(said)


@pytest.fixture(scope="module")
def graduates():
    """Graduates and A-G completers of Los Angeles Unified, 2015-16, by school and race."""
    if not GRADUATES.exists():
        pytest.skip("the shared data are not here: ../shared/data/ca-graduates-ag")
    counted: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    with gzip.open(GRADUATES, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["CDS_CODE"].startswith("1964733") and row["YEAR"] == "1516":
                n, done = counted[row["CDS_CODE"]].get(row["ETHNIC"], (0, 0))
                counted[row["CDS_CODE"]][row["ETHNIC"]] = n + int(row["GRADS"]), done + int(row["UC_GRADS"])
    return counted


@pytest.mark.parametrize(
    ("group", "gap", "between", "within"),
    [(HISPANIC, -4.6, 2.3, -7.0), (AFRICAN_AMERICAN, -10.8, -2.5, -8.3)],
)
def test_between_and_within_in_los_angeles(graduates, group, gap, between, within):
    schools = [school for school in graduates.values() if group in school or WHITE in school]
    a = np.array([school.get(group, (0, 0)) for school in schools], dtype=float)
    b = np.array([school.get(WHITE, (0, 0)) for school in schools], dtype=float)
    found = decompose(np.zeros(len(schools), int), a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    assert [round(float(part[0]) * 100, 1) for part in (found.gap, found.between, found.within)] == [
        gap,
        between,
        within,
    ]
    # the definition, school by school
    plain = 0.0
    for (n_a, s_a), (n_b, s_b) in zip(a, b, strict=True):
        if n_a and n_b:
            plain += (n_a / a[:, 0].sum() + n_b / b[:, 0].sum()) / 2 * (s_a / n_a - s_b / n_b)
    assert found.within[0] == pytest.approx(plain, abs=1e-12)

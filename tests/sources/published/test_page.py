"""The mapping on the reference page works as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from tests.sources.published.tiny import lines

from evenground.definitions import load
from evenground.sources.published import read_source, sources_from
from evenground.sources.published.layout import Table
from evenground.sources.published.mapping import Source
from evenground.sources.published.statistic import Statistic

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
MAPPING = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)[0]
FILES = {
    "enrolment.csv": """school,name,year,group,students
        0101,First,2015-16,Everyone,100
        0101,First,2015-16,Black,40""",
    "graduates.csv": """school,year,group,cohort,graduates
        0101,2015-16,Everyone,25,20
        0101,2015-16,Black girls,12,*
        0101,2015-16,Gifted,2,2""",
    "discipline.csv": """school,year,group,kind,suspended
        0101,2015-16,Black,out of school,6
        0101,2015-16,Black,in school,9""",
    "staff.csv": """school,year,years
        0101,2015-16,11""",
}


def test_the_mapping_of_the_page(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(lines(content), encoding="utf-8")
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    (mappings / "example-state.yaml").write_text(MAPPING, encoding="utf-8")
    ((key, source),) = sources_from(mappings).items()
    assert key == "example-state"
    dataset = read_source(tmp_path, key, source, load())
    found = {
        (row["indicator"], row["race_ethnicity"], row["sex"]): (row["n"], row["total"], row["state"])
        for row in dataset.leaves.to_pylist()
    }
    assert found == {
        ("graduation", None, None): (25, 20, "value"),
        ("graduation", "black", "female"): (None, None, "hidden"),
        ("suspension", "black", None): (40, 6, "value"),
        ("teacher_experience", None, None): (100, 1100, "value"),
        ("teacher_experience", "black", None): (40, 440, "value"),
    }


def test_every_key_is_on_the_page() -> None:
    keys = {*Source.model_fields, *Table.model_fields, *Statistic.model_fields}
    assert {
        key for key in keys if f"`{key}" not in PAGE and f"{key}}}`" not in PAGE and f", {key}" not in PAGE
    } == set()
    assert set(yaml.safe_load(MAPPING)) == {"example_state"}

"""What is said of a whole system: true of what it is about, one sentence a finding."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.bundles import Shared
from tests.plain import of_finding
from tests.report.sentences import row

from evenground.definitions import load, load_wording
from evenground.model import OF_GROUPS
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

DEFINITIONS = load()
SPEECH = Speech(DEFINITIONS, load_wording())
BLACK, WHITE = "race_ethnicity:black", "race_ethnicity:white"
TEACHERS, SPENDING, READING = "teacher_experience", "spending", "reading_proficient"


@pytest.mark.parametrize(
    ("indicator", "measure", "group", "value", "reference", "says"),
    [
        (TEACHERS, "exposure", BLACK, 0.31, f"group:{WHITE}",
         "At the schools of Black students, 31 of every 100 students are white students."),
        (TEACHERS, "dissimilarity_by_chance", BLACK, 0.0004, "others",
         "Of every 10,000 Black students, 4 would have to change schools by chance alone."),
        (TEACHERS, "theil_part", "all", 0.158, "level:district",
         "How far apart schools are, from 0 to 100: 15.8 lies between districts."),
        (TEACHERS, "theil_change", "all", -0.012, "part:sorting",
         "Who goes to which school: this moved how far apart schools are by −1.2 of 100, 2011-12 to "
         "2015-16."),
        (TEACHERS, "theil_h", "all", 0.2, None, "How much the school tells of a student's group: 20.0%."),
        (TEACHERS, "quarter", "all", 12.04, "quarter:1",
         "The quarter of the students with the least need (Years that teachers have taught): 12.0."),
        (TEACHERS, "gap_part", BLACK, -0.44, "level:school",
         "Years that teachers have taught: of the gap of Black students to all others, −0.44 lies between "
         "schools."),
        (SPENDING, "money_poor", "all", 13_884.7, None,
         "Spending for each student: $13,885 for each student with low family income."),
        (READING, "v", BLACK, -0.75, "others",
         "Gap over all levels, in standard deviations (Reading, Black or African American): −0.75."),
        (READING, "background_order", "all", 0.65, "dimension:economic_disadvantage",
         "How often a group alone would point the right way (Reading: proficient or above, Family income): "
         "65.0%."),
    ],
)  # fmt: skip
def test_each_says_what_it_is_of(indicator, measure, group, value, reference, says) -> None:
    known = DEFINITIONS.indicators[indicator]
    one = row(indicator, known, group, measure, value, reference=reference, period_from="2011-12")
    assert SPEECH.sentence(one).en == says
    assert of_finding(SPEECH, one, SPEECH.sentence(one)) == []


def told(folder: Path) -> list[Row]:
    """The findings of a bundle about its system as a whole."""
    table = pq.read_table(folder / "findings.parquet")
    names = [name for name in table.column_names if name in Row._fields]
    blank = dict.fromkeys(Row._fields)
    rows = (Row(**(blank | one)) for one in table.select(names).to_pylist())
    return [one for one in rows if one.measure not in OF_GROUPS and one.value is not None]


@pytest.mark.parametrize("name", ["example", "kentucky"])
def test_an_indicator_that_only_lends_its_counts_is_not_named(bundle: Shared, name: str) -> None:
    lent = [one for one in told(bundle(name)) if DEFINITIONS.statistics[one.measure].of != "indicator"]
    assert {"dissimilarity", "v"} <= {one.measure for one in lent}
    for one in lent:
        words, title = SPEECH.sentence(one), SPEECH.title(one.indicator)
        assert title.en not in words.en, words.en
        assert title.es not in words.es, words.es


@pytest.mark.parametrize("name", ["example", "kentucky"])
def test_no_two_findings_of_a_place_are_told_alike(bundle: Shared, name: str) -> None:
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in told(bundle(name)):
        words = SPEECH.sentence(one)
        assert words.en != words.es
        said[one.unit_level, one.unit_id, one.period, words.en].add(one.finding_id)
    assert len(said) > 100
    assert [ids for ids in said.values() if len(ids) > 1] == []

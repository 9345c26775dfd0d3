"""What is chosen to be said: rank and variety, one thing that goes well, honest answers where nothing
is certain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from lxml import html

from evenground import report
from evenground.definitions import load, load_wording
from evenground.model import FINDINGS, Released
from evenground.press import Words
from evenground.report.story.rows import ledger_of, rows_of
from evenground.report.story.speech import Speech
from evenground.report.story.story import Story, story_of


def told(released: Released) -> Story:
    rows = list(rows_of(released.findings, released.cells))
    return story_of(released, ledger_of(rows, released.about.unit), Speech(load(), load_wording()))


@pytest.fixture(scope="module")
def story(released: Released) -> Story:
    return told(released)


def test_in_short_goes_by_rank_and_ends_with_what_goes_well(story: Story) -> None:
    assert [(item.question, item.good) for item in story.items] == [
        ("doors", False),
        ("teachers", False),
        ("doors", True),
    ]
    first, _, good = story.items
    assert (
        first.headline.en
        == "Of every 100 Black graduates, 47 had completed the A-G courses; of every 100 graduates, 54."
    )
    assert first.takes
    # 40 students at each of five schools with 40, 42 ... 48 of 100, where 54 are asked for: 5.6, 4.8, 4, 3.2
    # and 2.4 short, 20 in all; the first two have 10.4
    assert first.takes.en == (
        "Parity means about 18 more students a year. About half of it could come from 2 of 5 schools."
    )
    assert good.headline.en.endswith("and 47 in 2015-16. That is a rise.") or good.headline.en.endswith(
        "in 2015-16, 47. That is a rise."
    )
    assert good.detail.en.endswith("Those behind gained ground.")


def test_sections_stand_in_the_order_of_the_questions(story: Story) -> None:
    assert [section.key for section in story.sections] == ["doors", "teachers"]
    assert story.sections[0].answer == story.items[0].headline
    assert "5 schools" in story.sections[0].blocks[0].where.figure.title.en  # type: ignore[union-attr]
    assert "1 numbers" not in story.sections[1].hidden.en


def test_the_chart_says_the_finding(story: Story) -> None:
    figure = story.sections[0].blocks[0].figure
    assert figure
    assert figure.title.en == "Black or African American: 47 of every 100. All students: 54."
    assert figure.subtitle.en == "A-G courses completed, Cedar <b>Valley</b> & Hills, 2015-16"
    assert figure.title.en in figure.alt.en


def test_places_are_named_by_size_and_the_gap_is_split(story: Story) -> None:
    where = story.sections[0].blocks[0].where
    assert where
    assert where.split
    assert "about 3.0 of the 7.0 points lies between schools, 4.0 inside the same schools" in where.split.en
    assert [part.unit_name for part in where.largest][1:] == sorted(part.unit_name for part in where.largest)[
        1:
    ]


def without_certainty(released: Released) -> Released:
    """The same review with no interval anywhere: nothing is ranked, no verdict is earned."""
    columns = {name: released.findings[name] for name in FINDINGS.names}
    for name in ("low", "high", "verdict", "rank"):
        columns[name] = pa.nulls(released.findings.num_rows, FINDINGS.field(name).type)
    return replace(released, findings=pa.table(columns, schema=FINDINGS))


def test_without_certainty_no_gap_is_claimed(released: Released) -> None:
    story = told(without_certainty(released))
    kickers = [item.kicker.en for item in story.items]
    assert kickers == ["Look here too: not yet sure", "Look here too: not yet sure", "Nearest to even"]
    assert all(item.detail.en == "These data do not let us say how sure this is." for item in story.items)
    for section in story.sections:
        assert section.answer.en.endswith("These data do not let us say how sure this is.")
        assert "do not come with the numbers" in section.sure.en


def test_when_all_is_even_that_is_what_goes_well(released: Released) -> None:
    table = released.findings.filter(
        pc.equal(released.findings["group"], "race_ethnicity:hispanic+sex:female")
    )
    everybody = released.findings.filter(pc.equal(released.findings["group"], "all"))
    story = told(replace(released, findings=pa.concat_tables([table, everybody])))
    doors = story.sections[0]
    assert doors.answer.en == (
        "Of every 100 graduates, 54 had completed the A-G courses. "
        "No student group is clearly behind in what these data show."
    )
    (item,) = story.items
    assert item.good
    assert item.detail.en == "On this measure, no group that is shown is clearly behind."


def test_a_review_without_findings_still_says_what_it_is(released: Released) -> None:
    story = told(replace(released, findings=FINDINGS.empty_table()))
    assert story.items == ()
    assert story.sections == ()
    assert story.title == Words(
        "Cedar <b>Valley</b> & Hills: an equity review", "Cedar <b>Valley</b> & Hills: revisión de equidad"
    )


def test_a_page_that_tells_nothing_says_so_of_the_place(released: Released, tmp_path: Path) -> None:
    nothing = replace(released, findings=FINDINGS.empty_table(), cells=released.cells.slice(0, 0))
    report.write(nothing, tmp_path / "review")
    page = html.fromstring((tmp_path / "review" / "index.html").read_text(encoding="utf-8"))
    said = page.xpath("//section[@aria-labelledby='short']//p[@lang='en']")
    assert [each.text_content() for each in said] == [
        "Nothing can be said of Cedar <b>Valley</b> & Hills in short."
    ]

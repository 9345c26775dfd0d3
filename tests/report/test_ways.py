"""Four ways to see it, on readings made by hand: who agrees, who parts, why, how far it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.quality.structure import problems
from tests.report.rows_made import BLACK, HERE, LATINA, SPEECH, WHITE, gap, level, row

from evenground.model import ALL, NotMeasured, Released
from evenground.press import Matrix
from evenground.report.page.perspectives import ways_page, ways_part
from evenground.report.story.perspectives import Case, Ways, fields, in_its_order, sentence, ways_of
from evenground.report.story.rows import Ledger, Row, ledger_of
from evenground.report.story.ways import board, verdicts
from evenground.report.story.yardstick import yardstick_of

ASIAN = "race_ethnicity:asian"
LOW = "economic_disadvantage:disadvantaged"
T, D, L, B = SPEECH.definitions.perspectives  # in their order


def read(
    idea: str, indicator: str, group: str, own: float, other: float, code: str | None, **more
) -> list[Row]:
    """The gap that an idea reads, and its reading."""
    verdict = more.pop("verdict", "below" if code == "counts" else "no_clear_difference")
    reference = more.pop("reference", "others")
    measure = more.pop("measure", "difference")
    found = {"perspective": idea, "reference": reference, "reference_group": more.pop("best", None)}
    state = "value" if code else "not_applicable"
    value = None if code is None else float(code in ("counts", "short"))
    return [
        row(indicator, measure, group, own - other, low=own - other - 0.02, high=own - other + 0.02, n=200.0,
            verdict=verdict if code else None, level=own, **found),
        row(indicator, "reading", group, value, verdict=code, state=state, **found),
    ]  # fmt: skip


ROWS = [
    *(level(key, ALL, 0.60, 1000) for key in ("reading_proficient", "graduation")),
    level("students_per_teacher", ALL, 16.6, 1000),
    *gap("reading_proficient", BLACK, 0.40, 0.60, 200, verdict="below", rank=1),
    *gap("reading_proficient", LOW, 0.45, 0.60, 500, verdict="below", rank=2),
    *gap("reading_proficient", WHITE, 0.70, 0.60, 400, verdict="above"),
    *gap("graduation", LOW, 0.55, 0.60, 500, verdict="below"),
    *gap("students_per_teacher", BLACK, 15.0, 16.6, 200, verdict="below", low=-2.0, high=-1.0),
    # Two agree on Black students' reading.
    *read(T, "reading_proficient", BLACK, 0.40, 0.65, "counts"),
    row("reading_proficient", "needed_fixed", BLACK, 50.0, perspective=T, reference="others"),
    *read(D, "reading_proficient", BLACK, 0.40, 0.80, "counts", reference="highest", best=ASIAN),
    *read(D, "reading_proficient", BLACK, 0.40, 0.90, "short", reference="target:0.9"),
    # One sees white students behind the highest group, and they are short of its standard too.
    *read(D, "reading_proficient", WHITE, 0.70, 0.80, "counts", reference="highest", best=ASIAN),
    *read(D, "reading_proficient", WHITE, 0.70, 0.90, "short", reference="target:0.9"),
    # Low income: three judge graduation; in the same schools there is no clear difference.
    *read(T, "graduation", LOW, 0.55, 0.65, "counts"),
    *read(D, "graduation", LOW, 0.55, 0.65, "counts"),
    *read(L, "graduation", LOW, 0.55, 0.56, "does_not_count", measure="gap_within"),
    # ... and of reading the data say nothing school by school.
    *read(T, "reading_proficient", LOW, 0.45, 0.75, "counts"),
    *read(L, "reading_proficient", LOW, 0.45, 0.75, None, measure="gap_within"),
    # Fewer students per teacher: better off to one, unearned to another.
    *read(T, "students_per_teacher", BLACK, 15.0, 17.0, "does_not_count", verdict="below"),
    *read(B, "students_per_teacher", BLACK, 15.0, 17.0, "counts", verdict="below"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return ledger_of(ROWS, HERE)


@pytest.fixture(scope="module")
def ways(released: Released, ledger: Ledger) -> Ways:
    found = ways_of(SPEECH, ledger, _missing(released, "course_request_met", "graduation"))
    assert found is not None
    return found


def _missing(released: Released, *keys: str) -> Released:
    return replace(released, not_measured=tuple(NotMeasured(key, "not_in_source") for key in keys))


def case(ways: Ways, indicator: str, group: str) -> Case:
    return next(one for one in ways.cases if (one.indicator, one.group) == (indicator, group))


def test_how_many_agree_and_part_by_hand(ways: Ways) -> None:
    """Judged by two or more: Black reading (2), graduation (3), students per teacher (2). Two part."""
    assert (ways.many, ways.apart, ways.by_all, ways.judged_by_one) == (3, 2, 0, 2)
    assert [(one.indicator, one.group) for one in ways.agreed] == [("reading_proficient", BLACK)]
    assert {(one.indicator, one.group) for one in ways.parting} == {
        ("graduation", LOW), ("students_per_teacher", BLACK),
    }  # fmt: skip
    assert {(one.indicator, one.group) for one in ways.alone} == {
        ("reading_proficient", WHITE), ("reading_proficient", LOW),
    }  # fmt: skip
    assert ways.agreed_fair == 0


def test_the_one_that_most_ideas_judge_is_told_first(ways: Ways) -> None:
    assert ways.parting[0].indicator == "graduation"


@pytest.mark.parametrize(
    ("indicator", "group", "idea", "told", "reason"),
    [
        ("students_per_teacher", BLACK, B, "Unfair", "Clearly not the same as other students, and nobody"),
        ("students_per_teacher", BLACK, T, "Not unfair", "Clearly better off than other students."),
        ("students_per_teacher", BLACK, D, "Does not ask", "It judges results"),
        (
            "students_per_teacher",
            BLACK,
            L,
            "Does not ask",
            "It asks about income and other background, not about race.",
        ),
        ("graduation", LOW, T, "Unfair", "Clearly behind other students who started grade 9"),
        ("graduation", LOW, L, "Not unfair", "Not clearly behind among students of the same schools."),
        ("graduation", LOW, B, "Does not ask", "Results and places may differ as effort does"),
        ("reading_proficient", LOW, L, "No answer", "Too little is shown school by school."),
        ("reading_proficient", BLACK, D, "Unfair", "Clearly behind Asian students"),
    ],
)
def test_what_each_says_in_plain_words(
    ways: Ways, indicator: str, group: str, idea: str, told: str, reason: str
) -> None:
    found = verdicts(SPEECH, ways, case(ways, indicator, group))
    assert [one.name for one in found] == [one.name for one in ways.ideas]
    (one,) = [each for each in found if each.name == ways.idea(idea).name]
    assert one.told.en == told
    assert one.reason.en.startswith(reason)


def test_every_question_by_every_idea_by_hand(ways: Ways) -> None:
    """(unfair, judged, no answer) as counted in ROWS, three rows by four columns; a mark for each judged."""
    none = (0, 0, 0)
    found = {
        key: [(each.counted, each.said, each.unsaid) for each in row]
        for key, row in fields(SPEECH, ways).items()
    }
    assert found == {
        "learning": [(2, 2, 0), (2, 2, 0), (0, 0, 1), none],
        "finish": [(1, 1, 0), (1, 1, 0), (0, 1, 0), none],
        "teachers": [(0, 1, 0), none, none, (1, 1, 0)],
    }
    chart = board(SPEECH, ways, "Cedar").chart
    assert isinstance(chart, Matrix)
    assert [[cell.told.en for cell in row.cells] for row in chart.rows] == [
        ["2 of 2", "2 of 2", "no answer", "does not ask"],
        ["1 of 1", "1 of 1", "0 of 1", "does not ask"],
        ["0 of 1", "does not ask", "does not ask", "1 of 1"],
    ]
    assert sum(cell.marks for row in chart.rows for cell in row.cells) == sum(one.said for one in ways.ideas)


def test_the_title_says_where_most_ideas_find_something_unfair(ways: Ways) -> None:
    """Two of four in learning, with four gaps between them; in the others fewer."""
    figure = board(SPEECH, ways, "Cedar")
    question = SPEECH.question_title("learning").en
    assert figure.title.en == f"2 of 4 ideas find something unfair in “{question}”"
    quiet = replace(ways, ideas=tuple(replace(one, counted=0) for one in ways.ideas))
    assert board(SPEECH, quiet, "Cedar").title.en.startswith("None of these ideas")
    alone = replace(
        ways, ideas=tuple(replace(one, counted=one.counted if one.key == B else 0) for one in ways.ideas)
    )
    assert board(SPEECH, alone, "Cedar").title.en.endswith("in these numbers: The same rules for all")


def test_the_numbers_of_a_case_are_those_of_an_idea_that_counts_it(ways: Ways, ledger: Ledger) -> None:
    told = sentence(SPEECH, ledger, case(ways, "graduation", LOW)).en
    assert re.findall(r"\d+", told) == ["100", "9", "55", "100", "9", "65"]  # grade 9


def test_how_far_each_is_by_hand(ways: Ways) -> None:
    found = {idea.key: (idea.standing, idea.counted, idea.said, idea.unsaid) for idea in ways.ideas}
    assert found == {
        T: ("not_yet", 3, 4, 0),
        D: ("not_yet", 3, 3, 0),
        L: ("not_known", 0, 1, 1),
        B: ("not_yet", 1, 1, 0),
    }
    standards = {idea.key: (idea.short, idea.held) for idea in ways.ideas}
    assert standards == {T: (0, 0), D: (2, 2), L: (0, 0), B: (0, 0)}


def test_the_most_telling_come_with_what_parity_would_take(ways: Ways, ledger: Ledger) -> None:
    """500 of 1,000 come from families with low income: 30 in 100 behind in reading, of which nobody says what
    it takes; and the second is of other students: Black students, 25 in 100 behind, 50 of them."""
    (first, _, nothing), (second, _, takes) = ways.idea(T).largest
    assert [(one.indicator, one.group) for one in (first, second)] == [
        ("reading_proficient", LOW), ("reading_proficient", BLACK),
    ]  # fmt: skip
    assert nothing is None
    assert takes is not None
    assert "about 50 more students" in ways_page(SPEECH, ledger, ways, "Cedar", SPEECH.wording.label("skip"))


def test_an_idea_says_what_it_would_need(ways: Ways) -> None:
    libertarian = ways.idea(B)
    assert [name.en for name, _ in libertarian.collect] == [SPEECH.title("course_request_met").en]
    assert ways.idea(T).collect == ()


def test_without_readings_there_is_no_section(released: Released) -> None:
    core = [one for one in ROWS if one.perspective is None]
    assert ways_of(SPEECH, ledger_of(core, HERE), released) is None


def test_the_page_has_every_idea_every_case_and_none_as_the_right_one(
    ways: Ways, ledger: Ledger, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    page = tmp_path / "pages" / "perspectives.html"
    (tmp_path / "index.html").write_text("<h2 id=ways>", encoding="utf-8")
    page.write_text(ways_page(SPEECH, ledger, ways, "Cedar", SPEECH.wording.label("skip")), encoding="utf-8")
    assert problems(page) == []
    text = page.read_text(encoding="utf-8")
    for idea in ways.ideas:
        assert text.count(f"<h3><span lang=en>{idea.name.en}") + text.count(f"id=idea-{idea.key}") >= 3
    assert "No number can say which idea is right." in text
    assert "They agree in 1 and part ways in 2." in text
    rows = text[text.index("t-perspectives") :].count("<th scope=row>")
    assert rows == len(ways.cases) == 5


def test_the_section_of_the_review_is_short(ways: Ways, ledger: Ledger) -> None:
    part = ways_part(SPEECH, ledger, ways, "pages")
    assert "pages/perspectives.html" in part
    assert "3 of 4 count" in part
    assert part.count("<h4") == 1  # one case


def test_a_review_by_one_idea_has_its_questions_first(released: Released) -> None:
    questions = {
        "doors": ["ap_exam_taking"],
        "learning": ["reading_proficient"],
        "teachers": ["novice_teachers"],
    }

    def order(key: str | None) -> list[str]:
        asked = replace(released, settings={**released.settings, "perspective": key})
        return list(in_its_order(SPEECH, asked, questions))

    assert order(None) == ["doors", "learning", "teachers"]
    assert order(L) == ["teachers", "doors", "learning"]
    assert order(D) == ["learning", "doors", "teachers"]


def test_what_is_read_says_so_in_both_languages() -> None:
    reading = row("graduation", "reading", LATINA, 1.0, verdict="counts", perspective=L)
    assert SPEECH.sentence(reading).en.endswith("unfair by the idea “Equal chances at the start”.")
    assert SPEECH.sentence(reading).es.endswith(
        "la idea «Las mismas oportunidades al empezar» ve que esto es injusto."
    )
    unsaid = row("graduation", "reading", LATINA, None, perspective=L)
    assert "say too little for “Equal chances at the start”" in SPEECH.sentence(unsaid).en


def test_a_gap_is_told_as_the_idea_that_the_review_reads_by_measures_it() -> None:
    """Black students, 40 of 100: the review holds them against others (60), one idea against Asian students
    (80), another against others of the same schools (50)."""
    own = [
        *read(L, "reading_proficient", BLACK, 0.40, 0.50, "counts", measure="gap_within"),
        *read(L, "reading_proficient", WHITE, 0.70, 0.75, "does_not_count", measure="gap_within"),
    ]

    def told(idea: str | None, group: str) -> str:
        ledger = ledger_of([*ROWS, *own], HERE, idea=idea)
        found = ledger.get("reading_proficient", group, "difference")
        assert found is not None
        return yardstick_of(SPEECH, ledger, found).en

    asian = "Asian students who took the test"
    assert told(D, BLACK) == f"This idea compares with {asian}: a difference of 40 in 100."
    assert told(L, BLACK) == (
        "Among students of the same schools, as this idea looks at it, the difference is 10 in 100."
    )
    assert (told(B, BLACK), told(L, WHITE), told(None, BLACK)) == ("", "", "")


def test_where_ideas_have_a_standard_and_nobody_to_compare_there_is_nothing_side_by_side(
    released: Released,
) -> None:
    """All students of a place are alike, so that no group is behind another; they are short of a standard."""
    rows = read(D, "graduation", LOW, 0.55, 0.90, "short", reference="target:0.9")
    assert ways_of(SPEECH, ledger_of([level("graduation", ALL, 0.55, 1000), *rows], HERE), released) is None

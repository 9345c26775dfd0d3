"""The loader: what is wrong is said all at once, with file, line and what to write instead."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import evenground.definitions
from evenground.definitions import Question, load, load_from, read_entries
from evenground.model import InputProblems, Problem, parse_group

OURS = Path(evenground.definitions.__file__).parent

Found = tuple[str, int | None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our definitions that a test may spoil."""
    for file in OURS.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    for inside in ("indicators", "statistics"):
        shutil.copytree(OURS / inside, tmp_path / inside)
    return tmp_path


def spoil(file: Path, old: str, new: str, after: str = "") -> int:
    """Writes `new` for the first `old` after the text `after`; gives the line (from 1) on which it begins."""
    text = file.read_text(encoding="utf-8")
    start = text.index(after) if after else 0
    place = text.index(old, start)
    file.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    skipped = len(new) - len(new.lstrip("\n"))
    return text.count("\n", 0, place) + 1 + skipped


def problems(folder: Path) -> dict[Found, Problem]:
    with pytest.raises(InputProblems) as error:
        load_from(folder)
    found = {(problem.file, problem.row): problem for problem in error.value.problems}
    assert len(found) == len(error.value.problems), error.value
    return found


def test_a_sound_folder_loads(folder: Path) -> None:
    assert load_from(folder) == load()


def test_all_mistakes_of_all_files_in_one_exception(folder: Path) -> None:
    courses, climate = folder / "indicators/advanced_courses.yaml", folder / "indicators/climate.yaml"
    dimensions = folder / "dimensions.yaml"
    # from the last line to the first, so that a line counted before stays where it is
    dangling = spoil(courses, "over: graduates", "over: graduate", after="ag_completion:")
    missing = spoil(courses, "  question: doors\n", "", after="algebra_grade_8:")
    unknown = spoil(courses, "phrase:", "prase:", after="advanced_course:")
    direction = spoil(climate, "direction: lower", "direction: lowr", after="expulsion:")
    complement = spoil(dimensions, "complement: not_foster", "complement: not_fostered")
    said = "  complete: true\n"
    twice = spoil(dimensions, said, said + "  overlapping: true\n", after="military:")
    bad = spoil(folder / "policies.yaml", "kind: follow", 'kind: "follow')

    found = problems(folder)

    def todo(file: str, line: int) -> str:
        return found.pop((file, line)).todo

    assert todo("advanced_courses.yaml", dangling - 1) == "write `graduates`"  # a line went missing above it
    entry = courses.read_text(encoding="utf-8").splitlines().index("algebra_grade_8:") + 1
    assert entry < missing
    assert todo("advanced_courses.yaml", entry) == "add the line `question:`"
    assert todo("advanced_courses.yaml", unknown) == "write `phrase`"
    assert todo("climate.yaml", direction) == "write `lower`"
    assert todo("dimensions.yaml", complement) == "write `not_foster`"
    assert todo("dimensions.yaml", twice + 1) == "rename or remove one of the two"
    ((place, broken),) = found.items()
    assert place[0] == "policies.yaml"
    assert place[1] is not None
    assert bad <= place[1]
    assert "not YAML" in broken.found


@pytest.mark.parametrize(("file", "old", "new", "says"), [
    ("indicators/money.yaml", "date: 2026-11-21", "date: yesterday", "a date such as 2026-11-21"),
    ("indicators/money.yaml", "kind: exposure", "kind: Exposure", "write `exposure`"),
    ("indicators/money.yaml", "unit: dollars", "unit: pounds", "write one of share, years, dollars"),
    ("indicators/money.yaml", "question: money", "question: mony", "write `money`"),
    ("indicators/money.yaml", "domain: money", "domain: teachers", "write `money`"),
    ("indicators/money.yaml", "counted: spending", "counted: spendings", "write `spending`"),
    ("indicators/money.yaml", "{value} a year is", "much is", "put {value} where it belongs"),
    ("indicators/money.yaml", "are: [funding]", "are: [fundings]", "write `funding`"),
    ("indicators/money.yaml", "lcff: []", "lcf: []", "write `lcff`"),
    ("indicators/money.yaml", "spending:", "Spending Money:", "write `spending_money`"),
    ("indicators/achievement.yaml", "  order: 1\n", "  order: 2\n", "write the next number"),
    ("indicators/achievement.yaml", "over: tested_reading", "over: tested_mathematics",
     "write `tested_mathematics`"),
    ("indicators/advanced_courses.yaml", "grades: [g09", "grades: [g9", "write `g09`"),
    ("indicators/advanced_courses.yaml", "unit: share", "unit: years", "write `share`, or `kind: mean`"),
    ("populations.yaml", 'among: {en: "{group} in', 'among: {en: "those in', "put {group} where it belongs"),
    ("populations.yaml", "as_of: census_day", "as_of: cencus_day", "write `census_day`"),
    ("questions.yaml", "title: {en:", "title: {eng:", "write `en`"),
    ("dimensions.yaml", "overlapping: false", "overlapping: often", "write true or false"),
    ("dimensions.yaml", "asian: [asian, filipino]", "asian: [asian, filipina]", "write `filipino`"),
    ("dimensions.yaml", '"race_ethnicity:hispanic+sex:female"', '"race_ethnicity:hispanic+sex:femal"',
     "write `female`"),
    ("dimensions.yaml", '"race_ethnicity:hispanic+sex:female"', '"sex:female+race_ethnicity:hispanic"',
     "write `race_eth"),
    ("dimensions.yaml", "complement: not_foster", "complement: foster",
     "write `not_foster` here and `foster` there"),
    ("policies.yaml", "minimum_n: 10", "minimum_n: ten", "write a whole number"),
    ("parameters.yaml", "value: 0.95", "value: high", "write a number"),
    ("student_year.yaml", "type: int8", "type: int", "write `int8`"),
    ("groups.yaml", "all:", "everyone:", "add the entry `all:`"),
])  # fmt: skip
def test_each_mistake_says_its_line_and_what_to_write(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    line = spoil(folder / file, old, new)
    found = problems(folder).values()
    mended = [problem for problem in found if says in problem.todo]
    assert mended, [problem.sentence() for problem in found]
    if "add the entry" not in says and "next number" not in says and "tested_" not in says:
        assert [(problem.file, problem.row) for problem in mended] == [(Path(file).name, line)]


def test_the_same_key_in_two_files(folder: Path) -> None:
    money = (folder / "indicators/money.yaml").read_text(encoding="utf-8")
    first = money[: money.index("confidence:")] + "confidence: seen\n"
    (folder / "indicators/more.yaml").write_text(first, encoding="utf-8")
    (((file, line), problem),) = problems(folder).items()
    assert (file, line) == ("more.yaml", first.splitlines().index("spending:") + 1)
    assert problem.found == "`spending` a second time (first in money.yaml)"


def test_an_absent_file_is_a_problem_and_not_a_crash(folder: Path) -> None:
    (folder / "questions.yaml").unlink()
    found = [problem for (file, _), problem in problems(folder).items() if file == "questions.yaml"]
    assert [problem.todo for problem in found] == ["add questions.yaml"]


def test_a_file_in_another_encoding(folder: Path) -> None:
    file = folder / "parameters.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1"))
    assert problems(folder)["parameters.yaml", 1].todo == "save it as UTF-8"


@pytest.mark.parametrize("content", ["- one\n- two\n", "just words\n"])
def test_a_file_without_entries(folder: Path, content: str) -> None:
    (folder / "parameters.yaml").write_text(content, encoding="utf-8")
    assert problems(folder)["parameters.yaml", 1].found == "no entries"


def test_a_broken_population_does_not_accuse_those_who_name_it(folder: Path) -> None:
    line = spoil(folder / "populations.yaml", "as_of: cohort", "as_of: never", after="graduates:")
    assert list(problems(folder)) == [("populations.yaml", line)]


def test_problems_come_in_the_order_of_the_files(folder: Path) -> None:
    for file in ("questions.yaml", "dimensions.yaml", "groups.yaml"):
        spoil(folder / file, "en:", "english:")
    keys = [(problem.file, problem.row or 0) for problem in problems(folder).values()]
    assert keys == sorted(keys)
    assert {file for file, _ in keys} == {"dimensions.yaml", "groups.yaml", "questions.yaml"}


def test_entries_of_another_file_are_read_with_the_same_care(tmp_path: Path) -> None:
    file = tmp_path / "extra.yaml"
    file.write_text("one:\n  title: {en: A?, es: B}\n  domain: X\n  ask: []\n", encoding="utf-8")
    wrong: list[Problem] = []
    assert read_entries(file, Question, wrong) == {}
    assert [(problem.row, problem.file) for problem in wrong] == [(3, "extra.yaml"), (4, "extra.yaml")]


def test_a_sentence_of_a_problem_can_be_acted_on(folder: Path) -> None:
    spoil(folder / "indicators/money.yaml", "direction: higher", "direction: hihger")
    with pytest.raises(InputProblems, match=re.escape(
        "money.yaml, row 9: found 'hihger' as spending.direction; allowed: higher, lower, neutral; "
        "to do: write `higher`"
    )):  # fmt: skip
        load_from(folder)


def test_group_keys_of_our_crosses_parse() -> None:
    for dimension in load().dimensions.values():
        assert all(len(parse_group(cross)) == 2 for cross in dimension.crosses)

"""The ideas of fairness and the questionnaire as data: sound, easy to read, balanced, checked by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.reading import fernandez_huerta, flesch_kincaid_grade

from evenground.definitions import Text, load, phrases
from evenground.definitions.own_perspective import read_perspective, with_own
from evenground.definitions.questionnaire import questionnaire
from evenground.model import InputProblems

DEFINITIONS = load()
IDEAS = DEFINITIONS.perspectives


def texts(place: str, value: object) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from texts(f"{place}.{field}", getattr(value, field))
    elif isinstance(value, tuple):
        for at, part in enumerate(value):
            yield from texts(f"{place}.{at}", part)


READ = {
    place: text
    for kind in (IDEAS, questionnaire(), phrases("perspectives"), phrases("questionnaire"))
    for key, entry in kind.items()
    for place, text in texts(key, entry)
    if len(text.en.split()) > 5
}


def test_the_four_of_the_contract_in_their_order() -> None:
    assert list(IDEAS) == ["transformative", "democratic_liberal", "liberal", "libertarian"]


@pytest.mark.parametrize("place", READ)
def test_a_text_is_easy_to_read(place: str) -> None:
    text = READ[place]
    assert round(flesch_kincaid_grade(text.en)) <= 8, text.en
    assert fernandez_huerta(text.es) >= 55, text.es
    for sentence in (*text.en.split(". "), *text.es.split(". ")):
        assert len(sentence.split()) <= 25, sentence


def test_none_calls_itself_or_another_right() -> None:
    said = " ".join(text.en.lower() for place, text in READ.items() if place.split(".")[0] in IDEAS)
    assert not {"the right one", "best idea", "correct", "wrong"} & set(said.split())
    assert "No number can say which idea is right." in phrases("perspectives")["lede"].en


def test_every_indicator_is_looked_at_by_some_idea_unless_it_is_neutral() -> None:
    passed = {
        key
        for key, indicator in DEFINITIONS.indicators.items()
        if indicator.direction != "neutral"
        and not any(idea.look(key, indicator.question) for idea in IDEAS.values())
    }
    assert passed == set()


def test_the_own_line_of_an_indicator_goes_before_its_question() -> None:
    look = IDEAS["liberal"].look("ap_exam_success", "doors")
    assert look is not None
    assert (look.stage, look.counts) == ("outcomes", "behind_in_same_place")
    whole = IDEAS["liberal"].look("ap_exam_taking", "doors")
    assert whole is not None
    assert whole.counts == "behind"
    assert IDEAS["libertarian"].look("ap_exam_taking", "doors") is None


def test_a_cross_is_asked_about_where_one_of_its_parts_is_named() -> None:
    idea = IDEAS["transformative"]
    assert idea.asks_about("race_ethnicity+sex", "race_ethnicity:hispanic+sex:male")
    assert idea.asks_about("race_ethnicity+sex", "race_ethnicity:white+sex:female")
    assert not idea.asks_about("race_ethnicity+sex", "race_ethnicity:white+sex:male")
    assert not idea.asks_about("race_ethnicity", "race_ethnicity:white")
    assert not idea.asks_about("foster+sex", "foster:foster+sex:female")


@pytest.mark.parametrize(
    ("counted", "unsaid", "standing"),
    [(0, 0, "reached"), (0, 3, "not_known"), (1, 0, "not_yet"), (2, 5, "not_yet")],
)
def test_done_is_only_what_could_be_said(counted: int, unsaid: int, standing: str) -> None:
    assert IDEAS["liberal"].standing(counted, unsaid) == standing


# --- the questionnaire ---


def test_every_two_ideas_meet_twice_and_each_stands_first_as_often_as_second() -> None:
    pairs = Counter(
        frozenset((item.first.speaks_for, item.second.speaks_for)) for item in questionnaire().values()
    )
    assert pairs == {frozenset(pair): 2 for pair in combinations(IDEAS, 2)}
    assert Counter(item.first.speaks_for for item in questionnaire().values()) == dict.fromkeys(IDEAS, 3)


def test_no_answer_names_an_idea_and_none_is_much_longer_than_the_other() -> None:
    names = {idea.term.en for idea in IDEAS.values()} | {idea.name.en.lower() for idea in IDEAS.values()}
    for item in questionnaire().values():
        for lang in ("en", "es"):
            first, second = (getattr(choice.text, lang) for choice in (item.first, item.second))
            assert not any(name in f"{first} {second}".lower() for name in names)
            assert max(len(first), len(second)) <= 2.1 * min(len(first), len(second)), (first, second)


# --- one's own ---

OWN = """\
our_district:
  name: {en: "Ours", es: "La nuestra"}
  term: {en: "our", es: "nuestra"}
  idea: {en: "Every child gets a fair start.", es: "Cada niña y niño tiene un buen comienzo."}
  inequity: {en: "Some get less.", es: "Hay quien recibe menos."}
  looks: {en: "It looks at reading.", es: "Mira la lectura."}
  other_indicators: {en: "it looks at reading", es: "mira la lectura"}
  other_groups: {en: "it looks at race", es: "mira la raza"}
  groups: [race_ethnicity, "disability:with_disability"]
  reference: others
  looks_at:
    - {question: learning, stage: outcomes}
  standards:
    - {indicators: [reading_proficient], at: 0.8}
  done: {en: "All read well.", es: "Todo el mundo lee bien."}
  cannot_see: {en: "All else.", es: "Todo lo demás."}
  ask:
    - {en: "Who reads well?", es: "¿Quién lee bien?"}
  source: "Board policy 1"
  date: 2025-01-01
  confidence: ours
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "ours.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


def test_ones_own_is_read_and_kept(own: Path) -> None:
    key, idea = read_perspective(str(own), DEFINITIONS)
    assert (key, idea.standard("reading_proficient")) == ("our_district", 0.8)
    kept = {"perspective": key, "idea": idea.model_dump(mode="json", exclude_unset=True)}
    assert with_own(DEFINITIONS, kept).perspectives[key] == idea
    assert with_own(DEFINITIONS, {"perspective": "liberal", "idea": None}) is DEFINITIONS


def test_everything_that_is_wrong_is_told_with_its_line(own: Path) -> None:
    text = OWN.replace("our_district:", "liberal:")
    text = text.replace("groups: [race_ethnicity,", "groups: [race, sex+race_ethnicity,")
    text = text.replace("disability:with_disability", "disability:with_disabilities")
    text = text.replace("reference: others", "reference: white").replace(
        "question: learning", "question: lerning"
    )
    text = text.replace("at: 0.8", "at: 0.8}\n    - {indicators: [reading_score], at: 0.5")
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems) as error:
        read_perspective(str(own), DEFINITIONS)
    told = {(problem.row, problem.found): problem.todo for problem in error.value.problems}
    assert told == {
        (1, "`liberal`, which comes with evenground"): "give it a name of its own",
        (9, "dimension `race`, which is not defined"): told[9, "dimension `race`, which is not defined"],
        (9, "`sex+race_ethnicity`"): "write `race_ethnicity+sex`",
        (9, "value of disability `with_disabilities`, which is not defined"): "write `with_disability`",
        (10, "reference `white`"): "write one of overall, others, highest",
        (12, "question `lerning`, which is not defined"): "write `learning`",
        (14, "`reading_proficient`, which `looks_at` does not name"): "add it to `looks_at`",
        (15, "`reading_score`, which is no share that is better high or low"): "remove it",
        (15, "`reading_score`, which `looks_at` does not name"): "add it to `looks_at`",
    }


def test_a_look_is_at_a_question_or_at_indicators_and_at_each_once(own: Path) -> None:
    look = "    - {question: learning, stage: outcomes}\n"
    own.write_text(OWN.replace(look, f"{look}{look}    - {{stage: inputs}}\n"), encoding="utf-8")
    with pytest.raises(InputProblems) as error:
        read_perspective(str(own), DEFINITIONS)
    assert [(problem.row, problem.found) for problem in error.value.problems] == [
        (13, "`learning` a second time"),
        (14, "none of them"),
    ]


def test_the_example_of_the_documentation_is_sound(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-perspective.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "ours.yaml").write_text(example, encoding="utf-8")
    key, idea = read_perspective(str(tmp_path / "ours.yaml"), DEFINITIONS)
    assert (key, idea.compared_with("race_ethnicity"), idea.compared_with("sex")) == (
        "our_definition", "highest", "others",
    )  # fmt: skip

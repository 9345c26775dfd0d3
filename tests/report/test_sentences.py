"""Every sentence that can come out, in both languages: easy, short, whole, in agreement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.plain import objections, of_finding
from tests.report.sentences import SEVERAL, every_group, row, rows_of_kind
from tests.texts import wrong_on

from evenground import report
from evenground.definitions import load, load_wording
from evenground.model import Released
from evenground.report.story.rows import Row
from evenground.report.story.speech import Speech

DEFINITIONS = load()
SPEECH = Speech(DEFINITIONS, load_wording())


def wrong(rows: Iterator[Row]) -> tuple[int, list[str]]:
    """How many different sentences the rows say, and what is wrong with them."""
    said: dict[tuple[str, str], Row] = {}
    for one in rows:
        words = SPEECH.sentence(one)
        said.setdefault((words.en, words.es), one)
    found = [each for one in said.values() for each in of_finding(SPEECH, one, SPEECH.sentence(one))]
    return len(said), found


@pytest.mark.parametrize("question", sorted({known.question for known in DEFINITIONS.indicators.values()}))
def test_every_finding_of_every_indicator(question: str) -> None:
    count, found = wrong(
        one
        for key, known in DEFINITIONS.indicators.items()
        if known.question == question
        for group in SEVERAL
        for one in rows_of_kind(key, known, group)
    )
    assert count >= 200
    assert found == []


def test_every_group_in_every_population() -> None:
    """One indicator of each population, about every group that the definitions know."""
    firsts = {known.over: key for key, known in reversed(DEFINITIONS.indicators.items())}

    def rows() -> Iterator[Row]:
        for key in firsts.values():
            known = DEFINITIONS.indicators[key]
            for group in every_group(DEFINITIONS):
                level = {"level": 0.47, "low": -0.09, "high": -0.05, "verdict": "below"}
                if group != "all":
                    yield row(key, known, group, "difference", -0.07, reference="others", **level)
                yield row(key, known, group, "rate", None, state="hidden")

    count, found = wrong(rows())
    assert count > 5_000
    assert found == []


def test_no_text_of_a_page_disagrees_or_was_left_unfilled(
    released: Released, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("sentences") / "review"
    report.write(released, place)
    pages = [place / "index.html", *sorted((place / "pages").glob("*.html"))]
    assert len(pages) >= 7
    assert [wrong for page in pages for wrong in wrong_on(page)] == []


@pytest.mark.parametrize(
    ("lang", "text", "says"),
    [
        ("es", "La paridad pide unos 5 suspensiones más al año.", "agreement"),
        ("es", "La paridad pide unas 5 estudiantes más al año.", "agreement"),
        ("es", "La paridad pide 1 estudiantes más al año.", "agreement"),
        ("es", "De cada 100,000 estudiantes, 1 tomaron un curso.", "agreement"),
        ("es", "De cada 100 estudiantes latinas, 3 fueron enviados a la policía.", "agreement"),
        ("es", "La brecha de el grupo es grande.", "agreement"),
        ("es", "Sin dato de raza o origen.", "agreement"),
        ("en", "Parity means about 1 students a year.", "agreement"),
        ("en", "Parity means about one more students a year.", "agreement"),
        ("en", "These students are at risk.", "banned"),
        ("en", "The gap for {group} is wide.", "a placeholder"),
        ("en", "The gap is  wide.", "two spaces"),
        ("en", "The gap is wide", "no stop"),
        ("en", "Compared with race_ethnicity students.", "a key"),
        ("en", " ".join(["word"] * 20) + ".", "20 words"),
        ("en", "Disproportionate representation necessitates institutional remediation of the "
         "underlying organizational characteristics of all of the schools.", "grade"),
    ],
)  # fmt: skip
def test_the_rules_find_what_they_are_for(lang: str, text: str, says: str) -> None:
    assert any(says in found for found in objections(text, lang)), objections(text, lang)


def test_what_is_right_passes() -> None:
    for lang, text in (
        ("es", "La paridad pide unas 5 suspensiones más al año."),
        ("es", "La paridad pide más o menos 1 estudiante más al año."),
        ("en", "Parity means about one more student a year."),
    ):
        assert objections(text, lang) == []


@pytest.mark.parametrize(
    ("indicator", "value", "en", "es"),
    [
        ("suspension_defiance", -4.2, "Parity means about 5 fewer such suspensions a year.",
         "La paridad pide unas 5 de esas suspensiones menos al año."),
        ("suspension_defiance", -0.5, "Parity means about one such suspension fewer a year.",
         "La paridad pide más o menos 1 de esas suspensiones menos al año."),
        ("application_offer", 601.4, "Parity means about 602 more offers a year.",
         "La paridad pide unas 602 ofertas más al año."),
        ("ap_exam_success", 5.0, "Parity means about 5 more such exams a year.",
         "La paridad pide unos 5 de esos exámenes más al año."),
        ("graduation", 5.0, "Parity means about 5 more students a year.",
         "La paridad pide unos 5 estudiantes más al año."),
        ("graduation", 1.0, "Parity means about one more student a year.",
         "La paridad pide más o menos 1 estudiante más al año."),
    ],
)  # fmt: skip
def test_parity_counts_what_the_population_is_made_of(indicator: str, value: float, en: str, es: str) -> None:
    known = DEFINITIONS.indicators[indicator]
    said = SPEECH.needed(row(indicator, known, "race_ethnicity:black", "needed_moving", value))
    assert (said.en, said.es) == (en, es)


def test_applications_are_not_called_students() -> None:
    known = DEFINITIONS.indicators["application_offer"]
    level = {"level": 0.15, "low": -0.06, "high": -0.04, "verdict": "below"}
    one = row("application_offer", known, "local_district:east", "difference", -0.05,
              reference="overall", reference_group="all", **level)  # fmt: skip
    assert SPEECH.sentence(one).en == (
        "Of every 100 applications from East Los Angeles, 15 led to the offer of a seat; of every 100 "
        "applications, 20. A difference of 5 in 100. With this many applications, chance alone could move it "
        "by about 1."
    )
    assert SPEECH.sentence(one).es.startswith(
        "De cada 100 solicitudes del este de Los Ángeles, 15 llevaron a la oferta de un lugar; "
        "de cada 100 solicitudes, 20."
    )
    assert SPEECH.reference_label(one).en == "Applications"


def test_what_a_school_has_is_told_of_every_100_students() -> None:
    known = DEFINITIONS.indicators["ap_offered"]
    said = SPEECH.sentence(row("ap_offered", known, "race_ethnicity:black", "mean", 0.89))
    assert said.en == "Of every 100 Black students in grades 9 to 12, 89 have AP courses at their school."


def test_everybody_else_is_told_within_the_population() -> None:
    said = [
        SPEECH.reference(row(key, DEFINITIONS.indicators[key], "race_ethnicity:black", "difference", 0.0,
                             reference="others"))
        for key in ("ag_completion", "ap_participation", "application_offer")
    ]  # fmt: skip
    assert [words.en for words in said] == [
        "other graduates", "other students in grades 9 to 12", "other applications",
    ]  # fmt: skip
    assert said[0].es == "estudiantes de los demás grupos que se graduaron"

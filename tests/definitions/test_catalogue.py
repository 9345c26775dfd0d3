"""The catalogue: how many indicators there are, and where each stands in the frameworks of others."""

from __future__ import annotations

from evenground.definitions import load

DEFINITIONS = load()


def test_there_are_at_least_45_indicators_and_each_question_has_some() -> None:
    assert len(DEFINITIONS.indicators) >= 45
    asked = {indicator.question for indicator in DEFINITIONS.indicators.values()}
    # These two are asked of all outcomes together.
    assert asked | {"background", "bright"} == set(DEFINITIONS.questions)


def test_frameworks_have_the_entries_that_their_makers_list() -> None:
    """16 indicators, 10 dimensions, 4 phases, 8 priorities; ESSA: 5 indicators, 6 parts of a report card."""
    sizes = {key: len(framework.entries) for key, framework in DEFINITIONS.frameworks.items()}
    assert sizes == {"nasem": 16, "are": 10, "a4e": 4, "lcff": 8, "essa": 11}
    for key in ("nasem", "are", "a4e", "lcff"):
        labels = [entry.label for entry in DEFINITIONS.frameworks[key].entries.values()]
        assert labels == [str(number) for number in range(1, sizes[key] + 1)]


def test_every_indicator_says_its_place_in_every_framework() -> None:
    """[] says that it has none: a place that is left out was forgotten."""
    forgotten = {
        key: set(DEFINITIONS.frameworks) - set(indicator.framework)
        for key, indicator in DEFINITIONS.indicators.items()
        if set(indicator.framework) != set(DEFINITIONS.frameworks)
    }
    assert forgotten == {}
    nowhere = [key for key, entry in DEFINITIONS.indicators.items() if not any(entry.framework.values())]
    assert nowhere == []


def test_what_no_indicator_speaks_to() -> None:
    """What the catalogue cannot show in any data: said here so that it changes on purpose."""
    silent = {
        (framework, entry)
        for framework, defined in DEFINITIONS.frameworks.items()
        for entry in defined.entries
        if not any(
            entry in indicator.framework.get(framework, ()) for indicator in DEFINITIONS.indicators.values()
        )
    }
    assert silent == {
        ("nasem", "academic_readiness"),
        ("nasem", "self_regulation"),
        ("are", "facilities"),
        ("a4e", "extend"),
        ("a4e", "sustain"),
        ("lcff", "standards"),
        ("lcff", "parents"),
    }


def test_populations_say_for_whom_something_was_asked() -> None:
    used = {indicator.over for indicator in DEFINITIONS.indicators.values()}
    assert used == set(DEFINITIONS.populations)

"""Policies of a person's own: read from a file, checked, and kept with the review that they made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import evenground
from evenground.cli import app
from evenground.definitions import Definitions, load
from evenground.definitions.own_policy import is_file, read_policy
from evenground.model import InputProblems
from evenground.workspace import Request, policy_of, verify
from evenground.workspace.policy import with_policy

DEFINITIONS = load()

OURS = """\
our-12:
  name: {en: "Twelve", es: "Doce"}
  kind: suppress
  minimum_n: 12
  roll_up: [groups]
  note:
    en: "Numbers of fewer than 12 students are hidden."
    es: "Se ocultan los números de menos de 12 estudiantes."
  source: "Board policy 5125"
  date: 2026-08-01
  confidence: seen
"""
BANDS = """\
  bands:
    - {students_from: 12, students_to: 40, low: 0.1, high: 0.9}
    - {students_from: 41, low: 0.05, high: 0.95}
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "ours.yaml") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_a_file_with_one_policy_is_named_by_its_file_alone(written):
    policy = policy_of(str(written(OURS)), DEFINITIONS)
    assert (policy.minimum_n, policy.roll_up, policy.attacker) == (12, ("groups",), "counts")


def test_of_several_one_is_named_by_its_key(written):
    file = written(OURS + OURS.replace("our-12", "our-20").replace("minimum_n: 12", "minimum_n: 20"))
    assert policy_of(f"{file}:our-20", DEFINITIONS).minimum_n == 20
    with pytest.raises(InputProblems, match="2 policies"):
        policy_of(str(file), DEFINITIONS)
    with pytest.raises(InputProblems, match="write `our-20`"):
        policy_of(f"{file}:our-21", DEFINITIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n10", False), ("california-11", False), ("own.yaml", True), ("a/own.YML:key", True),
        ("C:\\policies\\own.yaml:key", True),
    ],
)  # fmt: skip
def test_what_is_a_file(text: str, expected: bool):
    assert is_file(text) is expected


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param("our-12:", "n10:", 1, "which comes with evenground", id="name taken"),
        pytest.param("minimum_n: 12", "minimum_n: 0", 4, "rules that hide nothing", id="hides nothing"),
        pytest.param("minimum_n: 12", "minimum_n: -1", 4, "0 or more", id="below zero"),
        pytest.param("minimum_n: 12", "minimum_m: 12", 4, "write `minimum_n`", id="misspelt"),
        pytest.param(
            "kind: suppress", "kind: follow", 4, "`minimum_n` in a policy of kind follow", id="follow"
        ),
        pytest.param("kind: suppress", "kind: noise", 3, "add the line `epsilon: 1.0`", id="no epsilon"),
        pytest.param("  roll_up", "  epsilon: 1.0\n  roll_up", 5, "kind noise", id="epsilon hides nothing"),
        pytest.param("  roll_up", "  round_n: 20\n  roll_up", 5, "round_n 20", id="rounded to nobody's n"),
        pytest.param("  roll_up", "  possible_values: 1\n  roll_up", 5, "2", id="one possible value"),
        pytest.param("  roll_up", "  weights: {school: 0}\n  roll_up", 5, "above 0", id="weightless"),
        pytest.param("  roll_up", BANDS.replace("41,", "31,") + "  roll_up", 7, "overlaps", id="overlap"),
        pytest.param("  roll_up", BANDS.replace("41,", "51,") + "  roll_up", 7, "gap", id="gap"),
        pytest.param("  roll_up", BANDS.replace("12,", "20,") + "  roll_up", 6, "12 to 19", id="begins late"),
        pytest.param("  roll_up", BANDS.replace("0.95", "0.04") + "  roll_up", 7, "low < high", id="crossed"),
        pytest.param(
            "  roll_up",
            BANDS.replace("high: 0.95", "high: 0.95, step: 1") + "  roll_up",
            7,
            "step 1",
            id="step",
        ),
        pytest.param(
            "  roll_up", BANDS.replace(", students_to: 40", "") + "  roll_up", 7, "only the last", id="open"
        ),
    ],
)
def test_rules_that_make_no_sense_are_said_with_their_line(written, old: str, new: str, line: int, said: str):
    with pytest.raises(InputProblems) as error:
        policy_of(str(written(OURS.replace(old, new))), DEFINITIONS)
    sentences = [one.sentence() for one in error.value.problems if one.row == line]
    assert any(said in sentence for sentence in sentences), str(error.value)


def test_all_problems_at_once(written):
    text = OURS.replace("minimum_n: 12", "minimum_n: 0").replace("roll_up: [groups]", "round_n: 5")
    with pytest.raises(InputProblems) as error:
        policy_of(str(written(text)), DEFINITIONS)
    assert [one.row for one in error.value.problems] == [4, 5]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [", "\x00"])
def test_what_is_no_policy_is_said(written, text: str):
    with pytest.raises(InputProblems):
        read_policy(str(written(text)), ())


def test_no_such_file_and_no_such_policy(tmp_path: Path):
    for text in (str(tmp_path / "none.yaml"), "n1o", str(tmp_path)):
        with pytest.raises(InputProblems):
            policy_of(text, DEFINITIONS)
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(InputProblems, match="a folder"):
        policy_of(str(tmp_path / "folder.yaml"), DEFINITIONS)


def test_the_presets_make_sense():
    """The loader has checked them; here the numbers of the sources, by hand."""
    policies = DEFINITIONS.policies
    assert {key: policies[key].minimum_n for key in ("n10", "n15", "n30", "california-11", "nces")} == {
        "n10": 10, "n15": 15, "n30": 30, "california-11": 11, "nces": 10,
    }  # fmt: skip
    ends = [(band.students_from, band.low, band.high) for band in policies["nces"].bands]
    assert ends == [
        (10, 0.2, 0.8), (21, 0.1, 0.9), (41, 0.05, 0.95), (101, 0.02, 0.98), (201, 0.01, 0.99)
    ]  # fmt: skip


def test_the_request_keeps_the_rules_and_needs_no_file_again(written):
    request, known = with_policy(Request(policy=str(written(OURS))), DEFINITIONS)
    assert request.policy == "our-12"
    assert known.policies["our-12"].minimum_n == 12
    settings = json.loads(json.dumps(request.settings()))
    again = Request(policy=settings["policy"], rules=settings["rules"])
    same, definitions = with_policy(again, DEFINITIONS)
    assert definitions.policies["our-12"] == known.policies["our-12"]
    assert same == again


def test_a_policy_that_comes_along_is_kept_by_its_name():
    request, known = with_policy(Request(policy="n15"), DEFINITIONS)
    assert request.rules is None
    assert isinstance(known, Definitions)
    assert known is DEFINITIONS


def test_a_review_by_rules_of_ones_own_says_them_and_can_be_made_again(written, tmp_path: Path):
    out = tmp_path / "review"
    asked = {"example": True, "indicators": ["chronic_absence"], "by": ["race_ethnicity"], "depth": 1}
    released = evenground.review(policy=written(OURS), out=out, **asked)
    (tmp_path / "ours.yaml").unlink()
    shown = [n for n in released.cells["n"].to_pylist() if n is not None]
    assert min(shown) >= 12
    report = json.loads((out / "disclosure.json").read_text(encoding="utf-8"))
    assert report["policy"] == "our-12"
    assert report["rules"]["source"] == "Board policy 5125"
    assert "Numbers of fewer than 12 students are hidden." in (out / "index.html").read_text(encoding="utf-8")
    assert verify(out, None) == []


def test_the_command_shows_what_comes_along_and_checks_a_file(written):
    run = CliRunner().invoke
    listed = run(app, ["policies"])
    assert listed.exit_code == 0
    assert all(key in listed.output for key in DEFINITIONS.policies)
    own = run(app, ["policies", str(written(OURS))])
    assert (own.exit_code, "Board policy 5125" in own.output) == (0, True)
    wrong = run(app, ["policies", str(written(OURS.replace("minimum_n: 12", "minimum_n: 0")))])
    assert (wrong.exit_code, "row 4" in wrong.output) == (2, True)

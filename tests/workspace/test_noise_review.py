"""A review with noise: its error on the page, made again without a difference, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evenground
from evenground.model import InputProblems
from evenground.workspace import Request, review, verify

ASKED = {"indicators": ("suspension", "chronic_absence"), "by": ("sex",)}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("noise") / "review"
    evenground.review(example=True, policy="noise", out=out, **ASKED)
    return out


def test_the_error_is_said_in_both_languages_and_in_the_account(bundle: Path):
    """Two indicators in three years: epsilon 6. 8 schools by 4 values of sex and 2 sides: 64 counts at most,
    so the noise of everybody is within 1.96 sqrt(64 x 1.8413) = 21.3 students, 22.
    """
    page = (bundle / "index.html").read_text(encoding="utf-8")
    report = json.loads((bundle / "disclosure.json").read_text(encoding="utf-8"))
    assert report["noise"]["histograms"] == 6
    assert report["noise"]["epsilon_in_all"] == 6.0
    assert report["noise"]["bins"] == 64
    assert report["noise"]["n_of_everybody_within"] == 22.0
    assert "Chance moves the number of all students by 22 at most" in page
    assert "El azar cambia el número de todo el estudiantado en 22 como mucho" in page
    assert report["attack"]["made"] is False
    assert "adds chance" in report["attack"]["why"]


def test_checks_of_records_carry_no_exact_counts(bundle: Path):
    receipt = json.loads((bundle / "receipt.json").read_text(encoding="utf-8"))
    assert all(check["count"] == 1 and check["row"] is None for check in receipt["checks"])


def test_verify_compares_inputs_and_rows(bundle: Path):
    assert verify(bundle, None) == []


def test_what_accounts_for_hidden_numbers_is_refused(tmp_path: Path):
    request = Request(example=True, policy="noise", workspace=tmp_path / "workspace", **ASKED)
    with pytest.raises(InputProblems, match="--protection and --workspace with a policy that adds chance"):
        review(request, tmp_path / "review", protection=tmp_path / "private")
    assert not (tmp_path / "review").exists()

"""What is left of a review that was withdrawn: a notice in its place, and a receipt of what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evenground import __version__
from evenground.definitions import load_wording, phrases, said
from evenground.model import InputProblems
from evenground.press import Words, bar, both, element, filled, leaf
from evenground.report import receipt
from evenground.report.schema import CONTRACT
from evenground.storage import whole_folder

PAGE = "index.html"


@dataclass(frozen=True)
class Withdrawal:
    """A release that was withdrawn: its id, when and why, whom to ask; and by which release (id and date) it
    was replaced, if it was.
    """

    id: str
    date: str
    reason: str
    who: str = ""
    replaced_by: str = ""
    replaced_on: str = ""


def withdraw(folder: Path, one: Withdrawal) -> None:
    """Puts the notice where the bundle was; its other files are gone. All of it, or nothing."""
    before = json.loads((folder / receipt.NAME).read_text(encoding="utf-8"))
    paid = {
        "contract": CONTRACT,
        "evenground": __version__,
        "withdrawn": asdict(one),
        "about": before["about"],
        "policy": before["policy"],
        "receipt_before": receipt.file_hash(folder / receipt.NAME),
    }
    with whole_folder(folder) as fresh:
        (fresh / PAGE).write_text(_notice(one, before["about"]), encoding="utf-8")
        text = receipt.written(receipt.with_files(paid, fresh))
        (fresh / receipt.NAME).write_text(text, encoding="utf-8")


def withdrawal(folder: Path) -> Withdrawal | None:
    """The withdrawal of which a folder holds the notice; None where it holds something else. Raises
    InputProblems where the notice is not as it was written.
    """
    try:
        paid = json.loads((folder / receipt.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(paid, dict) or "withdrawn" not in paid:
        return None
    problems = receipt.changed(folder, paid)
    if problems:
        raise InputProblems(problems)
    return Withdrawal(**paid["withdrawn"])


def _notice(one: Withdrawal, about: Mapping[str, Any]) -> str:
    place, years = about["title"], dict.fromkeys((about["periods"][0], about["periods"][-1]))
    label = load_wording().label
    span = (
        label("together.years", first=min(years), last=max(years)) if len(years) > 1 else Words.same(*years)
    )
    who = _said("ask", who=one.who) if one.who else _said("ask_place", place=place)
    lines = [
        _said("what", place=place, years=span, made=about["made_on"]),
        _said("why", reason=one.reason),
        who,
        _said("known"),
    ]
    if one.replaced_by:
        lines.insert(1, _said("replaced", id=one.replaced_by, date=one.replaced_on))
    title = _said("title", place=place)
    left = element("a", receipt.NAME, href=receipt.NAME)
    content = (
        element(
            "header",
            bar(_said("language"), label("language_name")),
            element("h1", title),
            both("p", _said("lede", date=one.date), class_="lede"),
        ),
        element(
            "main",
            [both("p", line) for line in lines],
            element("p", _said("receipt"), " ", left, class_="soft"),
            id="notice",
        ),
    )
    return leaf(title, _said("skip"), "notice", content)


def _said(key: str, **values: object) -> Words:
    return filled(said(phrases("withdrawal")[key]), **values)

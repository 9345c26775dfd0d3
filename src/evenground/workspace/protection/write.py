"""Accounts for a review, and writes the private page with its table: whole or not at all."""

from __future__ import annotations

import csv
import io

from evenground.definitions import load_wording
from evenground.disclosure.account import account
from evenground.model import KEYS, split_together
from evenground.press.spreadsheet import harmless
from evenground.questions import ask
from evenground.report.story.speech import Speech
from evenground.storage import whole_file
from evenground.workspace.counted import Counted
from evenground.workspace.made import Made
from evenground.workspace.protection.cost import comparisons
from evenground.workspace.protection.page import FIRST_LINE, Told, page
from evenground.workspace.protection.place import Files
from evenground.workspace.protection.variants import Tried


def write(counts: Counted, made: Made, tried: Tried | None, files: Files) -> None:
    """The page, and a table with a row for each hidden cell and its reason; no number of it."""
    units = counts.dataset.units
    names = {
        (level, identity): name
        for level, identity, name in zip(
            *(units[column].to_pylist() for column in ("unit_level", "unit_id", "unit_name")), strict=True
        )
    }
    possible = ask(counts.cells, units, made.asked, counts.definitions)
    told = Told(
        title=counts.focus.name,
        made_on=made.released.about.made_on,
        policy=counts.definitions.policies[counts.policy],
        speech=Speech(counts.definitions, load_wording()),
        names=names,
        account=account(counts.cells, made.protection.cells, made.protection.why),
        comparisons=comparisons(possible, made.released.findings),
        attacks=made.protection.tried,
        earlier=_knows_earlier(made),
        together=len(split_together(made.released.cells)[1]),
        tried=tried,
    )
    for file, text in ((files.page, page(told)), (files.table, _table(made, names))):
        with whole_file(file) as fresh:
            fresh.write_text(text, encoding="utf-8", newline="")


def _knows_earlier(made: Made) -> bool:
    """Whether earlier releases of the same students were taken into account."""
    told = made.released.disclosure.get("earlier_releases")
    return isinstance(told, dict) and bool(told.get("considered"))


def _table(made: Made, names: dict[tuple[str, str], str]) -> str:
    cells, why = made.protection.cells, made.protection.why
    text = io.StringIO()
    text.write(f"# {FIRST_LINE}\r\n")
    writer = csv.writer(text)
    writer.writerow([*KEYS, "unit_name", "why"])
    for *key, reason in zip(*(cells[name].to_pylist() for name in KEYS), why, strict=True):
        if reason:
            row = [*key, names.get((key[1], key[2]), ""), reason]
            writer.writerow([harmless(str(cell)) for cell in row])
    return text.getvalue()

"""Taking a release back: a notice in its place, and its trace in the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from evenground import report
from evenground.model import InputProblems
from evenground.report import receipt
from evenground.report.withdrawal import Withdrawal, withdrawal
from evenground.report.withdrawal import withdraw as put_notice
from evenground.workspace.ledger import Entry, Ledger, Mark, open_ledger


def withdraw(bundle: Path, workspace: Path, reason: str, who: str = "") -> Entry:
    """Replaces a bundle by a notice that it was withdrawn, and says so in the ledger of its workspace.

    What was published stays known, so later releases go on being judged against it. A copy of a release that
    is withdrawn already gets the same notice. Raises InputProblems where the bundle is none of the releases
    of the workspace.
    """
    if not reason.strip():
        raise InputProblems.one("--reason", "nothing", "why the review is withdrawn", 'add --reason "..."')
    ledger = open_ledger(workspace)
    entry = _entry_of(bundle, ledger)
    mark = entry.withdrawn or Mark(date.today().isoformat(), reason.strip(), who.strip() or entry.who)
    by = ledger.entry(entry.replaced.by) if entry.replaced else None
    one = Withdrawal(entry.id, mark.date, mark.reason, mark.who, by.id if by else "", by.date if by else "")
    ledger.withdraw(entry.id, mark)
    put_notice(bundle, one)
    return ledger.entry(entry.id)


def _entry_of(bundle: Path, ledger: Ledger) -> Entry:
    gone = withdrawal(bundle)
    if gone:
        raise InputProblems.one(
            bundle.name,
            f"the notice that release {gone.id} was withdrawn on {gone.date}",
            "a review that was not withdrawn yet",
            "nothing; it is done",
        )
    if not (bundle / receipt.NAME).is_file():
        raise InputProblems.one(
            bundle.name, f"no {receipt.NAME}", "a bundle of `evenground review`", "name the bundle's folder"
        )
    others = report.strangers(bundle)
    if others:
        raise InputProblems.one(
            bundle.name,
            f"other files beside the bundle ({', '.join(others[:5])})",
            "the bundle alone, since all of the folder is replaced",
            "move these files away",
        )
    written = receipt.file_hash(bundle / receipt.NAME)
    for entry in ledger.entries():
        if entry.receipt == written:
            return entry
    raise InputProblems.one(
        bundle.name,
        "a bundle that is none of the releases of this workspace",
        "the folder of one of them, with its receipt as it was written",
        f"look at `evenground releases {ledger.folder}`, or name the workspace that it was made for",
    )

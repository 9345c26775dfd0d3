"""The road from a folder of files to a released bundle."""

from __future__ import annotations

from pathlib import Path

from evenground import report
from evenground.model import InputProblems, Released
from evenground.workspace import protection as protection_page
from evenground.workspace.considered import Considered, considered, enter, workspace_of
from evenground.workspace.counted import Counted, counted
from evenground.workspace.ledger import Ledger
from evenground.workspace.made import made
from evenground.workspace.protection.variants import try_variants
from evenground.workspace.request import Progress, Request


def review(
    request: Request,
    out: Path,
    lang: str = "en",
    progress: Progress = lambda step: None,
    protection: Path | None = None,
    variants: bool = False,
) -> Released:
    """Makes the released review of a folder and writes its bundle to `out`, whole or not at all.

    `protection`: where the private page goes that accounts for what was hidden; `variants`: with other ways
    to ask, protected for real. Raises InputProblems where the input, the request or the place to write cannot
    be used.
    """
    report.check_folder(out)
    files = protection_page.files_at(protection, out) if protection else None
    with workspace_of(request, progress) as ledger:
        with counted(request, progress) as counts:
            _check_noise(counts, files is not None, ledger is not None)
            result = made(counts, progress, _before(counts, ledger))
            if files:
                tried = try_variants(counts, result, progress) if variants else None
                progress("Accounting for what was hidden")
                protection_page.write(counts, result, tried, files)
        progress("Writing page, PDF, workbook and tables")

        def entered(bundle: Path) -> None:
            if ledger:
                enter(ledger, request, counts.cells, result.released, bundle)

        report.write(result.released, out, lang, before=entered)
    return result.released


def release(request: Request, progress: Progress = lambda step: None) -> Released:
    """The same without writing a bundle: read, check, count, protect, ask, and through the gate."""
    with workspace_of(request, progress) as ledger:
        with counted(request, progress) as counts:
            _check_noise(counts, False, ledger is not None)
            released = made(counts, progress, _before(counts, ledger)).released
        if ledger:
            enter(ledger, request, counts.cells, released, None)
    return released


def _check_noise(counts: Counted, accounted: bool, entered: bool) -> None:
    """With noise nothing is hidden, and a ledger of hidden numbers keeps no account of what is spent."""
    if counts.definitions.policies[counts.policy].kind != "noise":
        return
    found = [name for name, given in (("--protection", accounted), ("--workspace", entered)) if given]
    if found:
        asked, allowed = f"{' and '.join(found)} with a policy that adds chance", "policies that hide"
        raise InputProblems.one("--policy", asked, allowed, f"leave out {' and '.join(found)}")


def _before(counts: Counted, ledger: Ledger | None) -> Considered | None:
    """The releases that this one comes after."""
    if ledger is None:
        return None
    return considered(ledger, counts.request, counts.focus, counts.units, counts.dataset.source)

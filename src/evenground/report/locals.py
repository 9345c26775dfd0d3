"""A page and a print for every school, or every district, of a review."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import count
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from evenground.definitions import load, load_wording
from evenground.definitions.own_perspective import with_own
from evenground.model import ALL, LEVELS, About, Released, Unit
from evenground.report.page.local import LISTS, Frame, list_page, local_page
from evenground.report.paper.meeting import print_meeting
from evenground.report.story.local import Locals
from evenground.report.story.speech import Speech

Progress = Callable[[str], None]

_ALONE = 60  # as many pages are written before another process has started


def level_of_pages(released: Released) -> str | None:
    """The level of which every unit has a page of its own."""
    levels = released.pages["unit_level"].unique().to_pylist()
    return levels[0] if levels else None


def write_locals(released: Released, speech: Speech, folder: Path, lang: str, progress: Progress) -> None:
    """Writes `LEVEL-ID.html` and `.pdf` for every unit that has a page, and the list of them, to `folder`."""
    level = level_of_pages(released)
    if level is None:
        return
    folder.mkdir(exist_ok=True)
    found = Locals(released, level, speech.definitions)
    files = _names(level, found.units())
    progress(f"Writing {len(files):,} pages and prints")
    parents = {unit: next((above.name for above in found.above(unit)), "") for unit in files}
    page = list_page(_frame(speech, released.about, level), files, parents)
    (folder / LISTS[level]).write_text(page, encoding="utf-8")
    workers = min(cpu_count() or 1, len(files) // _ALONE)
    if workers < 2:
        _write(_frame(speech, released.about, level), found, files, folder, lang)
        return
    ordered = list(files)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        shares = []
        for at in range(workers):
            units = {unit: files[unit] for unit in ordered[at::workers]}
            shares.append(pool.submit(_share, _part(released, units), units, folder, lang))
        for share in shares:
            share.result()


def _part(released: Released, units: Collection[Unit]) -> Released:
    """As much of a release as the pages of some units take: it travels to another process."""
    kept = {unit.id for unit in units}
    level = next(iter(units)).level
    below = {row["unit_id"] for row in released.units.to_pylist() if row["parent_id"] in kept}
    cells = released.cells
    wider = pc.and_(
        pc.is_in(cells["unit_level"], pa.array(LEVELS[: LEVELS.index(level)])), pc.equal(cells["group"], ALL)
    )
    own = pc.or_(
        pc.equal(released.findings["unit_level"], level),
        pc.equal(released.findings["measure"], "compared_on"),
    )
    wider = pc.or_(wider, _of(cells, released.about.unit_level, [released.about.unit_id]))
    return replace(
        released,
        cells=cells.filter(pc.or_(pc.or_(_of(cells, level, kept), wider), _below(cells, level, below))),
        pages=released.pages.filter(_of(released.pages, level, kept)),
        findings=released.findings.filter(pc.or_(own, _below(released.findings, level, below))),
    )


def _of(table: pa.Table, level: str, ids: Collection[str]) -> pa.ChunkedArray:
    """Which rows are about some units of a level."""
    known = pa.array(sorted(ids), pa.string())
    return pc.and_(pc.equal(table["unit_level"], level), pc.is_in(table["unit_id"], known))


def _below(table: pa.Table, level: str, ids: Collection[str]) -> pa.ChunkedArray:
    """Which rows are about some units of the level beneath one."""
    return _of(table, next(iter(LEVELS[LEVELS.index(level) + 1 :]), ""), ids)


def _share(released: Released, files: Mapping[Unit, str], folder: Path, lang: str) -> None:
    """What one process writes."""
    speech = Speech(with_own(load(), released.settings), load_wording())
    level = next(iter(files)).level
    frame = _frame(speech, released.about, level)
    _write(frame, Locals(released, level, speech.definitions), files, folder, lang)


def _frame(speech: Speech, about: About, level: str) -> Frame:
    newest = max(about.periods, default="")
    source = speech.wording.set("source.line", publisher=about.publisher, period=newest)
    return Frame(speech, about, source, LISTS[level])


def _write(frame: Frame, found: Locals, files: Mapping[Unit, str], folder: Path, lang: str) -> None:
    for unit, name in files.items():
        local = found.of(unit, frame.speech)
        page = local_page(frame, local, f"{name}.pdf")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        paper = print_meeting(frame.speech, frame.about, local.story, local.hidden, lang, local=local)
        (folder / f"{name}.pdf").write_bytes(paper)


def _names(level: str, units: Iterable[Unit]) -> dict[Unit, str]:
    """`school-0012`: the id in signs that every file system and address takes; a second one of the same name
    gets a number."""
    names: dict[Unit, str] = {}
    taken: set[str] = set()
    for unit in units:
        plain = f"{level}-{re.sub(r'[^A-Za-z0-9_-]+', '-', unit.id)}"
        name = next(
            one for at in count(1) if (one := plain if at == 1 else f"{plain}-{at}").lower() not in taken
        )
        taken.add(name.lower())
        names[unit] = name
    return names

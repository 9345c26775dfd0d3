"""Everything that the checks of one place found, ready to be told: on the screen, on a page, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.press.spreadsheet import harmless
from evenground.sources.checks.issues import Met

SEVERITIES = (ERROR, WARNING, NOTE)
COLUMNS = ("severity", "check", "file", "row", "column", "found", "allowed", "todo", "count")


@dataclass(frozen=True)
class Finding:
    """A problem in English, and in Spanish where its check has the words."""

    en: Problem
    es: Problem | None = None

    @property
    def kind(self) -> tuple[str, ...]:
        """Findings of one kind have the same advice; a reader's problems have no check to name them."""
        return (self.en.check,) if self.es else (self.en.check, self.en.allowed, self.en.todo)


@dataclass(frozen=True)
class Told:
    """The findings of a folder, file or archive: `name`, the source it was read as (None: of no known one),
    the files that were looked at, and what became of the source's known issues."""

    name: str
    source: str | None
    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    issues: tuple[Met, ...] = ()

    def of(self, severity: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.en.severity == severity)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(finding.en for finding in self.findings)


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by file and row; what two readers say in the same words is said once."""
    kept = dict.fromkeys(findings)
    told: dict[tuple[object, ...], Finding] = {}
    for finding in kept:
        problem = finding.en
        told.setdefault((problem.file, problem.row, problem.column, problem.check or problem.found), finding)
    return tuple(
        sorted(
            told.values(),
            key=lambda one: (SEVERITIES.index(one.en.severity), one.en.file, one.en.row or 0),
        )
    )


def grouped(findings: Sequence[Finding]) -> Iterator[tuple[str, list[list[Finding]]]]:
    """By file, and in a file by kind."""
    files: dict[str, dict[tuple[str, ...], list[Finding]]] = {}
    for finding in findings:
        files.setdefault(finding.en.file, {}).setdefault(finding.kind, []).append(finding)
    for file, kinds in files.items():
        yield file, list(kinds.values())


def table(told: Told, first_line: str) -> str:
    """One row a problem, as CSV; cells that a spreadsheet would take for a formula are made harmless."""
    text = io.StringIO()
    text.write(f"# {first_line}\r\n")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for problem in told.problems:
        cells = [getattr(problem, column) for column in COLUMNS]
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
    return text.getvalue()

"""What is wrong with an input, said so that somebody can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"
NOTE = "note"

_LONGEST = 1_200


@dataclass(frozen=True)
class Problem:
    """One finding of a check: where, what was found, what is allowed, what to do.

    `row` is the row in the file as a spreadsheet counts it (the header is row 1), or None for the whole
    column or file. `found` never holds a student's identifier or a protected value. `count` is how many rows
    have the same problem; `check` the key of definitions/checks.yaml that found it, empty for what a reader
    of files found.
    """

    severity: str
    file: str
    found: str
    allowed: str
    todo: str
    row: int | None = None
    column: str | None = None
    count: int = 1
    check: str = ""

    def sentence(self) -> str:
        place = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column}" if self.column else "")
        )
        many = f" ({self.count} rows)" if self.count > 1 else ""
        found, allowed, todo = (_short(text) for text in (self.found, self.allowed, self.todo))
        return f"{place}: found {found}{many}; allowed: {allowed}; to do: {todo}"


def _short(text: str) -> str:
    """No more than a person reads: a list of two thousand columns is cut."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


class InputProblems(Exception):
    """Input that cannot be used as it is, with every problem found; shown without a traceback."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))

    @classmethod
    def one(
        cls, file: str, found: str, allowed: str, todo: str, row: int | None = None, column: str | None = None
    ) -> InputProblems:
        return cls([Problem(ERROR, file, found, allowed, todo, row, column)])

"""What can be wrong with a file as a whole, in one shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evenground.model import ERROR, NOTE, Problem

AGAIN = "export or copy it again"


class Unreadable(Exception):
    """A file that cannot be used: what was found, what is allowed, what to do. Never leaves this room."""

    def __init__(self, found: str, allowed: str, todo: str = AGAIN, row: int | None = None):
        super().__init__(found)
        self.found, self.allowed, self.todo, self.row = found, allowed, todo, row

    def problem(self, name: str) -> Problem:
        return Problem(ERROR, name, self.found, self.allowed, self.todo, self.row)


def unopened(error: OSError) -> Unreadable:
    reason = error.strerror or type(error).__name__
    return Unreadable(f"a file that cannot be opened ({reason})", "a readable file", "check its permissions")


def note(name: str, found: str, allowed: str, todo: str, row: int | None = None, count: int = 1) -> Problem:
    return Problem(NOTE, name, found, allowed, todo, row, count=count)


@contextmanager
def foreign(found: str, allowed: str) -> Iterator[None]:
    """Around libraries that answer damaged input with whatever exception they happen to run into."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(found, allowed) from error

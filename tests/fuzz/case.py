"""One broken input, made from its number: run, and judged.

What may come of it: a result, or InputProblems with sentences. Nothing else: no other exception, no file
outside the private folder, nothing left in it but the student-years, and an end in reasonable time.
"""

from __future__ import annotations

import faulthandler
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.fuzz.readers import READERS

from evenground.model import InputProblems, Problem
from evenground.sources.files import limits

SECONDS = 120
"""After which a case hangs, on a machine that is busy with other things."""

_SMALL = 2 << 20  # bytes from which an archive can be a bomb, here, so that bombs may be small


def name_of(number: int) -> str:
    """The reader that the case with this number is for."""
    weighted = [name for name, (_, weight) in READERS.items() for _ in range(weight)]
    return Random(number).choice(weighted)


def run(number: int, folder: Path) -> str:
    """Runs a case in an empty `folder`; says what came of it. Raises AssertionError."""
    rng = Random(number)
    reader = READERS[name_of(number)][0]
    rng.random()
    places = {name: folder / name for name in ("given", "private", "temporary", "here")}
    for place in places.values():
        place.mkdir(parents=True)
    with _confined(places["temporary"], places["here"]):
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            reader(rng, places["given"], places["private"])
            outcome = "read"
        except InputProblems as told:
            outcome = "told"
            _judge_sentences(number, told.problems)
        except Exception as error:
            raise AssertionError(
                f"case {number} ({name_of(number)}): {type(error).__name__}: {error}"
            ) from error
        finally:
            faulthandler.cancel_dump_traceback_later()
    _judge(number, folder, places)
    return outcome


def _judge_sentences(number: int, problems: Sequence[Problem]) -> None:
    assert problems, number
    for problem in problems:
        assert problem.found, number
        assert problem.todo, number
        assert len(problem.sentence()) < 5_000, (number, problem.sentence()[:500])


@contextmanager
def _confined(temporary: Path, here: Path) -> Iterator[None]:
    before, tempdir, most = Path.cwd(), tempfile.tempdir, limits.RATIO_FROM
    tempfile.tempdir, limits.RATIO_FROM = str(temporary), _SMALL
    os.chdir(here)
    try:
        yield
    finally:
        os.chdir(before)
        tempfile.tempdir, limits.RATIO_FROM = tempdir, most


def _judge(number: int, folder: Path, places: dict[str, Path]) -> None:
    kept = {path.name for path in places["private"].iterdir()}
    assert kept <= {"student_years.parquet"}, (number, kept)
    assert list(places["temporary"].iterdir()) == [], number
    assert list(places["here"].iterdir()) == [], number
    beside = {path.name for path in folder.iterdir()} - set(places)
    assert beside <= {"tiny.yaml"}, (number, beside)

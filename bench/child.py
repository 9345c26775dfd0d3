"""Work in a process of its own: seconds on the clock, the most memory it held, and what it answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_GIGABYTE = 1e9
_SECONDS_BETWEEN = 0.5
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


@dataclass(frozen=True)
class Run:
    """`seconds` on the clock and `work` seconds of all cores together; `peak` memory in gigabytes: on Linux
    of the command and all processes that it starts together, elsewhere of the largest.

    Of a side only its own work is timed, of any other command all of it.
    """

    seconds: float
    work: float
    peak: float
    answer: Any


def side(name: str, *arguments: str) -> Run:
    """One side of a bench (bench.sides), which times itself and prints its answer as JSON."""
    run = command([sys.executable, "-m", "bench.sides", name, *arguments])
    said = json.loads(run.answer.splitlines()[-1])
    return Run(said["seconds"], said["work"], run.peak, said["answer"])


def command(words: Sequence[str]) -> Run:
    """Any command, from start to end. Raises RuntimeError with its last words when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with _watched(process.pid) as sums:
        said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {said[-500:]}")
    work = usage.ru_utime + usage.ru_stime
    return Run(seconds, work, max(usage.ru_maxrss * _UNIT, *sums) / _GIGABYTE, said)


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """Bytes that a process and all that it started hold together, looked at again and again; memory that they
    share counts once. Empty of figures where there is no /proc.
    """
    sums, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(_SECONDS_BETWEEN):
            sums.append(sum(map(_held, _family(pid))))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield sums
    done.set()
    watcher.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended, or there is no /proc
        return
    for child in children:
        yield from _family(int(child))


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def best(runs: Sequence[Run]) -> Run:
    """The fastest, with the most memory that any of them held."""
    fastest = min(runs, key=lambda run: run.seconds)
    work = min(run.work for run in runs)
    return Run(fastest.seconds, work, max(run.peak for run in runs), fastest.answer)

"""Work in a process of its own: seconds on the clock, the most memory it held, and what it answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_GIGABYTE = 1e9
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


@dataclass(frozen=True)
class Run:
    """`seconds` on the clock and `work` seconds of all cores together; `peak` memory in gigabytes.

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
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {said[-500:]}")
    work = usage.ru_utime + usage.ru_stime
    return Run(seconds, work, usage.ru_maxrss * _UNIT / _GIGABYTE, said)


def best(runs: Sequence[Run]) -> Run:
    """The fastest, with the most memory that any of them held."""
    fastest = min(runs, key=lambda run: run.seconds)
    work = min(run.work for run in runs)
    return Run(fastest.seconds, work, max(run.peak for run in runs), fastest.answer)

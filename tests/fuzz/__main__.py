"""`make fuzz`: thousands of broken inputs, then inputs that are guided by which lines of code they reach.

`python -m tests.fuzz [CASES] [SECONDS] [FIRST]`; FIRST is the number of the first case, without which other
cases are tried on other days.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.case import name_of, run


def main(cases: int, seconds: int, first: int) -> int:
    warnings.simplefilter("ignore")  # archives with two files of one name are made on purpose
    found, outcomes, slowest = [], Counter[str](), (0.0, 0)
    with TemporaryDirectory() as folder:
        for number in range(first, first + cases):
            begun = time.monotonic()
            try:
                outcomes[f"{name_of(number)}: {run(number, Path(folder) / str(number))}"] += 1
            except AssertionError as error:
                found.append(number)
                print(str(error)[:300], flush=True)
            slowest = max(slowest, (time.monotonic() - begun, number))
    print(f"{cases} broken inputs from {first} on: {len(found)} broke a reader {found[:50] or ''}")
    print(f"slowest: {slowest[0]:.1f} s, case {slowest[1]}")
    for outcome, count in sorted(outcomes.items()):
        print(f"  {outcome:<24} {count}")
    return max(_guided(seconds), int(bool(found)))


def _guided(seconds: int) -> int:
    """Coverage-guided fuzzing, in a process of its own, since a crash ends it."""
    if not seconds:
        return 0
    try:
        import atheris  # noqa: F401
    except ImportError:
        print(
            "Guided fuzzing is left out: it needs `pip install atheris`, which is made for Linux and macOS."
        )
        return 0
    return subprocess.run([sys.executable, "-m", "tests.fuzz.guided", str(seconds)], check=False).returncode


if __name__ == "__main__":
    told = [int(word) for word in sys.argv[1:]]
    today = dt.date.today().toordinal() * 10_000
    sys.exit(main(*(told + [3_000, 120, today][len(told) :])))

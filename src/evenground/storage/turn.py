"""One process at a time: whoever comes second waits; a killed one leaves nothing that stops others."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_WAIT = 0.2


@contextmanager
def turn(file: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Holds `file` (made where it is missing, and left) until the block ends; `waiting` is called once when
    another process holds it.
    """
    with file.open("ab") as lock:
        told = False
        while not _held(lock):
            if not told:
                waiting()
                told = True
            time.sleep(_WAIT)
        yield


def _held(lock: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

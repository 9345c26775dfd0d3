"""Values that we did not compute: they go through `outside`, and a page is built from that."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Outside = Callable[..., None]


@pytest.fixture
def outside() -> Outside:
    """`outside(measure, what, found, expected, source=..., within=...)` fails if further apart.

    `measure`: its name as it is reached from `evenground.measures`, such as `segregation.theil_h`; `what`:
    the data in a few words; `expected`: one number or several, not computed by evenground; `source`: where
    they come from, with the words "by hand" where the arithmetic stands in the test; `within`: the largest
    absolute difference, as small as the outside value is exact. `python docs/checks.py` collects the records.
    """

    def check(
        measure: str,
        what: str,
        found: npt.ArrayLike,
        expected: npt.ArrayLike,
        *,
        source: str,
        within: float,
    ) -> None:
        ours, theirs = np.atleast_1d(np.asarray(found, float)), np.atleast_1d(np.asarray(expected, float))
        assert ours.shape == theirs.shape, f"{measure}: {ours.shape} values, expected {theirs.shape}"
        apart = float(np.max(np.abs(ours - theirs)))
        record = {
            "measure": measure,
            "what": what,
            "expected": theirs.ravel().tolist(),
            "found": ours.ravel().tolist(),
            "apart": apart,
            "within": within,
            "source": source,
        }
        if folder := os.environ.get("EVENGROUND_CHECKS"):
            with (Path(folder) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        assert apart <= within, f"{measure}, {what}: {ours} and {theirs} are {apart} apart (allowed {within})"

    return check

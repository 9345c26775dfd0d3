"""School choice in Los Angeles, published with counts as small as 1: released under n10 and attacked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evenground.disclosure import attack, protect
from evenground.disclosure.hidden import conceal
from evenground.workspace.counted import counted
from evenground.workspace.request import Request

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "lausd-choice-2018"
FIRST = {"few_students", "few_reached", "few_not_reached"}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/data/lausd-choice-2018")
def test_small_numbers_alone_would_be_worked_out_and_what_the_gate_hides_is_not() -> None:
    with counted(Request(FOLDER, policy="n10")) as counts:
        cells, units, definitions = counts.cells, counts.dataset.units, counts.definitions
    smallest = min(n for n in cells["n"].to_pylist() if n)
    assert smallest == 1
    rules = definitions.policies["n10"]
    protected = protect(cells, units, rules, definitions)
    assert attack(protected.cells, units, rules, definitions).derivable == ()
    small = np.array([why in FIRST for why in protected.why])
    alone = rules.model_copy(update={"together": False})
    found = attack(conceal(cells, small), units, alone, definitions).derivable
    assert (small.sum(), len(found)) == (2594, 307)  # the figures of docs/explanation/cost-and-protection.md
    assert protected.report["published"] == 3865 - 2943

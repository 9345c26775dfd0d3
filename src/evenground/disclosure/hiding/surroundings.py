"""Which counts stand near which: in one relation, or as the two sides of a difference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evenground.disclosure.hiding.linked import Ints, Linked
from evenground.disclosure.hiding.system import System, sums_between, together

_STEPS = (2, 3, 4)  # relations that a first look around a count goes along ...
_WIDER = 2  # ... and steps by which it is widened before everything is looked at


class Surroundings:
    """Which counts stand in a relation with which, and which are the two sides of a difference."""

    def __init__(self, problem: Linked):
        self._problem = problem
        self._sums = sums_between(problem, np.arange(problem.base)).tocsc()
        self._lines = [line.tolist() for line in problem.lines if line[0] < problem.base]
        self._lines_of: list[list[int]] = [[] for _ in range(problem.base)]
        for index, line in enumerate(self._lines):
            for variable in line:
                self._lines_of[variable].append(index)
        self._beside: list[list[int]] = [[] for _ in range(problem.base)]
        first, second = problem.first[problem.base :], problem.second[problem.base :]
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            if other >= 0:
                self._beside[one].append(other)
                self._beside[other].append(one)

    def rings(self, variable: int) -> Iterator[Ints]:
        """Ever wider surroundings of a count: along its relations, then beside them as well, then all."""
        base = self._problem.base
        sides = (
            {variable} if variable < base else {self._problem.first[variable], self._problem.second[variable]}
        )
        start = {int(side) for side in sides if side >= 0}
        for steps in _STEPS:
            near = self._along(start, steps)
            yield np.array(sorted(near))
        for _ in range(_WIDER):
            near = self._along(near | self._next_to(near), 1)
            yield np.array(sorted(near | self._next_to(near)))
        yield np.arange(base)

    def _along(self, near: set[int], steps: int) -> set[int]:
        done: set[int] = set()
        for _ in range(steps):
            lines = {line for variable in near for line in self._lines_of[variable]} - done
            done |= lines
            near = near.union(*(self._lines[line] for line in lines))
        return near

    def _next_to(self, near: set[int]) -> set[int]:
        return {other for variable in near for other in self._beside[variable]}

    def system(self, members: Ints, reach: float) -> System:
        """Moves of some counts, public ones as well; everything else stays at its true value."""
        sums = self._sums[:, members].tocsr()
        return together(self._problem, members, sums[np.diff(sums.indptr) > 0], reach)

"""Which cells are hidden: hiding one, and restoring every relation from which a hidden count could be worked
out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from evenground.definitions.known import Definitions
from evenground.definitions.schema import Policy, Weights
from evenground.disclosure.hiding.linked import Bools, Floats, Ints, Linked
from evenground.disclosure.telling.coarse import extreme
from evenground.model import ALL, parse_group

_OPENED = 1.0
"""What each relation that was complete, and would need another hidden count as well, adds to the cost of a
count.
"""
FEW_STUDENTS, FEW_REACHED, FEW_NOT_REACHED = "few_students", "few_reached", "few_not_reached"


class Pattern:
    """The hidden cells of a linked problem; counts follow: one is hidden when every cell that publishes it
    is.

    A count may play several roles: n of one population and, where they coincide, of another, or numerator of
    an indicator. When it is hidden in one role it is hidden in all, so that nobody who finds out that they
    are one learns more.

    A cell that an outsider knows already (`known`) stays public: to hide it would protect nothing.

    Plain lists, because the search goes one count at a time. The public arrays say which cells (rows of
    `problem.n_of`) and which variables are hidden.
    """

    def __init__(self, problem: Linked, cost: Floats, policy: Policy, known: Bools | None = None):
        self._value: list[float] = problem.value.tolist()
        self._floor: list[float] = problem.floor.tolist()
        self._lines = [line.tolist() for line in problem.lines]
        self._lines_of = _incidence(problem.lines, len(self._value))
        self._n_of, self._numerator_of = problem.n_of.tolist(), problem.numerator_of.tolist()
        self._publishers = publishers(problem)
        self._cell_known = [False] * len(self._n_of) if known is None else known.tolist()
        self._known = [any(self._cell_known[cell] for cell in cells) for cells in self._publishers]
        self._left = [len(cells) for cells in self._publishers]
        self._role_of, self._role_left = _roles(problem)
        self._first: list[int] = problem.first.tolist()
        self._second: list[int] = problem.second.tolist()
        self._base = problem.base
        self._dependent: list[list[int]] = [[] for _ in range(problem.base)]
        for variable in range(problem.base, len(self._value)):
            self._dependent[self._first[variable]].append(variable)
            if self._second[variable] >= 0:
                self._dependent[self._second[variable]].append(variable)
        self._cost: list[float] = cost.tolist()
        self._range = policy.smallest_range
        self._small_sum = small_sums(problem, policy) if policy.together else None
        self._cell_hidden = [False] * len(self._n_of)
        self._hidden = [False] * len(self._value)
        self._queue: list[int] = []
        self._queued = [False] * len(self._lines)

    @property
    def cells(self) -> Bools:
        return np.array(self._cell_hidden, dtype=bool)

    @property
    def known(self) -> Bools:
        """Per count of the base whether an outsider knows it already."""
        return np.array(self._known, dtype=bool)

    @property
    def hidden_cells(self) -> int:
        return sum(self._cell_hidden)

    @property
    def variables(self) -> Bools:
        return np.array(self._hidden, dtype=bool)

    def hide_count(self, variable: int) -> None:
        """Hides a count, unless it is or an outsider knows it already: every cell that publishes it."""
        if not self._hidden[variable] and not self._known[self._holder(variable)]:
            for cell in self._publishers[self._holder(variable)]:
                self.hide_cell(cell)

    def hide_cell(self, cell: int) -> None:
        if self._cell_hidden[cell] or self._cell_known[cell]:
            return
        self._cell_hidden[cell] = True
        n, numerator = self._n_of[cell], self._numerator_of[cell]
        for variable, role in zip((n, numerator), self._role_of[cell], strict=True):
            if variable >= 0:
                self._left[variable] -= 1
                self._role_left[role] -= 1
                if self._left[variable] == 0:
                    self._conceal(variable)
                elif self._role_left[role] == 0:
                    self.hide_count(variable)
        if numerator >= 0 and self._left[n] and self._left[numerator]:
            self.hide_count(numerator)  # else other cells would publish all that this one hides

    def restore(self) -> None:
        """Hides further counts until no relation by itself gives a hidden count away."""
        while self._queue:
            line = heapq.heappop(self._queue)
            self._queued[line] = False
            while (choice := self._missing(line)) is not None:
                self.hide_count(choice)

    def widen(self, variables: list[int]) -> None:
        """Hides, for each of these hidden counts, the cheapest public count that is fewest relations away.

        One count may help several: where a relation of a count has just been opened, it waits for the next
        attempt.
        """
        opened: set[int] = set()
        for variable in variables:
            if opened.isdisjoint(self._lines_of[variable]):
                choice = self._nearest_public(variable)
                if choice is not None:
                    self.hide_count(choice)
                    opened.update(self._lines_of[choice])
        if not opened:  # differences whose own relations are all hidden: open one of their two sides
            for variable in variables:
                choice = self._nearest_public(self._first[variable]) if variable >= self._base else None
                if choice is not None:
                    self.hide_count(choice)
                    return

    def _nearest_public(self, variable: int) -> int | None:
        """The cheapest of the nearest public counts above zero; a zero only where there is nothing else."""
        seen, ring, zeros = {variable}, [variable], None
        while ring:
            ring = sorted(
                {other for one in ring for line in self._lines_of[one] for other in self._lines[line]} - seen
            )
            seen.update(ring)
            public = [one for one in ring if self._may_go(one)]
            above = [one for one in public if self._value[one] > 0]
            if above:
                return self._cheapest(above)
            zeros = self._cheapest(public) if public and zeros is None else zeros
        return zeros

    def _holder(self, variable: int) -> int:
        """The count that cells publish and that has to be hidden for this one to be: of a difference, what is
        taken away.
        """
        if variable < self._base:
            return variable
        first, second = self._first[variable], self._second[variable]
        return second if second >= 0 else first

    def _conceal(self, variable: int) -> None:
        self._hidden[variable] = True
        changed = [variable]
        for dependent in self._dependent[variable] if variable < self._base else ():
            if not self._hidden[dependent]:
                self._hidden[dependent] = True
                changed.append(dependent)
        for one in changed:
            for line in self._lines_of[one]:
                if not self._queued[line]:
                    self._queued[line] = True
                    heapq.heappush(self._queue, line)

    def _missing(self, line: int) -> int | None:
        """The count to hide so that a relation gives no hidden one away; None: it does not."""
        total, *parts = self._lines[line]
        hidden = [part for part in parts if self._hidden[part]]
        if self._hidden[total]:
            return None if hidden else self._cheapest(filter(self._may_go, parts))
        if not hidden:
            return None
        room = sum(self._value[part] - self._floor[part] for part in hidden)
        inside = sum(self._value[part] for part in hidden)
        if len(hidden) > 1 and room >= self._range and not self._few_together(total, inside):
            return None
        public = [part for part in parts if self._may_go(part)]
        enough = [
            part
            for part in public
            if room + self._value[part] - self._floor[part] >= self._range
            and not self._few_together(total, inside + self._value[part])
        ]
        useful = [part for part in public if self._value[part] > self._floor[part]]
        return self._cheapest([*filter(self._may_go, [total]), *(enough or useful)])

    def _may_go(self, variable: int) -> bool:
        """Whether a count is public and could be hidden."""
        return not self._hidden[variable] and not self._known[self._holder(variable)]

    def _few_together(self, total: int, inside: float) -> bool:
        """Whether what is hidden of a public total is, taken together, too few to be told."""
        if self._small_sum is None:
            return False
        minimum, zero_hidden = self._small_sum[total]
        return inside < minimum and (inside > 0 or zero_hidden)

    def _cheapest(self, variables: Iterable[int]) -> int | None:
        return min(variables, key=lambda variable: (self._full_price(variable), variable), default=None)

    def price(self, variable: int) -> float:
        """What hiding a count costs: the cells that would go; nothing where it is hidden."""
        if self._hidden[variable]:
            return 0.0
        cells = self._publishers[self._holder(variable)]
        return sum(self._cost[cell] for cell in cells if not self._cell_hidden[cell])

    def _full_price(self, variable: int) -> float:
        """The same, again for every relation that would need another hidden count as well."""
        opened = sum(
            not any(self._hidden[one] for one in self._lines[line]) for line in self._lines_of[variable]
        )
        return self.price(variable) * (1 + _OPENED * opened)


def cell_cost(problem: Linked, weights: Weights, definitions: Definitions) -> Floats:
    """Cost of hiding each cell: its students, times the policy's weights for its level and its group.

    Of two values that are each other's complement, the one that is named second (students *without* a
    disability) is the other side: the first is the one that people ask about.
    """
    _, unit, group = np.unravel_index(problem.counts.place[problem.counts.rows], problem.counts.n.shape)
    level = np.array([getattr(weights, level) for level, _, _ in problem.counts.places])[unit]
    named = np.array([_group_weight(key, weights, definitions) for key in problem.counts.groups])[group]
    return np.asarray(level * named * problem.value[problem.n_of])


def _group_weight(key: str, weights: Weights, definitions: Definitions) -> float:
    if key == ALL:
        return weights.everybody
    for dimension, value in parse_group(key):
        if dimension in definitions.dimensions and value in definitions.dimensions[dimension].rests:
            return weights.other_side
    return 1.0


def primary(problem: Linked, policy: Policy) -> dict[str, Bools]:
    """Variables that the policy's thresholds hide by themselves, by the reason."""
    value, kinds = problem.value, _kinds(problem)
    few = {kind: np.zeros(len(value), dtype=bool) for kind in kinds}
    for kind, members in kinds.items():
        minimum, zero_hidden = _minimum(kind, policy)
        few[kind][members] = (value[members] < minimum) & ((value[members] > 0) | zero_hidden)
    levels = np.arange(problem.levels, len(value))
    few[FEW_REACHED][levels] = (value[levels] < policy.minimum_numerator) & (value[levels] > 0)
    sides = np.arange(problem.base, problem.levels)  # those who did not reach an indicator
    n = value[problem.first[sides]]
    coded = extreme(n, n - value[sides], policy)
    mostly = value[sides] < n / 2
    few[FEW_NOT_REACHED][sides[coded & mostly]] = True
    few[FEW_REACHED][problem.second[sides[coded & ~mostly & (problem.second[sides] >= 0)]]] = True
    return few


def _kinds(problem: Linked) -> dict[str, Ints]:
    """The variables that each threshold speaks of."""
    return {
        FEW_STUDENTS: problem.n_of,
        FEW_REACHED: problem.numerator_of[problem.numerator_of >= 0],
        FEW_NOT_REACHED: np.arange(problem.base, problem.levels),
    }


def _minimum(kind: str, policy: Policy) -> tuple[int, bool]:
    """(the least that may be told, whether nobody is hidden too)."""
    return {
        FEW_STUDENTS: (policy.minimum_n, True),
        FEW_REACHED: (policy.minimum_numerator, policy.zero_numerator == "hidden"),
        FEW_NOT_REACHED: (policy.minimum_complement, policy.zero_complement == "hidden"),
    }[kind]


def small_sums(problem: Linked, policy: Policy) -> list[tuple[int, bool]]:
    """Per variable the minimum of its kind; one that is students somewhere is held to that."""
    least = [(0, False)] * len(problem.value)
    for kind in (FEW_NOT_REACHED, FEW_REACHED, FEW_STUDENTS):
        for variable in _kinds(problem)[kind].tolist():
            least[variable] = _minimum(kind, policy)
    return least


def publishers(problem: Linked) -> list[list[int]]:
    """Per count of the base the cells that publish it."""
    cells: list[list[int]] = [[] for _ in range(problem.base)]
    for cell, (n, numerator) in enumerate(
        zip(problem.n_of.tolist(), problem.numerator_of.tolist(), strict=True)
    ):
        cells[n].append(cell)
        if numerator >= 0:
            cells[numerator].append(cell)
    return cells


def _roles(problem: Linked) -> tuple[list[tuple[int, int]], list[int]]:
    """Per cell the numbers of the roles that its n and its numerator play; per role how many cells publish
    the count in it.
    """
    indicator = np.unravel_index(problem.counts.place[problem.counts.rows], problem.counts.n.shape)[0]
    tags = np.stack(
        [problem.counts.population[indicator], len(problem.counts.indicators) + indicator], axis=1
    )
    variables = np.stack([problem.n_of, problem.numerator_of], axis=1)
    keys = variables * (2 * len(problem.counts.indicators)) + tags
    _, role, left = np.unique(keys, return_inverse=True, return_counts=True)
    pairs = role.reshape(keys.shape)
    return list(zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), strict=True)), left.tolist()


def _incidence(lines: tuple[Ints, ...], size: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(size)]
    for index, line in enumerate(lines):
        for variable in line.tolist():
            found[variable].append(index)
    return found

"""Mathematics from grade 8 to grade 12, one course after the other: who asks, who gets a seat, who passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenground.sources.synthetic.people import Floats
from evenground.sources.synthetic.plan import Zone
from evenground.sources.synthetic.world import World

FIRST_GRADE, GRADES = 8, 5


@dataclass(frozen=True)
class Path:
    """One row a student and one column a grade from FIRST_GRADE; courses are places in `world.mathematics`.

    `done`: courses passed before the grade; `asked`: the course asked for, -1 for none.
    """

    done: npt.NDArray[np.int8]
    asked: npt.NDArray[np.int8]
    placed: npt.NDArray[np.bool_]
    passed: npt.NDArray[np.bool_]

    def at(
        self, name: str, person: npt.NDArray[np.int64], grade: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """`done`, `asked`, `placed` or `passed` (0/1) in the grades given; those of FIRST_GRADE before it."""
        column = np.clip(grade - FIRST_GRADE, 0, GRADES - 1)
        return np.asarray(getattr(self, name)[person, column]).astype(np.int64)


def make_path(world: World, zone: Zone, algebra_in_8: Floats, rng: np.random.Generator) -> Path:
    """Draws the path of everybody; `algebra_in_8` is the chance of Algebra 1 in grade 8."""
    n = len(algebra_in_8)
    wanted = np.array([step.wanted for step in world.mathematics])
    seats = seat_chances(world, zone)
    done = np.zeros((n, GRADES + 1), np.int8)
    asked = np.full((n, GRADES), -1, np.int8)
    placed, passed = np.zeros((n, GRADES), np.bool_), np.zeros((n, GRADES), np.bool_)
    for column in range(GRADES):
        course = np.minimum(done[:, column], len(wanted) - 1)
        left = done[:, column] < len(wanted)
        asks = rng.random(n) < (algebra_in_8 if column == 0 else wanted[course])
        asks &= left
        asked[asks, column] = course[asks]
        placed[:, column] = asks & ((column == 0) | (rng.random(n) < seats[course]))
        passed[:, column] = placed[:, column] & (rng.random(n) >= world.courses_failed)
        done[:, column + 1] = done[:, column] + passed[:, column]
    return Path(done[:, :GRADES], asked, placed, passed)


def seat_chances(world: World, zone: Zone) -> Floats:
    """The chance of a seat in each course at the zone's high school for who asks for it."""
    barrier = world.barriers.bottleneck
    here = barrier.placed_here if zone.bottleneck else barrier.placed
    return np.array([here if step.code == barrier.course else barrier.placed for step in world.mathematics])

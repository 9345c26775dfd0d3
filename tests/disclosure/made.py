"""Made-up school systems as cells, counted here from made-up students: nothing of the package's own counting
is used.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pyarrow as pa

from evenground.model import CELLS, UNITS, VALUE, group_key

RACES = ("asian", "black", "filipino", "hispanic", "two_or_more", "white", "pacific_islander")


def units_table(districts: dict[str, list[str]], state: str | None = "ST") -> pa.Table:
    rows = [("state", state, "State", None)] if state else []
    for district, schools in districts.items():
        rows.append(("district", district, district, state))
        rows.extend(("school", school, school, district) for school in schools)
    return pa.Table.from_pylist([dict(zip(UNITS.names, row, strict=True)) for row in rows], schema=UNITS)


def cells_table(rows: list[dict]) -> pa.Table:
    """Rows of keys with n and total; everything else is filled in as the cube does for rates."""
    full = []
    for row in rows:
        n, total = float(row["n"]), float(row["total"])
        full.append(
            {
                "total_sq": total,
                "weight_sq": None,
                "value": total / n if n else None,
                "state": VALUE,
                **row,
                "n": n,
                "total": total,
            }
        )
    return pa.Table.from_pylist(full, schema=CELLS)


def crossings(dimensions: list[str], depth: int) -> list[tuple[str, ...]]:
    return [cut for size in range(depth + 1) for cut in combinations(sorted(dimensions), size)]


def count(
    unit: np.ndarray,
    values: dict[str, np.ndarray],
    indicators: dict[str, tuple[np.ndarray, np.ndarray]],
    districts: dict[str, list[str]],
    cuts: list[tuple[str, ...]],
    state: str | None = "ST",
    period: str = "2015-16",
) -> pa.Table:
    """Cells of every level for students with a school (`unit`), `values` per dimension and, per indicator,
    (who counts, the outcome).
    """
    home = {school: district for district, schools in districts.items() for school in schools}
    levels = [("school", unit), ("district", np.array([home[school] for school in unit]))]
    if state:
        levels.append(("state", np.full(len(unit), state)))
    rows = []
    for (level, where), cut in product(levels, cuts):
        labels = np.array(
            ["|".join(parts) for parts in zip(where, *(values[dimension] for dimension in cut), strict=True)]
        )
        names, inverse = np.unique(labels, return_inverse=True)
        for key, (over, outcome) in indicators.items():
            n = np.bincount(inverse, weights=over, minlength=len(names))
            total = np.bincount(inverse, weights=over * outcome, minlength=len(names))
            squares = np.bincount(inverse, weights=over * outcome * outcome, minlength=len(names))
            for index in np.flatnonzero(n):
                identity, *parts = names[index].split("|")
                rows.append(
                    {
                        "indicator": key,
                        "unit_level": level,
                        "unit_id": identity,
                        "period": period,
                        "group": group_key(zip(cut, parts, strict=True)),
                        "n": n[index],
                        "total": total[index],
                        "total_sq": squares[index],
                        "weight_sq": None,
                        "value": total[index] / n[index],
                        "state": VALUE,
                    }
                )
    return pa.Table.from_pylist(rows, schema=CELLS)


def system(
    seed: int,
    schools: int = 12,
    size: int = 400,
    races: int = 8,
    dimensions: tuple[str, ...] = ("race_ethnicity", "sex", "english_learner"),
    depth: int = 2,
) -> tuple[pa.Table, pa.Table]:
    """A district with elementary, middle and high schools, and 20 indicators over shared and nested
    populations.
    """
    r = np.random.default_rng(seed)
    names = [f"S{i:03d}" for i in range(schools)]
    districts = (
        {"D1": names[: (schools + 1) // 2], "D2": names[(schools + 1) // 2 :]}
        if schools > 20
        else {"D1": names}
    )
    people = r.integers(size // 2, size * 2, schools)
    unit = np.repeat(names, people)
    kind = np.repeat(np.arange(schools) % 3, people)
    grade = np.where(
        kind == 0,
        r.integers(0, 6, len(unit)),
        np.where(kind == 1, r.integers(6, 9, len(unit)), r.integers(9, 13, len(unit))),
    )
    keys = [
        "hispanic",
        "white",
        "black",
        "asian",
        "two_or_more",
        "filipino",
        "american_indian",
        "pacific_islander",
    ][:races]
    weights = np.array([0.45, 0.25, 0.12, 0.09, 0.05, 0.02, 0.01, 0.01][:races])
    shift = r.dirichlet(weights * 8, schools)
    race = np.array(
        [keys[k] for school in range(schools) for k in r.choice(races, people[school], p=shift[school])]
    )
    values = {
        "race_ethnicity": race,
        "sex": r.choice(["female", "male", "nonbinary"], len(unit), p=[0.49, 0.505, 0.005]),
        "english_learner": r.choice(
            ["english_learner", "not_english_learner", "unknown"], len(unit), p=[0.18, 0.81, 0.01]
        ),
        "disability": r.choice(["with_disability", "without_disability"], len(unit), p=[0.12, 0.88]),
        "homeless": r.choice(["homeless", "not_homeless"], len(unit), p=[0.02, 0.98]),
        "foster": r.choice(["foster", "not_foster"], len(unit), p=[0.01, 0.99]),
    }
    base = r.normal(0, 1, len(unit)) + 0.3 * (race == "white")
    one = np.ones(len(unit))
    high, eighth = (grade >= 9).astype(float), (grade == 8).astype(float)
    cohort = ((grade == 12) & (r.random(len(unit)) < 0.97)).astype(float)
    graduated = (r.random(len(unit)) < 0.88).astype(float)
    tested = ((grade >= 3) & (grade <= 8) & (r.random(len(unit)) < 0.97)).astype(float)
    tested_maths = ((grade >= 3) & (grade <= 8) & (r.random(len(unit)) < 0.97)).astype(float)

    def over(cut: float) -> np.ndarray:
        return (base + r.normal(0, 0.6, len(unit)) > cut).astype(float)

    reading, maths = base + r.normal(0, 0.6, len(unit)), base + r.normal(0, 0.6, len(unit))
    indicators = {
        "ap_participation": (high, over(0.7)),
        "advanced_course": (high, over(0.4)),
        "algebra_grade_8": (eighth, over(0.4)),
        "graduation": (cohort, graduated),
        "ag_completion": (cohort * graduated, over(0.0)),
        **{
            key: (one, (r.random(len(unit)) < p).astype(float))
            for key, p in (
                ("chronic_absence", 0.15),
                ("suspension", 0.05),
                ("in_school_removal", 0.03),
                ("expulsion", 0.002),
            )
        },
        **{
            f"reading_{k}": (tested, (reading > cut).astype(float))
            for k, cut in (("basic", -0.8), ("proficient", 0.2), ("advanced", 1.3))
        },
        **{
            f"mathematics_{k}": (tested_maths, (maths > cut).astype(float))
            for k, cut in (("basic", -0.6), ("proficient", 0.4), ("advanced", 1.5))
        },
        **{
            key: (one, r.normal(mean, sd, schools)[np.searchsorted(names, unit)])
            for key, mean, sd in (
                ("teacher_experience", 10, 3),
                ("novice_teachers", 0.2, 0.06),
                ("uncertified_teachers", 0.05, 0.02),
                ("students_per_teacher", 20, 3),
                ("spending", 14000, 2500),
            )
        },
    }
    cells = count(
        unit,
        values,
        indicators,
        districts,
        crossings(list(dimensions), depth),
        "ST" if schools > 20 else None,
    )
    return cells, units_table(districts, "ST" if schools > 20 else None)

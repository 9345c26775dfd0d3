"""Are schools mixed or apart: how far, who meets whom, where it lies, and what moved it."""

from __future__ import annotations

import numpy as np

from evenground.measures import segregation
from evenground.model import ALL, VALUE
from evenground.questions.distances import distances
from evenground.questions.here import Here
from evenground.questions.mixing import Mixing, mixing, widest
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope

QUESTION = "together"
_FIRST = "race_ethnicity"
_PARTS = ("closed", "opened", "sizes", "composition", "sorting")


def apart(findings: Findings, scope: Scope) -> None:
    """Adds what these cells tell of students by school, for one dimension: race and ethnicity where the
    review has it. Only public counts are used. Hidden ones give ranges; where they give less nothing is said.
    """
    if scope.asked.unit.level == "school":
        return
    dimension = _FIRST if _FIRST in scope.asked.by else next(iter(scope.asked.by), "")
    block = widest(scope, dimension)
    if block is None:
        return
    period = scope.latest[block.key]
    now = mixing(block, period, dimension)
    here = np.flatnonzero(scope.here(block) & (block.period == period) & (block.state == VALUE))
    rows = {str(block.group[row]): int(row) for row in here}
    groups = [group for group in np.unique(now.group).tolist() if group in rows]
    if ALL not in rows or len(groups) < 2 or now.schools < scope.definitions.parameter("fewest_places"):
        return
    asked = Here(findings, scope, block, period, rows, QUESTION)
    distances(asked, now, groups)
    if _enough(scope, now):
        _meetings(asked, now.shown)
        _places(asked, now.shown)
        _moves(asked, now, dimension)


def _enough(scope: Scope, table: Mixing) -> bool:
    """Whether schools in which nothing is hidden hold so many of the students that they tell of all."""
    shown = table.shown
    least = scope.definitions.parameter("least_in_open_schools")
    return shown.schools > 1 and shown.students >= least * table.students


def _meetings(asked: Here, open_schools: Mixing) -> None:
    """Whom an average student of each group has as schoolmates."""
    met = segregation.exposure(open_schools.low, open_schools.unit, open_schools.group)
    for at, group in enumerate(met.groups):
        for beside, other in enumerate(met.groups):
            if group in asked.rows and other in asked.rows:
                ends = (float(part[at, beside]) for part in (met.value, met.low, met.high))
                asked.add(
                    str(group), "exposure", *ends,
                    n=float(met.n[at]), reference=f"group:{other}", reference_group=str(other),
                )  # fmt: skip


def _places(asked: Here, open_schools: Mixing) -> None:
    """How much lies between districts and how much inside each; of a district, what each school adds."""
    table, n = open_schools, open_schools.students
    whole = segregation.theil_h(table.low, table.unit, table.group)
    if np.isnan(whole.value):
        return
    asked.add(ALL, "theil_h", float(whole.value), float(whole.low), float(whole.high), n=n)
    level, places, share, weights = "school", table.unit, None, None
    if asked.scope.asked.unit.level == "state":
        parents = asked.scope.parents
        district = np.array([parents.get(("school", unit)) or "" for unit in table.unit])
        parts = segregation.nested(count=table.low, group=table.group, district=district, school=table.unit)
        for name, value, low, high in zip(parts.levels, parts.h, parts.low, parts.high, strict=True):
            scale = float(whole.value) / float(parts.total)  # the interval is of M
            asked.add(ALL, "theil_part", float(value), float(low) * scale, float(high) * scale,
                      n=n, reference=f"level:{name}")  # fmt: skip
        inside = segregation.within(table.low, table.unit, table.group, district)
        level, places = "district", inside.blocks
        share, weights = inside.contribution / max(inside.contribution.sum(), 1e-300), inside.n
    else:
        local = segregation.local_units(table.low, table.unit, table.group)
        places, share, weights = local.labels, local.contribution / local.contribution.sum(), local.n
    _share_out(asked, level, places, share, weights)


def _share_out(asked: Here, level: str, places: np.ndarray, share: np.ndarray, students: np.ndarray) -> None:
    """A finding at each place: its part of all that lies inside the districts, or of the whole district."""
    block = asked.block
    here = np.flatnonzero(
        (block.level == level)
        & (block.period == asked.period)
        & (block.group == ALL)
        & (block.state == VALUE)
    )
    order = np.searchsorted(places, block.unit[here].astype(str))
    order = np.minimum(order, len(places) - 1)
    found = places[order] == block.unit[here].astype(str)
    rows, of = here[found], order[found]
    asked.findings.add(
        block,
        rows,
        "theil_contribution",
        share[of],
        question=QUESTION,
        n=students[of],
        reference=f"level:{level}",
    )


def _moves(asked: Here, now: Mixing, dimension: str) -> None:
    """What moved since the first year of which enough is public."""
    scope, block = asked.scope, asked.block
    until = scope.here(block) & (block.group == ALL) & (block.state == VALUE)
    least = scope.definitions.parameter("least_in_open_schools")
    for period in sorted(set(block.period[until].tolist()) - {asked.period}):
        then = mixing(block, period, dimension)
        if then.students >= least * now.students and _enough(scope, then):
            break
    else:
        return
    before, after = then.shown, now.shown
    count, unit, group = (
        np.concatenate([getattr(before, name), getattr(after, name)]) for name in ("low", "unit", "group")
    )
    time = np.repeat([0, 1], [len(before.low), len(after.low)])
    found = segregation.change(count, unit, group, time, index="theil")
    for name in ("change", *_PARTS):
        part = found if name == "change" else getattr(found, name)
        ends = (float(part.value), float(part.low), float(part.high))
        verdict = "rose" if ends[1] > 0 else "fell" if ends[2] < 0 else "no_clear_change"
        asked.add(ALL, "theil_change", *ends, n=after.students, reference=f"part:{name}", verdict=verdict,
                  period_from=period)  # fmt: skip

"""Are schools mixed or apart: how far, who meets whom, where it lies, and what moved it."""

from __future__ import annotations

import numpy as np

from evenground.measures import Estimate, segregation
from evenground.measures.estimate import quotient
from evenground.model import ALL, VALUE
from evenground.questions.distances import distances
from evenground.questions.here import Here
from evenground.questions.mixing import Mixing, mixing, widest
from evenground.questions.rows import Against, Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import MOVED, verdicts

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
    asked = Here(findings.under(QUESTION), scope, block, period, rows)
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
                one = Estimate(*(end[at, beside] for end in (met.low, met.high, met.value)))
                against = Against(f"group:{other}", str(other))
                asked.add(str(group), "exposure", one, against, n=float(met.n[at]))


def _places(asked: Here, open_schools: Mixing) -> None:
    """How much lies between districts and how much inside each; of a district, what each school adds."""
    table, n = open_schools, open_schools.students
    whole = segregation.theil_h(table.low, table.unit, table.group)
    if np.isnan(whole.value):
        return
    asked.add(ALL, "theil_h", whole, n=n)
    level, places, share, weights = "school", table.unit, None, None
    if asked.scope.asked.unit.level == "state":
        parents = asked.scope.parents
        district = np.array([parents.get(("school", unit)) or "" for unit in table.unit])
        parts = segregation.nested(count=table.low, group=table.group, district=district, school=table.unit)
        for name, value, low, high in zip(parts.levels, parts.h, parts.low, parts.high, strict=True):
            scale = float(quotient(whole.value, parts.total))  # the interval is of M
            part = Estimate(low * scale, high * scale, value)
            asked.add(ALL, "theil_part", part, Against(f"level:{name}"), n=n)
        inside = segregation.within(table.low, table.unit, table.group, district)
        level, places = "district", inside.blocks
        share, weights = quotient(inside.contribution, inside.contribution.sum()), inside.n
    else:
        local = segregation.local_units(table.low, table.unit, table.group)
        share, weights = quotient(local.contribution, local.contribution.sum()), local.n
        places = local.labels
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
    against = Against(f"level:{level}")
    asked.findings.add(block, rows, "theil_contribution", share[of], against, n=students[of])


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
        against = Against(f"part:{name}", since=period)
        verdict = verdicts(part, sides=MOVED)[0]
        asked.add(ALL, "theil_change", part, against, n=after.students, verdict=verdict)

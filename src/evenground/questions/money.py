"""Money against need: whom it reaches, how even it is, and what each place's mix of students would bring."""

from __future__ import annotations

import numpy as np

from evenground.measures import spread
from evenground.model import ALL, VALUE
from evenground.questions.block import Block
from evenground.questions.need import everybody, need_of
from evenground.questions.rows import Findings
from evenground.questions.scope import Scope
from evenground.questions.verdict import verdicts

# Of these the first that places below tell is asked.
_MONEY = ("spending", "instruction_spending", "revenue")


def money(findings: Findings, scope: Scope) -> None:
    """Adds how even money for each student is over the places below (`gini`), the money that students with
    low family income and all others meet (`money_poor`, `money_others`, `progressivity`), and of each place
    what its mix of students would bring (`expected_money`) and the actual over the expected (`need_index`).

    A student with low family income counts for as much more as the parameter `need_weight` says.
    """
    level = scope.asked.child_level
    for key in _MONEY:
        if level is None or key not in scope.indicators:
            continue
        block, period = scope.block(key), scope.latest[key]
        rows = everybody(block, level, period)
        rows = rows[block.value[rows] >= 0]  # a debit is booked there; it is nobody's money
        here = np.flatnonzero(
            scope.here(block) & (block.period == period) & (block.group == ALL) & (block.state == VALUE)
        )
        many = len(rows) >= scope.definitions.parameter("fewest_places")
        if many and here.size and block.sums.noise is None:
            _even(findings, scope, block, here, rows)
            _against_need(findings, scope, block, here, rows, level)
            return


def _even(findings: Findings, scope: Scope, block: Block, here: np.ndarray, rows: np.ndarray) -> None:
    confidence = scope.definitions.parameter("confidence")
    found = spread.gini(block.value[rows], block.sums.n[rows], confidence=confidence)
    findings.add(block, here, "gini", found, n=len(rows))


def _against_need(
    findings: Findings, scope: Scope, block: Block, here: np.ndarray, rows: np.ndarray, level: str
) -> None:
    need = need_of(scope, level, scope.latest[block.key])
    if need is None:
        return
    share = need.of(block.unit[rows])
    rows, share = rows[np.isfinite(share)], share[np.isfinite(share)]
    if len(rows) < scope.definitions.parameter("fewest_places"):
        return
    each, students = block.value[rows], block.sums.n[rows]
    confidence = scope.definitions.parameter("confidence")
    met = spread.progressivity(each, share * students, students, confidence=confidence)
    findings.add(block, here, "money_poor", met.poor, n=len(rows))
    findings.add(block, here, "money_others", met.others, n=len(rows))
    findings.add(block, here, "progressivity", met.ratio, verdict=verdicts(met.difference), n=len(rows))
    weight = scope.definitions.parameter("need_weight")
    index = spread.need_index(each * students, students, (share * students)[:, None], [weight])
    findings.add(block, rows, "expected_money", index.expected_per_student)
    findings.add(block, rows, "need_index", index.index)

"""A remark of a check as a problem, in the words of definitions/checks.yaml."""

from __future__ import annotations

from dataclasses import replace

from evenground.definitions import Check, checks
from evenground.definitions.remarks import moved
from evenground.model import Problem
from evenground.sources.checks.remark import Remark

__all__ = ["Check", "checks", "in_spanish", "said"]


def said(remark: Remark) -> Problem:
    """A remark as a problem, in the words of its check."""
    check = checks()[remark.check]
    words = {**check.parameters, **remark.words}
    found, allowed = check.found.en.format(**words), check.allowed.en.format(**words)
    place = remark.row, remark.column, remark.count, remark.check
    return Problem(check.severity, remark.file, found, allowed, check.advice.en, *place)


def in_spanish(problem: Problem) -> Problem | None:
    """The problem in the Spanish words of its check; None where a reader of files said it in its own."""
    check = checks().get(problem.check)
    found = moved(problem.found, check.found) if check else None
    allowed = moved(problem.allowed, check.allowed) if check else None
    if check is None or found is None or allowed is None:
        return None
    return replace(problem, found=found, allowed=allowed, todo=check.advice.es)

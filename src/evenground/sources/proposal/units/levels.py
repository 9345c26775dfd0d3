"""Which rows of a file are of which level."""

from __future__ import annotations

from evenground.engine import quoted
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.recognition import Shape
from evenground.sources.proposal.units.lookup import Lookup, text
from evenground.sources.proposal.units.plan import Remark, UnitPlan
from evenground.sources.proposal.units.state import needs_state


def set_levels(
    file: Lookup,
    plan: UnitPlan,
    column: str,
    pad: int | None,
    prefix: int | None,
    longest: int,
    shape: Shape | None,
) -> None:
    """Which rows are of which level: a column says it, or the build of the ids."""
    if file.level:
        by_column(file, plan, joined=False)
        return
    patterns: dict[str, str] = {}
    rest = longest - (prefix or 0)
    word = text(column, pad)
    every = file.one(f"SELECT COUNT(*) FROM {quoted(file.table)} WHERE {word} <> ''")
    known = [(f"0{{{longest}}}", "state")]
    if prefix:
        known += [(rf"\d{{2}}0{{{longest - 2}}}", "skip")] if shape and shape.state else []
        known += [(f".{{{prefix}}}0{{{rest}}}", "district"), (f".{{{prefix}}}", "district")]
    known.append((f".{{{longest}}}", "school" if prefix else plan.files))
    left = "TRUE"
    for pattern, level in known:
        fits = f"REGEXP_FULL_MATCH({word}, '{pattern}')"
        many = file.one(f"SELECT COUNT(*) FROM {quoted(file.table)} WHERE {word} <> '' AND {left} AND {fits}")
        if many:
            patterns[pattern] = level
            every -= many
        left += f" AND NOT {fits}"
    if len(set(patterns.values())) < 2:
        only = next(iter(patterns.values()), plan.files)
        plan.files = only if only != "skip" else plan.files
        return
    if every:
        patterns[".*"] = "skip"
    plan.files, plan.level = "any", {"unit": patterns}
    plan.remarks["level"] = Remark(HIGH if shape else MEDIUM, "the build of the ids")
    needs_state(file, plan, patterns)


def by_column(file: Lookup, plan: UnitPlan, *, joined: bool) -> None:
    assert file.level is not None
    words = {word: level or "skip" for word, level in file.level.codes.items()}
    by_names = joined and isinstance(plan.unit, dict) and "by" in plan.unit
    if by_names:  # a row of a district has no school to put behind the sign
        words = {word: level if level == "school" else "skip" for word, level in words.items()}
    plan.level = {"column": file.level.column, "words": words}
    plan.files = "any"
    why = f"{file.level.evidence}{'; only rows of schools are read' if by_names else ''}"
    plan.remarks["level"] = Remark(LOW if by_names else file.level.confidence, why)
    needs_state(file, plan, words)

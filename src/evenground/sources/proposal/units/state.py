"""The state of the units of a file."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.engine import literal, quoted
from evenground.sources.proposal.groups import LOW
from evenground.sources.proposal.recognition import Shape
from evenground.sources.proposal.units.lookup import Lookup, codes_of_states, text
from evenground.sources.proposal.units.plan import Remark, UnitPlan
from evenground.sources.published.states import states_by


def set_state(file: Lookup, plan: UnitPlan, shape: Shape | None) -> None:
    """The state of all districts, where the ids or a column say it."""
    role = file.state_column()
    if shape and shape.state:
        plan.units["state"] = {"id": shape.state, "name": shape.title}
    elif role is not None and file.many_states(role):
        digits = plan.units.get("district_digits")
        pad = (
            plan.unit["pad"][0]
            if isinstance(plan.unit, dict) and len(plan.unit.get("pad", ())) == 1
            else None
        )
        if digits and file.share(f"LEFT({text(plan.columns[0], pad)}, 2) IN ({codes_of_states()})") == 1:
            plan.units |= {"states": "fips", "state_digits": 2}
    elif role is not None:
        word = next(iter(file.profiles[role.column].words))
        known = {key.casefold(): value for key, value in states_by(file.way(role)).items()}  # type: ignore[arg-type]
        postal = known[word.casefold()]
        name = {postal: name for name, postal in states_by("name").items()}[postal]
        plan.units["state"] = {"id": postal, "name": name}


def needs_state(file: Lookup, plan: UnitPlan, levels: Mapping[str, str]) -> None:
    """Rows of a state need to be told which it is."""
    if "state" not in levels.values():
        return
    if "state" not in plan.units and "states" not in plan.units:
        plan.units["state"] = {"id": "state", "name": file.title}
        plan.remarks["state"] = Remark(LOW, "which state it is, no column says")
    code = _code(file, plan, levels)
    if code and "state" in plan.units:
        plan.units["state"] = {"code": code, **plan.units["state"]}


def _code(file: Lookup, plan: UnitPlan, levels: Mapping[str, str]) -> str | None:
    """The id that the rows of the state have."""
    if not isinstance(plan.unit, str):
        return None
    word = text(plan.unit)
    if plan.level and "column" in plan.level:
        words = ", ".join(literal(word) for word, level in levels.items() if level == "state")
        where = f"{text(plan.level['column'])} IN ({words})"
    else:
        pattern = next(pattern for pattern, level in levels.items() if level == "state")
        where = f"REGEXP_FULL_MATCH({word}, '{pattern}')"
    rows = file.connection.execute(
        f"SELECT DISTINCT {word} FROM {quoted(file.table)} WHERE {where} LIMIT 2"
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 and rows[0][0] else None

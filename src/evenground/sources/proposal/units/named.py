"""Units that have names: instead of ids, or beside them."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.sources.proposal.columns import Role
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.units.levels import by_column
from evenground.sources.proposal.units.lookup import Lookup
from evenground.sources.proposal.units.plan import Remark, UnitPlan
from evenground.sources.proposal.units.state import set_state


def named(file: Lookup, names: Mapping[str, Role]) -> UnitPlan:
    """Units that have no ids are told apart by their names."""
    state = file.state_column()
    order = [names.get("district"), names.get("school") or names.get("any")]
    columns = [role.column for role in order if role]
    level = "school" if order[1] else "district"
    if state and len(columns) and file.many_states(state):
        columns = [state.column, *columns]
    by = file.separator(columns)
    plan = UnitPlan(
        {"join": columns, "by": by} if len(columns) > 1 else columns[0], level, {}, columns=tuple(columns)
    )
    evidence = "there is no column of ids; names tell the places apart"
    plan.remarks["unit"] = Remark(MEDIUM, evidence)
    if level == "school" and order[0] is None:
        plan.units = {"district": {"id": "all", "name": file.title}}
        plan.remarks["units"] = Remark(LOW, "no column names the district; all schools are put into one")
    else:
        plan.units = {"separator": by}
        plan.remarks["units"] = Remark(MEDIUM, "the district is what stands before the last sign")
    if state and state.column in columns:
        plan.units["states"] = file.way(state)
    else:
        set_state(file, plan, None)
    if order[1]:
        plan.names["school"] = order[1].column
    if order[0]:
        plan.names["district"] = order[0].column
    if file.level:
        by_column(file, plan, joined=len(columns) > 1)
    return plan


def states(file: Lookup, role: Role) -> UnitPlan | None:
    """A file with a row a state."""
    way = file.way(role)
    if way is None:
        return None
    plan = UnitPlan(role.column, "state", {"states": way, "separator": "/"}, columns=(role.column,))
    plan.remarks["unit"] = Remark(HIGH, f"{role.evidence}; names of states")
    plan.remarks["units"] = Remark(HIGH, "every row is a state")
    return plan


def set_names(file: Lookup, plan: UnitPlan, names: Mapping[str, Role]) -> None:
    for level in ("school", "district"):
        if level in names and not (level == "school" and plan.files == "district"):
            plan.names[level] = names[level].column
    if "any" in names and not plan.names:
        plan.names["school" if plan.files != "district" else "district"] = names["any"].column

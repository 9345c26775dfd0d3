"""How a file says which school, district or state a row is of."""

from evenground.sources.proposal.units.plan import UnitPlan
from evenground.sources.proposal.units.units import plan_units

__all__ = ["UnitPlan", "plan_units"]

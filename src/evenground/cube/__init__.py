"""Counting: leaf cells once, everything wider rolled up."""

from evenground.cube.count import Cube, count
from evenground.cube.leaves import leaf_query
from evenground.cube.plan import Cut, Plan, crossings
from evenground.cube.rollup import RollUp, roll_up

__all__ = ["Cube", "Cut", "Plan", "RollUp", "count", "crossings", "leaf_query", "roll_up"]

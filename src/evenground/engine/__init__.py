"""Where SQL runs: one GROUP BY per scan, behind a small protocol."""

from evenground.engine.duck import DuckEngine, connect
from evenground.engine.exact import exact_sum
from evenground.engine.protocol import Engine, LeafQuery
from evenground.engine.spill import spilling
from evenground.engine.sql import literal, quoted

__all__ = ["DuckEngine", "Engine", "LeafQuery", "connect", "exact_sum", "literal", "quoted", "spilling"]

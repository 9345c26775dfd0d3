"""Records: a school system's own roster folder -> checked student-years."""

from evenground.sources.roster.format import Format, roster_format
from evenground.sources.roster.read import SYSTEM, read_roster

__all__ = ["SYSTEM", "Format", "read_roster", "roster_format"]

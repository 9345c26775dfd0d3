"""Records: a school system's own roster folder -> checked student-years."""

from evenground.sources.roster.format import Format, is_roster, roster_format
from evenground.sources.roster.read import SYSTEM, read_roster

__all__ = ["SYSTEM", "Format", "is_roster", "read_roster", "roster_format"]

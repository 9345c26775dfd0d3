"""OneRoster 1.1 and 1.2: an export as CSV, bulk or delta, in a zip or a folder."""

from evenground.sources.oneroster.format import OneRoster, oneroster_format
from evenground.sources.oneroster.packages import is_oneroster
from evenground.sources.oneroster.read import read_oneroster

__all__ = ["OneRoster", "is_oneroster", "oneroster_format", "read_oneroster"]

"""Schools that merge, split, close or change their id, followed over the years by a crosswalk."""

from evenground.sources.places.crosswalk import PLACES
from evenground.sources.places.placed import placed

__all__ = ["PLACES", "placed"]

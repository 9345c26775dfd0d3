"""Published counts: files that a state has already counted, read by a mapping that is data."""

from evenground.sources.published.fitting import fitting_sources
from evenground.sources.published.mapping import Source, published_sources, sources_from
from evenground.sources.published.read import read_published, read_source

__all__ = ["Source", "fitting_sources", "published_sources", "read_published", "read_source", "sources_from"]

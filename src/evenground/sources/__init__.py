"""Files in, checked tables out: published counts, a roster of records, the synthetic district, any table."""

from evenground.sources.dataset import Dataset
from evenground.sources.door import open_source, recognised, source_names
from evenground.sources.table import header_of, read_table

__all__ = ["Dataset", "header_of", "open_source", "read_table", "recognised", "source_names"]

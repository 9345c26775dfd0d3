"""The one reader of bytes: a place to its files, a file to a table of text, every problem collected.

See docs/reference/files.md.
"""

from evenground.sources.files.faults import torn_in
from evenground.sources.files.layout import AS_FOUND, Found, Layout, Loaded, Preview
from evenground.sources.files.load import ENDINGS, load, missing, open_table, preview
from evenground.sources.files.opening import Opened, stage
from evenground.sources.files.place import Entry, Place, is_archive, open_place
from evenground.sources.files.small import read_small

__all__ = [
    "open_place", "Place", "Entry",
    "load", "Loaded", "Found", "Layout", "AS_FOUND",
    "preview", "Preview",
    "open_table", "Opened", "stage", "torn_in", "missing",
    "is_archive", "read_small",
    "ENDINGS",
]  # fmt: skip

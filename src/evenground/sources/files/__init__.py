"""The one reader of bytes: a place to its files, a file to a table of text, every problem collected.

See docs/reference/files.md.
"""

from evenground.sources.files.layout import Found, Layout, Loaded, Preview
from evenground.sources.files.load import ENDINGS, load, open_table, preview
from evenground.sources.files.opening import Opened, stage
from evenground.sources.files.place import Entry, Place, open_place

__all__ = [
    "open_place", "Place", "Entry",
    "load", "Loaded", "Found", "Layout",
    "preview", "Preview",
    "open_table", "Opened", "stage",
    "ENDINGS",
]  # fmt: skip

"""The private page for the person who signs a release: what was hidden, why this many, what it costs, and
what would help.
"""

from evenground.workspace.protection.page import page
from evenground.workspace.protection.place import Files, files_at
from evenground.workspace.protection.write import write

__all__ = ["Files", "files_at", "page", "write"]

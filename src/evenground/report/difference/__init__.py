"""What changed between two released reviews, in words, in the order of importance."""

from evenground.report.difference.compare import Change, Difference, compare
from evenground.report.difference.edition import Edition, edition_of, read_edition
from evenground.report.difference.page import page
from evenground.report.difference.table import rows
from evenground.report.difference.told import Part, parts_of, title_of

__all__ = [
    "Change",
    "Difference",
    "Edition",
    "Part",
    "compare",
    "edition_of",
    "page",
    "parts_of",
    "read_edition",
    "rows",
    "title_of",
]

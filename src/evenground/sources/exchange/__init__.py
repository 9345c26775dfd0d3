"""What exchange formats share: staged tables, checks over them, the hand-over to the roster's road."""

from evenground.sources.exchange.checks import Check, Reference, check_reference, check_rows, quote
from evenground.sources.exchange.courses import CourseWords, course_words
from evenground.sources.exchange.handover import Exported, Origin, hand_over, stop_at_errors
from evenground.sources.exchange.staged import ORIGIN, Staged

__all__ = [
    "ORIGIN",
    "Check",
    "CourseWords",
    "Exported",
    "Origin",
    "Reference",
    "Staged",
    "check_reference",
    "check_rows",
    "course_words",
    "hand_over",
    "quote",
    "stop_at_errors",
]

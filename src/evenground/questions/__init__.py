"""The questions of the equity review, asked of protected cells."""

from evenground.questions.ask import ask, ask_places
from evenground.questions.asked import Asked, check_reference

__all__ = ["Asked", "ask", "ask_places", "check_reference"]

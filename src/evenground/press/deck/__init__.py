"""Slides with charts that can be edited: PowerPoint's own, not pictures."""

from evenground.press.deck.deck import Deck, Slide

__all__ = ["Deck", "Slide"]

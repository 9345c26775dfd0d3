"""What a review does not say, and what it says instead."""

from __future__ import annotations

from evenground.definitions import load


def refusals() -> str:
    parts = (
        f"## {entry.wish.en}\n\n*{entry.wish.es}*\n\n"
        f"**Why not.** {entry.why.en}\n\n**Instead.** {entry.instead.en}\n"
        for entry in load().refusals.values()
    )
    return "\n".join(parts)

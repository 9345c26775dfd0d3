"""Ways to see it, on paper: every idea of fairness in a line, all comparisons in a picture, and the most
telling case where they part."""

from __future__ import annotations

from typing import Any

from evenground.report.page.sheet import Sheet
from evenground.report.story.perspectives import sentence
from evenground.report.story.ways import heads, in_short, lines, say, title_of, verdicts


def printed(sheet: Sheet, figure: dict[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """What the template sets, with the picture of all comparisons; None where no idea has anything to look
    at."""
    ways = sheet.story.ways
    if ways is None:
        return None
    example = None
    if ways.parting:
        case = ways.parting[0]
        told = [
            {"name": each.name.of(lang), "told": each.told.of(lang), "reason": each.reason.of(lang)}
            for each in verdicts(sheet.speech, ways, case)
        ]
        example = {"heading": sentence(sheet.speech, sheet.ledger, case).of(lang), "verdicts": told}
    return {
        "title": title_of(ways).of(lang),
        "short": in_short(ways).of(lang),
        "lede": say("lede").of(lang),
        "heads": [head.of(lang) for head in heads()],
        "rows": [[text.of(lang) for text in line] for line in lines(ways)],
        "figure": figure,
        "part": say("part").of(lang),
        "example": example,
    }

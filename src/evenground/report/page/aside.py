"""Parts of a question that stand beside its answer: how its gap moved, seen four ways; what to collect."""

from __future__ import annotations

from evenground.press import Html, both, element, folded, join, plain_table
from evenground.report.page.grid import Line, Part, grid
from evenground.report.story.lenses import Closing
from evenground.report.story.speech import Speech
from evenground.report.story.unmeasured import Missing, Unmeasured


def closing_part(speech: Speech, closing: Closing | None, indicator: str) -> Html:
    """The flag where a gap closed because those ahead lost ground, and a table of a row a lens, folded."""
    if closing is None:
        return join()
    label = speech.wording.label
    heads = [label("closing_lens"), label("verdict"), label("closing_seen")]
    rows = [[lens.name, lens.reading, lens.seen] for lens in closing.lenses]
    caption = speech.wording.set("closing.of", group=closing.group)
    flag = element("p", element("strong", closing.flag)) if closing.flag else join()
    table = plain_table(f"{indicator}-closing", caption, heads, rows, prose=True)
    return join(flag, folded(label("closing"), table))


def unmeasured_part(speech: Speech, unmeasured: Unmeasured | None, question: str) -> Html:
    """One sentence; what to collect is folded beneath it."""
    if unmeasured is None:
        return join()
    table = to_collect(speech, unmeasured, question)
    return join(both("p", unmeasured.sentence), folded(speech.wording.label("collect"), table))


def to_collect(speech: Speech, unmeasured: Unmeasured, question: str) -> Html:
    """What to collect, under the reason why there is nothing now."""
    label = speech.wording.label
    reasons: dict[str, list[Missing]] = {}
    for entry in unmeasured.missing:
        reasons.setdefault(entry.reason.en, []).append(entry)
    parts = [
        Part(entries[0].reason, [Line(entry.name, [entry.collect]) for entry in entries])
        for entries in reasons.values()
    ]
    heads = [label("indicator"), label("collect")]
    return grid(f"missing-{question}", speech.question_title(question), heads, parts, class_="words")

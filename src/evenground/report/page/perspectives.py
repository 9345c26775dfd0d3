"""Ways to see it: the page that shows every idea of fairness side by side, and its section of the review."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evenground.definitions import said
from evenground.press import (
    NARROW,
    WIDE,
    Html,
    Words,
    bar,
    both,
    contents,
    count,
    element,
    folded,
    join,
    leaf,
    pictured,
    plain_table,
)
from evenground.report.page.grid import Cell, Line, Note, Part, grid
from evenground.report.story.perspectives import (
    COUNTS,
    DOES_NOT_COUNT,
    YARDSTICK,
    Case,
    Idea,
    Ways,
    sentence,
)
from evenground.report.story.rows import Ledger
from evenground.report.story.speech import Speech
from evenground.report.story.ways import (
    Verdict,
    board,
    board_table,
    heads,
    in_short,
    lines,
    read_by_words,
    say,
    title_of,
    verdicts,
)
from evenground.report.story.yardstick import own_yardstick

FILE = "perspectives.html"
_SECTIONS = ("side", "ideas", "part", "agree", "alone", "done", "cannot_see", "table")
_SMALL = 4
"""Ideas that stand beside each other in one line."""
_MOST = 500
"""Comparisons in the table, so that a page stays light enough for a phone."""
_LOOKS = {COUNTS: "full", DOES_NOT_COUNT: "ring"}
_JUDGED = (COUNTS, DOES_NOT_COUNT, YARDSTICK)


# --- in the review ---


def read_by(ways: Ways | None, folder: str) -> Html:
    """At the top of a review that reads by one idea: which, and that there are others."""
    if ways is None or ways.chosen is None:
        return join()
    link = element("a", say("read_more"), href=f"{folder}/{FILE}")
    return join(both("p", read_by_words(ways)), element("p", link))


def ways_part(speech: Speech, ledger: Ledger, ways: Ways, folder: str) -> Html:
    """The section of the review: every idea in a line, and the most telling case where they part."""
    first = ways.parting[0] if ways.parting else None
    example = join()
    if first is not None:
        example = join(element("h3", say("part")), _case(speech, ledger, ways, first, level="h4"))
    link = element("a", say("read_more"), href=f"{folder}/{FILE}")
    return element(
        "section",
        element("h2", title_of(ways), id="ways"),
        both("p", in_short(ways), class_="answer"),
        both("p", say("lede")),
        plain_table("ways", title_of(ways), heads(), lines(ways)),
        example,
        element("p", link),
        aria_labelledby="ways",
    )


# --- the page ---


def ways_page(speech: Speech, ledger: Ledger, ways: Ways, place: str, source: Words) -> str:
    """The whole HTML file. It stands in the folder of further pages, beside the review."""
    label = speech.wording.label
    title = say("page_title", title=title_of(ways), place=place)
    content = {
        "side": _side(speech, ways, place, source),
        "ideas": _ideas(ways),
        "part": _parting(speech, ledger, ways),
        "agree": _agreeing(speech, ledger, ways),
        "alone": _alone(speech, ledger, ways),
        "done": [_done(speech, idea) for idea in ways.ideas],
        "cannot_see": [_unseen(idea) for idea in ways.ideas],
        "table": [
            both("p", say("table_lead"), class_="soft"),
            folded(label("numbers"), _table(speech, ways, place)),
        ],
    }
    shown = [key for key in _SECTIONS if content[key]]
    header = element(
        "header",
        bar(label("language"), label("language_name")),
        element("h1", title),
        both("p", say("lede"), class_="lede"),
        both("p", in_short(ways)),
        element("p", element("a", label("whole_review"), href="../index.html#ways")),
        contents(label("contents"), [(key, say(key)) for key in shown]),
    )
    sections = [
        element("section", element("h2", say(key), id=key), content[key], aria_labelledby=key)
        for key in shown
    ]
    foot = element("footer", element("p", source, class_="src"))
    return leaf(title, label("skip"), shown[0], (header, element("main", sections), foot))


def _side(speech: Speech, ways: Ways, place: str, source: Words) -> list[Html]:
    """All ideas in one picture, and its table."""
    figure = board(speech, ways, place)
    wide, narrow = (figure.chart.picture(width) for width in (WIDE, NARROW))
    picture = pictured("f1", wide, narrow, figure.title, figure.subtitle, figure.alt, source)
    names = [say("question"), *(idea.name for idea in ways.ideas)]
    table = plain_table("side", say("board_caption"), names, board_table(speech, ways))
    return [picture, folded(speech.wording.label("numbers"), table)]


def _ideas(ways: Ways) -> list[Html]:
    items = [
        element(
            "li",
            element("p", say("called", term=said(idea.perspective.term)), class_="kicker"),
            element("h3", idea.name, id=f"idea-{idea.key}"),
            element("p", said(idea.perspective.idea)),
            element("p", say("unfair", what=said(idea.perspective.inequity))),
            element("p", said(idea.perspective.looks), class_="soft"),
        )
        for idea in ways.ideas
    ]
    return [both("p", say("order"), class_="soft"), _beside(items, "ideas")]


def _beside(items: Sequence[Html], kind: str) -> Html:
    """One thing of each idea, beside each other; on a phone below each other."""
    return element("ul", items, class_=f"ways {kind}" if len(items) <= _SMALL else f"ways {kind} many")


def _parting(speech: Speech, ledger: Ledger, ways: Ways) -> list[Html]:
    if not ways.parting:
        return [both("p", say("part_empty"))]
    cases = [_case(speech, ledger, ways, case) for case in ways.parting]
    return [both("p", say("part_lead")), *cases]


def _agreeing(speech: Speech, ledger: Ledger, ways: Ways) -> list[Html]:
    told: list[Html] = []
    for names, cases in _by_ideas(ways, ways.agreed):
        told += [both("p", say("agree_lead", ideas=names)), _listed(speech, ledger, cases)]
    if not told:
        told = [both("p", say("agree_empty"))]
    if ways.agreed_fair:
        key = "agree_fair_one" if ways.agreed_fair == 1 else "agree_fair"
        told.append(both("p", say(key, count=count(ways.agreed_fair))))
    return told


def _alone(speech: Speech, ledger: Ledger, ways: Ways) -> list[Html]:
    if not ways.alone:
        return []
    told = [both("p", say("alone_lead"))]
    for names, cases in _by_ideas(ways, ways.alone):
        told += [element("h3", names), _listed(speech, ledger, cases)]
    return told


def _by_ideas(ways: Ways, cases: Sequence[Case]) -> list[tuple[Words, list[Case]]]:
    """Cases that the same ideas count, with the names of these."""
    order = {idea.key: place for place, idea in enumerate(ways.ideas)}
    placed = sorted(cases, key=lambda case: (-case.judged, [order[key] for key in case.of(COUNTS)]))
    found = []
    for keys, same in groupby(placed, key=lambda case: tuple(case.of(COUNTS))):
        names = Words.each(lambda *told: "; ".join(told), *(ways.idea(key).name for key in keys))
        found.append((names, list(same)))
    return found


def _listed(speech: Speech, ledger: Ledger, cases: Sequence[Case]) -> Html:
    return element("ul", [both("li", sentence(speech, ledger, case)) for case in cases], class_="ask")


def _case(speech: Speech, ledger: Ledger, ways: Ways, case: Case, level: str = "h3") -> Html:
    """A case: its numbers, then what each idea says of it."""
    told = [_verdict(each) for each in verdicts(speech, ways, case)]
    heading = element(level, sentence(speech, ledger, case))
    about = both("p", speech.title(case.indicator), class_="kicker")
    return element("article", about, heading, _beside(told, "says"), class_="item")


def _verdict(one: Verdict) -> Html:
    return element(
        "li",
        element("p", one.name, class_="kicker"),
        element("p", one.told, class_=_LOOKS.get(one.code, "no")),
        element("p", one.reason, class_="soft"),
    )


def _done(speech: Speech, idea: Idea) -> Html:
    numbers = {"counted": count(idea.counted), "said": count(idea.said), "unsaid": count(idea.unsaid)}
    standing = say(idea.standing, **numbers)
    if idea.standing == "not_yet" and not idea.counted:
        standing = Words("")
    if idea.held:
        standing = standing.then(say("short_of", short=count(idea.short), all=count(idea.held)))
    if idea.unsaid and idea.standing == "not_yet":
        standing = standing.then(say("unsaid", count=count(idea.unsaid)))
    told = [
        speech.short(row)
        .then(own_yardstick(speech, row, own))
        .then(speech.needed(takes) if takes else Words(""))
        for row, own, takes in idea.largest
    ]
    largest = [both("li", say("largest", sentence=line)) for line in told[:1]]
    largest += [both("li", line) for line in told[1:]]
    more = join()
    if idea.collect:
        facts = [element("li", element("strong", name), ": ", what) for name, what in idea.collect]
        more = folded(say("collect"), element("ul", facts, class_="ask"))
    return element(
        "article",
        element("h3", idea.name),
        both("p", say("done_when", what=said(idea.perspective.done))),
        both("p", standing, class_="takes"),
        element("ul", largest, class_="ask") if largest else join(),
        more,
        class_="item",
    )


def _unseen(idea: Idea) -> Html:
    asks = element("ul", [both("li", said(ask)) for ask in idea.perspective.ask], class_="ask")
    return element(
        "article",
        element("h3", idea.name),
        both("p", said(idea.perspective.cannot_see)),
        both("p", say("ask"), class_="kicker"),
        asks,
        class_="item",
    )


def _table(speech: Speech, ways: Ways, place: str) -> Html:
    """The comparisons that most ideas judge; the workbook has all."""
    chosen = sorted(ways.cases, key=lambda case: -case.judged)[:_MOST]
    kept = {(case.indicator, case.group) for case in chosen}
    told = [case for case in ways.cases if (case.indicator, case.group) in kept]
    parts = [
        Part(speech.title(indicator), [Line(speech.name(case.group), _cells(ways, case)) for case in cases])
        for indicator, cases in groupby(told, key=lambda case: case.indicator)
    ]
    heads = [say("group"), *(idea.name for idea in ways.ideas)]
    left = len(ways.cases) - len(told)
    more = both("p", say("table_more", count=count(left))) if left else join()
    return join(more, grid("perspectives", say("caption", place=place), heads, parts, class_="words"))


def _cells(ways: Ways, case: Case) -> list[Cell]:
    told: list[Cell] = []
    for idea in ways.ideas:
        code = case.codes[idea.key]
        words = say(f"cell_{code}")
        told.append(element("b", words) if code == COUNTS else words if code in _JUDGED else Note(words))
    return told

"""Ways to see it: the page that shows every idea of fairness side by side, and its section of the review."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evenground.definitions import phrases, said
from evenground.press import (
    Html,
    Words,
    bar,
    both,
    contents,
    count,
    element,
    filled,
    folded,
    join,
    leaf,
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
    why,
)
from evenground.report.story.rows import Ledger
from evenground.report.story.speech import Speech

FILE = "perspectives.html"
_SECTIONS = ("ideas", "part", "agree", "alone", "done", "cannot_see", "table")
_FOUR = 4
_MOST = 500
"""Comparisons in the table, so that a page stays light enough for a phone."""
_JUDGED = (COUNTS, DOES_NOT_COUNT, YARDSTICK)


def say(key: str, **values: object) -> Words:
    return filled(said(phrases("perspectives")[key]), **values)


def title_of(ways: Ways) -> Words:
    return say("title" if len(ways.ideas) == _FOUR else "title_more")


# --- in the review ---


def read_by(ways: Ways | None, folder: str) -> Html:
    """At the top of a review that reads by one idea: which, and that there are others."""
    if ways is None or ways.chosen is None:
        return join()
    link = element("a", say("read_more"), href=f"{folder}/{FILE}")
    return join(both("p", read_by_words(ways)), element("p", link))


def read_by_words(ways: Ways | None) -> Words:
    """The same in words; nothing where the review reads by no idea before others."""
    if ways is None or ways.chosen is None:
        return Words("")
    idea = ways.idea(ways.chosen)
    return say("read_by", idea=idea.name).then(said(idea.perspective.idea)).then(say("read_by_others"))


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


def heads() -> list[Words]:
    return [say("idea"), say("unfair_head"), say("here_head")]


def lines(ways: Ways) -> list[list[Words]]:
    """Every idea in a line: its name, what it counts as unfair, how much of that is here."""
    return [[idea.name, said(idea.perspective.inequity), _tally(idea)] for idea in ways.ideas]


def _tally(idea: Idea) -> Words:
    if idea.standing == "nothing":
        return say("tally_none")
    return say("tally", counted=count(idea.counted), said=count(idea.said))


def in_short(ways: Ways) -> Words:
    """In how many comparisons they agree and part."""
    if not ways.many:
        told = say("agree_none")
    elif not ways.apart:
        told = say("agree_all", both=count(ways.many))
    else:
        agree, part = count(ways.many - ways.apart), count(ways.apart)
        told = say("agree_part", both=count(ways.many), agree=agree, part=part)
    if ways.many:
        told = told.then(say("all_judge", count=count(ways.by_all)) if ways.by_all else say("all_none"))
    return told.then(say("one_only", count=count(ways.judged_by_one))) if ways.judged_by_one else told


# --- the page ---


def ways_page(speech: Speech, ledger: Ledger, ways: Ways, place: str, source: Words) -> str:
    """The whole HTML file. It stands in the folder of further pages, beside the review."""
    label = speech.wording.label
    title = say("page_title", title=title_of(ways), place=place)
    content = {
        "ideas": _ideas(ways),
        "part": _parting(speech, ledger, ways),
        "agree": _agreeing(speech, ledger, ways),
        "alone": _alone(speech, ledger, ways),
        "done": [_done(speech, idea) for idea in ways.ideas],
        "cannot_see": [_unseen(idea) for idea in ways.ideas],
        "table": [both("p", say("table_lead"), class_="soft"), _table(speech, ways, place)],
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


def _ideas(ways: Ways) -> list[Html]:
    items = [
        element(
            "article",
            both("p", say("called", term=said(idea.perspective.term)), class_="kicker"),
            element("h3", idea.name, id=f"idea-{idea.key}"),
            both("p", said(idea.perspective.idea)),
            both("p", say("unfair", what=said(idea.perspective.inequity))),
            both("p", said(idea.perspective.looks), class_="soft"),
            class_="item",
        )
        for idea in ways.ideas
    ]
    return [both("p", say("order"), class_="soft"), *items]


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
    """A case in words: its numbers, then what each idea says of it; those that judge it first."""
    told = [
        element("li", element("strong", name), ": ", reason) for name, reason in reasons(speech, ways, case)
    ]
    heading = element(level, sentence(speech, ledger, case))
    about = both("p", speech.title(case.indicator), class_="kicker")
    return element("article", about, heading, element("ul", told, class_="ask"), class_="item")


def reasons(speech: Speech, ways: Ways, case: Case) -> list[tuple[Words, Words]]:
    """Of each idea its name and why it reads the case as it does; those that judge it first."""
    judging = case.of(COUNTS, DOES_NOT_COUNT)
    order = [*case.of(COUNTS), *case.of(DOES_NOT_COUNT), *(key for key in case.codes if key not in judging)]
    found = []
    for key in order:
        phrase, values = why(speech, ways, case, key)
        found.append((ways.idea(key).name, say(phrase, **values)))
    return found


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
        speech.short(row).then(speech.needed(takes)) if takes else speech.short(row)
        for row, takes in idea.largest
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

"""The page for the people who mend the files: what is wrong, where, and what to do; private."""

from __future__ import annotations

from collections.abc import Sequence

from evenground import __version__
from evenground.definitions import phrases
from evenground.model import Problem
from evenground.press import Html, Words, bar, both, contents, count, element, filled, join, leaf, plain_table
from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.issues import KnownIssue, Met
from evenground.sources.checks.told import SEVERITIES, Finding, Told, grouped

_FIRST = 5
"""So many findings of one kind and file are written out; the table has all."""


def _say(key: str, **values: object) -> Words:
    return filled(phrases("checks")[key], **values)


def page(told: Told, made_on: str, sheet: str, first_line: str) -> str:
    """The whole HTML file. `sheet` is the name of the table with every finding."""
    parts = [severity for severity in SEVERITIES if told.of(severity)]
    links = [(severity, _say(severity)) for severity in parts]
    links += [("issues", _say("issues"))] if told.issues else []
    links += [("looked", _say("looked_at"))]
    content = (
        element(
            "header",
            bar(_say("language")),
            element("h1", _say("title", name=told.name)),
            both("p", _lede(told), class_="lede"),
            both("p", _read_as(told, made_on), class_="soft"),
            both("p", _say("private"), class_="soft"),
            element("button", _say("print"), type="button", hidden=True),
            contents(_say("contents"), links),
        ),
        element(
            "main",
            [_severity(told, severity, sheet) for severity in parts],
            _issues(told) if told.issues else join(),
            _looked_at(told),
        ),
    )
    return leaf(_say("title", name=told.name), _say("skip"), links[0][0], content, first_line)


def _lede(told: Told) -> Words:
    numbers = {f"{severity}s": count(len(told.of(severity))) for severity in SEVERITIES}
    if not told.findings:
        return _say("lede_none")
    return _say("lede_errors" if told.of("error") else "lede_fine", **numbers)


def _read_as(told: Told, made_on: str) -> Words:
    words = {"source": told.source, "date": made_on, "version": __version__}
    return _say("read_as" if told.source else "read_as_table", **words)


def _severity(told: Told, severity: str, sheet: str) -> Html:
    findings = told.of(severity)
    english = any(finding.es is None for finding in findings)
    files = [
        join(element("h3", file), [_kind(kind, sheet) for kind in kinds]) for file, kinds in grouped(findings)
    ]
    lead = both("p", _say("in_english"), class_="soft") if english else join()
    return element(
        "section", element("h2", _say(severity), id=severity), lead, files, aria_labelledby=severity
    )


def _kind(findings: Sequence[Finding], sheet: str) -> Html:
    """Findings of one kind in one file: what it is, the first of them, what to do."""
    first = findings[0]
    shown = [element("li", _found(finding)) for finding in findings[:_FIRST]]
    if len(findings) > _FIRST:
        shown.append(element("li", _say("further", count=count(len(findings) - _FIRST), file=sheet)))
    check = checks().get(first.en.check)
    title = element("h4", Words(check.title.en, check.title.es)) if check else join()
    facts = element(
        "dl",
        element("dt", _say("allowed")),
        element("dd", _told(first, "allowed")),
        element("dt", _say("todo")),
        element("dd", element("strong", _told(first, "todo"))),
    )
    return element("article", title, element("ul", shown, class_="ask"), facts, class_="item")


def _found(finding: Finding) -> Html:
    return join(_told(finding, "found"), " ", element("span", _place(finding.en), class_="soft"))


def _place(problem: Problem) -> Words:
    parts = []
    if problem.column:
        parts.append(_say("column", column=problem.column))
    if problem.row:
        parts.append(_say("first_row" if problem.count > 1 else "row", row=count(problem.row)))
    if problem.count > 1:
        parts.append(_say("times", count=count(problem.count)))
    return Words(
        *(f"({', '.join(part.of(lang) for part in parts)})" if parts else "" for lang in ("en", "es"))
    )


def _told(finding: Finding, field: str) -> Html:
    """In both languages, or in English in both."""
    english = getattr(finding.en, field)
    if finding.es is None:
        return element("span", english, lang="en", class_="keep")
    return join(Words(english, getattr(finding.es, field)))


def _issues(told: Told) -> Html:
    ordered = sorted(told.issues, key=lambda met: ("met", "always", "not_met", "not_here").index(met.state))
    rows: list[list[Html | str | Words]] = [[_issue(met.issue), _state(met)] for met in ordered]
    table = plain_table("issues", _say("issues_lead"), [_say("issues"), _say("where")], rows)
    return element("section", element("h2", _say("issues"), id="issues"), table, aria_labelledby="issues")


def _issue(issue: KnownIssue) -> Html:
    spanish = issue.sign.es if issue.sign else None
    if spanish is None:
        return element("span", str(issue), lang="en", class_="keep")
    return join(Words(str(issue), spanish))


def _state(met: Met) -> Html:
    if met.file is None:
        return join(_say(met.state))
    place = _place(Problem("note", met.file, "", "", "", met.row, None, met.count))
    return join(element("strong", _say(met.state)), f": {met.file} ", place)


def _looked_at(told: Told) -> Html:
    ran = [check for check in checks().values() if check.about == "files" or told.source]
    rows: list[list[Html | str | Words]] = [
        [Words(check.title.en, check.title.es), Words(check.explained().en, check.explained().es)]
        for check in ran
    ]
    lead = _say("looked_lead", count=count(len(ran)))
    table = plain_table("looked", lead, [_say("check"), _say("how")], rows)
    files = element("ul", [element("li", element("code", file)) for file in told.files], class_="files")
    folded = element("details", element("summary", lead), element("div", table, class_="in"))
    return element(
        "section",
        element("h2", _say("looked_at"), id="looked"),
        folded,
        element("h3", _say("files")),
        files,
        aria_labelledby="looked",
    )

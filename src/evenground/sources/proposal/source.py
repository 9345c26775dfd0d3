"""What a proposed mapping says around its tables: whose the file is, its units, codes and rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evenground.sources.proposal.columns import OTHER, UNIT_ID, UNIT_NAME
from evenground.sources.proposal.draft import Line
from evenground.sources.proposal.groups import LOW, MEDIUM
from evenground.sources.proposal.tables import Tables


def source_lines(title: str, lines: list[Line], tables: Tables) -> list[Line]:
    """The lines of the source; `lines` are those of its tables, from which all else was learned."""
    units = tables.plan.remarks.get("units")
    state = tables.plan.remarks.get("state")
    remark = units if units and (state is None or units.confidence == LOW) else state or units
    return [
        Line("title", title, evidence="as it stands over the review"),
        Line("publisher", "write who published the file", evidence="please check"),
        Line("licence", "write on what terms", evidence="please check"),
        _policy(tables),
        Line("source", f"{tables.seen.name}; mapping proposed by evenground map"),
        Line("date", date.today()),
        Line("confidence", "unverified-low", evidence="of the mapping: `seen` once somebody has checked it"),
        Line("absent_rows", "unknown", evidence="a group without a row: `unknown`, or `zero` students"),
        tables.notation.missing_line(),
        Line(
            "units",
            tables.plan.units,
            remark.confidence if remark else "",
            "; ".join(one.evidence for one in (units, state) if one),
        ),
        *(
            [Line("codes", [Line(name, codes) for name, codes in tables.codes.items()])]
            if tables.codes
            else []
        ),
        Line("tables", lines),
    ]


def _policy(tables: Tables) -> Line:
    """What is hidden: by our own rule, unless the file shows that its publisher did."""
    if tables.notation.hides:
        why = "numbers are hidden in the file already; write n10 to hide more"
    elif tables.sizeless:
        why = "some numbers come without the number of students behind them, so that n10 could show none"
    else:
        why = "small numbers are hidden; write `published` for a file that is public already"
        return Line("policy", "n10", evidence=why)
    return Line("policy", "published", MEDIUM, why)


def unused_lines(tables: Tables) -> Iterator[Line]:
    """Columns of which nothing is made, each with its reason."""
    lines = []
    for column, why in tables.seen.unread.items():
        lines.append(f"{column}: never read ({why})")
    mentioned = {*tables.plan.columns, *tables.plan.names.values(), *tables.kept.keep}
    spread = {one.name: ", ".join(one.figure.columns.values()) for one in tables.meant.values()}
    unused = {spread.get(name, name): why for name, why in tables.unused.items()}
    for name, role in tables.roles.items():
        if role.kind == OTHER and name not in mentioned:
            lines.append(f"{name}: skip  # {tables.kept.dropped.get(name, role.evidence)}")
        elif role.kind in (UNIT_ID, UNIT_NAME) and name not in mentioned:
            lines.append(f"{name}: skip  # {role.kind} of the {role.level}; other columns say it")
    lines += [f"{name}: skip  # {why}" for name, why in unused.items()]
    if lines:
        yield Line(None, evidence="Columns that are not used:")
        yield from (Line(None, evidence=f"  {line}") for line in lines)

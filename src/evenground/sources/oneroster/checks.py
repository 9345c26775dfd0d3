"""The checks of an export: what is required, types, codes, references, and what bulk and delta each want."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from evenground.engine import literal
from evenground.model import ERROR, NOTE, WARNING, Problem
from evenground.sources.exchange import Check, Reference, Staged, check_reference, check_rows
from evenground.sources.oneroster.format import Column, OneRoster
from evenground.sources.roster import roster_format

_FLAGS = ("true", "false")
_USER_IDS = r"^\{[^:{}]+:[^{}]+\}(\s*,\s*\{[^:{}]+:[^{}]+\})*$"


def check_written(
    engine: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged], version: str, form: OneRoster
) -> Iterator[Problem]:
    """Problems of single rows, in every file as it was written."""
    for name, table in staged.items():
        columns = form.files[name].columns
        checks = [
            check
            for column, definition in columns.items()
            if column in table.columns and column not in ("status", "dateLastModified")
            for check in _of_column(f'"{column}"', definition, version, form)
        ]
        checks += [*_of_mode(table, form), *_of_order(name, table), *_of_metadata(table)]
        yield from (_named(problem) for problem in check_rows(engine, table, checks))
        yield from _repeated(engine, table)


def check_held(
    engine: duckdb.DuckDBPyConnection, held: Mapping[str, Staged], form: OneRoster
) -> Iterator[Problem]:
    """Ids that nobody has, after deltas were applied; and what one file says against another."""
    for name, table in held.items():
        for column, definition in form.files[name].columns.items():
            if definition.refers is None or column not in table.columns:
                continue
            target = held[definition.refers]
            if not target.files:
                continue
            several = definition.type == "ids"
            reference = Reference(f'"{column}"', target, "sourcedId", several, definition.lenient)
            yield from (_named(problem) for problem in check_reference(engine, table, reference))
    yield from _across(engine, held)


def _of_column(name: str, column: Column, version: str, form: OneRoster) -> Iterator[Check]:
    if column.is_required(version):
        # Rows that a delta deletes need no more than their id.
        empty = f"{name} IS NULL AND NOT (delta AND coalesce(status, '') = 'tobedeleted')"
        yield Check(name, empty, "an empty cell", "a value", "fill it in or remove the row")
    if allowed := column.allowed(version):
        words = ", ".join(allowed) + (", or ext: and a word" if column.extensible else "")
        extension = f" AND {name} NOT LIKE 'ext:%'" if column.extensible else ""
        listed = ", ".join(map(literal, allowed))
        yield Check(
            name, f"{name} NOT IN ({listed}){extension}", "", words, "write one of the codes", known=allowed
        )
    if column.type == "date":
        wrong = f"{name} IS NOT NULL AND try_strptime({name}, '%Y-%m-%d') IS NULL"
        yield Check(name, wrong, "", "a date such as 2024-01-31", "write year-month-day")
    elif column.type == "year":
        wrong = f"{name} IS NOT NULL AND NOT regexp_full_match({name}, '(19|20)\\d\\d')"
        yield Check(name, wrong, "", "a year such as 2024", "write the year in which the school year ends")
    elif column.type == "flag":
        yield from _of_flag(name)
    elif column.type == "grades":
        codes = ", ".join(map(literal, form.grades))
        written = f"[trim(g) for g in string_split({name}, ',')]"
        wrong = f"len([g for g in {written} if g <> '' AND g NOT IN ({codes})]) > 0"
        known = tuple(form.grades)
        yield Check(name, wrong, "", ", ".join(known), "write the CEDS code of the grade", known=known)
    elif column.type == "user_ids":
        wrong = f"{name} IS NOT NULL AND NOT regexp_matches({name}, {literal(_USER_IDS)})"
        yield Check(
            name, wrong, "ids that are not written as the standard asks", "{type:id}, separated by commas",
            "write them so; until then nothing is matched by them", WARNING,
        )  # fmt: skip


def _of_flag(name: str) -> Iterator[Check]:
    wrong = f"lower({name}) NOT IN ('true', 'false')"
    yield Check(name, wrong, "", "true or false", "write true or false", known=_FLAGS)
    other = f"lower({name}) IN ('true', 'false') AND {name} <> lower({name})"
    yield Check(name, other, "true or false in capitals", "true or false", "nothing; it was read", NOTE)


def _of_mode(table: Staged, form: OneRoster) -> Iterator[Check]:
    listed = ", ".join(map(literal, form.statuses))
    allowed = ", ".join(form.statuses)
    if {"status", "dateLastModified"} <= table.columns:
        yield Check(
            '"status"', f"delta AND (status IS NULL OR status NOT IN ({listed}))",
            "a row of a delta without a status", allowed, "write active or tobedeleted",
        )  # fmt: skip
        when = 'delta AND ("dateLastModified" IS NULL OR TRY_CAST("dateLastModified" AS TIMESTAMPTZ) IS NULL)'
        yield Check(
            '"dateLastModified"', when, "a row of a delta without the time of the change",
            "a time such as 2024-01-31T08:00:00.000Z", "write when the row was changed",
        )  # fmt: skip
    if "status" in table.columns:
        yield Check(
            '"status"', "NOT delta AND status = 'tobedeleted'", "a row to be deleted in a bulk file",
            "an empty status", "leave the row out, or export the file as delta",
        )  # fmt: skip
        yield Check(
            '"status"', "NOT delta AND status IS NOT NULL AND status <> 'tobedeleted'",
            "a status in a bulk file", "an empty status", "nothing; every row of a bulk file counts", WARNING,
        )  # fmt: skip


def _of_metadata(table: Staged) -> Iterator[Check]:
    spelled = (*roster_format().flag_yes, *roster_format().flag_no, *roster_format().unknown)
    for column in sorted(table.columns):
        if column.startswith("metadata."):
            wrong = f'lower("{column}") NOT IN ({", ".join(map(literal, spelled))})'
            yield Check(f'"{column}"', wrong, "", "yes or no; empty: unknown", "write yes or no")


def _of_order(name: str, table: Staged) -> Iterator[Check]:
    pair = {"academicSessions": ("startDate", "endDate"), "enrollments": ("beginDate", "endDate")}.get(name)
    if pair and set(pair) <= table.columns:
        first, last = (f"try_strptime(\"{column}\", '%Y-%m-%d')" for column in pair)
        # A session has a day at least; an enrollment that was never taken up ends on its first day.
        sign = ">=" if name == "academicSessions" else ">"
        yield Check(
            f'"{pair[1]}"', f"{first} {sign} {last}", f"an end that is not after {pair[0]}",
            f"a day after {pair[0]}", "correct one of the two",
        )  # fmt: skip


def _repeated(engine: duckdb.DuckDBPyConnection, table: Staged) -> Iterator[Problem]:
    found = engine.execute(
        f"SELECT part, sum(n - 1), min(again) FROM (SELECT part, count(*) AS n, min(row, 2)[2] AS again"
        f' FROM {table.name} WHERE "sourcedId" IS NOT NULL AND NOT delta GROUP BY part, "sourcedId"'
        " HAVING n > 1) GROUP BY part ORDER BY part"
    ).fetchall()
    for part, count, row in found:
        yield Problem(
            ERROR, table.files[part], "a row with the sourcedId of an earlier row", "one row a sourcedId",
            "keep one of the rows", row, "sourcedId", int(count),
        )  # fmt: skip


def _across(engine: duckdb.DuckDBPyConnection, held: Mapping[str, Staged]) -> Iterator[Problem]:
    enrollments = held["enrollments"]
    query = (
        "SELECT e.part, count(*), min(e.row) FROM held_enrollments e JOIN held_classes c"
        ' ON e."classSourcedId" = c."sourcedId" WHERE e."schoolSourcedId" <> c."schoolSourcedId"'
        " GROUP BY e.part ORDER BY e.part"
    )
    for part, count, row in engine.execute(query).fetchall():
        yield Problem(
            WARNING, enrollments.files[part], "an enrollment at another school than its class",
            "the schoolSourcedId of the class", "correct one of the two; the enrollment's school counts",
            row, "schoolSourcedId", count,
        )  # fmt: skip
    query = (
        "SELECT max(part), count(*), min(again) FROM (SELECT max(part) AS part, min(row, 2)[2] AS again"
        " FROM held_enrollments WHERE role = 'teacher' AND lower(\"primary\") = 'true'"
        ' GROUP BY "classSourcedId" HAVING count(*) > 1) HAVING count(*) > 0'
    )
    for part, count, row in engine.execute(query).fetchall():
        yield Problem(
            WARNING, enrollments.files[part], "a class with a second primary teacher",
            "at most one primary teacher a class", "correct it; the first one counts", row, "primary", count,
        )  # fmt: skip


def _named(problem: Problem) -> Problem:
    """Columns are told without the quotes of SQL."""
    return replace(problem, column=problem.column.strip('"') if problem.column else None)

"""The checks of an export: what is required, dates, numbers, descriptors and references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from evenground.engine import literal
from evenground.model import ERROR, WARNING, Problem
from evenground.sources.edfi.format import Column, EdFi
from evenground.sources.edfi.stage import SEVERAL
from evenground.sources.exchange import Check, Reference, Staged, check_reference, check_rows, quote


def check_staged(
    engine: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged], form: EdFi
) -> Iterator[Problem]:
    """Every problem of every resource; rows are told by the number of the object in its file."""
    for name, table in staged.items():
        columns = form.resources[name].columns
        checks = [check for column, definition in columns.items() for check in _checks(column, definition)]
        for problem in check_rows(engine, table, checks):
            yield _with_path(problem, columns)
        for column, definition in columns.items():
            if definition.codes is not None and not definition.others:
                yield from _unknown_codes(engine, table, column, definition, form)
            if definition.refers is not None and table.files:
                target = staged[definition.refers]
                reference = Reference(column, target, column)
                yield from (_with_path(one, columns) for one in check_reference(engine, table, reference))


def _checks(name: str, column: Column) -> Iterator[Check]:
    if column.required:
        yield Check(name, f"{name} IS NULL", "nothing", column.path, "fill it in or leave the object out")
    if column.type == "date":
        wrong = f"{name} IS NOT NULL AND try_strptime({name}, '%Y-%m-%d') IS NULL"
        yield Check(name, wrong, "", "a date such as 2024-01-31", "write year-month-day")
    elif column.type == "number":
        wrong = f"{name} IS NOT NULL AND TRY_CAST({name} AS DOUBLE) IS NULL"
        yield Check(name, wrong, "", "a number", "write a number, or leave it out")
    elif column.type == "flag":
        yield Check(name, f"{name} NOT IN ('true', 'false')", "", "true or false", "write true or false")


def _unknown_codes(
    engine: duckdb.DuckDBPyConnection, table: Staged, name: str, column: Column, form: EdFi
) -> Iterator[Problem]:
    known = form.codes[column.codes or ""]
    listed = ", ".join(map(literal, known)) or "''"
    found = engine.execute(
        "SELECT part, code, count(*), min(row)"
        f" FROM (SELECT part, row, unnest(string_split({name}, '{SEVERAL}')) AS code FROM {table.name})"
        f" WHERE code NOT IN ({listed}) GROUP BY part, code ORDER BY 3 DESC, code LIMIT 20"
    ).fetchall()
    severity = ERROR if column.strict else WARNING
    for part, code, count, row in found:
        # A descriptor is a word of a public list, never a value of a student's own.
        said = f"the code {code[:40]!r}" if len(code) <= 40 else quote(code, tuple(known))
        todo = "write one of these codes" if column.strict else "nothing; it counts as unknown"
        allowed = ", ".join(dict.fromkeys(known))
        yield Problem(severity, table.files[part], said, allowed, todo, row, column.path, count)


def _with_path(problem: Problem, columns: Mapping[str, Column]) -> Problem:
    known = columns.get(problem.column or "")
    return replace(problem, column=known.path) if known else problem

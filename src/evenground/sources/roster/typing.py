"""From text to types, in SQL: codes to what they stand for, yes and no to true and false, numbers, dates.

What does not fit its type is null in `<column>`. Most files have no such cell: the first reading only finds
out whether there is one (`any_wrong`); a second one keeps their texts (`<column>_wrong`) for a check to tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from evenground.engine import literal
from evenground.sources.roster.format import Column, Format, Table

ASIDE = "(set aside)"
"""What a code stands for whose rows a review leaves out."""


def typed(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    table: Table,
    texts: Mapping[str, str],
    source: str,
    form: Format,
    *,
    keeping_wrong: bool,
) -> str:
    """The query that casts the columns of a table; `texts` holds for each the SQL of its text in `source`.

    Beside the columns it gives `<column>_wrong` (text) or, where these are not kept, `any_wrong` (a row has
    one). Codes are looked up through an enumeration of their spellings: one hash a cell.
    """
    raw = ", ".join(f"{text} AS {column}" for column, text in texts.items())
    cast, chosen, wrong = [], [], []
    for column in texts:
        definition = table.columns[column]
        trimmed = f"nullif(trim({column}), '')"
        if definition.type in ("id", "text", "school_year"):
            cast.append(column)
            chosen.append(f"{trimmed} AS {column}")
            continue
        cast.append(
            f"{column}, {_cast(engine, f'{name}_{column}', definition, column, form)} AS cast_{column}"
        )
        chosen.append(f"{_meaning(definition, f'cast_{column}', form)} AS {column}")
        if keeping_wrong:
            chosen.append(f"CASE WHEN cast_{column} IS NULL THEN {trimmed} END AS {column}_wrong")
        else:
            wrong.append(f"CASE WHEN cast_{column} IS NULL THEN trim({column}) <> '' END")
    if not keeping_wrong:
        chosen.append(f"{' OR '.join(wrong) or 'false'} AS any_wrong")
    return f"SELECT {', '.join(chosen)} FROM (SELECT {', '.join(cast)} FROM (SELECT {raw} FROM {source}))"


def sql_type(column: Column) -> str:
    """The SQL type of a column after `typed`."""
    return {"flag": "BOOLEAN", "number": "DOUBLE", "whole": "DOUBLE", "date": "DATE"}.get(
        column.type, "VARCHAR"
    )


def _cast(engine: duckdb.DuckDBPyConnection, name: str, column: Column, text: str, form: Format) -> str:
    if column.type in ("code", "flag"):
        spellings = ", ".join(literal(spelling) for spelling in _spellings(column, form))
        engine.execute(f"DROP TYPE IF EXISTS spelled_{name}")
        engine.execute(f"CREATE TYPE spelled_{name} AS ENUM ({spellings})")
        # Most cells are written as the enumeration has them: only the others are trimmed and made small.
        return (
            f"coalesce(TRY_CAST({text} AS spelled_{name}), TRY_CAST(lower(trim({text})) AS spelled_{name}))"
        )
    if column.type == "date":
        # The engine's own cast is much quicker, and would take more than is a date here.
        formats = "['%Y-%m-%d', '%Y-%m-%d %H:%M:%S']"
        return (
            f"CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE)"
            f" ELSE CAST(try_strptime(trim({text}), {formats}) AS DATE) END"
        )
    number = f"TRY_CAST({text} AS DOUBLE)"
    sound = f"isfinite({number})" + (f" AND {number} = floor({number})" if column.type == "whole" else "")
    return f"CASE WHEN {sound} THEN {number} END"


def _meaning(column: Column, cast: str, form: Format) -> str:
    meanings = list(_spellings(column, form).values())
    if column.type == "flag":
        unknown, no = (meanings.index(code) for code in ("unknown", column.if_no or "no"))
        return (
            f"CASE WHEN enum_code({cast}) < {no} THEN true WHEN enum_code({cast}) < {unknown} THEN false END"
        )
    if column.type == "code":
        texts = ["NULL" if code == "unknown" else literal(code) for code in meanings]
        return f"[{', '.join(texts)}][enum_code({cast}) + 1]"
    return cast


def _spellings(column: Column, form: Format) -> dict[str, str]:
    """Spelling -> meaning, in the order of the enumeration: set aside, the codes (yes, then no), unknown.

    Every spelling also as it is written with a capital and in capitals.
    """
    small = {**{text.lower(): ASIDE for text in column.set_aside}, **form.spellings(column)}
    return {
        written: meaning
        for text, meaning in small.items()
        for written in (text, text.capitalize(), text.upper())
    }

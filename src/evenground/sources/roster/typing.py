"""From text to types, in SQL: codes to what they stand for, yes and no to true and false, numbers, dates.

What does not fit its type is null in `<column>` and kept as text in `<column>_wrong`, for a check to tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from evenground.sources.roster.format import Column, Format, Table

ASIDE = "(set aside)"
"""What a code stands for whose rows a review leaves out."""


def quoted(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def typed(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    table: Table,
    texts: Mapping[str, str],
    source: str,
    form: Format,
) -> str:
    """The query that casts the columns of a table; `texts` holds for each the SQL of its text in `source`.

    Codes are looked up through an enumeration of their spellings: one hash a cell.
    """
    raw = ", ".join(f"{text} AS {column}" for column, text in texts.items())
    cast, chosen = [], []
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
        chosen.append(
            f"CASE WHEN {column} IS NOT NULL AND cast_{column} IS NULL THEN {trimmed} END AS {column}_wrong"
        )
    return f"SELECT {', '.join(chosen)} FROM (SELECT {', '.join(cast)} FROM (SELECT {raw} FROM {source}))"


def sql_type(column: Column) -> str:
    """The SQL type of a column after `typed`."""
    return {"flag": "BOOLEAN", "number": "DOUBLE", "whole": "DOUBLE", "date": "DATE"}.get(
        column.type, "VARCHAR"
    )


def _cast(engine: duckdb.DuckDBPyConnection, name: str, column: Column, text: str, form: Format) -> str:
    if column.type in ("code", "flag"):
        spellings = ", ".join(quoted(spelling) for spelling in _spellings(column, form))
        engine.execute(f"CREATE TYPE spelled_{name} AS ENUM ({spellings})")
        found = f"TRY_CAST(lower(trim({text})) AS spelled_{name})"
        # Most flags are 1 or 0: they are not looked up.
        usual = (form.flag_yes[0], form.flag_no[0]) if column.type == "flag" else ()
        cases = " ".join(
            f"WHEN {text} = {quoted(spelling)} THEN {quoted(spelling)}::spelled_{name}" for spelling in usual
        )
        return f"CASE WHEN {text} IS NULL THEN NULL {cases} ELSE {found} END"
    if column.type == "date":
        return f"CAST(try_strptime(trim({text}), ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S']) AS DATE)"
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
        texts = ["NULL" if code == "unknown" else quoted(code) for code in meanings]
        return f"[{', '.join(texts)}][enum_code({cast}) + 1]"
    return cast


def _spellings(column: Column, form: Format) -> dict[str, str]:
    """Spelling -> meaning, in the order of the enumeration: set aside, the codes (yes, then no), unknown."""
    return {**{text.lower(): ASIDE for text in column.set_aside}, **form.spellings(column)}

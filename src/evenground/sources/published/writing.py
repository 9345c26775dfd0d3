"""Numbers as people write them, in SQL: 1,234 and 45.3%, and ranges that hide a number: LT50, 21-39, GE95."""

from __future__ import annotations

from evenground.engine import literal

ABSENT = "(no such column)"
"""The word in a column that the file does not have and may lack."""
_FIGURE = r"\d+(?:\.\d+)?"
_BELOW, _ABOVE = r"(?:LT|LE|<=?|≤)", r"(?:GT|GE|>=?|≥)"
RANGE = rf"(?:{_BELOW}|{_ABOVE})\s*{_FIGURE}\s*%?|{_FIGURE}\s*[-–]\s*{_FIGURE}\s*%?"
"""A range instead of a number."""
_LAST = rf"({_FIGURE})\s*%?$"
_GROUPED = r"[-+]?\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_COMMA = r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
"""A number with a decimal comma: 70,4 and 1.234,5; never 70.4, which would be read as 704."""


def number(word: str, percent: bool, decimal: str = ".") -> str:
    """The number that a word (SQL) is, null where it is none. With `percent`, 45.3 and 45.3% are 0.453; with
    `decimal` a comma, 45,3 is what 45.3 is otherwise."""
    plain = f"RTRIM({word}, ' %')" if percent else word
    if decimal == ",":
        dotted = f"REPLACE(REPLACE({plain}, '.', ''), ',', '.')"
        fits = f"regexp_full_match({plain}, {literal(_COMMA)})"
        parsed = f"CASE WHEN {fits} THEN TRY_CAST({dotted} AS DOUBLE) END"
        return f"(({parsed}) / 100)" if percent else f"({parsed})"
    bare = f"REPLACE(REPLACE({plain}, ',', ''), '$', '')"
    grouped = f"regexp_full_match({plain}, {literal(_GROUPED)}) OR {plain} LIKE '$%'"
    parsed = f"COALESCE(TRY_CAST({plain} AS DOUBLE), CASE WHEN {grouped} THEN TRY_CAST({bare} AS DOUBLE) END)"
    return f"({parsed} / 100)" if percent else parsed


def range_end(word: str, end: str, percent: bool, share: bool) -> str:
    """The `low` or `high` end of the range that a word (SQL) is. Below 10 students is at most 9 of them."""
    first = f"TRY_CAST(regexp_extract({word}, {literal(_FIGURE)}) AS DOUBLE)"
    last = f"TRY_CAST(regexp_extract({word}, {literal(_LAST)}, 1) AS DOUBLE)"
    below = f"regexp_matches({word}, {literal('^' + _BELOW)})"
    above = f"regexp_matches({word}, {literal('^' + _ABOVE)})"
    whole = "NULL" if not share else "100" if percent else "1"
    strict = 0 if share else 1
    under = f"{first} - CASE WHEN regexp_matches({word}, '^(LT|<[^=])') THEN {strict} ELSE 0 END"
    over = f"{first} + CASE WHEN regexp_matches({word}, '^(GT|>[^=])') THEN {strict} ELSE 0 END"
    low = f"CASE WHEN {below} THEN 0 WHEN {above} THEN {over} ELSE {first} END"
    high = f"CASE WHEN {below} THEN {under} WHEN {above} THEN {whole} ELSE {last} END"
    return f"({low if end == 'low' else high})" + (" / 100" if percent else "")

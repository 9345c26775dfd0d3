"""Ids and codes that a spreadsheet changed: rounded, without zeros in front, turned into dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from evenground.sources.checks.catalogue import checks
from evenground.sources.checks.raw import Column, Raw, name, says, spreadsheet_day
from evenground.sources.checks.remark import Remark


def check_codes(raw: Raw) -> Iterator[Remark]:
    """scientific_id, lost_zeros, date_for_code, reserve_code."""
    for column in raw.columns:
        yield from _scientific(raw, column)
        yield from _lost_zeros(raw, column)
        yield from _days(raw, column)
    yield from _reserve_codes(raw)


def _scientific(raw: Raw, column: Column) -> Iterator[Remark]:
    check = checks()["scientific_id"]
    if not says(column.name, check.words["id"]) or column.is_share:
        return
    pattern = r"[0-9](\.[0-9]+)?[eE]\+?([0-9]{1,2})"
    rows = raw.ask(f"""
        SELECT COUNT(*), MIN("row"), ARG_MIN({name(column)}, "row") FROM {raw.relation}
        WHERE regexp_full_match(TRIM({name(column)}), '{pattern}')
          AND TRY_CAST(regexp_extract(TRIM({name(column)}), '{pattern}', 2) AS INTEGER)
              >= {check.parameters["shortest_exponent"]}""")
    count, row, value = rows[0]
    if count:
        yield Remark("scientific_id", raw.file, row, column.name, count, {"value": raw.told(value)})


def _lost_zeros(raw: Raw, column: Column) -> Iterator[Remark]:
    """Two lengths only, the longer the usual one, and not a single zero in front."""
    given = checks()["lost_zeros"].parameters
    if not column.is_id or column.zeros_in_front or column.digits < given["least_rows"]:
        return
    lengths = raw.ask(f"""
        SELECT LENGTH(TRIM({name(column)})) AS long, COUNT(*), MIN("row") FROM {raw.relation}
        WHERE regexp_full_match(TRIM({name(column)}), '[0-9]+') GROUP BY long ORDER BY long""")
    if len(lengths) != 2:
        return
    (short, few, row), (long, many, _) = lengths
    if long - short == 1 and long >= given["shortest"] and few <= given["most_short"] * (few + many):
        yield Remark("lost_zeros", raw.file, row, column.name, few, {"short": short, "long": long})


def _days(raw: Raw, column: Column) -> Iterator[Remark]:
    if not 0 < column.dates < checks()["date_for_code"].parameters["most_share"] * column.filled:
        return
    rows = raw.ask(f"""
        SELECT COUNT(*), MIN("row"), ARG_MIN(TRIM({name(column)}), "row") FROM {raw.relation}
        WHERE {spreadsheet_day(f"TRIM({name(column)})")}""")
    count, row, value = rows[0]
    yield Remark("date_for_code", raw.file, row, column.name, count, {"value": raw.told(value)})


def _reserve_codes(raw: Raw) -> Iterator[Remark]:
    """All columns of a file with the same codes are one finding."""
    given = checks()["reserve_code"].parameters
    found: dict[tuple[float, ...], list[tuple[str, int, int]]] = {}
    for column in raw.columns:
        if not column.is_number or column.low is None or column.low >= 0 or column.low != round(column.low):
            continue
        rows = raw.ask(f"""
            SELECT {name(column)} AS q, COUNT(*), MIN("row") FROM {raw.figures} WHERE q < 0
            GROUP BY q ORDER BY q DESC LIMIT {given["most_kinds"] + 1:.0f}""")
        count = sum(times for _, times, _ in rows)
        whole = all(value == round(value) for value, _, _ in rows)
        if whole and len(rows) <= given["most_kinds"] and count >= given["least_rows"]:
            codes = tuple(value for value, _, _ in rows)
            found.setdefault(codes, []).append((column.name, count, min(row for _, _, row in rows)))
    for codes, columns in found.items():
        names = ", ".join(column for column, _, _ in columns[:5]) + (
            f" (+{len(columns) - 5})" if len(columns) > 5 else ""
        )
        words = {"values": ", ".join(f"{code:g}" for code in codes), "columns": names}
        count, row = sum(count for _, count, _ in columns), min(row for _, _, row in columns)
        yield Remark("reserve_code", raw.file, row, columns[0][0], count, words)


def check_codes_together(tables: Sequence[Raw]) -> Iterator[Remark]:
    """other_zeros: the same ids with zeros in front in one file and without them in another."""
    given = checks()["other_zeros"].parameters
    for one, other in permutations(tables, 2):
        for column in one.columns:
            partner = other.column(column.name)
            if not (column.is_id and partner and partner.is_id and partner.zeros_in_front):
                continue
            if column.zeros_in_front or column.distinct < given["least_ids"]:
                continue
            ids = f"SELECT DISTINCT TRIM({name(partner)}) AS id FROM {other.relation}"
            rows = one.ask(f"""
                WITH theirs AS ({ids}), bare AS (
                    SELECT DISTINCT LTRIM(id, '0') AS id FROM theirs
                    WHERE id LIKE '0%' AND LENGTH(id) >= {given["shortest"]}
                )
                SELECT COUNT(*), MIN("row") FROM {one.relation}
                WHERE TRIM({name(column)}) IN (SELECT id FROM bare)
                  AND TRIM({name(column)}) NOT IN (SELECT id FROM theirs WHERE id IS NOT NULL)""")
            count, row = rows[0]
            # few matches among many ids are chance
            if count and count >= given["least_share"] * partner.zeros_in_front:
                yield Remark("other_zeros", one.file, row, column.name, count, {"other": other.file})

"""Every check of tables as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenground.sources.checks.codes import check_codes, check_codes_together
from evenground.sources.checks.lines import check_lines, check_pairs, check_repeats
from evenground.sources.checks.names import check_names_together
from evenground.sources.checks.numbers import check_numbers, check_shares_together
from evenground.sources.checks.raw import Raw
from evenground.sources.checks.remark import Remark
from evenground.sources.checks.years import check_years

_EACH = (check_codes, check_lines, check_repeats, check_pairs, check_numbers, check_years)
_TOGETHER = (check_codes_together, check_shares_together, check_names_together)


def check_files(tables: Sequence[Raw]) -> Iterator[Remark]:
    """What is odd in each table and between them."""
    for raw in tables:
        for check in _EACH:
            yield from check(raw)
    for together in _TOGETHER:
        yield from together(tables)

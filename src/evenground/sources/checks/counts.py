"""Every check of published counts, as they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import pyarrow as pa

from evenground.definitions import Definitions
from evenground.sources.checks.counted import counted
from evenground.sources.checks.courses import check_course
from evenground.sources.checks.remark import Remark
from evenground.sources.checks.sizes import check_sizes
from evenground.sources.checks.sums import check_sums


def check_counts(
    leaves: pa.Table,
    units: pa.Table,
    dimensions: Iterable[str],
    definitions: Definitions,
    files: Mapping[str, str] | None = None,
    *,
    complete: Collection[str],
) -> Iterator[Remark]:
    """What is odd in leaves (model.leaf_schema). `files`: the file that an indicator is read from."""
    given = counted(leaves, units, dimensions, definitions, files or {}, complete)
    try:
        for check in (check_sums, check_sizes, check_course):
            yield from check(given)
    finally:
        given.connection.close()

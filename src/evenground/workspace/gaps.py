"""The first measures on a table of a person's own."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from evenground.definitions import load
from evenground.model import InputProblems
from evenground.questions.gaps import Wanted
from evenground.questions.gaps import gaps as gaps_of
from evenground.sources import read_table
from evenground.workspace.policy import policy_of


def gaps(file: Path, wanted: Wanted, policy: str | None = None) -> pa.Table:
    """The first measures on any CSV, Excel or Parquet table. Raises InputProblems."""
    if not wanted.by:
        raise InputProblems.one("--by", "no column", "columns that tell groups apart", "name at least one")
    definitions = load()
    return gaps_of(
        read_table(file, wanted.columns), wanted, definitions, policy_of(policy, definitions), file.name
    )

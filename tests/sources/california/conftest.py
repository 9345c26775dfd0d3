"""California's sources read once, and a way to look single cells up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from evenground.definitions import load
from evenground.sources.dataset import Dataset
from evenground.sources.published import read_published

KEYS = (
    "indicator",
    "unit_level",
    "unit_id",
    "period",
    "n",
    "total",
    "total_sq",
    "weight_sq",
    "value",
    "state",
)


class Leaves:
    """`leaves(indicator, unit, race_ethnicity="black")` is that one cell; `""` is the state."""

    def __init__(self, dataset: Dataset):
        assert dataset.leaves is not None
        self.dataset, self.frame = dataset, dataset.leaves.to_pandas()
        self.dimensions = [name for name in self.frame.columns if name in dataset.dimensions]

    def of(self, indicator: str, **where: str) -> pd.DataFrame:
        """The cells of an indicator; groups by name, everything else by column."""
        found = self.frame[self.frame["indicator"] == indicator]
        for name, value in where.items():
            found = found[found[name] == value]
        return found

    def __call__(self, indicator: str, unit: str, period: str | None = None, **group: str) -> pd.Series:
        found = self.of(indicator, unit_id=unit)
        if period is not None:
            found = found[found["period"] == period]
        for name in self.dimensions:
            found = found[found[name] == group[name] if name in group else found[name].isna()]
        assert len(found) == 1, f"{indicator} of {unit} {group} is there {len(found)} times"
        return found.iloc[0]

    @property
    def checks(self) -> str:
        return "\n".join(f"{one.severity} {one.found} -> {one.todo}" for one in self.dataset.checks)


@pytest.fixture(scope="session")
def real(shared_data: Callable[[str], Path]) -> Callable[[str, str], Leaves]:
    """`real("cde-lcff", "ca-lcff-2018")` is the source read from that real folder, once."""
    held: dict[str, Leaves] = {}

    def read(source: str, folder: str) -> Leaves:
        if source not in held:
            held[source] = Leaves(read_published(shared_data(folder), source, load()))
        return held[source]

    return read


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Leaves]:
    """`made("cde-need")` is the source read from the files that the test has written into tmp_path."""
    return lambda source: Leaves(read_published(tmp_path, source, load()))


def text(path: Path, rows: Iterable[Mapping[str, object]], by: str = "\t", encoding: str = "utf-8") -> None:
    """Writes rows as CDE writes its flat files: a header, values apart by `by`, nothing quoted."""
    rows = list(rows)
    lines = [by.join(rows[0]), *(by.join(str(value) for value in row.values()) for row in rows)]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))

"""The truth behind a made-up system: for every cell the mean of the planted chances of its students."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

RATES = pa.schema(
    [
        ("indicator", pa.string()),
        ("unit_level", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.string()),
        ("group", pa.string()),
        ("n", pa.int64()),
        ("rate", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Truth:
    """What was planted.

    `rates` has the columns of RATES: `n` students of the cell and the true `rate`, the mean of their planted
    chances (for exposures the mean of what their schools have). `planted` lists the stories: which gap closes
    and why, which school does better than expected, how much of a gap lies between and within schools.
    """

    settings: Mapping[str, Any]
    rates: pa.Table
    planted: tuple[Mapping[str, Any], ...]

    def rate(self, indicator: str, period: str, group: str = "all", unit: str | None = None) -> float:
        """The true rate of a cell; `unit` is `level:id`, default everybody. Raises KeyError without one."""
        level, _, identity = (unit or self.settings["whole"]).partition(":")
        wanted = (indicator, level, identity, period, group)
        found = self._index.get(wanted)
        if found is None:
            raise KeyError(wanted)
        return found

    @cached_property
    def _index(self) -> Mapping[tuple[str, ...], float]:
        columns = [
            self.rates.column(name).to_pylist()
            for name in ("indicator", "unit_level", "unit_id", "period", "group")
        ]
        return dict(zip(zip(*columns, strict=True), self.rates.column("rate").to_pylist(), strict=True))

    def write(self, path: Path) -> None:
        content = {
            "settings": dict(self.settings),
            "planted": list(self.planted),
            "rates": self.rates.to_pydict(),
        }
        path.write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Truth:
        """Reads what `write` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(content["settings"], pa.table(content["rates"], schema=RATES), tuple(content["planted"]))

"""The frame that two benches read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.sides import FRAME

ROWS = 1_000_000


def write_frame(folder: Path) -> Path:
    """A million made-up students with four dimensions and one outcome, as Parquet."""
    file = folder / "frame.parquet"
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rng = np.random.default_rng(7)
    values = (
        ("asian", "black", "hispanic", "two_or_more", "white"),
        ("female", "male"),
        ("yes", "no"),
        ("english", "other"),
    )
    columns = {
        name: np.array(kinds)[rng.integers(0, len(kinds), ROWS)]
        for name, kinds in zip(FRAME, values, strict=True)
    }
    columns["graduated"] = (rng.random(ROWS) < 0.6).astype(np.int8)
    parquet.write_table(pa.table(columns), file)
    return file

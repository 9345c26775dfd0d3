"""Segregation over every school of a large country, and beside PySAL over Kentucky's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.child import best, side
from bench.line import Line

KENTUCKY = Path(__file__).parents[2] / "shared" / "data" / "ky-kysrc" / "race_sch.csv.gz"
SCHOOLS, GROUPS, DRAWS = 100_000, 7, 100
PEER = ("MultiDivergence", "MultiInfoTheory", "MultiDissim", "MultiNormExposure", "MultiRelativeDiversity",
        "MultiSquaredCoefVar", "SimpsonsInteraction", "MultiGini")  # fmt: skip


def segregation(folder: Path) -> Iterator[Line]:
    """M and H with their bootstrap over 100,000 schools; eight indices of Kentucky's schools beside PySAL."""
    ours = best([side("bootstrap_of_schools", str(folder)) for _ in range(3)])
    what = f"M and H, {SCHOOLS:,} schools x {GROUPS}, {DRAWS} draws"
    yield Line(what, ours, None, "5 s", ours.seconds < 5)
    if not KENTUCKY.is_file() or not find_spec("segregation"):
        print(
            "segregation: not beside PySAL; it needs ../shared/data/ky-kysrc and `pip install segregation`."
        )
        return
    ours = best([side("indices_of_kentucky", str(KENTUCKY)) for _ in range(3)])
    peer = best([side("pysal_of_kentucky", str(KENTUCKY)) for _ in range(3)])
    apart = max(abs(a - b) for a, b in zip(ours.answer, peer.answer, strict=True))
    if apart > 1e-9:
        raise RuntimeError(f"not the same indices: {apart} apart")
    what = "eight indices, 1,420 schools, equal to 1e-9"
    yield Line(what, ours, ("PySAL segregation", peer), "faster", ours.seconds < peer.seconds)


def bootstrap_of_schools(_: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """Seven groups of very different size in schools of 50 to 1,500 students."""
    import numpy as np

    from evenground.measures.segregation import bootstrap

    rng = np.random.default_rng(1)
    mix = rng.dirichlet([0.3, 0.6, 1.5, 2, 0.2, 0.1, 3], SCHOOLS)
    students = np.rint(mix * rng.integers(50, 1500, SCHOOLS)[:, None]).astype(int).ravel()
    school, group = np.repeat(np.arange(SCHOOLS), GROUPS), np.tile(np.arange(GROUPS), SCHOOLS)
    return lambda: bootstrap(students, school, group, draws=DRAWS), lambda found: found.value.round(
        6
    ).tolist()


def indices_of_kentucky(file: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """From the long table, as it is published, to eight indices."""
    from evenground.measures import segregation as measure

    frame = _kentucky(file)

    def work() -> Any:
        columns = frame["s_count"].to_numpy(), frame["sch_id"].to_numpy(), frame["race"].to_numpy()
        found = [
            f(*columns).value for f in (measure.mutual_information, measure.theil_h, measure.dissimilarity)
        ]
        others = measure.multigroup(*columns, draws=0).value.tolist()
        return [*map(float, found), *others[1:], others[0]]

    return work, list


def pysal_of_kentucky(file: Path) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """The same from the same table, which PySAL takes with a column a group."""
    from segregation import multigroup

    frame = _kentucky(file)
    multigroup.MultiGini(_wide(frame), sorted(frame["race"].unique()))  # numba compiles once

    def work() -> Any:
        table = _wide(frame)
        groups = list(table.columns)
        return [float(getattr(multigroup, name)(table, groups).statistic) for name in PEER]

    return work, list


def _wide(frame: Any) -> Any:
    return frame.pivot_table(index="sch_id", columns="race", values="s_count", aggfunc="sum", fill_value=0.0)


def _kentucky(file: Path) -> Any:
    import pandas as pd

    frame = pd.read_csv(file, dtype={"sch_id": str})
    return frame[frame["year"] == "2016-2017"]


PREPARED = (bootstrap_of_schools, indices_of_kentucky, pysal_of_kentucky)

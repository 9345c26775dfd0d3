"""`python -m bench`, or some of it: `python -m bench count gaps roster gate review help`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.child import best, command, side
from bench.frame import write_frame
from bench.growth import growth
from bench.intervals import intervals
from bench.line import Line
from bench.predictability import predictability
from bench.segregation import segregation
from bench.spectrum import spectrum

ROOT = Path(__file__).parents[1]
KENTUCKY = ROOT.parent / "shared" / "data" / "ky-kysrc"
STUDENTS, SCHOOLS, DISTRICTS = 6_000_000, 10_000, 1_000
ROSTER_STUDENTS = 3_800_000


def count(folder: Path) -> Iterator[Line]:
    """Six million students, seven dimensions, ten indicators, groups up to three deep."""
    from evenground.sources.synthetic import make_student_years

    file = folder / "students.parquet"
    make_student_years(file, STUDENTS, schools=SCHOOLS, districts=DISTRICTS)
    pairs = [(side("bare_leaves", str(file)), side("count_districts", str(file))) for _ in range(3)]
    bare, ours = best([pair[0] for pair in pairs]), best([pair[1] for pair in pairs])
    met = ours.seconds <= 2 * bare.seconds and ours.peak < 6
    yield Line("count: state and districts", ours, ("DuckDB, leaf cells", bare), "at most 2x, 6 GB", met)
    peer = side("grouping_sets", str(file))
    ours = best([side("count_schools", str(file)) for _ in range(2)])
    if ours.answer != peer.answer:
        raise RuntimeError(f"not the same cells: {ours.answer} and {peer.answer}")
    met = 4 * ours.seconds <= peer.seconds and ours.peak < 6
    goal = "at most 0.25x, 6 GB"
    yield Line(
        f"count: every school, {ours.answer['groups']:,} groups",
        ours,
        ("DuckDB, grouping sets", peer),
        goal,
        met,
    )


def gaps(folder: Path) -> Iterator[Line]:
    """A million rows in a pandas frame, up to three-way."""
    file = write_frame(folder)
    ours = best([side("gaps_of_frame", str(file)) for _ in range(5)])
    peer = side("metric_frames", str(file))
    if ours.answer != peer.answer:
        raise RuntimeError(f"not the same groups: {ours.answer} and {peer.answer}")
    met = ours.seconds < 0.5 and 30 * ours.seconds <= peer.seconds
    yield Line(
        "gaps: all measures, 1,000,000 rows", ours, ("fairlearn MetricFrame", peer), "0.5 s and 0.033x", met
    )


def review(folder: Path) -> Iterator[Line]:
    """All of Kentucky, to page, PDF, slides and workbook; and with a page and a print for every school."""
    if not KENTUCKY.is_dir():
        print("review: left out, since ../shared/data/ky-kysrc is not there.")
        return
    words = [_program(), "review", str(KENTUCKY), "--source", "kentucky", "--out", str(folder / "review")]
    ours = command(words)
    yield Line("review: Kentucky", ours, None, "90 s, 3 GB", ours.seconds < 90 and ours.peak < 3)
    ours = command([*words, "--pages", "schools"])
    schools = len(list((folder / "review" / "pages").glob("school-*.html")))
    what = f"review: Kentucky, {schools:,} pages and prints"
    yield Line(what, ours, None, "300 s, 4 GB", ours.seconds < 300 and ours.peak < 4)


def roster(folder: Path) -> Iterator[Line]:
    """A roster of 1 GB of CSV to checked Parquet."""
    _write_roster(folder)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e9
    pairs = [(side("bare_csv", str(folder)), side("roster", str(folder))) for _ in range(3)]
    bare, ours = best([pair[0] for pair in pairs]), best([pair[1] for pair in pairs])
    met = ours.seconds <= 2 * bare.seconds and ours.peak < 4
    what = f"roster: {size:.1f} GB of CSV to checked Parquet"
    yield Line(what, ours, ("DuckDB, reading the CSV", bare), "at most 2x, 4 GB", met)


def _write_roster(folder: Path) -> None:
    """Students, enrollments and attendance of two school years, no two rows alike."""
    import duckdb

    duckdb.sql(f"""
        CREATE TABLE people AS
        SELECT 'S' || LPAD(i::VARCHAR, 9, '0') AS student_id, year AS school_year,
               hash(i) % 1000 AS h, hash(i + 7) % 1000 AS k,
               LPAD((hash(i) % {SCHOOLS} + 1)::VARCHAR, 6, '0') AS school_id
        FROM range({ROSTER_STUDENTS}) AS t (i), (VALUES ('2022-23'), ('2023-24')) AS y (year)
    """)
    tables = {
        "schools": f"""
            SELECT LPAD(i::VARCHAR, 6, '0') AS school_id, 'School ' || i AS school_name,
                   LPAD((i % {DISTRICTS})::VARCHAR, 4, '0') AS district_id,
                   'District ' || (i % {DISTRICTS}) AS district_name FROM range(1, {SCHOOLS} + 1) AS t (i)""",
        "students": """
            SELECT student_id, school_year, IF(h % 2 = 0, 'female', 'male') AS sex,
                   IF(h < 550, 'yes', 'no') AS hispanic, IF(k < 100, 'yes', 'no') AS black,
                   IF(k BETWEEN 100 AND 180, 'yes', 'no') AS asian, IF(k > 180, 'yes', 'no') AS white,
                   IF(h % 10 < 6, 'yes', 'no') AS economic_disadvantage,
                   IF(h % 10 < 2, 'yes', 'no') AS english_learner, IF(k % 8 = 0, 'yes', 'no') AS disability
            FROM people""",
        "enrollments": """
            SELECT student_id, school_id, school_year, LPAD((h % 12 + 1)::VARCHAR, 2, '0') AS grade,
                   LEFT(school_year, 4) || '-08-15' AS entry_date FROM people""",
        "attendance": """
            SELECT student_id, school_year, 180 AS days_enrolled, k % 40 AS days_absent FROM people""",
    }
    for name, query in tables.items():
        duckdb.sql(f"COPY ({query}) TO '{folder / name}.csv' (HEADER)")
    (folder / "about.yaml").write_text('economic_disadvantage: "direct certification"\n', encoding="utf-8")


def gate(folder: Path) -> Iterator[Line]:
    """Hiding and attacking: one table of a state, and a district with everything that it publishes."""
    ours = side("gate_state", str(folder))
    what = f"gate: a state's table of {ours.answer['cells']:,} cells"
    yield Line(what, ours, None, "60 s", ours.seconds < 60 and ours.answer["derivable"] == 0)
    ours = side("gate_district", str(folder))
    what = f"gate: 60 schools, 20 indicators, 5 years, {ours.answer['cells']:,} cells"
    yield Line(what, ours, None, "180 s", ours.seconds < 180 and ours.answer["derivable"] == 0)


def help(folder: Path) -> Iterator[Line]:
    """How soon the command answers."""
    peer = best([command([sys.executable, "-c", "pass"]) for _ in range(10)])
    ours = best([command([_program(), "--help"]) for _ in range(10)])
    yield Line("evenground --help", ours, ("python -c pass", peer), "0.3 s", ours.seconds < 0.3)


def _program() -> str:
    """The command beside this Python."""
    return str(Path(sys.executable).with_name("evenground"))


BENCHES: dict[str, Callable[[Path], Iterator[Line]]] = {
    "help": help, "gaps": gaps, "intervals": intervals, "growth": growth,
    "segregation": segregation, "spectrum": spectrum, "predictability": predictability,
    "count": count, "roster": roster, "gate": gate,
    "review": review,
}  # fmt: skip


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    print(
        f"{os.cpu_count()} cores; {os.getloadavg()[0]:.1f} of them were busy with other things at the start."
    )
    print(
        "Each figure: seconds on the clock, seconds of work of all cores, the most memory. Best of several."
    )
    head = f"{'':<46} {'evenground':>26} {'peer':>26} {'ratio':>8} {'of work':>8}  the peer"
    print(f"{head:<127} goal, by the clock")
    missed = 0
    for name in names or BENCHES:
        with TemporaryDirectory() as folder:
            for line in BENCHES[name](Path(folder)):
                print(line.text(), flush=True)
                missed += not line.met
    print("Every goal is met." if not missed else f"{missed} missed.")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

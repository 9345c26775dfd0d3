"""How far each student came beside students of the same records who started where they did: kept private,
and counted like every other column."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from evenground.measures.growth import percentiles
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.part import BY_STUDENT, YEAR, Part, joined, known

SUBJECTS = ("reading", "mathematics")
_SCORES = """
SELECT t.student_id, t.period, left(t.period, 4)::INTEGER AS year,
       CASE p.year_grade WHEN 'kg' THEN 0 ELSE try_cast(ltrim(p.year_grade, 'g') AS INTEGER) END AS grade,
       {scores}
FROM tested t JOIN placements p USING (student_id, period)
WHERE {any}
ORDER BY t.student_id, t.period
"""


def growth() -> Part:
    """Needs the table `grown` of `compare`."""
    columns = {f"{subject}_growth": known(YEAR, f"gp.{subject}_growth", "DOUBLE") for subject in SUBJECTS}
    return Part({}, columns, joined("grown", "gp", BY_STUDENT), of=("assessments",))


def compare(engine: duckdb.DuckDBPyConnection, form: Format) -> None:
    """Makes the table `grown`: student, period and, for each subject, the growth percentile as a share (0.42:
    further than 42 of 100 who started in the same place); NULL without a history that enough students share.
    """
    scores = [f"t.{subject}_score" for subject in SUBJECTS]
    query = _SCORES.format(scores=", ".join(scores), any=" OR ".join(f"{one} IS NOT NULL" for one in scores))
    rows = engine.sql(query).to_arrow_table()
    numbers = {name: _numbers(rows[name]) for name in rows.column_names[2:]}
    student = np.asarray(rows["student_id"].combine_chunks().dictionary_encode().indices)
    columns = {"student_id": rows["student_id"], "period": rows["period"]}
    for subject in SUBJECTS:
        found = percentiles(
            student,
            numbers["year"],
            numbers["grade"],
            numbers[f"{subject}_score"],
            fewest=int(form.rule("growth_students")),
        )
        columns[f"{subject}_growth"] = pa.array(found.value / 100, mask=np.isnan(found.value))
    engine.register("grown_rows", pa.table(columns))
    engine.execute("CREATE TABLE grown AS SELECT * FROM grown_rows")
    engine.unregister("grown_rows")


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=float)

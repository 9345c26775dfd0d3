"""Students of an Ed-Fi export: at which school they stayed when, and their groups; in SQL."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from evenground.engine import literal
from evenground.model import period_ending
from evenground.sources.edfi.format import EdFi
from evenground.sources.edfi.stage import SEVERAL
from evenground.sources.roster.settings import Settings

SET_ASIDE = "pk"  # a spelling of the roster's grades whose rows it leaves out and tells about
_ASIDE = "aside"
_PROGRAMS = {
    "disability": ("studentSpecialEducationProgramAssociations", "coalesce(eligible, 'true') = 'true'"),
    "english_learner": (
        "studentLanguageInstructionProgramAssociations", "coalesce(participates, 'true') = 'true'"
    ),
    "homeless": ("studentHomelessProgramAssociations", "true"),
    "migrant": ("studentMigrantEducationProgramAssociations", "true"),
    "direct_certified": ("studentSchoolFoodServiceProgramAssociations", "certified = 'true'"),
}  # fmt: skip
_CHARACTERISTICS = ("homeless", "foster", "military", "economic_disadvantage", "migrant")
RACES = ("american_indian", "asian", "black", "pacific_islander", "white", "middle_eastern")


def make_students(engine: duckdb.DuckDBPyConnection, form: EdFi, settings: Settings) -> None:
    """The tables `years`, `stays`, `roster_enrollments` and `roster_students`; needs `edfi_NAME`.

    A school year is named by `schoolYear`, else by the entry date. Who is in a program, or has a
    characteristic, on a day of the year has it in that year. That others have it not is only known where the
    export tells of anybody who has it.
    """
    for name, query in _steps(engine, form, settings):
        engine.execute(f"CREATE TABLE {name} AS {query}")


def _steps(engine: duckdb.DuckDBPyConnection, form: EdFi, settings: Settings) -> Iterator[tuple[str, str]]:
    start, after = settings.year_starts, form.days("exit_exclusive")
    begins = f"(strftime(CAST(entry AS DATE), '%m-%d') >= {literal(start)})::INT"
    yield (
        "spells",
        f"""
        SELECT part, row, folder, student_id, school_id, calendar, CAST(entry AS DATE) AS entry,
               CASE WHEN leave IS NOT NULL THEN
                 greatest(CAST(leave AS DATE) - {after}, CAST(entry AS DATE)) END AS leave,
               {_coded("grade", "grades", form)} AS grade,
               coalesce(TRY_CAST(school_year AS INTEGER), year(CAST(entry AS DATE)) + {begins}) AS ends
        FROM edfi_studentSchoolAssociations""",
    )
    ends = [row[0] for row in engine.execute(_YEARS.format(begins=begins)).fetchall()]
    rows = ", ".join(
        f"({end}, '{period}', DATE '{settings.start(period)}', DATE '{settings.end(period)}')"
        for end in ends
        for period in [period_ending(end)]
    )
    yield "years", f"SELECT * FROM (VALUES {rows or '(NULL, NULL, NULL, NULL)'}) y(ends, period, first, last)"
    yield (
        "stays",
        """
        SELECT s.* EXCLUDE (entry, leave), y.period, greatest(s.entry, y.first) AS entry,
               least(coalesce(s.leave, y.last), y.last) AS leave
        FROM spells s JOIN years y USING (ends)
        WHERE greatest(s.entry, y.first) <= least(coalesce(s.leave, y.last), y.last)""",
    )
    yield (
        "roster_enrollments",
        f"""
        SELECT part, row, student_id, school_id, period AS school_year,
               CASE WHEN grade = '{_ASIDE}' THEN '{SET_ASIDE}' ELSE grade END AS grade,
               entry::VARCHAR AS entry_date, leave::VARCHAR AS exit_date
        FROM stays
        QUALIFY row_number() OVER (PARTITION BY student_id, school_id, period, entry ORDER BY row) = 1
        ORDER BY part, row""",
    )
    yield "people", _people(form)
    yield "roster_students", _students()


_YEARS = """
SELECT DISTINCT coalesce(TRY_CAST(school_year AS INTEGER), year(CAST(entry AS DATE)) + {begins})
FROM edfi_studentSchoolAssociations WHERE entry IS NOT NULL ORDER BY 1
"""


def _coded(column: str, codes: str, form: EdFi) -> str:
    """SQL of what a code stands for; null where it is not known."""
    known = {code: ours for code, ours in form.codes[codes].items() if ours != "unknown"}
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(ours)}" for code, ours in known.items())
    return f"CASE {column} {cases} END"


def _listed(column: str, codes: str, form: EdFi) -> str:
    """SQL of the list of what the codes of an array stand for."""
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(ours)}" for code, ours in form.codes[codes].items())
    return f"[CASE x {cases} END for x in string_split(coalesce({column}, ''), '{SEVERAL}')]"


def _people(form: EdFi) -> str:
    """What an export says of a student, by folder: at the school and the district, in both resources."""
    both = " UNION ALL ".join(
        f"SELECT * FROM edfi_{name}"
        for name in ("studentEducationOrganizationAssociations", "studentDemographics")
    )
    return f"""
        SELECT folder, student_id, min({_coded("sex", "sexes", form)}) AS sex,
               max(hispanic) AS hispanic, flatten(list({_listed("races", "races", form)})) AS races,
               max({_coded("english", "english", form)}) AS english,
               flatten(list({_listed("characteristics", "characteristics", form)})) AS characteristics,
               max(disabilities) IS NOT NULL AS disabled, max(military) IS NOT NULL AS military,
               max(coalesce({_coded("economic", "economic", form)},
                            {_coded("economic_one", "economic", form)})) AS economic
        FROM ({both}) GROUP BY folder, student_id"""


def _students() -> str:
    columns = ["any_value(p.sex) AS sex"]
    known = "len([r for r in p.races if r IS NOT NULL AND r <> 'unknown']) > 0"
    columns.append(
        "max(CASE WHEN p.hispanic = 'true' OR list_contains(p.races, 'hispanic') THEN 'yes'"
        f" WHEN p.hispanic = 'false' OR {known} THEN 'no' END) AS hispanic"
    )
    columns += [
        f"max(CASE WHEN list_contains(p.races, '{race}') THEN 'yes' WHEN {known} THEN 'no' END) AS {race}"
        for race in RACES
    ]
    columns += [f"max({_flag(name)}) AS {name}" for name in _FLAGS]
    return f"""
        SELECT min(s.part) AS part, min(s.row) AS row, s.student_id, s.period AS school_year,
               {", ".join(columns)}
        FROM stays s JOIN years y USING (period)
        LEFT JOIN people p ON p.student_id = s.student_id AND p.folder = s.folder
        GROUP BY s.student_id, s.period ORDER BY 1, 2"""


_FLAGS = (
    "economic_disadvantage", "english_learner", "disability", "homeless", "foster", "migrant", "military",
    "direct_certified",
)  # fmt: skip


def _flag(name: str) -> str:
    """yes where anything says so; no where the export tells of others; null otherwise."""
    yes, told = [], []
    if name in _CHARACTERISTICS:
        yes.append(f"list_contains(p.characteristics, '{name}')")
        told.append(f"(SELECT bool_or(list_contains(characteristics, '{name}')) FROM people)")
    if name in _PROGRAMS:
        resource, condition = _PROGRAMS[name]
        inside = f"FROM edfi_{resource} g WHERE {condition}"
        yes.append(
            f"EXISTS (SELECT 1 {inside} AND g.student_id = s.student_id AND CAST(g.begins AS DATE) <= y.last"
            " AND coalesce(CAST(g.ends AS DATE), y.last) >= y.first)"
        )
        told.append(f"EXISTS (SELECT 1 {inside})")
    if name == "english_learner":
        yes.append("p.english = 'yes'")
        told.append("p.english = 'no'")
    if name == "disability":
        yes.append("p.disabled")
    if name == "military":
        yes.append("p.military")
    if name == "economic_disadvantage":
        yes.append("p.economic = 'yes'")
        told.append("p.economic = 'no'")
    return f"CASE WHEN {' OR '.join(yes)} THEN 'yes' WHEN {' OR '.join(told)} THEN 'no' END"

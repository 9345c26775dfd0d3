"""The groups of a student: race by the federal rule of 2007, the raw answers, the other dimensions."""

from __future__ import annotations

from evenground.sources.roster.format import Column, Format
from evenground.sources.roster.student_years.part import CENSUS, Part, known, one_of

_UNKNOWN = "unknown"


def people(form: Format) -> Part:
    """Groups of the school year; a member of a cohort who had left before has those of the latest year."""
    dimensions = _dimensions(form)
    latest = ", ".join(
        f"arg_max_null({name}, period) AS {name}" for name in [*dimensions, "race_ethnicity", "race_flags"]
    )
    columns = {
        "race_ethnicity": f"coalesce(p.race_ethnicity, l.race_ethnicity, '{_UNKNOWN}')",
        "race_flags": "coalesce(p.race_flags, l.race_flags, '')",
        **{name: f"CASE WHEN p.period IS NULL THEN l.{name} ELSE p.{name} END" for name in dimensions},
        "meals": "p.meals::TINYINT",
        "direct_certified": "p.direct_certified::TINYINT",
        "neighborhood_poverty": "p.neighborhood_poverty",
        "unduplicated": known(CENSUS, "p.unduplicated"),
    }
    joins = f"""LEFT JOIN people p ON p.student_id = m.student_id AND p.period = m.period
LEFT JOIN (SELECT student_id, {latest} FROM people
           WHERE student_id IN (SELECT student_id FROM members WHERE NOT on_census_day AND NOT whole_year)
           GROUP BY student_id) l
       ON l.student_id = m.student_id AND NOT m.on_census_day AND NOT m.whole_year
"""
    answers = form.tables["students"].columns
    words = {name: _group(name, answers[name]) for name in dimensions}
    return Part({}, columns, joins, words)


def _dimensions(form: Format) -> list[str]:
    columns = form.tables["students"].columns
    return [name for name, column in columns.items() if column.type == "code" or column.if_yes]


def people_view(form: Format) -> str:
    """The query of the view `people`: one row a student and school year."""
    columns = form.tables["students"].columns
    races = sorted(name for name, column in columns.items() if column.race)
    flags = ", ".join(f"CASE WHEN {race} THEN '{race}' END" for race in races)
    # Federally Filipino is Asian, and Middle Eastern is White: two flags are one race, so that neither makes
    # "two or more" of the other.
    pairs = {"asian": "filipino", "white": "middle_eastern"}
    single = [race for race in races if race not in ("hispanic", *pairs, *pairs.values())]
    either = [f"(coalesce({one}, false) OR coalesce({other}, false))" for one, other in pairs.items()]
    how_many = " + ".join(
        f"{race}::TINYINT" for race in [*(f"coalesce({one}, false)" for one in single), *either]
    )
    named = {"hispanic": "hispanic", "races > 1 OR two_or_more_races": "two_or_more", "races = 0": _UNKNOWN}
    named |= {race: race for race in [*single, "asian", "filipino"]} | {either[1]: "white"}
    plain = ", ".join(_dimensions(form))
    # California's count of high needs: each student once; foster care is often not known to a school.
    needs = "meals OR english_learner OR coalesce(direct_certified, false) OR coalesce(foster, false)"
    return f"""
        SELECT student_id, period, {plain}, concat_ws('|', {flags}) AS race_flags,
               {one_of(named, _UNKNOWN)} AS race_ethnicity,
               meals, direct_certified, neighborhood_poverty,
               CASE WHEN meals IS NOT NULL AND english_learner IS NOT NULL THEN {needs} END AS unduplicated
        FROM (SELECT *, {how_many} AS races FROM students)"""


def _group(name: str, column: Column) -> str:
    if column.type == "code":
        return one_of({f"{name} = '{code}'": code for code in column.codes}, _UNKNOWN)
    return one_of({name: column.if_yes or "yes", f"NOT {name}": column.if_no or "no"}, _UNKNOWN)

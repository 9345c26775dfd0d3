"""What a student meets at the school of census day: its staff, its money, its mix of students."""

from __future__ import annotations

from evenground.engine import exact_sum
from evenground.sources.roster.format import Format
from evenground.sources.roster.student_years.part import BY_PERIOD, BY_SCHOOL, CENSUS, Part, joined, known

_TEACHER = "coalesce(role, 'teacher') = 'teacher'"
_LEADER = "role = 'leader'"
_COUNSELOR = "role = 'counselor'"


def students(form: Format) -> Part:
    """The students of a school on census day, by whose number others divide, and its share in poverty."""
    tables = {
        "school_students": """
SELECT m.school_id, m.period, count(*) AS students,
       count(*) FILTER (p.economic_disadvantage) AS disadvantaged,
       count(p.economic_disadvantage) AS known
FROM members m LEFT JOIN people p ON p.student_id = m.student_id AND p.period = m.period
WHERE m.on_census_day GROUP BY m.school_id, m.period""",
    }
    # Of a small school the answer would tell about few students: with 40, a quarter is 10.
    told = f"z.known >= {form.rule('high_poverty_students')} AND z.known * 2 >= z.students"
    poverty = f"z.disadvantaged >= {form.rule('high_poverty_share')} * z.known"
    columns = {"high_poverty_school": known(f"{CENSUS} AND {told}", f"({poverty})")}
    return Part(tables, columns, joined("school_students", "z", BY_SCHOOL))


def staff(form: Format) -> Part:
    """Weighted by FTE; unknown where nobody's value is known, and for roles that no row of a year names."""
    novice = f"years_experience <= {form.rule('novice_years')}"
    absent = f"days_absent > {form.rule('absent_days')}"
    first = f"years_experience <= {form.rule('first_year')}"
    means = {
        "experience": _mean("years_experience", "years_experience", _TEACHER),
        "novice": _mean(f"({novice})::INT", "years_experience", _TEACHER),
        "uncertified": _mean("(NOT fully_certified)::INT", "fully_certified", _TEACHER),
        "out_of_field": _mean("(NOT in_field)::INT", "in_field", _TEACHER),
        "absent": _mean(f"({absent})::INT", "days_absent", _TEACHER),
        "salary": _mean("salary", "salary", _TEACHER),
        "turnover": _mean("(NOT returned_next_year)::INT", "returned_next_year", _TEACHER),
        "led": _mean("years_experience", "years_experience", _LEADER),
        "first_led": _mean(f"({first})::INT", "years_experience", _LEADER),
        "counselors": f"nullif({exact_sum(_of('fte', 'fte', _COUNSELOR))}, 0)",
        "police": "coalesce(bool_or(role = 'police' AND fte > 0), false)",
    }
    selected = ", ".join(f"{query} AS {name}" for name, query in means.items())
    tables = {
        "school_staff": f"""
SELECT school_id, period, {exact_sum(_of("fte", "fte", _TEACHER))} AS fte, {selected}
FROM staff GROUP BY school_id, period""",
        "staff_told": "SELECT period, bool_or(police) AS police FROM school_staff GROUP BY period",
    }
    columns = {
        "teacher_experience": known(CENSUS, "k.experience", "DOUBLE"),
        "novice_share": known(CENSUS, "k.novice", "DOUBLE"),
        "uncertified_share": known(CENSUS, "k.uncertified", "DOUBLE"),
        "students_per_teacher": known(CENSUS, "z.students / nullif(k.fte, 0)", "DOUBLE"),
        "absent_teacher_share": known(CENSUS, "k.absent", "DOUBLE"),
        "teacher_salary": known(CENSUS, "k.salary", "DOUBLE"),
        "teacher_turnover": known(CENSUS, "k.turnover", "DOUBLE"),
        "leader_experience": known(CENSUS, "k.led", "DOUBLE"),
        "first_year_leader_share": known(CENSUS, "k.first_led", "DOUBLE"),
        "students_per_counselor": known(CENSUS, "z.students / k.counselors", "DOUBLE"),
        "police_present": known(f"{CENSUS} AND kt.police", "k.police"),
    }
    joins = joined("school_staff", "k", BY_SCHOOL) + joined("staff_told", "kt", BY_PERIOD)
    return Part(tables, columns, joins, of=("staff",))


def money() -> Part:
    """Dollars over the students of census day. A school with a budget and without a category spends 0 on it,
    in years in which other schools have that category."""
    categories = ("instruction", "support", "supplemental")
    sums = {name: exact_sum(f"CASE WHEN category = '{name}' THEN amount END") for name in categories}
    amounts = ", ".join(f"{query} AS {name}" for name, query in sums.items())
    told = ", ".join(f"bool_or({name} IS NOT NULL) AS {name}" for name in categories)
    tables = {
        "school_budgets": f"SELECT school_id, period, {amounts} FROM budgets GROUP BY school_id, period",
        "budgets_told": f"SELECT period, {told} FROM school_budgets GROUP BY period",
    }
    columns = {"spending": known(CENSUS, "f.spending", "DOUBLE")}
    for name in categories:
        columns[f"{name}_spending"] = known(
            f"{CENSUS} AND u.school_id IS NOT NULL AND ut.{name}",
            f"coalesce(u.{name}, 0) / z.students",
            "DOUBLE",
        )
    joins = (
        joined("finance", "f", BY_SCHOOL)
        + joined("school_budgets", "u", BY_SCHOOL)
        + joined("budgets_told", "ut", BY_PERIOD)
    )
    return Part(tables, columns, joins, of=("finance", "budgets"))


def _mean(value: str, of: str, who: str) -> str:
    """FTE-weighted mean of `value` over those of a role whose `of` is known."""
    return f"{exact_sum(_of(f'fte * {value}', of, who))} / nullif({exact_sum(_of('fte', of, who))}, 0)"


def _of(value: str, known_column: str, who: str) -> str:
    return f"CASE WHEN {who} AND {known_column} IS NOT NULL THEN {value} END"

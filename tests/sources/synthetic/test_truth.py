"""What the truth file claims is found again by counting in the written files, by plain SQL.

Intervals are computed here: a planted share p seen in n records has the standard error sqrt(p (1 - p) / n).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scipy.stats import chi2

from evenground.sources.synthetic import Truth, make_district

LAST = "2024-25"
LIMIT = 4.5  # standard errors; some hundred comparisons are made below
CHAIN = ("ALG1", "GEOM", "ALG2", "PREC", "CALC")


class Made:
    """A district of 24,000 students over three years: SQL over its files, and its truth."""

    def __init__(self, folder: Path) -> None:
        self.truth: Truth = make_district(folder, students=24_000, years=3, seed=4)
        self.engine = duckdb.connect()
        for file in folder.glob("*.csv"):
            self.engine.execute(
                f"CREATE TABLE {file.stem} AS SELECT * FROM read_csv('{file}', all_varchar=true, header=true)"
            )
        self.engine.execute(PEOPLE)

    def __call__(self, query: str) -> list[tuple[Any, ...]]:
        return self.engine.execute(query).fetchall()

    def story(self, name: str, **more: str) -> dict[str, Any]:
        found = [
            story
            for story in self.truth.planted
            if story["story"] == name and all(story[key] == value for key, value in more.items())
        ]
        assert len(found) == 1
        return dict(found[0])


PEOPLE = """
CREATE TABLE people AS
WITH races AS (
  SELECT *, american_indian::INT + black::INT + pacific_islander::INT + white::INT
            + greatest(asian::INT, filipino::INT) AS several FROM students),
stays AS (
  SELECT student_id, school_year, any_value(grade) AS grade, max(here::INT) AS census,
         arg_max(school_id, here::INT * 1000 + days) AS school_id
  FROM (SELECT *, exit_date::DATE - entry_date::DATE AS days,
               make_date(left(school_year, 4)::INT, 10, 1) BETWEEN entry_date::DATE AND exit_date::DATE
                 AS here
        FROM enrollments) GROUP BY ALL)
SELECT r.student_id, r.school_year, s.grade, coalesce(s.census, 0) AS census, s.school_id,
       s.student_id IS NOT NULL AS enrolled,
       CASE WHEN hispanic IS NULL THEN 'unknown' WHEN hispanic = '1' THEN 'hispanic'
            WHEN several > 1 THEN 'two_or_more' WHEN american_indian = '1' THEN 'american_indian'
            WHEN black = '1' THEN 'black' WHEN pacific_islander = '1' THEN 'pacific_islander'
            WHEN white = '1' THEN 'white' WHEN filipino = '1' THEN 'filipino' ELSE 'asian' END
         AS race_ethnicity,
       CASE economic_disadvantage WHEN '1' THEN 'disadvantaged' WHEN '0' THEN 'not_disadvantaged'
            ELSE 'unknown' END AS economic_disadvantage,
       CASE sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' WHEN 'X' THEN 'nonbinary' ELSE 'unknown' END
         AS sex,
       english_learner, disability, direct_certified, meals
FROM races r LEFT JOIN stays s USING (student_id, school_year)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("truth") / "roster")


def schools(story: dict[str, Any]) -> str:
    return "(" + ", ".join(f"'{school}'" for school in story["schools"]) + ")"


def near(seen: float, planted: float, n: float, limit: float = LIMIT) -> bool:
    """Whether a share seen in n records may come from the planted one (half a record of rounding allowed)."""
    return abs(seen - planted) <= limit * math.sqrt(planted * (1 - planted) / n) + 0.5 / n


SAME = "x.student_id = p.student_id AND x.school_year = p.school_year"
PROGRAM = f"EXISTS (FROM programs x WHERE {SAME} AND program = '{{}}')"
LEAVING = "(SELECT {} FROM graduates x WHERE x.student_id = p.student_id AND x.cohort_year = p.school_year)"
INCIDENT = f"EXISTS (FROM incidents x WHERE {SAME} AND consequence = '{{}}')"
ADVANCED = (
    f"(SELECT max(placed) FROM course_requests x WHERE {SAME} AND course_type IN ('ap', 'dual_enrollment'))"
)
FAILED = (
    f"(SELECT count(*) FILTER (passed = '0') FROM courses x WHERE {SAME} AND subject NOT LIKE '%mathematics')"
)
SAT = f"EXISTS (FROM exams x WHERE {SAME} AND exam = 'sat')"
HIGH = "census = 1 AND grade BETWEEN '09' AND '12'"
PLANTED = {
    "gifted": ("census = 1", PROGRAM.format("gifted")),
    "preschool": ("census = 1 AND grade = 'KG'", PROGRAM.format("preschool")),
    "inclusion": ("census = 1 AND disability = '1'", PROGRAM.format("inclusion")),
    "english_reclassification": ("enrolled AND english_learner = '1'", PROGRAM.format("reclassified")),
    "dual_enrollment": (HIGH, PROGRAM.format("dual_enrollment")),
    "course_request_met": (f"{HIGH} AND {ADVANCED} IS NOT NULL", f"{ADVANCED} = '1'"),
    "ninth_grade_on_track": ("enrolled AND grade = '09'", f"{FAILED} <= 1"),
    "dropout": (f"{LEAVING.format('1')} = 1", f"{LEAVING.format('dropped_out')} = '1'"),
    "college_enrollment": (
        f"{LEAVING.format('graduated')} = '1'",
        f"{LEAVING.format('college_enrolled')} = '1'",
    ),
    "seal_of_biliteracy": (
        f"{LEAVING.format('graduated')} = '1'",
        f"{LEAVING.format('seal_of_biliteracy')} = '1'",
    ),
    "sat_taking": ("enrolled AND grade IN ('11', '12')", SAT),
    "meals": ("census = 1", "meals = '1'"),
    "direct_certified": ("census = 1", "direct_certified = '1'"),
    "referral": ("enrolled", INCIDENT.format("referral")),
    "arrest": ("enrolled", INCIDENT.format("arrest")),
    "restraint_seclusion": ("enrolled", INCIDENT.format("restraint")),
}


@pytest.mark.parametrize("indicator", PLANTED)
def test_rates_are_there(indicator: str, made: Made) -> None:
    """n is exact; counts scatter around the planted rates, neither more nor much less than chance does."""
    counted, happened = PLANTED[indicator]
    squares, cells = 0.0, 0
    for dimension in ("race_ethnicity", "sex", "economic_disadvantage"):
        query = f"""SELECT school_year, {dimension}, count(*), count(*) FILTER ({happened}) FROM people p
                    WHERE {counted} GROUP BY ALL"""
        told = {
            (row["period"], row["group"]): (row["n"], row["rate"])
            for row in made.truth.rates.to_pylist()
            if row["indicator"] == indicator
            and row["unit_level"] == "district"
            and row["group"].startswith(f"{dimension}:")
            and "+" not in row["group"]
        }
        seen = {(year, f"{dimension}:{group}"): (n, count) for year, group, n, count in made(query)}
        assert {key: n for key, (n, _) in told.items()} == {key: n for key, (n, _) in seen.items()}
        for key, (n, rate) in told.items():
            count = seen[key][1]
            assert near(count / n, rate, n, 5.5), key
            if n * rate > 5 and n * (1 - rate) > 5:
                squares += (count - n * rate) ** 2 / (n * rate * (1 - rate))
                cells += 1
    assert cells >= 6
    # Some draws stay with a student, so that years are alike: a third as many independent cells at worst.
    assert cells / 12 < squares < 3 * chi2.ppf(1 - 1e-6, cells)


def weighted(value: str, role: str) -> str:
    of_role = f"FILTER (role = '{role}')"
    return f"sum(fte::DOUBLE * {value}) {of_role} / sum(fte::DOUBLE) {of_role}"


EXPOSURES = {
    "teacher_salary": weighted("salary::DOUBLE", "teacher"),
    "teacher_turnover": weighted("(returned_next_year = '0')::INT", "teacher"),
    "absent_teachers": weighted("(days_absent::INT > 10)::INT", "teacher"),
    "leader_experience": weighted("years_experience::INT", "leader"),
    "police_presence": "bool_or(role = 'police')::INT",
}


@pytest.mark.parametrize("indicator", EXPOSURES)
def test_what_schools_have_is_there(indicator: str, made: Made) -> None:
    rows = made(f"""
        SELECT race_ethnicity, avg(value) FROM people p
        JOIN (SELECT school_id, school_year, {EXPOSURES[indicator]} AS value FROM staff GROUP BY ALL) s
        ON s.school_id = p.school_id AND s.school_year = p.school_year
        WHERE census = 1 AND p.school_year = '{LAST}'
        GROUP BY ALL""")
    for race, value in rows:
        assert made.truth.rate(indicator, LAST, f"race_ethnicity:{race}") == pytest.approx(value)
    ahead, behind = dict(rows)["white"], dict(rows)["hispanic"]
    assert (ahead > behind) == (indicator in ("teacher_salary", "leader_experience"))


def test_ready_students_of_one_group_are_kept_out_of_ap_at_named_schools(made: Made) -> None:
    story = made.story("recommendation")
    group = story["group"].partition(":")[2]
    asked = f"""
        SELECT p.*, placed, school_id IN {schools(story)} AS gate,
               race_ethnicity = '{group}' AS held,
               EXISTS (FROM assessments a WHERE a.student_id = p.student_id AND a.level::INT >= 3) AS ready
        FROM people p JOIN (SELECT student_id, school_year, max(placed) AS placed FROM course_requests
                            WHERE course_type = 'ap' GROUP BY ALL) USING (student_id, school_year)"""
    for ready in ("true", "ready"):
        shares = {
            (gate, held): (seen, n)
            for gate, held, seen, n in made(
                f"SELECT gate, held, avg(placed::INT), count(*) FROM ({asked}) WHERE {ready} GROUP BY ALL"
            )
        }
        assert len(shares) == 4
        for (gate, held), (seen, n) in shares.items():
            planted = story["placed_group"] if gate and held else story["placed_others"]
            assert near(seen, planted, n), (ready, gate, held)
        # The truth can be told apart from no barrier at all.
        assert not near(shares[True, True][0], story["placed_others"], shares[True, True][1])
    (missed, n), *_ = made(f"""SELECT count(*) * {story["placed_others"]}::DOUBLE - sum(placed::INT), count(*)
                           FROM ({asked}) WHERE gate AND held AND census = 1 AND school_year = '{LAST}'""")
    assert abs(missed - story["students_kept_out"][LAST]) < LIMIT * math.sqrt(n)


def test_seats_of_a_course_that_later_ones_require_are_short_at_named_schools(made: Made) -> None:
    story = made.story("bottleneck")
    rows = made(f"""
        SELECT school_id IN {schools(story)}, avg(placed::INT), count(*)
        FROM people JOIN course_requests USING (student_id, school_year)
        WHERE course_code = '{story["course_code"]}' GROUP BY ALL""")
    for here, seen, n in rows:
        assert near(seen, story["placed"] if here else story["placed_elsewhere"], n)
    calculus = made(f"""
        SELECT school_id IN {schools(story)} AS here,
               avg(EXISTS (FROM courses c WHERE c.student_id = p.student_id AND c.school_year = p.school_year
                           AND subject = 'calculus')::INT)
        FROM people p WHERE grade = '12' AND enrolled GROUP BY ALL ORDER BY 1""")
    assert calculus[1][1] < 0.9 * calculus[0][1]


def test_some_high_schools_offer_no_ap(made: Made) -> None:
    story = made.story("no_ap")
    high = {
        school for (school,) in made("SELECT DISTINCT school_id FROM sections WHERE course_code = 'ENG4'")
    }
    with_ap = {
        school for (school,) in made("SELECT DISTINCT school_id FROM sections WHERE course_type = 'ap'")
    }
    assert high - with_ap == set(story["schools"])
    assert set(story["schools"])


def test_mathematics_comes_in_order(made: Made) -> None:
    """Whoever passed goes on or stops; whoever did not pass takes the same course again or none."""
    steps = made("""
        WITH taken AS (SELECT student_id, left(school_year, 4)::INT AS year, passed,
                              CASE course_code WHEN 'APCA' THEN 'CALC' ELSE course_code END AS course
                       FROM courses WHERE course_code IN ('ALG1', 'GEOM', 'ALG2', 'PREC', 'CALC', 'APCA'))
        SELECT a.course, a.passed, b.course, count(*) FROM taken a
        JOIN taken b ON a.student_id = b.student_id AND a.year + 1 = b.year GROUP BY ALL""")
    assert sum(count for *_, count in steps) > 1000
    for before, passed, after, _ in steps:
        assert CHAIN.index(after) == CHAIN.index(before) + int(passed)
    requires = dict(made("SELECT course_code, requires FROM prerequisites WHERE course_code <> 'APPH'"))
    assert [requires[code] for code in CHAIN[1:]] == list(CHAIN[:-1])
    assert requires["APCA"] == "PREC"


def test_the_same_conduct_is_answered_differently(made: Made) -> None:
    story = made.story("same_conduct")
    rows = made(f"""
        SELECT race_ethnicity, avg((consequence = 'out_of_school_suspension')::INT), count(*)
        FROM incidents JOIN people USING (student_id, school_year)
        WHERE school_year = '{LAST}' AND conduct IS NOT NULL
          AND consequence IN ('out_of_school_suspension', 'other') GROUP BY ALL""")
    told = story["suspended_of_incidents"]
    for race, seen, n in rows:
        assert near(seen, told[f"race_ethnicity:{race}"], n), race
    assert told["race_ethnicity:black"] > told["race_ethnicity:white"] + 0.05


def test_teachers_of_ap_have_taught_longer(made: Made) -> None:
    story = made.story("teachers_of_courses")
    shares = dict(
        made(f"""
        SELECT CASE course_type WHEN 'ap' THEN 'ap' ELSE 'others' END, avg((years_experience::INT <= 2)::INT)
        FROM sections JOIN staff USING (staff_id, school_id, school_year)
        WHERE school_year = '{LAST}' AND school_id IN
              (SELECT school_id FROM sections WHERE course_code = 'ENG4') GROUP BY ALL""")
    )
    assert shares == pytest.approx(story["novice_share_of_sections"])
    assert shares["ap"] < shares["others"]


def test_tutoring_helps_as_much_as_told_and_for_whom(made: Made) -> None:
    """Tutoring went by lot, so that the difference of means is the effect."""
    story = made.story("tutoring")
    rows = made(f"""
        SELECT economic_disadvantage, avg(score) FILTER (tutored) - avg(score) FILTER (NOT tutored),
               sqrt(var_samp(score) FILTER (tutored) / count(*) FILTER (tutored)
                    + var_samp(score) FILTER (NOT tutored) / count(*) FILTER (NOT tutored))
        FROM (SELECT p.*, score::INT AS score, {PROGRAM.format("tutoring")} AS tutored
              FROM people p JOIN assessments a USING (student_id, school_year)
              WHERE subject = 'mathematics' AND grade IN ('06', '07', '08')
                AND p.school_year >= '{story["from"]}'
                AND school_id IN {schools(story)})
        WHERE economic_disadvantage <> 'unknown' GROUP BY ALL""")
    for group, seen, error in rows:
        planted = story["points"]["disadvantaged" if group == "disadvantaged" else "others"]
        assert abs(seen - planted) < LIMIT * error, group
        assert group != "disadvantaged" or seen > LIMIT * error
    before, elsewhere = made(f"""
        SELECT count(*) FILTER (school_year < '{story["from"]}'),
               count(*) FILTER (school_id NOT IN {schools(story)})
        FROM programs JOIN people USING (student_id, school_year) WHERE program = 'tutoring'""")[0]
    assert (before, elsewhere) == (0, 0)


def test_summer_school_looks_good_and_adds_nothing(made: Made) -> None:
    story = made.story("summer")
    (naive, error, gain, gain_error), *_ = made(f"""
        WITH scores AS (
          SELECT p.student_id, left(p.school_year, 4)::INT AS year, score::INT AS score, grade,
                 {PROGRAM.format("summer")} AS went
          FROM people p JOIN assessments a USING (student_id, school_year)
          WHERE subject = 'reading' AND grade BETWEEN '03' AND '08'),
        both_years AS (
          SELECT b.went, b.score, b.score - a.score AS gain FROM scores a
          JOIN scores b ON a.student_id = b.student_id AND b.year = a.year + 1
          WHERE b.year = {story["from"][:4]} AND b.grade >= '04')
        SELECT avg(score) FILTER (went) - avg(score) FILTER (NOT went),
               sqrt(var_samp(score) / count(*) FILTER (went) + var_samp(score) / count(*) FILTER (NOT went)),
               avg(gain) FILTER (went) - avg(gain) FILTER (NOT went),
               sqrt(var_samp(gain) / count(*) FILTER (went) + var_samp(gain) / count(*) FILTER (NOT went))
        FROM both_years""")
    assert abs(naive - story["points_by_choice"]) < LIMIT * error
    assert naive > 2 * LIMIT * error
    assert set(story["points"].values()) == {0.0}
    assert abs(gain) < LIMIT * gain_error  # against the same students a year before, nothing is left


def test_talks_instead_of_suspensions_work_where_they_began(made: Made) -> None:
    """Suspensions of an incident, after against before, where talks began against where they did not."""
    story = made.story("talks")
    rows = made(f"""
        SELECT school_id IN {schools(story)} AS here,
               school_year >= '{story["from"]}' AS later,
               count(*) FILTER (consequence = 'out_of_school_suspension'), count(*)
        FROM incidents JOIN people USING (student_id, school_year)
        WHERE consequence IN ('out_of_school_suspension', 'other') GROUP BY ALL""")
    shares = {(here, later): (count / n, count, n) for here, later, count, n in rows}
    log = {key: math.log(share) for key, (share, _, _) in shares.items()}
    effect = (log[True, True] - log[True, False]) - (log[False, True] - log[False, False])
    error = math.sqrt(sum(1 / count - 1 / n for _, count, n in shares.values()))
    assert abs(effect - math.log(story["times"])) < LIMIT * error
    assert effect < -LIMIT * error
    (seen, n), *_ = (
        made(f"""SELECT avg({INCIDENT.format("out_of_school_suspension")}::INT), count(*) FROM people p
        WHERE enrolled AND school_year = '{LAST}' AND school_id IN {schools(story)}""")
    )
    assert near(seen, story["rate"], n)
    assert story["rate_without"] == pytest.approx(story["rate"] / story["times"])


def test_race_makes_no_difference_to_ap_where_the_door_is_open(made: Made) -> None:
    story = made.story("open_door")
    rows = made(f"""
        SELECT school_id IN {schools(story)} AS here, race_ethnicity,
               avg(EXISTS (FROM courses c WHERE c.student_id = p.student_id AND c.school_year = p.school_year
                           AND course_type = 'ap')::INT) AS share, count(*)
        FROM people p WHERE {HIGH} AND race_ethnicity IN ('white', 'hispanic') AND english_learner = '0'
          AND disability = '0' AND economic_disadvantage = 'not_disadvantaged' AND school_id IN
              (SELECT school_id FROM sections WHERE course_type = 'ap') GROUP BY ALL""")
    share = {(here, race): (value, n) for here, race, value, n in rows}
    for here in (True, False):
        (white, n), (hispanic, m) = share[here, "white"], share[here, "hispanic"]
        error = math.sqrt(white * (1 - white) / n + hispanic * (1 - hispanic) / m)
        assert (abs(white - hispanic) < 3 * error) == here


def test_answers_are_favorable_as_often_as_told(made: Made) -> None:
    for scale in ("belonging", "safety"):
        told = made.story("survey", scale=scale)["favorable_answers"]
        for dimension in ("race_ethnicity", "sex"):
            for group, seen, n in made(f"""
                SELECT {dimension}, avg((answer::INT >= 4)::INT), count(DISTINCT student_id)
                FROM survey_answers JOIN people USING (student_id, school_year)
                WHERE scale = '{scale}' AND school_year = '{LAST}' GROUP BY ALL"""):
                assert near(seen, told[f"{dimension}:{group}"], n), (scale, group)  # two answers a student
    assert told["sex:nonbinary"] < told["sex:male"] - 0.1


def test_measures_of_poverty_disagree_as_told(made: Made) -> None:
    story = made.story("poverty_measures")
    told = story["certified_of_disadvantaged"]
    for race, seen, n in made(f"""SELECT race_ethnicity, avg(direct_certified::INT), count(*) FROM people
            WHERE census = 1 AND school_year = '{LAST}'
              AND economic_disadvantage = 'disadvantaged' GROUP BY ALL"""):
        assert near(seen, told[f"race_ethnicity:{race}"], n), race
    assert told["race_ethnicity:hispanic"] < 0.75 * told["race_ethnicity:black"]
    everybody = made(f"""SELECT school_id FROM people WHERE enrolled AND school_year = '{LAST}'
                     AND student_id NOT IN
                         (SELECT student_id FROM enrollments WHERE exit_reason = 'transferred')
                     GROUP BY ALL HAVING min(meals) = '1'""")
    assert {school for (school,) in everybody} == set(story["meals_for_everybody"])
    assert everybody
    # Poverty of the home area is what it says, but for chance.
    gaps = made(f"""SELECT (avg((economic_disadvantage = 'disadvantaged')::INT) - avg(poverty))
                    / sqrt(avg(poverty) * (1 - avg(poverty)) / count(*))
                    FROM people JOIN (SELECT student_id, school_year, home_area,
                                             neighborhood_poverty::DOUBLE AS poverty FROM students)
                    USING (student_id, school_year)
                    WHERE school_year = '{LAST}' AND economic_disadvantage <> 'unknown' GROUP BY home_area""")
    assert chi2.ppf(1e-6, len(gaps)) < sum(gap**2 for (gap,) in gaps) < chi2.ppf(1 - 1e-6, len(gaps))


def test_sections_have_a_teacher_of_the_school_and_whole_classes(made: Made) -> None:
    (sections, taught, sizes, largest), *_ = made("""
        SELECT count(*), count(t.staff_id), avg(size), max(size) FROM sections s
        JOIN (SELECT section_id, school_year, count(*) AS size FROM section_students GROUP BY ALL)
        USING (section_id, school_year)
        LEFT JOIN staff t ON t.staff_id = s.staff_id AND t.school_id = s.school_id
                          AND t.school_year = s.school_year AND t.role = 'teacher'""")
    assert sections == taught == made("SELECT count(*) FROM sections")[0][0]
    assert 18 < sizes < 26
    assert largest < 45
    (least, most), *_ = (
        made("""SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM section_students JOIN people
        USING (student_id, school_year) WHERE grade >= '06' AND grade <> 'KG'
        GROUP BY student_id, school_year)""")
    )
    assert 4 <= least <= most <= 7


def test_a_teacher_who_returned_is_there_a_year_later(made: Made) -> None:
    (wrong, older, n), *_ = made("""
        SELECT count(*) FILTER ((b.staff_id IS NOT NULL) <> (a.returned_next_year = '1')),
               count(*) FILTER (b.years_experience::INT = least(a.years_experience::INT + 1, 45)),
               count(b.staff_id)
        FROM staff a LEFT JOIN staff b ON a.staff_id = b.staff_id AND a.school_id = b.school_id
             AND left(b.school_year, 4)::INT = left(a.school_year, 4)::INT + 1
        WHERE a.role = 'teacher' AND a.school_year < '2024-25'""")
    assert (wrong, older) == (0, n)
    assert n > 1000


def test_budgets_add_up_to_spending_and_follow_need(made: Made) -> None:
    rows = made("""
        SELECT f.school_id, f.school_year, spending::DOUBLE * students AS money, amount,
               extra / students, need
        FROM finance f
        JOIN (SELECT school_id, school_year, sum(amount::DOUBLE) AS amount,
                     coalesce(sum(amount::DOUBLE) FILTER (category = 'supplemental'), 0) AS extra
              FROM budgets GROUP BY ALL) USING (school_id, school_year)
        JOIN (SELECT school_id, school_year, count(*) AS students,
                     avg((economic_disadvantage = 'disadvantaged'
                           OR coalesce(english_learner, '0') = '1')::INT) AS need
              FROM people WHERE census = 1 GROUP BY ALL) USING (school_id, school_year)""")
    assert len(rows) > 100
    for _, _, money, amount, extra, need in rows:
        assert amount == money
        assert extra == pytest.approx(1150 * need + 900 * max(need - 0.55, 0), abs=0.05)

"""The keys on which other people's scripts rely, and what the definitions say of the numbers behind them."""

from __future__ import annotations

import pytest

from evenground.definitions import load

DEFINITIONS = load()

VALUES = {
    "race_ethnicity": "american_indian asian black filipino hispanic pacific_islander two_or_more white",
    "race_any": "american_indian asian black filipino hispanic pacific_islander white",
    "sex": "female male nonbinary",
    "economic_disadvantage": "disadvantaged not_disadvantaged",
    "english_learner": "english_learner not_english_learner",
    "disability": "with_disability without_disability",
    "homeless": "homeless not_homeless",
    "foster": "foster not_foster",
    "migrant": "migrant not_migrant",
    "military": "military not_military",
    "grade": "kg g01 g02 g03 g04 g05 g06 g07 g08 g09 g10 g11 g12",
    "grade_band": "elementary middle high",
    "gap_group": "gap_group not_gap_group",
    "high_need": "high_need not_high_need",
    "local_district": "central east northeast northwest south west",
    "program_type": "magnet dual_language other_choice",
    "dual_language_status": "dual_language not_dual_language",
}
INDICATORS = {
    "doors": "ap_participation ap_exam_taking ap_exam_success advanced_course algebra_grade_8 "
    "ag_completion ap_offered ap_course_success ib_participation dual_enrollment gifted "
    "calculus physics computer_science advanced_mathematics ag_completion_cohort "
    "course_request_met choice_offer application_offer",
    "learning": "reading_basic reading_proficient reading_advanced mathematics_basic "
    "mathematics_proficient mathematics_advanced reading_score mathematics_score "
    "reading_growth mathematics_growth "
    "achievement_average learning_rate reading_grade_3 english_progress reading_distance "
    "mathematics_distance",
    "finish": "graduation college_career_ready college_ready act_mathematics_benchmark "
    "act_reading_benchmark dropout ninth_grade_on_track sat_taking sat_benchmark "
    "seal_of_biliteracy college_enrollment retention graduation_five_year",
    "here": "chronic_absence suspension suspension_events in_school_removal in_school_removal_events "
    "expulsion days_missed_suspension referral arrest restraint_seclusion mobility suspension_any "
    "suspension_defiance suspension_sent_home",
    "belonging": "belonging safe_school police_presence",
    "supports": "preschool program_support english_reclassification inclusion counselor_access class_size "
    "instructional_time",
    "teachers": "teacher_experience novice_teachers uncertified_teachers students_per_teacher "
    "out_of_field_teachers ineffective_teachers absent_teachers teacher_salary "
    "teacher_turnover leader_experience first_year_principal",
    "together": "high_poverty_school high_poverty_school_graduates same_group_share",
    "money": "spending teacher_pay_spending revenue instruction_spending support_spending "
    "lcff_supplemental meals direct_certified unduplicated",
}


def test_dimensions_and_their_values() -> None:
    assert {key: " ".join(dimension.values) for key, dimension in DEFINITIONS.dimensions.items()} == VALUES


def test_indicators_in_the_order_of_the_questions() -> None:
    assert list(DEFINITIONS.questions) == [*INDICATORS, "background", "bright"]
    assert list(DEFINITIONS.indicators) == " ".join(INDICATORS.values()).split()
    for question, keys in INDICATORS.items():
        assert {DEFINITIONS.indicators[key].question for key in keys.split()} == {question}


def test_two_valued_dimensions_know_their_complements() -> None:
    for key, dimension in DEFINITIONS.dimensions.items():
        values = dimension.values
        if len(values) == 2:
            one, other = values
            assert (values[one].complement, values[other].complement) == (other, one), key
        else:
            assert not any(value.complement for value in values.values()), key


def test_only_answers_that_may_be_several_overlap() -> None:
    overlapping = {key for key, dimension in DEFINITIONS.dimensions.items() if dimension.overlapping}
    assert overlapping == {"race_any"}
    assert {key for key, dimension in DEFINITIONS.dimensions.items() if not dimension.complete} == {
        "race_any"
    }


def test_filipino_students_are_asian_students_in_the_federal_seven() -> None:
    federal = DEFINITIONS.dimensions["race_ethnicity"].rollups["federal_2007"].values
    assert len(federal) == 7
    assert federal["asian"] == ("asian", "filipino")


def test_economic_disadvantage_says_by_which_measure() -> None:
    measured = {key for key, dimension in DEFINITIONS.dimensions.items() if dimension.measured_by}
    assert measured == {"economic_disadvantage"}


def test_california_counts_a_g_over_graduates_and_graduation_counts_graduates() -> None:
    completion, graduation = DEFINITIONS.indicators["ag_completion"], DEFINITIONS.indicators["graduation"]
    assert completion.over == graduation.counts == "graduates"
    assert graduation.over == "graduation_cohort"


@pytest.mark.parametrize("subject", ["reading", "mathematics"])
def test_achievement_levels_are_nested(subject: str) -> None:
    family = [one for one in DEFINITIONS.indicators.values() if one.family == f"achievement_{subject}"]
    assert [one.order for one in family] == [1, 2, 3]
    assert [one.records.at_least for one in family if one.records] == [2, 3, 4]
    assert {one.over for one in family} == {f"tested_{subject}"}


def test_less_is_better_where_students_are_sent_out_or_alone() -> None:
    lower = {key for key, indicator in DEFINITIONS.indicators.items() if indicator.direction == "lower"}
    assert lower == {
        *INDICATORS["here"].split(),
        "dropout",
        "retention",
        "counselor_access",
        "class_size",
        "novice_teachers",
        "uncertified_teachers",
        "students_per_teacher",
        "out_of_field_teachers",
        "ineffective_teachers",
        "absent_teachers",
        "teacher_turnover",
        "first_year_principal",
        "high_poverty_school",
        "high_poverty_school_graduates",
    }


def test_every_column_of_a_dimension_is_in_the_student_year_table() -> None:
    # from race_flags and grade, or of one publisher: Kentucky, California's formula, school choice in LA
    published_only = {"race_any", "grade_band", "gap_group", "high_need"}
    published_only |= {"local_district", "program_type", "dual_language_status"}
    assert set(DEFINITIONS.dimensions) - published_only <= set(DEFINITIONS.student_year)
    assert {"race_flags", "student_id", "school_id", "period"} <= set(DEFINITIONS.student_year)


def test_the_default_policy_hides_below_ten_and_the_published_one_only_follows() -> None:
    ours, theirs = DEFINITIONS.policies["n10"], DEFINITIONS.policies["published"]
    assert (ours.kind, ours.minimum_n, ours.minimum_numerator, ours.minimum_complement) == (
        "suppress",
        10,
        10,
        10,
    )
    assert theirs.kind == "follow"
    assert DEFINITIONS.parameter("confidence") == 0.95

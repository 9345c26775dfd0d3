"""The split files since 2017-18, made small in their documented layout."""

from __future__ import annotations

from tests.sources.federal.conftest import Read, cell, told

RACES = ("HI", "AM", "AS", "HP", "BL", "WH", "TR")
SEXES = ("M", "F", "X")
KEYS = "LEA_STATE,LEA_STATE_NAME,LEAID,LEA_NAME,SCHID,SCH_NAME,COMBOKEY,JJ"
FIRST = "CA,CALIFORNIA,0600001,First District,00001,First High,060000100001,No"
SECOND = "CA,CALIFORNIA,600001,First District,00002,Second School,60000100002,No"  # a zero is lost


def file(columns: dict[str, tuple[object, object]], sexes: tuple[str, ...] = SEXES) -> str:
    """Columns such as `SCH_ENR_{g}`, one a race and sex, each with the numbers of both schools."""
    names, first, second = [KEYS], [FIRST], [SECOND]
    for column, numbers in columns.items():
        groups = [f"{race}_{sex}" for race in RACES for sex in sexes] if "{g}" in column else [""]
        for group in groups:
            names.append(column.replace("{g}", group))
            first.append(str(numbers[0]))
            second.append(str(numbers[1]))
    return "\n".join(",".join(row) for row in (names, first, second))


GRADES = {
    f"SCH_GRADE_{grade}": ("No", "Yes")
    for grade in ("PS", "KG", *(f"G{number:02d}" for number in range(1, 9)))
} | {f"SCH_GRADE_G{number:02d}": ("Yes", "No") for number in range(9, 13)}
TOTALS = {"TOT_ENR_M": (140, 70), "TOT_ENR_F": (140, 70), "TOT_ENR_X": (140, 70)}
LEARNERS = {f"SCH_ENR_EL_{sex}": (8, 4) for sex in SEXES} | {
    f"SCH_ENR_IDEA_{sex}": (6, "-12") for sex in SEXES
}
FOLDER = "2021-22-crdc-data/CRDC/School"


def test_a_year_with_nonbinary_students_and_el_names(read: Read) -> None:
    dataset = read(
        "crdc",
        {
            f"{FOLDER}/Enrollment.csv": file({"SCH_ENR_{g}": (20, 10)} | TOTALS | LEARNERS),
            f"{FOLDER}/School Characteristics.csv": file(GRADES),
            f"{FOLDER}/Advanced Placement.csv": file(
                {"SCH_APENR_IND": ("No", -9), "SCH_APENR_{g}": (-9, -9)}
            ),
            f"{FOLDER}/Gifted and Talented.csv": file(
                {"SCH_GT_IND": ("Yes", "Yes"), "SCH_GTENR_{g}": (5, -5)}
                | {f"SCH_GTENR_EL_{sex}": (2, 1) for sex in SEXES}
            ),
        },
    )
    assert dataset.periods == ("2021-22",)
    nonbinary = {"race_ethnicity": "black", "sex": "nonbinary"}
    assert cell(dataset, "gifted", "060000100001", **nonbinary) == (20, 5, 0.25, "value")
    assert cell(dataset, "gifted", "060000100002", **nonbinary) == (None, None, None, "not_reported")
    assert cell(dataset, "ap_participation", "060000100001", **nonbinary) == (20, 0, 0, "value")
    assert cell(dataset, "ap_participation", "060000100002", **nonbinary) is None  # not grades 9 to 12 only
    learners = {"english_learner": "english_learner", "sex": "female"}
    assert cell(dataset, "gifted", "060000100001", **learners) == (8, 2, 0.25, "value")
    assert told(dataset, "ids that have lost a zero in front")
    assert any("no file for" in check.found and "suspensions" in check.found for check in dataset.checks)
    (reason,) = [
        check for check in dataset.checks if "'-5'" in check.found and "(table gifted)" in check.found
    ]
    assert "action plan" in reason.found
    assert reason.count == len(RACES) * len(SEXES)


def test_an_earlier_year_with_lep_names(read: Read) -> None:
    learners = {
        name.replace("_EL_", "_LEP_"): numbers for name, numbers in LEARNERS.items() if "_X" not in name
    }
    totals = {name: numbers for name, numbers in TOTALS.items() if "_X" not in name}
    suspended = {
        f"SCH_DISC{which}_{kind}{idea}_{{g}}": (1, 2)
        for which, idea in (("WODIS", ""), ("WDIS", "_IDEA"))
        for kind in ("SINGOOS", "MULTOOS", "ISS")
    }
    suspended |= {
        f"SCH_DISC{which}_{kind}_LEP_{sex}": (1, 0)
        for which in ("WODIS", "WDIS")
        for kind in ("SINGOOS", "MULTOOS", "ISS")
        for sex in "MF"
    }
    suspended |= {
        f"TOT_DISCWDIS_{kind}_IDEA_{sex}": (1, 0) for kind in ("SINGOOS", "MULTOOS", "ISS") for sex in "MF"
    }
    dataset = read(
        "crdc",
        {
            "crdc 2017-18/Enrollment.csv": file({"SCH_ENR_{g}": (20, 10)} | totals | learners, ("M", "F")),
            "crdc 2017-18/Suspensions.csv": file(suspended, ("M", "F")),
        },
    )
    assert dataset.periods == ("2017-18",)
    # one suspension and more than one, of students without and with disabilities: 1 + 1 + 1 + 1
    group = {"race_ethnicity": "white", "sex": "female"}
    assert cell(dataset, "suspension", "060000100001", **group) == (20, 4, 0.2, "value")
    assert cell(dataset, "suspension", "060000100002", **group) == (10, 8, 0.8, "value")
    assert cell(dataset, "suspension", "060000100001", english_learner="english_learner", sex="male") == (
        8,
        4,
        0.5,
        "value",
    )
    assert cell(dataset, "suspension", "060000100001", disability="with_disability", sex="male")[:2] == (6, 2)
    assert (
        cell(dataset, "suspension", "060000100002", disability="with_disability", sex="male")[3] == "hidden"
    )

"""A small district as the JSON resources of an Ed-Fi export, in the layout of versions 4, 5 and 6."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Objects = Sequence[Mapping[str, Any]]


def code(name: str, value: str, namespace: str = "uri://ed-fi.org") -> str:
    return f"{namespace}/{name}Descriptor#{value}"


_LEVEL = code("CourseLevelCharacteristic", "Advanced Placement")
_READING = code("AcademicSubject", "English Language Arts")
_SUMMATIVE = code("AssessmentCategory", "State summative assessment 3-8 general")
_PERCENTILE = code("AssessmentReportingMethod", "Percentile")


def write(folder: Path, resources: Mapping[str, Objects], lines: bool = False) -> Path:
    """As arrays, or (`lines`) as one object a line."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, held in resources.items():
        text = "\n".join(map(json.dumps, held)) if lines else json.dumps(held)
        (folder / f"{name}.{'ndjson' if lines else 'json'}").write_text(text, encoding="utf-8")
    return folder


def _student(number: str) -> dict[str, Any]:
    return {"studentReference": {"studentUniqueId": number}}


_STUDENTS = (
    # number, school, grade, sex, Hispanic, races, characteristics
    ("1", 10, "Ninth grade", "Female", True, ["Black - African American"], ["Economic Disadvantaged"]),
    ("2", 10, "Tenth grade", "Male", False, ["White", "Asian"], ["Homeless"]),
    ("3", 20, "Eighth grade", "Non-binary", False, ["Middle Eastern or North African"], []),
    ("4", 20, "Eighth grade", "Not Selected", None, ["Choose Not to Respond"], []),
    ("5", 20, "Preschool", "Male", False, ["White"], []),
)


def small(version: int = 5) -> dict[str, list[dict[str, Any]]]:
    """Two schools, five students (5 is in preschool; 1 moves in January), one teacher with an assignment."""
    session = {"schoolYear": 2024, "sessionName": "Year"}
    bio = {"localCourseCode": "BIO", "schoolId": 10, "sectionIdentifier": "B1", **session}
    demographics = [
        {
            **_student(number),
            "educationOrganizationReference": {"educationOrganizationId": 1},
            "sexDescriptor": code("Sex", sex),
            **({} if hispanic is None else {"hispanicLatinoEthnicity": hispanic}),
            "races": [{"raceDescriptor": code("Race", race, "uri://state.example")} for race in races],
            "studentCharacteristics": [
                {"studentCharacteristicDescriptor": code("StudentCharacteristic", one)} for one in held
            ],
            "limitedEnglishProficiencyDescriptor": code(
                "LimitedEnglishProficiency", "Limited" if number == "1" else "NotLimited"
            ),
        }
        for number, _, _, sex, hispanic, races, held in _STUDENTS
    ]
    return {
        "localEducationAgencies": [{"localEducationAgencyId": 1, "nameOfInstitution": "Test Unified"}],
        "schools": [
            {"schoolId": 10, "nameOfInstitution": "Oak High",
             "localEducationAgencyReference": {"localEducationAgencyId": 1}},
            {"schoolId": 20, "nameOfInstitution": "Elm Middle",
             "localEducationAgencyReference": {"localEducationAgencyId": 1}},
        ],
        "students": [
            {"studentUniqueId": number, "firstName": "Given", "lastSurname": "Family",
             "birthDate": "2009-01-01", "citizenshipStatusDescriptor": code("CitizenshipStatus", "secret")}
            for number, *_ in _STUDENTS
        ],
        "studentSchoolAssociations": [
            *(_stay(number, school, grade) for number, school, grade, *_ in _STUDENTS[1:]),
            {**_stay("1", 10, "Ninth grade"), "exitWithdrawDate": "2024-01-09"},
            {**_stay("1", 20, "Ninth grade"), "entryDate": "2024-01-09"},
        ],
        ("studentDemographics" if version == 6 else "studentEducationOrganizationAssociations"): demographics,
        "studentSpecialEducationProgramAssociations": [
            {**_student("2"), "beginDate": "2021-02-01", "ideaEligibility": True},
            {**_student("3"), "beginDate": "2020-02-01", "endDate": "2022-05-01", "ideaEligibility": True},
        ],
        "calendarDates": [
            {"calendarReference": {"schoolId": school, "calendarCode": "A", "schoolYear": 2024},
             "date": f"2023-09-{day:02d}",
             "calendarEvents": [{"calendarEventDescriptor": code("CalendarEvent", kind)}]}
            for school in (10, 20)
            for day in range(1, 22)
            for kind in ["Holiday" if day == 4 else "Instructional day"]
        ],
        "studentSchoolAttendanceEvents": [
            _event("1", 10, "2023-09-01", "Excused Absence"),
            _event("1", 10, "2023-09-05", "Unexcused Absence", 0.5),
            _event("2", 10, "2023-09-05", "Excused Absence"),
            _event("2", 10, "2023-09-06", "Tardy"),
            _event("2", 10, "2023-09-07", "Excused Absence"),
        ],
        "disciplineActions": [
            {**_student("2"), "disciplineActionIdentifier": "a", "disciplineDate": "2023-10-05",
             "disciplines": [{"disciplineDescriptor": code("Discipline", "Out of School Suspension")}]},
        ],
        "courses": [
            {"courseCode": "C-BIO", "courseTitle": "Biology II",
             "educationOrganizationReference": {"educationOrganizationId": 1},
             "levelCharacteristics": [
                 {"courseLevelCharacteristicDescriptor": _LEVEL}
             ]},
        ],
        "courseOfferings": [
            {"localCourseCode": "BIO", "schoolReference": {"schoolId": 10},
             "sessionReference": {"schoolId": 10, **session}, "courseReference": {"courseCode": "C-BIO"}},
        ],
        "sections": [
            {"sectionIdentifier": "B1",
             "courseOfferingReference": {"localCourseCode": "BIO", "schoolId": 10, **session}},
        ],
        "studentSectionAssociations": [
            {**_student("2"), "sectionReference": bio, "beginDate": "2023-08-14"},
        ],
        "staffSectionAssociations": [
            {"staffReference": {"staffUniqueId": "t1"}, "sectionReference": bio,
             "classroomPositionDescriptor": code("ClassroomPosition", "Teacher of Record")},
        ],
        "assessments": [
            {"assessmentIdentifier": "ELA-8", "namespace": "uri://state.example",
             "academicSubjects": [{"academicSubjectDescriptor": _READING}],
             "assessmentCategoryDescriptor": _SUMMATIVE},
            {"assessmentIdentifier": "Quiz", "namespace": "uri://state.example",
             "academicSubjects": [{"academicSubjectDescriptor": code("AcademicSubject", "Mathematics")}],
             "assessmentCategoryDescriptor": code("AssessmentCategory", "Class quiz")},
        ],
        "studentAssessments": [
            _result("3", "ELA-8", "Proficient", "2540"), _result("3", "Quiz", "Advanced", "9"),
        ],
        "staffs": [{"staffUniqueId": "t1", "yearsOfPriorTeachingExperience": 4, "firstName": "Given"}],
        "staffEducationOrganizationAssignmentAssociations": [
            {"staffReference": {"staffUniqueId": "t1"}, "beginDate": "2019-08-01", "fullTimeEquivalency": 0.5,
             "educationOrganizationReference": {"educationOrganizationId": 10},
             "staffClassificationDescriptor": code("StaffClassification", "Teacher")},
        ],
    }  # fmt: skip


def _stay(number: str, school: int, grade: str) -> dict[str, Any]:
    return {
        **_student(number), "schoolReference": {"schoolId": school}, "entryDate": "2023-08-14",
        "schoolYearTypeReference": {"schoolYear": 2024},
        "entryGradeLevelDescriptor": code("GradeLevel", grade),
    }  # fmt: skip


def _event(number: str, school: int, day: str, kind: str, part: float | None = None) -> dict[str, Any]:
    return {
        **_student(number), "schoolReference": {"schoolId": school}, "eventDate": day,
        "attendanceEventCategoryDescriptor": code("AttendanceEventCategory", kind),
        **({} if part is None else {"eventDuration": part}),
    }  # fmt: skip


def _result(number: str, test: str, level: str, score: str) -> dict[str, Any]:
    return {
        **_student(number), "administrationDate": "2024-04-10T00:00:00",
        "schoolYearTypeReference": {"schoolYear": 2024},
        "assessmentReference": {"assessmentIdentifier": test, "namespace": "uri://state.example"},
        "performanceLevels": [{"performanceLevelDescriptor": code("PerformanceLevel", level)}],
        "scoreResults": [
            {"result": "88", "assessmentReportingMethodDescriptor": _PERCENTILE},
            {"result": score,
             "assessmentReportingMethodDescriptor": code("AssessmentReportingMethod", "Scale score")},
        ],
    }  # fmt: skip

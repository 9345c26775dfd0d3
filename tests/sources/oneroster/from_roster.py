"""A roster folder written as OneRoster: a bulk export a school year, and beside them what OneRoster lacks."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from tests.sources.oneroster.district import Row, files, zipped

from evenground.model import parse_period, period_end

_RACES = {
    "american_indian": "americanIndianOrAlaskaNative",
    "asian": "asian",
    "black": "blackOrAfricanAmerican",
    "pacific_islander": "nativeHawaiianOrOtherPacificIslander",
    "white": "white",
    "hispanic": "hispanicOrLatinoEthnicity",
}
_FLAGS = {"1": "true", "0": "false", "yes": "true", "no": "false", "": ""}
_SEXES = {"F": "female", "M": "male", "X": "other", "": "", "male": "male"}
_KEPT = ("attendance", "incidents", "assessments", "graduates", "staff", "finance")


def write(roster: Path, folder: Path, version: str) -> Path:
    """The grade of a student stands in users; courses are classes of their own; one homeroom a school."""
    tables = {path.stem: _rows(path) for path in roster.glob("*.csv")}
    folder.mkdir(parents=True)
    for period in sorted({parse_period(row["school_year"]) for row in tables["enrollments"]}):
        texts = files(_export(tables, period, version), version)
        zipped(folder / period / "export.zip", texts)
    for table in _KEPT:
        if (roster / f"{table}.csv").is_file():
            (folder / f"{table}.csv").write_bytes((roster / f"{table}.csv").read_bytes())
    _write_students(tables, folder / "students.csv")
    kinds = {(row["course_code"], row["course_type"]) for row in tables["courses"]}
    lines = [",".join(kind) for kind in sorted(kinds)]
    (folder / "course_types.csv").write_text("\n".join(["course_code,course_type", *lines, ""]))
    (folder / "about.yaml").write_bytes((roster / "about.yaml").read_bytes())
    return folder


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_students(tables: Mapping[str, list[Row]], path: Path) -> None:
    """What OneRoster has no field for; race only of those who are in no export."""
    enrolled = {(row["student_id"], parse_period(row["school_year"])) for row in tables["enrollments"]}
    rows = tables["students"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            held = (row["student_id"], parse_period(row["school_year"])) in enrolled
            writer.writerow({**row, **dict.fromkeys(_RACES, "")} if held else row)


def _export(tables: Mapping[str, list[Row]], period: str, version: str) -> dict[str, list[Row]]:
    end = period_end(period)
    stays = [row for row in tables["enrollments"] if parse_period(row["school_year"]) == period]
    students = {
        row["student_id"]: row for row in tables["students"] if parse_period(row["school_year"]) == period
    }
    grades, schools = {}, defaultdict(list)
    for row in stays:
        grades.setdefault(row["student_id"], row["grade"])
        schools[row["student_id"]].append(row["school_id"])
    people = {
        student: {
            "sourcedId": student, "enabledUser": "true", "username": student, "givenName": "G",
            "familyName": "F", "grades": "KG" if grade in ("KG", "kg") else grade.zfill(2),
        }
        for student, grade in grades.items()
    }  # fmt: skip
    made: dict[str, list[dict[str, str]]] = {
        "orgs": _orgs(tables["schools"]),
        "academicSessions": [
            {"sourcedId": "year", "title": period, "type": "schoolYear", "startDate": f"{end - 1}-07-01",
             "endDate": f"{end}-07-01", "schoolYear": str(end)}
        ],
        "demographics": [
            {"sourcedId": student, "sex": _SEXES[row["sex"]],
             **{theirs: _FLAGS[row[ours].lower()] for ours, theirs in _RACES.items()}}
            for student, row in students.items()
            if student in people
        ],
        **_classes(tables, period, stays, schools),
    }  # fmt: skip
    if version == "1.1":
        for row in made["demographics"]:
            row["sex"] = row["sex"].replace("other", "")  # 1.1 has no such code; the side file has
        made["users"] = [
            {**row, "role": "student", "orgSourcedIds": ",".join(dict.fromkeys(schools[student]))}
            for student, row in people.items()
        ]
    else:
        made["users"] = list(people.values())
        made["roles"] = [
            {"sourcedId": f"r{student}{place}", "userSourcedId": student, "roleType": "primary",
             "role": "student", "orgSourcedId": school}
            for student in people
            for place, school in enumerate(dict.fromkeys(schools[student]))
        ]  # fmt: skip
    return made


def _orgs(schools: list[Row]) -> list[Row]:
    districts = {row["district_id"]: row["district_name"] for row in schools}
    above = [
        {"sourcedId": f"d{key}", "identifier": key, "name": name, "type": "district"}
        for key, name in districts.items()
    ]
    return above + [
        {"sourcedId": row["school_id"], "name": row["school_name"], "type": "school",
         "parentSourcedId": f"d{row['district_id']}"}
        for row in schools
    ]  # fmt: skip


def _classes(
    tables: Mapping[str, list[Row]], period: str, stays: list[Row], schools: Mapping[str, list[str]]
) -> dict[str, list[Row]]:
    courses: dict[str, Row] = {"home": {"sourcedId": "home", "title": "Homeroom", "orgSourcedId": "d"}}
    classes: dict[str, Row] = {}
    seats: list[Row] = []

    def seat(student: str, code: str, school: str, kind: str, entry: str = "", leave: str = "") -> None:
        group = f"{code}-{school}"
        classes[group] = {
            "sourcedId": group, "title": group, "courseSourcedId": code, "classType": kind,
            "schoolSourcedId": school, "termSourcedIds": "year",
        }  # fmt: skip
        after = (date.fromisoformat(leave) + timedelta(days=1)).isoformat() if leave else ""
        seats.append(
            {"sourcedId": f"e{len(seats)}", "classSourcedId": group, "schoolSourcedId": school,
             "userSourcedId": student, "role": "student", "beginDate": entry, "endDate": after}
        )  # fmt: skip

    for row in stays:
        seat(row["student_id"], "home", row["school_id"], "homeroom", row["entry_date"], row["exit_date"])
    of_student = {row["student_id"]: row for row in reversed(stays)}
    for row in tables["courses"]:
        if parse_period(row["school_year"]) == period and row["student_id"] in of_student:
            stay = of_student[row["student_id"]]
            courses[row["course_code"]] = {
                "sourcedId": row["course_code"], "courseCode": row["course_code"], "title": "A course",
                "orgSourcedId": "d",
            }  # fmt: skip
            dates = (stay["entry_date"], stay["exit_date"])
            seat(row["student_id"], row["course_code"], stay["school_id"], "scheduled", *dates)
    orgs = next(f"d{row['district_id']}" for row in tables["schools"])
    return {
        "courses": [{**row, "orgSourcedId": orgs} for row in courses.values()],
        "classes": list(classes.values()),
        "enrollments": seats,
    }

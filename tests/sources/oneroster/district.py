"""A small district in OneRoster's documented layout, in both versions, as zip or folder, bulk or delta."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

START = "sourcedId,status,dateLastModified,"
_RACES = (
    "americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
    "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity"
)
# The columns of the standard, in its order: docs of 1EdTech, not our own definitions.
HEADERS: Mapping[str, str] = {
    "orgs": START + "name,type,identifier,parentSourcedId",
    "academicSessions": START + "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": START + "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": START
    + "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,"
    "subjectCodes,periods",
    "enrollments": START + "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": START + f"birthDate,sex,{_RACES},countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,"
    "publicSchoolResidenceStatus",
    "users 1.1": START
    + "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password",
    "users 1.2": START
    + "enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,"
    "agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles 1.2": START + "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
}
LISTED = {
    "1.1": "academicSessions categories classes classResources courses courseResources demographics"
    " enrollments lineItems orgs resources results users",
}
LISTED["1.2"] = LISTED["1.1"] + (
    " lineItemLearningObjectiveIds lineItemScoreScales resultLearningObjectiveIds resultScoreScales roles"
    " scoreScales userProfiles userResources"
)
Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


def header(name: str, version: str) -> list[str]:
    return (HEADERS.get(name) or HEADERS[f"{name} {version}"]).split(",")


def files(
    tables: Tables,
    version: str = "1.1",
    mode: str = "bulk",
    modes: Mapping[str, str] | None = None,
    **extra: str,
) -> dict[str, str]:
    """The texts of an export, with its manifest; `extra` replaces or adds a file's text."""
    texts = {f"{name}.csv": text(name, rows, version) for name, rows in tables.items()}
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}"]
    for name in LISTED[version].split():
        said = (modes or {}).get(name, mode if name in tables else "absent")
        lines.append(f"file.{name},{said}")
    texts["manifest.csv"] = "\n".join(lines) + "\n"
    return {**texts, **{f"{name}.csv": content for name, content in extra.items()}}


def text(name: str, rows: Sequence[Row], version: str) -> str:
    columns = header(name, version)
    more = list(dict.fromkeys(column for row in rows for column in row if column not in columns))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [*columns, *more], restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def zipped(path: Path, texts: Mapping[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts.items():
            archive.writestr(name, content)
    return path


def foldered(path: Path, texts: Mapping[str, str]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        (path / name).write_text(content, encoding="utf-8", newline="")
    return path


def _user(number: str, role: str, school: str, grade: str = "", **more: str) -> Row:
    return {
        "sourcedId": number, "enabledUser": "true", "role": role, "org": school, "username": f"user-{number}",
        "givenName": "Given", "familyName": "Family", "email": "someone@example.org", "phone": "555-0100",
        "password": "secret", "grades": grade, **more,
    }  # fmt: skip


_STUDENTS = (
    ("s1", "high", "09", "female", "hispanicOrLatinoEthnicity blackOrAfricanAmerican"),
    ("s2", "high", "10", "male", "blackOrAfricanAmerican white"),
    ("s3", "high", "12", "female", "asian"),
    ("s4", "middle", "08", "female", "white"),
    ("s5", "middle", "08", "", ""),
    ("s6", "middle", "07", "male", "demographicRaceTwoOrMoreRaces"),
    ("s7", "middle", "PK", "male", "white"),
)


def small(version: str = "1.1") -> dict[str, list[Row]]:
    """Two schools, seven students (s1 moves from one school to the other; s7 is in PK), two teachers."""
    people = [_user(number, "student", school, grade) for number, school, grade, *_ in _STUDENTS]
    people += [_user("t1", "teacher", "high"), _user("t2", "teacher", "middle")]
    tables: dict[str, list[Row]] = {
        "orgs": [
            {"sourcedId": "d", "name": "Test Unified", "type": "district"},
            {"sourcedId": "high", "name": "Oak High", "type": "school", "identifier": "001",
             "parentSourcedId": "d"},
            {"sourcedId": "middle", "name": "Elm Middle", "type": "school", "identifier": "002",
             "parentSourcedId": "d"},
        ],
        "academicSessions": [
            _session("y", "schoolYear", "2023-08-14", "2024-06-08", ""),
            _session("fall", "semester", "2023-08-14", "2023-12-23", "y"),
            _session("spring", "semester", "2024-01-08", "2024-06-08", "y"),
        ],
        "courses": [
            {"sourcedId": "c1", "title": "AP Biology", "courseCode": "AP1", "orgSourcedId": "d"},
            {"sourcedId": "c2", "title": "Algebra I", "courseCode": "M1", "orgSourcedId": "d"},
            {"sourcedId": "c3", "title": "Homeroom", "courseCode": "H0", "orgSourcedId": "d"},
        ],
        "classes": [
            _class("hh", "c3", "homeroom", "high", "fall,spring"),
            _class("mh", "c3", "homeroom", "middle", "y"),
            _class("bio", "c1", "scheduled", "high", "y"),
            _class("alg", "c2", "scheduled", "middle", "fall"),
        ],
        "enrollments": [
            _seat("e1", "hh", "high", "s1", begin="2023-08-14", end="2023-12-02"),
            _seat("e2", "mh", "middle", "s1", begin="2023-12-02"),
            *(_seat(f"h{n}", "hh", "high", f"s{n}") for n in (2, 3)),
            *(_seat(f"m{n}", "mh", "middle", f"s{n}") for n in (4, 5, 6, 7)),
            _seat("b2", "bio", "high", "s2"),
            _seat("a4", "alg", "middle", "s4"),
            {**_seat("t1b", "bio", "high", "t1"), "role": "teacher", "primary": "true"},
            {**_seat("t2a", "alg", "middle", "t2"), "role": "teacher", "primary": "true"},
        ],
        "demographics": [
            {"sourcedId": number, "birthDate": "2009-01-01", "sex": sex, "countryOfBirthCode": "US",
             "stateOfBirthAbbreviation": "CA", "cityOfBirth": "Anytown", **_races(held)}
            for number, _, _, sex, held in _STUDENTS
        ],
    }  # fmt: skip
    return {**tables, **_people(people, version)}


def _people(people: Sequence[Row], version: str) -> dict[str, list[Row]]:
    plain = [{key: value for key, value in row.items() if key not in ("role", "org")} for row in people]
    if version == "1.1":
        users = [
            {**row, "orgSourcedIds": whole["org"], "role": whole["role"]}
            for row, whole in zip(plain, people, strict=True)
        ]
        return {"users": users}
    roles = [
        {"sourcedId": f"r-{row['sourcedId']}", "userSourcedId": row["sourcedId"], "roleType": "primary",
         "role": row["role"], "orgSourcedId": row["org"]}
        for row in people
    ]  # fmt: skip
    return {"users": plain, "roles": roles}


def _races(held: str) -> Row:
    return {name: str(name in held.split()).lower() if held else "" for name in _RACES.split(",")}


def _session(number: str, kind: str, start: str, end: str, above: str) -> Row:
    return {
        "sourcedId": number, "title": number, "type": kind, "startDate": start, "endDate": end,
        "parentSourcedId": above, "schoolYear": "2024",
    }  # fmt: skip


def _class(number: str, course: str, kind: str, school: str, terms: str) -> Row:
    return {
        "sourcedId": number, "title": number, "courseSourcedId": course, "classType": kind,
        "schoolSourcedId": school, "termSourcedIds": terms,
    }  # fmt: skip


def _seat(number: str, group: str, school: str, user: str, begin: str = "", end: str = "") -> Row:
    return {
        "sourcedId": number, "classSourcedId": group, "schoolSourcedId": school, "userSourcedId": user,
        "role": "student", "beginDate": begin, "endDate": end,
    }  # fmt: skip

"""A roster folder written as OneRoster: a bulk export a school year, and beside them what OneRoster lacks."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from evenground.engine import spilling
from evenground.model import period_end
from evenground.sources.oneroster.format import OneRoster, oneroster_format

GIVEN = ("schools", "enrollments", "courses", "sections", "section_students")
"""Tables of the roster that stand in the export; the others are written beside it."""

_MANIFEST = "manifest"
_ON = (1980, 1, 1, 0, 0, 0)  # the date of every file in an archive, so that a seed gives the same bytes
_FLAG = "CASE {} WHEN '1' THEN 'true' WHEN '0' THEN 'false' END"
_HOME = "HOME"
_ROLES = {
    "1.1": {"teacher": "teacher", "leader": "administrator"},
    "1.2": {"teacher": "teacher", "leader": "principal", "counselor": "counselor"},
}
_SEXES = {"1.1": {"F": "female", "M": "male"}, "1.2": {"F": "female", "M": "male", "X": "other"}}


def export_oneroster(roster: Path, folder: Path, version: str) -> None:
    """Writes `oneroster-YEAR.zip` for every school year of a roster in CSV, and the side files.

    Every student has a seat in a homeroom (Advisory) at each school for as long as the stay lasts, and in the
    sections of the roster. Grades of courses, credits and minutes are left out: OneRoster has no place for
    them. Dates end a day after the last one, as OneRoster wants.
    """
    form = oneroster_format()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix="made-up-") as work, spilling(Path(work)) as engine:
        for file in sorted(roster.glob("*.csv")):
            engine.execute(
                f"CREATE VIEW {file.stem} AS"
                f" SELECT * FROM read_csv('{_text(file)}', all_varchar=true, header=true)"
            )
        for (period,) in engine.execute("SELECT DISTINCT school_year FROM enrollments ORDER BY 1").fetchall():
            _write_year(engine, period, folder / f"oneroster-{period}.zip", Path(work), version, form)
        _write_sides(engine, roster, folder, form)


def _write_year(
    engine: duckdb.DuckDBPyConnection, period: str, archive: Path, work: Path, version: str, form: OneRoster
) -> None:
    files = dict(_files(period, version))
    with zipfile.ZipFile(archive, "w") as packed:
        for name in (_MANIFEST, *files):
            path = work / f"{name}.csv"
            if name == _MANIFEST:
                path.write_text(_manifest(version, form, files), encoding="utf-8")
            else:
                header = form.files[name].header(version)
                columns = ", ".join(f'{files[name].get(column, "NULL")} AS "{column}"' for column in header)
                query = f"SELECT {columns} {files[name]['FROM']} ORDER BY 1"
                engine.execute(f"COPY ({query}) TO '{_text(path)}' (FORMAT csv, HEADER)")
            inside = zipfile.ZipInfo(f"{name}.csv", _ON)
            inside.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(inside, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
            path.unlink()


def _manifest(version: str, form: OneRoster, files: Mapping[str, object]) -> str:
    lines = [("manifest.version", "1.0"), ("oneroster.version", version)]
    lines += [
        (f"file.{name}", "bulk" if name in files else "absent") for name in sorted(form.listed(version))
    ]
    lines.append(("source.systemName", "a made-up school system"))
    return "\n".join(["propertyName,value", *(",".join(line) for line in lines), ""])


def _files(period: str, version: str) -> Iterator[tuple[str, dict[str, str]]]:
    """File -> its columns as SQL over the roster's tables, and FROM."""
    end, here = period_end(period), f"school_year = '{period}'"
    yield (
        "academicSessions",
        {"sourcedId": f"'{period}'", "title": f"'{period}'", "type": "'schoolYear'",
         "startDate": f"'{end - 1}-07-01'", "endDate": f"'{end}-07-01'", "schoolYear": f"'{end}'",
         "FROM": ""},
    )  # fmt: skip
    yield (
        "orgs",
        {"sourcedId": "id", "name": "name", "type": "type", "identifier": "identifier",
         "parentSourcedId": "parent", "FROM": _ORGS},
    )  # fmt: skip
    yield (
        "courses",
        {"sourcedId": "district_id || '-' || course_code", "schoolYearSourcedId": f"'{period}'",
         "title": "any_value(course_title)", "courseCode": "course_code",
         "orgSourcedId": "'D' || district_id", "subjects": "any_value(subject)",
         "FROM": f"FROM ({_courses(here)}) GROUP BY district_id, course_code"},
    )  # fmt: skip
    yield (
        "classes",
        {"sourcedId": "id", "title": "title", "grades": "grades", "courseSourcedId": "course",
         "classType": "kind", "schoolSourcedId": "school_id", "termSourcedIds": f"'{period}'",
         "FROM": f"FROM ({_classes(here)})"},
    )  # fmt: skip
    orgs = "string_agg(DISTINCT school_id, ',' ORDER BY school_id) AS orgs"
    people = f"""
        FROM (SELECT student_id AS id, 'student' AS role, {orgs}, any_value(grade) AS grade
              FROM enrollments WHERE {here} GROUP BY 1
              UNION ALL SELECT staff_id, role, {orgs}, NULL FROM staff WHERE {here} GROUP BY 1, 2)"""
    role = f"CASE role WHEN 'student' THEN 'student' {_whens(_ROLES[version])} ELSE 'aide' END"
    yield (
        "users",
        {"sourcedId": "id", "enabledUser": "'true'", "orgSourcedIds": "orgs", "role": role, "username": "id",
         "userIds": "'{local:' || id || '}'", "givenName": "'Made-up'", "familyName": "'Person'",
         "identifier": "id", "grades": "grade", "FROM": people},
    )  # fmt: skip
    if version != "1.1":
        each = f"FROM (SELECT id, role, unnest(string_split(orgs, ',')) AS school_id {people})"
        yield (
            "roles",
            {"sourcedId": "id || '-' || school_id", "userSourcedId": "id", "roleType": "'primary'",
             "role": role, "orgSourcedId": "school_id", "FROM": each},
        )  # fmt: skip
    yield (
        "enrollments",
        {"sourcedId": "class || '-' || person", "classSourcedId": "class", "schoolSourcedId": "school_id",
         "userSourcedId": "person", "role": "role", "primary": "CASE role WHEN 'teacher' THEN 'true' END",
         "beginDate": "begins", "endDate": "ends", "FROM": f"FROM ({_seats(here)})"},
    )  # fmt: skip
    yield (
        "demographics",
        {"sourcedId": "student_id", "sex": f"CASE sex {_whens(_SEXES[version])} END",
         **{theirs: _FLAG.format(ours) for ours, theirs in _races(oneroster_format()).items()},
         "FROM": f"FROM students SEMI JOIN (SELECT student_id FROM enrollments WHERE {here})"
                 f" USING (student_id) WHERE {here}"},
    )  # fmt: skip


_ORGS = """
FROM (SELECT DISTINCT 'D' || district_id AS id, district_name AS name, 'district' AS type,
             district_id AS identifier, NULL AS parent FROM schools
      UNION ALL SELECT school_id, school_name, 'school', school_id, 'D' || district_id FROM schools)"""


def _courses(here: str) -> str:
    """Courses that have sections, and the homeroom of every school."""
    return f"""SELECT district_id, course_code, course_title, subject FROM sections
                JOIN schools USING (school_id) WHERE {here}
                UNION ALL SELECT district_id, 'ADVISORY', 'Advisory', NULL FROM schools"""


def _classes(here: str) -> str:
    return f"""
        SELECT section_id AS id, course_title || ' ' || right(section_id, 2) AS title,
               CASE WHEN course_code = '{_HOME}'
                    THEN regexp_extract(section_id, '{_HOME}(..)', 1) END AS grades,
               district_id || '-' || course_code AS course, 'scheduled' AS kind, school_id
        FROM sections JOIN schools USING (school_id) WHERE {here}
        UNION ALL
        SELECT DISTINCT school_id || '-ADVISORY', 'Advisory', NULL, district_id || '-ADVISORY', 'homeroom',
               school_id
        FROM enrollments JOIN schools USING (school_id) WHERE {here}"""


def _seats(here: str) -> str:
    """Students in their homeroom and sections, for the days of the stay; the teacher of each section."""
    dates = "min(entry_date) AS begins, (max(exit_date)::DATE + 1)::VARCHAR AS ends"
    return f"""
        SELECT school_id || '-ADVISORY' AS class, student_id AS person, 'student' AS role, school_id, {dates}
        FROM enrollments WHERE {here} GROUP BY ALL
        UNION ALL
        SELECT section_id, student_id, 'student', school_id, {dates}
        FROM (FROM section_students WHERE {here})
        JOIN (SELECT section_id, school_id FROM sections WHERE {here}) USING (section_id)
        JOIN (FROM enrollments WHERE {here}) USING (student_id, school_id) GROUP BY ALL
        UNION ALL
        SELECT section_id, staff_id, 'teacher', school_id, NULL, NULL FROM sections
        WHERE {here} AND staff_id IS NOT NULL"""


def _races(form: OneRoster) -> Mapping[str, str]:
    return {ours: theirs for ours, theirs in form.demographics.items() if ours != "sex"}


def _write_sides(engine: duckdb.DuckDBPyConnection, roster: Path, folder: Path, form: OneRoster) -> None:
    """The other tables as they are; of students what demographics.csv has no column for."""
    for path in sorted(roster.iterdir()):
        if path.stem == "students":
            gone = ", ".join(form.demographics)
            query = f"SELECT * EXCLUDE ({gone}) FROM students"
            engine.execute(f"COPY ({query}) TO '{_text(folder / path.name)}' (FORMAT csv, HEADER)")
        elif path.stem not in GIVEN:
            shutil.copyfile(path, folder / path.name)
    query = "SELECT DISTINCT course_code, course_type FROM sections ORDER BY 1, 2"
    engine.execute(f"COPY ({query}) TO '{_text(folder / 'course_types.csv')}' (FORMAT csv, HEADER)")


def _whens(codes: Mapping[str, str]) -> str:
    return " ".join(f"WHEN '{ours}' THEN '{theirs}'" for ours, theirs in codes.items())


def _text(path: Path) -> str:
    return str(path).replace("'", "''")

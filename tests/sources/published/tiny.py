"""A made-up publisher with a few rows, small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

from evenground.definitions import load
from evenground.model import InputProblems, Problem
from evenground.sources.dataset import Dataset
from evenground.sources.published import read_source, sources_from

MAPPING = """
tiny:
  title: Tiny
  publisher: Tiny Department of Education
  licence: public domain
  policy: published
  source: made for this test
  date: 2026-11-21
  confidence: ours
  absent_rows: unknown
  missing: {"": hidden, "*": hidden, "n/a": not_applicable}
  units:
    state: {code: "99", id: TY, name: Tiny}
    district_digits: 2
    school_digits: 4
  codes:
    group: {All: all, Black: "race_ethnicity:black", White: "race_ethnicity:white", Gifted: skip}
    level: {E: "grade_band:elementary", M: "grade_band:middle"}
  tables:
    enrolment:
      files: {school: students.csv, district: students_district.csv}
      unit: id
      period: year
      names: {school: name}
      groups: {group: group}
      count: students
    graduates:
      files: {school: graduates.csv}
      unit: id
      period: year
      groups: {group: group}
      statistics:
        college_ready: {n: graduates, total: ready}
        graduation: {share: [rate]}
    tests:
      files: {school: tests.csv}
      unit: id
      period: year
      groups: {group: group, level: level}
      decimals: 3
      combine: grade_band
      sum_to_one: [low, middle, high]
      statistics:
        reading_proficient: {n: tested, share: [middle, high], where: {subject: [R]}}
        reading_advanced: {n: tested, share: [high], where: {subject: [R]}}
    events:
      files: {school: events.csv, district: events_district.csv}
      unit: id
      period: year
      groups: {group: group}
      allowed: {kind: [out, in]}
      dirty: {kind: {"in out": "is a total of both"}}
      statistics:
        expulsion: {total: count, over: enrolment, where: {kind: [out, in]}}
        suspension_events: {total: count, over: enrolment, where: {kind: [out]}}
        suspension:
          total: count
          over: enrolment
          where: {kind: [out], group: [All]}
          unusable: {periods: [2014-15], why: counted otherwise}
        ap_exam_taking:
          {total: count, over: enrolment, where: {kind: [in]}, reporting_schools: 0.9, state_cover: 0.8}
    staff:
      files: {school: staff.csv}
      unit: id
      period: year
      missing: {"": not_reported}
      statistics:
        teacher_experience: {each: years, over: enrolment, between: [0, 60]}
        uncertified_teachers: {each: uncertified, over: enrolment, needs: years}
"""

FILES = {
    "students.csv": """id,name,year,group,students
        0101,First,2015-2016,Black,10
        0101,First,2015-2016,White,30
        0102,Second,2015-2016,Black,0
        0102,Second,2015-2016,White,20""",
    "students_district.csv": """id,year,group,students
        01,2015-2016,Black,10
        01,2015-2016,White,50""",
    "graduates.csv": """id,year,group,graduates,ready,rate
        0101,2015-2016,All,40,25,0.912
        0101,2015-2016,Black,10,4,0.9
        0101,2015-2016,White,*,*,*
        0101,2015-2016,Gifted,3,3,1
        0102,2015-2016,All,0,0,n/a""",
    "tests.csv": """id,year,group,level,subject,tested,low,middle,high
        0101,2015-2016,All,E,R,30,0.333,0.467,0.2
        0101,2015-2016,All,M,R,20,0.5,0.25,0.25
        0101,2015-2016,Black,E,R,12,0.5,0.25,0.25
        0101,2015-2016,Black,M,R,,,,
        0101,2015-2016,White,E,R,,0.25,0.5,0.25
        0101,2015-2016,White,E,S,30,0.1,0.8,0.1
        0102,2015-2016,All,E,R,11,0.35,0.05,0.6""",
    "events.csv": """id,year,group,kind,count
        0101,2015-2016,All,out,44
        0101,2015-2016,Black,out,15
        0101,2015-2016,White,out,29
        0101,2015-2016,All,in,8
        0101,2015-2016,Black,in,2
        0101,2015-2016,White,in,6
        0102,2015-2016,All,out,1
        0102,2015-2016,Black,out,0
        0102,2015-2016,White,in,*
        0102,2015-2016,All,in,*""",
    "events_district.csv": """id,year,group,kind,count
        01,2015-2016,All,out,45
        01,2015-2016,All,in,8
        01,2015-2016,Black,in,*
        01,2015-2016,White,in,6""",
    "staff.csv": """id,year,years,uncertified
        0101,2015-2016,12,0.1
        0102,2015-2016,,0""",
}


def lines(content: str) -> str:
    return "\n".join(line.strip() for line in content.splitlines()) + "\n"


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """The files in `folder`, some changed or, with None, left out. Names are written without `.csv`."""
    for name, content in FILES.items():
        given = changes.get(name.removesuffix(".csv"), content)
        if isinstance(given, bytes):
            (folder / name).write_bytes(given)
        elif given is not None:
            (folder / name).write_text(lines(given), encoding="utf-8")
    return folder


def read(folder: Path, mapping: str = MAPPING) -> Dataset:
    definitions = folder / "definitions"
    definitions.mkdir(exist_ok=True)
    (definitions / "tiny.yaml").write_text(mapping, encoding="utf-8")
    return read_source(folder, "tiny", sources_from(definitions)["tiny"], load())


def problems(folder: Path, mapping: str = MAPPING) -> tuple[Problem, ...]:
    """What stops the reading."""
    try:
        read(folder, mapping)
    except InputProblems as error:
        return error.problems
    return ()

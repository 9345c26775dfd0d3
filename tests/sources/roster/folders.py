"""A small sound roster folder, and ways to change one cell, column or file of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ABOUT = 'title: "Test Unified"\neconomic_disadvantage: "direct certification"\n'
_RACES = (
    "student_id,school_year,sex,hispanic,american_indian,asian,black,filipino,pacific_islander,white,"
    "economic_disadvantage,english_learner\n"
)
SOUND: Mapping[str, str] = {
    "schools": """school_id,school_name,district_id,district_name
001,Oak High,0100,Test Unified
002,Elm Middle,0100,Test Unified
""",
    "students": _RACES
    + """0071001,2023-24,F,1,0,0,1,0,0,0,1,1
0071002,2023-24,M,0,0,0,1,0,0,1,0,0
0071003,2023-24,X,0,0,1,0,1,0,0,0,0
0071004,2023-24,F,0,0,0,0,1,0,0,Y,n
0071005,2023-24,,,,,,,,,,
0071006,2023-24,male,no,no,no,yes,no,no,no,TRUE,False
0071007,2023-24,F,0,0,0,0,0,0,1,0,0
""",
    "enrollments": """student_id,school_id,school_year,grade,entry_date,exit_date
0071001,001,2023-24,9,2023-08-15,2023-12-01
0071001,002,2023-24,8,2023-12-02,
0071002,001,2023-24,10,,
0071003,001,2023-24,12,2023-09-01,2024-01-31
0071004,002,2024,08,,
0071005,002,2023-24,8,2023-11-01,
0071006,002,2023-24,7,,
""",
    "courses": """student_id,school_year,course_code,course_type
0071001,2023-24,A1,AP
0071001,2023-24,A2,AP
0071002,2023-24,D1,dual_enrollment
0071004,2023-24,M1,algebra_1
""",
    "assessments": """student_id,school_year,subject,level,score
0071004,2023-24,reading,3,520
0071004,2023-24,math,1,430
0071006,2023-24,reading,,
""",
    "attendance": """student_id,school_year,days_enrolled,days_absent
0071001,2023-24,180,18
0071002,2023-24,180,17
0071003,2023-24,9,9
0071004,2023-24,180,0
0071005,2023-24,100,
""",
    "incidents": """student_id,school_year,date,consequence
0071002,2023-24,2023-10-05,OSS
0071002,2023-24,2023-11-05,iss
""",
    "graduates": """student_id,cohort_year,school_id,graduated,ag_complete
0071003,2023-24,001,1,1
0071007,2023-24,001,0,0
""",
    "staff": """staff_id,school_id,school_year,fte,years_experience,fully_certified
T1,001,2023-24,1.0,1,1
T2,001,2023-24,0.5,10,0
T3,002,2023-24,1.0,,
""",
    "finance": """school_id,school_year,spending
001,2023-24,12000
002,2023-24,
""",
}


def make(folder: Path, **changes: str | None) -> Path:
    """Writes the sound folder with other texts for some tables; None leaves a table out."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, text in {**SOUND, **changes}.items():
        if text is not None:
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    (folder / "about.yaml").write_text(ABOUT, encoding="utf-8")
    return folder


def with_line(table: str, line: str) -> str:
    """The sound text of a table and one more row."""
    return SOUND[table] + line + "\n"


def replaced(table: str, old: str, new: str) -> str:
    """The sound text of a table with one thing replaced."""
    assert SOUND[table].count(old) >= 1
    return SOUND[table].replace(old, new, 1)

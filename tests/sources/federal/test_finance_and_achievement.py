"""F-33, EDFacts and SEDA: small files in their documented layout, figured out by hand."""

from __future__ import annotations

import pytest
from tests.sources.federal.conftest import Read, cell, told

F33 = """LEAID\tNAME\tSTABBR\tSCHLEV\tV33\tTOTALREV\tTCURELSC\tTCURINST
0600001\tFirst\tCA\t03\t1000\t12000000\t10000000\t6000000
600002\tSecond\tCA\t01\t200\t1800000000\t-1\t-2
0600003\tThird\tCA\t07\t10\t90000\t80000\t0
0600004\tFourth\tCA\t03\t0\t0\t0\t0"""


def test_dollars_per_student(read: Read) -> None:
    dataset = read("f33", {"sdf19_1a.txt": F33})
    assert dataset.periods == ("2018-19",)
    assert cell(dataset, "spending", "0600001") == (1000, 10_000_000, 10_000, "value")
    assert cell(dataset, "instruction_spending", "0600001")[2] == 6000
    assert cell(dataset, "spending", "0600002")[3] == "not_reported"
    assert cell(dataset, "instruction_spending", "0600002")[3] == "not_applicable"
    # 9,000,000 dollars a student is no revenue, and is told
    assert cell(dataset, "revenue", "0600002")[3] == "not_reported"
    assert told(dataset, "outside what is possible (revenue)") == [1]
    assert cell(dataset, "spending", "0600003") is None  # a service agency
    assert cell(dataset, "spending", "0600004") is None  # nobody


EDFACTS = """NCESSCH,LEAID,SCHNAM,LEANM,ALL_N,ALL_P,MBL_N,MBL_P,MWH_N,MWH_P
60000100001,600001,First,District,400,34,14,GE50,25,21-39
060000100002,0600001,Second,District,200,20-24,3,PS,.,n/a""".replace("_N", "_MTH00NUMVALID_1718").replace(
    "_P", "_MTH00PCTPROF_1718"
)


def test_blurred_shares_are_intervals(read: Read) -> None:
    dataset = read("edfacts", {"math-achievement-sch-sy2017-18.csv": EDFACTS})
    assert dataset.periods == ("2017-18",)
    assert cell(dataset, "mathematics_proficient", "060000100001") == (400, 136, 0.34, "value")
    assert cell(dataset, "mathematics_proficient", "060000100001", race_ethnicity="black")[3] == "hidden"
    assert cell(dataset, "mathematics_proficient", "060000100002", race_ethnicity="black")[3] == "hidden"
    assert (
        cell(dataset, "mathematics_proficient", "060000100002", race_ethnicity="white")[3] == "not_applicable"
    )
    assert dataset.bounds is not None
    bounds = {(row["unit_id"], row["group"]): (row["low"], row["high"]) for row in dataset.bounds.to_pylist()}
    assert bounds == {
        ("060000100001", "race_ethnicity:black"): (0.5, 1),
        ("060000100001", "race_ethnicity:white"): (0.21, 0.39),
        ("060000100002", "all"): (0.2, 0.24),
    }


SEDA = """sedalea,sedaleaname,subcat,subgroup,gap,tot_asmts,gcs_mn_avg_eb,gcs_mn_avg_eb_se,gcs_mn_grd_eb
0600001,First,all,all,0,1000,6.25,0.05,1.1
600001,First,race,blk,0,200,5,0.1,
0600001,First,race,wbg,1,300,1.5,0.1,0"""


def test_grade_levels(read: Read) -> None:
    dataset = read("seda", {"seda_geodist_poolsub_gcs_5.0.csv": SEDA})
    assert dataset.periods == ("2018-19",)
    assert cell(dataset, "achievement_average", "0600001") == (1000, 6250, 6.25, "value")
    assert cell(dataset, "learning_rate", "0600001") == (None, None, 1.1, "value")
    assert cell(dataset, "achievement_average", "0600001", race_ethnicity="black")[2] == 5
    assert cell(dataset, "learning_rate", "0600001", race_ethnicity="black")[3] == "not_reported"
    (whole,) = [
        row
        for row in dataset.leaves.to_pylist()
        if row["indicator"] == "achievement_average" and row["race_ethnicity"] is None
    ]
    # variance of a mean: (total_sq - total^2 / n) / (n (n - 1)) gives the standard error back
    variance = (whole["total_sq"] - 6250**2 / 1000) / (1000 * 999)
    assert variance**0.5 == pytest.approx(0.05)

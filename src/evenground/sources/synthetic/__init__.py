"""The synthetic district: seeded records of a made-up school system, and the truth that was planted."""

from evenground.sources.synthetic.make import PARQUET_FROM, WRITTEN, make_district, make_student_years
from evenground.sources.synthetic.truth import RATES, Truth

__all__ = ["PARQUET_FROM", "RATES", "WRITTEN", "Truth", "make_district", "make_student_years"]

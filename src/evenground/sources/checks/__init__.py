"""What is odd in files, published counts and records: findings with their place, worded from definitions."""

from evenground.sources.checks.catalogue import Check, checks, in_spanish, said
from evenground.sources.checks.counts import check_counts
from evenground.sources.checks.files import check_files
from evenground.sources.checks.issues import KnownIssue, KnownIssues, Met, met_issues
from evenground.sources.checks.raw import Raw, profiled
from evenground.sources.checks.records import Records, check_records
from evenground.sources.checks.remark import Remark

__all__ = [
    "Check", "KnownIssue", "KnownIssues", "Met", "Raw", "Records", "Remark",
    "check_counts", "check_files", "check_records", "checks", "in_spanish", "met_issues", "profiled", "said",
]  # fmt: skip

"""Ties the rooms together: from a folder of files to a released bundle, and from there back to the files."""

from evenground.workspace.check import check
from evenground.workspace.gaps import gaps
from evenground.workspace.policy import policy_of
from evenground.workspace.request import EXAMPLE, Request
from evenground.workspace.review import release, review
from evenground.workspace.verify import verify

__all__ = ["EXAMPLE", "Request", "check", "gaps", "policy_of", "release", "review", "verify"]

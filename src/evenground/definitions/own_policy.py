"""A disclosure policy of a person's own, from a file in the shape of our policies.yaml."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evenground.definitions.own import is_file, read_all, read_one
from evenground.definitions.rules import contradictions
from evenground.definitions.schema import Policy

__all__ = ["is_file", "read_policies", "read_policy"]


def read_policy(text: str, taken: Collection[str]) -> tuple[str, Policy]:
    """(key, policy) of FILE.yaml with one entry, or of FILE.yaml:KEY.

    `taken` are the names of the policies that come along. Raises InputProblems with everything that is wrong
    in the file, and where.
    """
    return read_one("--policy", text, Policy, taken, contradictions)


def read_policies(path: Path, taken: Collection[str]) -> dict[str, Policy]:
    """All policies of a file, by their keys. Raises InputProblems as `read_policy` does."""
    return read_all(path, Policy, taken, contradictions)

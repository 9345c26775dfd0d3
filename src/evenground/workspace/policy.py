"""The disclosure policy that a person asks for: one that comes along, or their own from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evenground.definitions import Definitions, Policy
from evenground.definitions.own_policy import is_file, read_policies, read_policy
from evenground.model import InputProblems
from evenground.workspace.request import Request


def policy_of(text: str | None, definitions: Definitions) -> Policy | None:
    """The policy of a key or of a file of one's own, None for none. Raises InputProblems."""
    return _named(text, definitions)[1] if text else None


def policies(file: Path | None, definitions: Definitions) -> Mapping[str, Policy]:
    """The policies that come along, or those of a file of one's own, checked. Raises InputProblems."""
    return definitions.policies if file is None else read_policies(file, definitions.policies)


def with_policy(request: Request, definitions: Definitions) -> tuple[Request, Definitions]:
    """The request and the definitions with the policy asked for among them, named by its key.

    A policy of one's own is kept in the request as its rules, so that the review can be made again without
    the file. Raises InputProblems.
    """
    if request.rules is not None and request.policy is not None:
        key, policy = request.policy, Policy.model_validate(dict(request.rules))
    elif request.policy is None:
        return request, definitions
    else:
        key, policy = _named(request.policy, definitions)
    if key in definitions.policies:
        return request, definitions
    rules = policy.model_dump(mode="json", exclude_unset=True)
    policies = {**definitions.policies, key: policy}
    return replace(request, policy=key, rules=rules), replace(definitions, policies=policies)


def _named(text: str, definitions: Definitions) -> tuple[str, Policy]:
    if is_file(text):
        return read_policy(text, definitions.policies)
    if text not in definitions.policies:
        allowed = f"{', '.join(definitions.policies)}, or FILE.yaml with rules of your own"
        raise InputProblems.one("--policy", text, allowed, "choose one of them")
    return text, definitions.policies[text]

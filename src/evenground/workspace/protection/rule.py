"""The rule of a policy in plain words, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from evenground.definitions import Policy, phrases
from evenground.press import Words, count, filled

Says = tuple[Words, Words]

_MINIMUMS = ("minimum_n", "minimum_numerator", "minimum_complement")


def say(key: str, **values: object) -> Words:
    """Words of the page."""
    return filled(phrases("protection")[key], **values)


def rule(policy: Policy) -> list[Says]:
    """(about what, what the policy says there)."""
    if policy.kind == "follow":
        lines = [(say("rule_follow"), say("rule_follow_says"))]
    elif policy.kind == "noise":
        lines = [(say("rule_noise"), say("rule_noise_says", n=policy.epsilon))]
    else:
        lines = list(_suppressed(policy))
    source = Words.same(f"{policy.source} ({policy.date}; {policy.confidence})")
    return [*lines, (say("rule_source"), source)]


def _suppressed(policy: Policy) -> Iterator[Says]:
    for name in _MINIMUMS:
        least = getattr(policy, name)
        says = say(f"rule_{name}_says", n=count(least)) if least > 1 else say(f"rule_{name}_none")
        yield say(f"rule_{name}"), says
    zero = say(f"rule_zero_numerator_{policy.zero_numerator}")
    yield say("rule_zero"), zero.then(say(f"rule_zero_complement_{policy.zero_complement}"))
    yield say("rule_together"), say(f"rule_together_{'yes' if policy.together else 'no'}")
    yield say("rule_possible_values"), say("rule_possible_values_says", n=count(policy.possible_values))
    yield say("rule_attacker"), say(f"rule_attacker_{policy.attacker}")
    if policy.bands:
        yield say("rule_bands"), say("rule_bands_says", n=count(len(policy.bands)))
    if policy.round_n > 1:
        yield say("rule_round_n"), say("rule_round_n_says", n=count(policy.round_n))
    if policy.roll_up:
        together = Words("")
        for what in policy.roll_up:
            together = together.then(say(f"rule_roll_up_{what}"))
        yield say("rule_roll_up"), together

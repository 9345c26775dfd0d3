"""How students are protected, in words: the rule, how much is hidden, what the attack on our work found."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.definitions import Text, said
from evenground.model import HIDDEN, VALUE, Released, split_together
from evenground.press import Words, count
from evenground.report.story.speech import Speech


def in_one_sentence(speech: Speech, released: Released) -> list[Words]:
    """For the reader who wants no more: how much is hidden, and that the attack on it found nothing."""
    alone, _ = split_together(released.cells)
    states, attack = alone["state"].to_pylist(), released.disclosure.get("attack")
    hidden = states.count(HIDDEN)
    if "noise" in released.disclosure:
        return _rule(speech, released)
    if not hidden or not isinstance(attack, dict) or attack.get("derivable"):
        return []
    key = "protected.made" if attack.get("made") else "protected.follow"
    told = hidden + states.count(VALUE)
    return [speech.wording.set(key, hidden=count(hidden), count=count(told))]


def protection(speech: Speech, released: Released) -> list[Words]:
    """The sentences of the privacy report. What an earlier evenground did not write is left out."""
    wording, report = speech.wording, released.disclosure
    states = split_together(released.cells)[0]["state"].to_pylist()
    sentences = _rule(speech, released)
    if isinstance(noise := report.get("noise"), dict):
        return [*sentences, _noise(speech, noise)]
    sentences.append(
        wording.set("cells.hidden", hidden=count(states.count(HIDDEN)), count=count(len(states)))
    )
    if split_together(released.cells)[1].num_rows:
        sentences.append(wording.set("cells.together"))
    attack = report.get("attack")
    if isinstance(attack, dict) and attack.get("made"):
        found, tried = attack.get("derivable", 0), count(attack.get("hidden_counts_tried", 0))
        sentences.append(
            wording.set("attack.some" if found else "attack.none", found=count(found), count=tried)
        )
    earlier = report.get("earlier_releases")
    if isinstance(earlier, dict) and earlier.get("considered"):
        sentences.append(wording.set("earlier.some", count=count(len(earlier["considered"]))))
    elif isinstance(attack, dict) and attack.get("made"):
        sentences.append(wording.set("earlier.none"))
    return sentences


def _noise(speech: Speech, noise: Mapping[str, float]) -> Words:
    """How far the chance that was added goes, and how much is told of one student."""
    return speech.wording.set(
        "noise.error",
        everybody=count(int(noise["n_of_everybody_within"])),
        group=count(int(noise["n_of_a_finest_group_within"])),
        epsilon=f"{noise['epsilon']:g}",
        in_all=f"{noise['epsilon_in_all']:g}",
    )


def replaced(speech: Speech, released: Released) -> list[Words]:
    """That this review replaces an earlier one, and why, where it does."""
    return [speech.wording.set("page.corrects", **released.corrects)] if released.corrects else []


def _rule(speech: Speech, released: Released) -> list[Words]:
    """The policy's own words; an earlier evenground wrote only its name."""
    rules, policy = released.disclosure.get("rules"), released.disclosure.get("policy")
    if isinstance(rules, dict) and "note" in rules:
        return [said(Text(**rules["note"]))]
    known = speech.definitions.policies.get(str(policy))
    return [said(known.note)] if known else []

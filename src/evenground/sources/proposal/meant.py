"""What a figure is: its name taken together with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenground.definitions import load
from evenground.sources.proposal.figures import Figure
from evenground.sources.proposal.matter import COUNT, FIGURE, MEAN, NOTHING, SHARE, TOTAL, Said, read_name
from evenground.sources.proposal.profile import Profile


@dataclass(frozen=True)
class Meant:
    """A figure and what it is: its name taken together with its numbers."""

    figure: Figure
    said: Said
    part: str
    percent: bool
    decimals: int

    @property
    def name(self) -> str:
        return self.figure.name


def meaning(figure: Figure, profiles: Sequence[Profile]) -> Meant:
    """What a figure is by its name and its numbers."""
    said = read_name(figure.stem)
    high = max((profile.high for profile in profiles if profile.high is not None), default=0.0)
    whole = all(profile.whole == profile.numbers for profile in profiles)
    signs = any(profile.percents for profile in profiles)
    decimals = max((profile.decimals for profile in profiles), default=0)
    part, kind = said.part, ""
    if figure.is_wide and not figure.stem:
        part = COUNT if whole and not signs else SHARE
    if said.matter and said.matter in load().indicators:
        kind = load().indicators[said.matter].kind
    if kind == "exposure" and part != NOTHING:
        part = FIGURE
    elif kind == "mean" and part == COUNT and not whole:
        part = MEAN
    elif part in (COUNT, TOTAL) and said.matter and (signs or (not whole and high <= 100)):
        part = SHARE
    elif part == COUNT and said.matter and said.length and not signs and whole:
        part = TOTAL
    return Meant(figure, said, part, signs or high > 1.5, decimals)

"""Ideas of fairness as data: what each looks at, what counts as unfair, what it would call done."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from evenground.definitions.schema import Key, Line, Sourced, Strict, Text

Rule = Literal["behind", "either", "behind_in_same_place"]


class Look(Strict):
    """Numbers that an idea looks at: those of a whole question, or single indicators.

    `counts`, what it counts as unfair: `behind`, a group that is clearly worse off; `either`, a clear
    difference in whichever direction; `behind_in_same_place`, a group that is clearly worse off among
    students of the same schools.
    """

    question: Key | None = None
    indicators: tuple[Key, ...] = ()
    stage: Literal["inputs", "processes", "outcomes"]
    counts: Rule = "behind"


class Standard(Strict):
    """A share that every group is to reach (or, where lower is better, to stay below)."""

    indicators: tuple[Key, ...] = Field(min_length=1)
    at: float = Field(gt=0, lt=1)


class Perspective(Sourced):
    """One idea of fairness. Where an indicator stands in several of `looks_at`, its own line goes before that
    of its question; the order is the order of importance.

    `groups` are dimensions (each of their groups), single groups (`disability:with_disability`), and crosses
    of dimensions (`race_ethnicity+sex`: those of their groups of which a part is named here).
    """

    name: Text
    term: Text  # what the literature calls it
    idea: Text
    inequity: Text
    looks: Text
    other_indicators: Text  # why it passes over the others; completes "Not looked at: ..."
    other_groups: Text
    groups: tuple[Line, ...] = Field(min_length=1)
    reference: Line = "others"
    references: dict[Key, Line] = Field(default_factory=dict)  # of single dimensions
    looks_at: tuple[Look, ...] = Field(min_length=1)
    standards: tuple[Standard, ...] = ()
    done: Text
    cannot_see: Text
    ask: tuple[Text, ...] = Field(min_length=1, max_length=3)

    def look(self, indicator: str, question: str) -> Look | None:
        """How it looks at an indicator; None where it does not."""
        own = (look for look in self.looks_at if indicator in look.indicators)
        whole = (look for look in self.looks_at if look.question == question)
        return next(own, None) or next(whole, None)

    def place(self, indicator: str, question: str) -> int:
        """Where the indicator stands in its order; after all others where it is not looked at."""
        look = self.look(indicator, question)
        return self.looks_at.index(look) if look else len(self.looks_at)

    def asks_about(self, dimension: str, group: str) -> bool:
        """Whether it looks at a group, given the dimensions that its key names (`a`, `a+b`)."""
        if dimension in self.groups or group in self.groups:
            return "+" not in dimension or any(
                part in self.groups or part.partition(":")[0] in self.groups for part in group.split("+")
            )
        return False

    def compared_with(self, dimension: str) -> str:
        return self.references.get(dimension, self.reference)

    def standard(self, indicator: str) -> float | None:
        return next((one.at for one in self.standards if indicator in one.indicators), None)

    def standing(self, counted: int, unsaid: int) -> Literal["not_yet", "not_known", "reached"]:
        """How far a system is, from how many readings count and of how many nothing can be said. Without a
        finding it is reached only where everything could be said."""
        return "not_yet" if counted else "not_known" if unsaid else "reached"

"""All definitions together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenground.definitions.perspective import Perspective
from evenground.definitions.schema import (
    Chapter,
    Column,
    CommonGroup,
    Dimension,
    Framework,
    Indicator,
    Parameter,
    Policy,
    Population,
    Question,
    Refusal,
    Statistic,
    Term,
)


@dataclass(frozen=True)
class Definitions:
    """All that an educator can review and change without code. Mappings keep the order of the files."""

    dimensions: Mapping[str, Dimension]
    groups: Mapping[str, CommonGroup]  # `all` and `unknown`
    populations: Mapping[str, Population]
    indicators: Mapping[str, Indicator]  # in the order of their questions
    questions: Mapping[str, Question]
    frameworks: Mapping[str, Framework]
    policies: Mapping[str, Policy]
    parameters: Mapping[str, Parameter]
    glossary: Mapping[str, Term]
    method: Mapping[str, Chapter]
    refusals: Mapping[str, Refusal]
    statistics: Mapping[str, Statistic]
    perspectives: Mapping[str, Perspective]
    student_year: Mapping[str, Column]

    def parameter(self, key: str) -> float:
        return self.parameters[key].value

"""Which student groups an idea of fairness looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evenground.definitions import Definitions, Perspective
from evenground.model import ALL, is_rest_group, parse_group

_UNKNOWN = "unknown"


def asked_about(
    perspective: Perspective, groups: Sequence[str], dimensions: Sequence[str], definitions: Definitions
) -> npt.NDArray[np.bool_]:
    """Of each group (its key, and the dimensions that it names) whether the idea looks at it.

    Not everybody, students of whom the dimension is not known, those told together, nor the second of two
    complements, whose gap is the first one's told backwards, unless the idea names it.
    """

    def asks(group: str, dimension: str) -> bool:
        pairs = parse_group(group)
        if group == ALL or is_rest_group(group) or any(value == _UNKNOWN for _, value in pairs):
            return False
        mirrored = any(
            value in definitions.dimensions[name].rests and f"{name}:{value}" not in perspective.groups
            for name, value in pairs
            if name in definitions.dimensions
        )
        return not mirrored and perspective.asks_about(dimension, group)

    known = {pair: asks(*pair) for pair in set(zip(groups, dimensions, strict=True))}
    return np.array([known[pair] for pair in zip(groups, dimensions, strict=True)], dtype=bool)

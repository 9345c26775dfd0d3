"""Why: what a gap consists of, in parts that sum to it exactly.

`kitagawa`: where students are, and how they fare there; `decompose`: the same for many gaps at once;
`nested`: between and within several levels (districts, schools, classes); `stages`: along a chain, which step
costs most; `oaxaca_blinder`: what goes with measured circumstances.
"""

from evenground.measures.decomposition.kitagawa import Kitagawa, kitagawa
from evenground.measures.decomposition.oaxaca import OaxacaBlinder, oaxaca_blinder
from evenground.measures.decomposition.stages import Stages, stages
from evenground.measures.within import Decomposition, Nested, decompose, nested

__all__ = [
    "Decomposition",
    "Kitagawa",
    "Nested",
    "OaxacaBlinder",
    "Stages",
    "decompose",
    "kitagawa",
    "nested",
    "oaxaca_blinder",
    "stages",
]

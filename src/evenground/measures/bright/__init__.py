"""Who closes gaps: schools that do better than schools like them, year after year, and how sure that is.

`similar` finds the schools that are alike and shows which; `from_similar` and `from_characteristics` say
what could be expected; `spots` names the schools above it, for one group at a time. Level, growth and the
change of a gap are three questions: ask `spots` three times, of values, of growth, and of `change`.
"""

from evenground.measures.bright.expected import Expected, from_characteristics, from_similar
from evenground.measures.bright.similar import Similar, similar
from evenground.measures.bright.spots import Change, Spots, change, spots

__all__ = [
    "Similar", "similar",
    "Expected", "from_similar", "from_characteristics",
    "Spots", "spots", "Change", "change",
]  # fmt: skip

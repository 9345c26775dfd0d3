"""Who is taught by whom, with what: teachers and means as each group of students meets them.

`exposure` to any share or number of schools or classes, with gap and ratio; `parts` of a gap between and
within districts and schools; `mirror`, teachers against students; `resource`, per student as each group meets
it; `contrast`, quarters of the students by need.
"""

from evenground.measures.quarters import Contrast, contrast
from evenground.measures.teaching.exposure import Exposure, exposure
from evenground.measures.teaching.mirror import Mirror, mirror
from evenground.measures.teaching.parts import parts
from evenground.measures.teaching.resources import Resource, resource

__all__ = [
    "Contrast",
    "Exposure",
    "Mirror",
    "Resource",
    "contrast",
    "exposure",
    "mirror",
    "parts",
    "resource",
]

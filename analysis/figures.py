"""A cohort in, the figures of article and supplement out: drawn sheets that nobody has saved yet.

Up to eight patients have a colour, a marker and a label each, the same in every figure; more are
drawn by diagnosis, or alike where the privacy policy withholds it. Missing values are gaps.
"""

from analysis.figures_change import paired_change
from analysis.figures_course import time_courses
from analysis.figures_cycles import strength_by_cycle
from analysis.figures_differences import differences
from analysis.figures_sensitivity import sensitivity
from analysis.figures_timeline import timeline
from analysis.figures_treatment import treatment_by_cycle

__all__ = [
    "differences",
    "paired_change",
    "sensitivity",
    "strength_by_cycle",
    "time_courses",
    "timeline",
    "treatment_by_cycle",
]

"""What stands between the truth and the data: models of misreporting, to simulate and to weigh data by."""

from exitvoice.observation.base import Observation, random_words, uniforms
from exitvoice.observation.counted import Counted
from exitvoice.observation.detection import Detection
from exitvoice.observation.survey import FeigningGap, Survey, feigning_gap
from exitvoice.observation.target import ReportToTarget
from exitvoice.observation.turnout import Turnout

__all__ = [
    "Counted",
    "Detection",
    "FeigningGap",
    "Observation",
    "ReportToTarget",
    "Survey",
    "Turnout",
    "feigning_gap",
    "random_words",
    "uniforms",
]

"""The gate: before a verdict rests on a posterior, its design must find truths it was not told, and know how well."""

from exitvoice.calibration.gate.judge import Finding, judge_gate
from exitvoice.calibration.gate.ranks import Envelope, envelope_of
from exitvoice.calibration.gate.replicate import Replications, replicate

__all__ = ["Envelope", "Finding", "Replications", "envelope_of", "judge_gate", "replicate"]

"""One run: a scenario and a seed give a trajectory, or say why not."""

from exitvoice.run.simulate import Run, simulate

__all__ = ["Run", "simulate"]

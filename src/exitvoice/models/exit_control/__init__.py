"""Exit control, falsified loyalty and the loss of control: the model of this laboratory."""

from exitvoice.models.exit_control.model import begin, blank_world, compile_model, step
from exitvoice.models.exit_control.world import Model, StepRecord, World, run_stage

__all__ = ["Model", "StepRecord", "World", "begin", "blank_world", "compile_model", "run_stage", "step"]

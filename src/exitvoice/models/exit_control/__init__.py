"""Exit control, falsified loyalty and the loss of control: the model of this laboratory."""

from exitvoice.models.exit_control.model import Model, StepRecord, World, begin, compile_model, step

__all__ = ["Model", "StepRecord", "World", "begin", "compile_model", "step"]

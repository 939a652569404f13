"""Chooses the machine that a program is compiled for."""

from exitvoice.engine.compile import compile_program
from exitvoice.engine.program import Program
from exitvoice.engine.targets.cuda import compile_cuda
from exitvoice.engine.targets.cuda_driver import device_name
from exitvoice.engine.targets.protocol import DEVICES, Loops


def compile_for(program: Program, device: str) -> Loops:
    """Compile a program for the processor ('cpu') or for an NVIDIA device ('cuda').

    Raises
    ------
    DeviceError
        If there is no such device, or what drives it is not installed.
    ValueError
        If the name means nothing.
    """
    if device == "cuda":
        return compile_cuda(program)
    if device == "cpu":
        return compile_program(program)
    raise ValueError(f"device {device!r} is none of {', '.join(DEVICES)}")


def describe(device: str) -> str:
    """Name of a device for a manifest, such as 'cuda: NVIDIA H100'."""
    return f"cuda: {device_name()}" if device == "cuda" else device

"""What drives an NVIDIA device: whether there is one, how it compiles, and the simulator in its stead."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numba

from exitvoice.errors import ExitvoiceError


class DeviceError(ExitvoiceError):
    """There is no device, or what drives it is not installed."""


# imported late: it takes a while, and only those who ask for a device need it
def numba_cuda() -> Any:
    """The compiler of kernels for a device."""
    return import_module("numba.cuda")


def is_simulated() -> bool:
    """Whether kernels are run by numba-cuda's simulator (NUMBA_ENABLE_CUDASIM=1)."""
    settings: Any = numba.config
    return bool(settings.ENABLE_CUDASIM)


def require_device() -> None:
    """Raise DeviceError, which says how to mend it, if there is nothing to run on."""
    if find_spec("numba_cuda") is None:
        raise DeviceError(
            "device cuda: numba-cuda is not installed\n"
            "    why:  it compiles the model's loops for an NVIDIA device\n"
            "    mend: pip install 'exitvoice[cuda]', or take the processor (device cpu)"
        )
    if not _has_device():
        raise DeviceError(
            "device cuda: no NVIDIA device is found\n"
            "    why:  numba-cuda finds no driver with a device, or no CUDA toolkit (see nvidia-smi)\n"
            "    mend: run on a machine with a device and its driver, or take the processor (device cpu)"
        )


def _has_device() -> bool:
    return bool(numba_cuda().is_available())


def device_name() -> str:
    """Name of the device, as its maker gives it."""
    name = "CUDA simulator" if is_simulated() else numba_cuda().get_current_device().name
    return name.decode() if isinstance(name, bytes) else str(name)


@cache
def tune() -> None:
    """Forbid the device's compiler to fuse products and sums unasked, once a process; no word about small worlds."""
    settings: Any = numba.config
    settings.CUDA_LOW_OCCUPANCY_WARNINGS = 0
    if is_simulated():
        return
    nvvm: Any = import_module("numba.cuda.cudadrv.nvvm")
    compile_ir = nvvm.compile_ir

    def compile_exactly(*codes: Any, **options: Any) -> Any:
        return compile_ir(*codes, **{**options, "fma": False})

    nvvm.compile_ir = compile_exactly


def quiet() -> Any:
    """The simulator's threads warn of what a device passes over in silence (a division by zero)."""
    return _ignoring() if is_simulated() else nullcontext()


@contextmanager
def _ignoring() -> Iterator[None]:
    # it also waits for its threads in a loop that keeps the interpreter to itself, for as long as it may
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    finally:
        sys.setswitchinterval(interval)

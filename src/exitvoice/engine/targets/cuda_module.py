"""Text of the module for an NVIDIA device: what it begins with there, and in the simulator."""

from functools import cache

from exitvoice.engine.compile import module_text
from exitvoice.engine.loops.device import write_device_stage
from exitvoice.engine.program import Program
from exitvoice.engine.targets.cuda_driver import is_simulated
from exitvoice.engine.targets.intrinsics import INTRINSICS

HEAD = """\
import math
import numpy as np
from numba import cuda, types
from numba import float32 as real
from numba import int32 as integer
from numba import uint16 as u16
from numba import uint32 as u32
from numba import uint64 as u64
from numba.cuda.extending import intrinsic

helper = cuda.jit(device=True, forceinline=True)
kernel = cuda.jit(cache=True)


"""
ROOT = """\
@helper
def square_root(value):
    return math.sqrt(real(value))


"""
# In the simulator kernels are plain Python, and their primitives are the oracle's.
SIMULATED = """\
import numpy as np
from numba import cuda
from exitvoice.engine.primitives import bits_of, bits_set, from_bits, fused, has_bit, integer, lowest_bit
from exitvoice.engine.primitives import level_share, real, share_level, square_root, u32, u64

kernel = cuda.jit


def helper(function):
    return function


def u16(value):
    return int(value) & 0xFFFF


def choose(condition, yes, no):
    return yes if condition else no


"""
SPILL = '''\
@helper
def spill(tallied, place, word, sign):
    """Add four counts of 8 bits to what a block has counted, or take them off."""
    for lane in range(4):
        found = (word >> u32(8 * lane)) & u32(255)
        if found != u32(0):
            cuda.atomic.add(tallied, place + lane, u64(u64(found) * sign))
'''


@cache
def write_cuda_module(program: Program, *, simulated: bool | None = None) -> str:
    """Text of the module for the device, or for the simulator where that is on."""
    simulated = is_simulated() if simulated is None else simulated
    preamble = SIMULATED if simulated else HEAD + INTRINSICS + ROOT
    return module_text(program, (preamble + SPILL,), write_device_stage)

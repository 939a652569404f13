"""What the host needs of units that live on a device, reduced there: a least value, and sums by stratum.

Sums are of whole numbers, as the processor's are (`engine.compile.FIXED`), so that both give the same.
"""

from typing import Any

import numba.cuda
import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.compile import FIXED

cuda: Any = numba.cuda  # kernels find the simulator under this name
LANES = 128
SPAN = 64  # units a lane looks at before it adds to what all share


def _lowest(values: Any, span: int, found: Any) -> None:
    first = cuda.blockIdx.x * cuda.blockDim.x * span + cuda.threadIdx.x
    last = min(first + cuda.blockDim.x * span, values.shape[0])
    if first < last:
        least = values[first]
        for u in range(first, last, cuda.blockDim.x):
            least = min(least, values[u])
        cuda.atomic.min(found, 0, least)


def _sums(values: Any, weights: Any, strata: Any, span: int, found: Any) -> None:
    first = cuda.blockIdx.x * cuda.blockDim.x * span + cuda.threadIdx.x
    last = min(first + cuda.blockDim.x * span, values.shape[0])
    weighted = np.int64(0)
    weight = np.int64(0)
    for u in range(first, last, cuda.blockDim.x):
        held = np.float64(weights[u]) * FIXED
        weighted += np.int64(np.float64(values[u]) * held + 0.5)
        weight += np.int64(held + 0.5)
        after = u + cuda.blockDim.x
        if after >= last or strata[after] != strata[u]:
            cuda.atomic.add(found, (0, strata[u]), weighted)
            cuda.atomic.add(found, (1, strata[u]), weight)
            weighted = np.int64(0)
            weight = np.int64(0)


lowest_kernel = cuda.jit(_lowest)
sums_kernel = cuda.jit(_sums)


def lowest(values: Any, *, lanes: int = LANES) -> float:
    """Least of a signal of units that lies on the device."""
    found = cuda.to_device(np.full(1, np.inf, np.float32))
    lowest_kernel[_blocks(values, lanes), lanes](values, np.int32(SPAN), found)
    return float(found.copy_to_host()[0])


def sums(values: Any, weights: Any, strata: Any, count: int, *, lanes: int = LANES) -> NDArray[np.float64]:
    """Sums by stratum of values times weights and of weights, none below 0; shape (2, strata)."""
    found = cuda.to_device(np.zeros((2, count), np.int64))
    sums_kernel[_blocks(values, lanes), lanes](values, weights, strata, np.int32(SPAN), found)
    return np.asarray(found.copy_to_host() / FIXED, np.float64)


def _blocks(values: Any, lanes: int) -> int:
    return -(-int(values.shape[0]) // (lanes * SPAN))

"""Numbers that a stage is handed from outside."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SignalTables:
    """Numbers handed to a stage from outside, all float32 but `unit_rows` (int32).

    Attributes
    ----------
    parameters, nation : arrays, shape (names,)
    region, stratum : arrays, shape (rows, names)
    unit : array, shape (names, units)
    unit_rows : int32 array, shape (names, units)
    tables : mapping of str to array
        Lookup tables by name, contiguous; replaced and never altered, as loops may keep copies of them.
    """

    parameters: NDArray[np.float32]
    nation: NDArray[np.float32]
    region: NDArray[np.float32]
    stratum: NDArray[np.float32]
    unit: NDArray[np.float32]
    unit_rows: NDArray[np.int32]
    tables: dict[str, NDArray[Any]]

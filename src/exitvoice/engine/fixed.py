"""Numbers and arrays that stay the same from call to call of a compiled function, taken apart once.

A named tuple is taken apart at every call: a tenth of a microsecond a number, more an array, and what stays the same in
every step is most of what a function of the host is handed. A handle of it costs as much as one number.

Generated modules make their own (`engine.host`): what Numba keeps of a function names the tuples it was called with,
and would be read again when they are gone.
"""

from collections.abc import Callable
from typing import Any

from numba import types
from numba.experimental import structref
from numba.extending import overload

struct: Any = structref  # it has no types


@struct.register
class FixedType(types.StructRef):
    """Type of a handle; `values` is what it stands for."""


class Fixed(structref.StructRefProxy):
    """Handle of a named tuple, for compiled functions only."""


struct.define_boxing(FixedType, Fixed)


def pack(values: Any) -> Any:
    """Handle of a named tuple; its arrays are read and written where they lie, and last as long."""
    raise TypeError("only compiled functions make a handle")


@overload(pack)
def _pack(values: Any) -> Callable[[Any], Any]:
    type_of: Any = FixedType
    kind = type_of([("values", values)])

    def new(values: Any) -> Any:
        packed = struct.new(kind)
        packed.values = values
        return packed

    return new

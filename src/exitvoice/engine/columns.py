"""Structure of arrays: columns of members grouped into units, fields packed into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.primitives import SHARE_STEP

MOST_MEMBERS = 1 << 16  # of a unit: as many as 16 bits number
LINE = 64  # bytes that memory hands over at once


@dataclass(frozen=True)
class Column:
    """One array over members: a name and a NumPy type ('float32', 'uint16' or 'uint32').

    `share`: rules see a real in [0, 1]; 'uint16' keeps it in levels of 1/65535.
    """

    name: str
    dtype: str
    share: bool = False


@dataclass(frozen=True)
class Field:
    """An unsigned whole number of `bits` bits inside the word column `column`."""

    name: str
    bits: int
    column: str = "word"


@dataclass(frozen=True)
class Layout:
    """The columns of a population, the fields packed into its word columns, and its marks.

    A mark is a truth value of each member, a bit each, that one stage writes and a later one selects by.
    """

    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    marks: tuple[str, ...] = ()

    @cached_property
    def shifts(self) -> dict[str, int]:
        """Position of each field's lowest bit in its word."""
        used: dict[str, int] = {}
        shifts = {}
        for item in self.fields:
            shifts[item.name] = used.get(item.column, 0)
            used[item.column] = shifts[item.name] + item.bits
        room = {column.name: 8 * np.dtype(column.dtype).itemsize for column in self.columns}
        if any(bits > room[name] for name, bits in used.items()):
            raise ValueError(f"fields do not fit into their columns' bits: {used}")
        return shifts

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {item.name: item for item in self.fields}

    @cached_property
    def plain(self) -> dict[str, Column]:
        """Columns that hold no fields, by name."""
        words = {item.column for item in self.fields}
        return {item.name: item for item in self.columns if item.name not in words}

    @cached_property
    def shares(self) -> frozenset[str]:
        """Names of the columns that hold shares."""
        return frozenset(column.name for column in self.columns if column.share)

    @property
    def bytes_per_member(self) -> int:
        """Stored state of one member in bytes."""
        return sum(np.dtype(column.dtype).itemsize for column in self.columns)


@dataclass(frozen=True)
class Units:
    """How members are grouped: unit `u` owns members ``offsets[u]`` to ``offsets[u+1]``.

    Attributes
    ----------
    offsets : int64 array, shape (units + 1,)
    number, key : uint32 arrays, shape (units,)
        Number of the unit within its stratum, and the hash of the stratum's names. Together they name
        the unit to the random function, so that adding one unit changes nobody else's draws.
    stratum, region : int32 arrays, shape (units,)
        Row of each unit in the tables by stratum and by region.

    Raises
    ------
    ValueError
        If a unit has more than 65,536 members: a draw names a member of its unit by 16 bits, so that beyond these two
        members would share every draw.
    """

    offsets: NDArray[np.int64]
    number: NDArray[np.uint32]
    key: NDArray[np.uint32]
    stratum: NDArray[np.int32]
    region: NDArray[np.int32]

    def __post_init__(self) -> None:
        largest = int(np.diff(self.offsets).max(initial=0))
        if largest > MOST_MEMBERS:
            raise ValueError(
                f"a unit has {largest} members, and draws tell at most {MOST_MEMBERS} of a unit apart: "
                "divide it into several units"
            )

    @property
    def count(self) -> int:
        """Number of units."""
        return len(self.number)

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.offsets[-1])

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """First unit of each row of units of one stratum, and the number of all."""
        is_first = np.diff(self.stratum, prepend=-1) != 0
        return np.append(np.flatnonzero(is_first), self.count)

    @cached_property
    def blocks(self) -> NDArray[np.int64]:
        """Where the words of each unit's marks begin, shape (units + 1,): 64 members a word, no word shared."""
        words = -(-np.diff(self.offsets) // 64)
        return np.concatenate([[0], np.cumsum(words)]).astype(np.int64)

    def ranges(self, parts: int) -> list[tuple[int, int]]:
        """Ranges of units with about equal numbers of members; at most `parts`, none empty."""
        if parts not in self._ranges:
            wanted = np.linspace(0, self.offsets[-1], parts + 1)
            cuts = sorted({0, self.count, *np.searchsorted(self.offsets, wanted[1:-1]).tolist()})
            self._ranges[parts] = list(zip(cuts[:-1], cuts[1:], strict=True)) or [(0, 0)]
        return self._ranges[parts]

    @cached_property
    def _ranges(self) -> dict[int, list[tuple[int, int]]]:
        return {}


@dataclass
class Population:
    """The only mutable object: columns over members, grouped into units, and marks in words of 64 members.

    Arrays are altered where they lie and never replaced: loops keep their places from step to step (`engine.launch`).
    """

    layout: Layout
    units: Units
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    marks: dict[str, NDArray[np.uint64]] = field(default_factory=dict)

    @classmethod
    def empty(cls, layout: Layout, units: Units) -> "Population":
        """Population of zeros."""
        wanted = {c.name: (units.members, np.dtype(c.dtype)) for c in layout.columns}
        wanted |= {name: (int(units.blocks[-1]), np.dtype(np.uint64)) for name in layout.marks}
        arrays = _side_by_side(wanted)
        marks = {name: arrays.pop(name) for name in layout.marks}
        return cls(layout, units, arrays, marks)

    def marked(self, name: str) -> NDArray[np.bool_]:
        """A mark of every member, unpacked."""
        units = self.units
        at = np.arange(units.members) - np.repeat(units.offsets[:-1], np.diff(units.offsets))
        word = self.marks[name][np.repeat(units.blocks[:-1], np.diff(units.offsets)) + at // 64]
        return np.asarray((word >> (at % 64).astype(np.uint64)) & np.uint64(1), np.bool_)

    def get(self, name: str) -> NDArray[Any]:
        """A column, or a copy of a field unpacked or of shares as reals."""
        if name in self.columns:
            levels = self.columns[name]
            is_share = name in self.layout.plain and self.layout.plain[name].share
            return levels.astype(np.float32) * np.float32(SHARE_STEP) if is_share else levels
        item = self.layout.by_name[name]
        shift = np.uint32(self.layout.shifts[name])
        values: NDArray[Any] = (self.columns[item.column] >> shift) & np.uint32((1 << item.bits) - 1)
        return values

    def put(self, name: str, values: NDArray[Any]) -> None:
        """Overwrite a column, or pack a field; raises ValueError when a value does not fit its bits."""
        if name in self.columns and name in self.layout.plain:
            share = self.layout.plain[name].share
            self.columns[name][:] = np.rint(np.asarray(values) / SHARE_STEP) if share else values
            return
        item = self.layout.by_name[name]
        if np.any(np.asarray(values) >> item.bits):
            raise ValueError(f"{name}: a value does not fit into {item.bits} bits")
        shift = np.uint32(self.layout.shifts[name])
        mask = np.uint32(((1 << item.bits) - 1) << int(shift))
        word = self.columns[item.column]
        kept = word.astype(np.uint32) & ~mask
        word[:] = (kept | (np.asarray(values).astype(np.uint32) << shift)).astype(word.dtype)


def _side_by_side(wanted: Mapping[str, tuple[int, np.dtype[Any]]]) -> dict[str, NDArray[Any]]:
    """Arrays of zeros cut from one: NumPy asks for huge pages from 4 MB on, which small columns alone do not reach.

    Each begins with a line of memory.
    """
    sizes = {name: -(-length * kind.itemsize // LINE) * LINE for name, (length, kind) in wanted.items()}
    room = np.zeros(sum(sizes.values()) + LINE, np.uint8)
    at = -room.ctypes.data % LINE
    arrays = {}
    for name, (length, kind) in wanted.items():
        arrays[name] = room[at : at + length * kind.itemsize].view(kind)
        at += sizes[name]
    return arrays

"""A run at rest between two steps, in one file: whoever takes it up gets the bits of a run that was never interrupted.

Kept is what carries on from one step to the next: the persons, the signals of their units, running tallies,
institutions, and what was noted down so far. What follows from scenario, scale and seed is made anew. Of a run that
is done nothing but what was noted down is kept: its results can be written from it.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from exitvoice.errors import OutputError
from exitvoice.models.exit_control import Model, World, blank_world
from exitvoice.models.exit_control.institutions.smoothing import names_of
from exitvoice.results.folders import clear_errors, whole_file
from exitvoice.run.recorder import Recorder

EVERY_SECONDS = 3.0
"""As much of a run as a kill may cost; assumed."""
LEAST_WORK = 100.0
"""Seconds of work for each second of writing, so that a large run on a slow disk is not spent on writing; assumed."""
BYTES_A_SECOND = 1e9
"""What a disk takes, until writing was timed; a common one's order, assumed."""
_OF, _STEPS, _SECONDS = "of", "steps", "seconds"
_INSTITUTIONS, _NOTED = "institutions", "noted"
Arrays = dict[str, NDArray[Any]]
PartT = TypeVar("PartT")


@dataclass(frozen=True)
class Kept:
    """A run taken up: a world in which so many `steps` are done, which took so many `seconds`.

    A world that has come to its last step is empty: nothing more happens in it.
    """

    world: World
    steps: int
    seconds: float


class Checkpoint:
    """The file in which a run is kept while it is under way.

    Parameters
    ----------
    path : Path
        Where; written whole or not at all. It is for this machine and version: nothing is published in this form.
    model : Model
        On the CPU. A file of another scenario, scale, seed or version is not taken up.
    version : str
        Of this program.
    """

    def __init__(self, path: Path, model: Model, version: str) -> None:
        self._path, self._model = path, model
        rules = model.compiled.path.stem
        self._of = json.dumps(
            [model.scenario.hash, model.scale, str(model.seed), model.steps, version, rules]
        )
        state = model.people.units.members * model.compiled.program.layout.bytes_per_member
        self._put_off(state / BYTES_A_SECOND)

    def take_up(self, recorder: Recorder) -> Kept | None:
        """Read the file, and put the recorder where it says; None where there is no file that can be taken up."""
        try:
            with self._path.open("rb") as stream, np.load(stream, allow_pickle=False) as packed:
                if str(packed[_OF]) != self._of:
                    return None
                done = int(packed[_STEPS])
                _fill(_noted(recorder), packed)
                world = blank_world(self._model)
                if done < self._model.steps:
                    _fill(_moving(world), packed)
                    world.institutions = _filled(world.institutions, _INSTITUTIONS, packed)
                return Kept(world, done, float(packed[_SECONDS]))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None  # none yet, or what the disk made of one: the run begins at its first step

    def note(self, world: World, recorder: Recorder, done: int, seconds: float) -> None:
        """Keep the run if it was not kept for a while, or is done."""
        if done == self._model.steps or time.monotonic() >= self._next:
            self.keep(world, recorder, done, seconds)

    def keep(self, world: World, recorder: Recorder, done: int, seconds: float) -> None:
        """Keep the run as it stands after so many steps: when all are done, no more than what was noted down.

        Where the file cannot be written an older one stays, and the run goes on: its results are what matters.
        """
        started = time.monotonic()
        said = {_OF: np.array(self._of), _STEPS: np.array(done), _SECONDS: np.array(seconds)}
        arrays = said | _noted(recorder)
        if done < self._model.steps:
            arrays |= _moving(world) | dict(_leaves(world.institutions, _INSTITUTIONS))
        with suppress(OutputError), clear_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self._path) as stream:
                np.savez(stream, **arrays)  # type: ignore[arg-type]
        self._put_off(time.monotonic() - started)

    def _put_off(self, writing: float) -> None:
        """Say when to keep the run next, by the seconds that writing takes."""
        self._next = time.monotonic() + max(EVERY_SECONDS, LEAST_WORK * writing)


def _noted(recorder: Recorder) -> Arrays:
    """Return what was noted down so far, by name: the arrays themselves, not copies."""
    return {f"{_NOTED}/{name}": array for name, array in recorder.arrays.items()}


def _moving(world: World) -> Arrays:
    """Return the arrays that persons and what they are told are kept in, by name: they themselves, not copies."""
    tables, running = world.board.tables, world.running.whole
    groups: dict[str, Arrays] = {
        "columns": world.population.columns,
        "marks": dict(world.population.marks),
        "signals": {
            name: getattr(tables, name) for name in ("nation", "region", "stratum", "unit", "unit_rows")
        },
        "running": {"counts": running.counts, "totals": running.totals},
    }
    return {f"{group}/{name}": array for group, arrays in groups.items() for name, array in arrays.items()}


def _fill(places: Arrays, kept: Mapping[str, NDArray[Any]]) -> None:
    """Put what was kept in its places, one array after another: a whole country is not in memory twice."""
    for name, place in places.items():
        found = kept[name]
        if found.shape != place.shape:
            raise ValueError("it is of another shape")
        place[...] = found


def _leaves(part: object, name: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield numbers and arrays of a state, through the states within it, each under its path."""
    for field in names_of(part):
        value, path = getattr(part, field), f"{name}/{field}"
        if _is_state(value):
            yield from _leaves(value, path)
        else:
            yield path, np.asarray(value)


def _filled(part: PartT, name: str, kept: Mapping[str, NDArray[Any]]) -> PartT:
    """Return a state with the numbers and arrays that were kept of it."""
    changes: dict[str, object] = {}
    for field in names_of(part):
        value, path = getattr(part, field), f"{name}/{field}"
        if _is_state(value):
            changes[field] = _filled(value, path, kept)
        else:
            changes[field] = kept[path] if isinstance(value, np.ndarray) else type(value)(kept[path])
    return replace(part, **changes) if is_dataclass(part) else type(part)(**changes)  # type: ignore[type-var]


def _is_state(value: object) -> bool:
    """Whether a value has fields of its own."""
    return is_dataclass(value) or hasattr(value, "_fields")


def discard(path: Path) -> None:
    """Remove a file that is not needed any more."""
    with suppress(OSError):
        path.unlink(missing_ok=True)

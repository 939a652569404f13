"""A run at rest between two steps, in one file: whoever takes it up gets the bits of a run that was never interrupted.

Kept is what carries on from one step to the next: the persons, the signals of their units, running tallies,
institutions, and what was noted down so far. What follows from scenario, scale and seed is made anew.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.tallies import Running
from exitvoice.errors import OutputError
from exitvoice.models.exit_control import Model, World
from exitvoice.models.exit_control.institutions.smoothing import names_of
from exitvoice.results.folders import clear_errors, whole_file
from exitvoice.run.recorder import Recorder

EVERY_SECONDS = 3.0
"""As much of a run as a kill may cost; assumed."""
LEAST_WORK = 50.0
"""Seconds of work for each second of writing, so that a large run on a slow disk is not spent on writing; assumed."""
_OF, _STEPS, _SECONDS = "of", "steps", "seconds"
_INSTITUTIONS = "institutions"
PartT = TypeVar("PartT")


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
        self._next = time.monotonic() + EVERY_SECONDS

    def take_up(self, world: World, recorder: Recorder) -> tuple[int, float]:
        """Put a world that has just begun, and its recorder, where the file says.

        Returns
        -------
        int
            Steps that are done; 0 where there is no file that can be taken up.
        float
            Seconds that they took.
        """
        try:
            with self._path.open("rb") as stream, np.load(stream, allow_pickle=False) as packed:
                if str(packed[_OF]) != self._of:
                    return 0, 0.0
                kept = {name: packed[name] for name in packed.files}
            self._fill(world, recorder, kept)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return 0, 0.0  # none yet, or what the disk made of one: the run begins at its first step
        return int(kept[_STEPS]), float(kept[_SECONDS])

    def note(self, world: World, recorder: Recorder, done: int, seconds: float) -> None:
        """Keep the run if it was not kept for a while, or is done."""
        if done == self._model.steps or time.monotonic() >= self._next:
            self.keep(world, recorder, done, seconds)

    def keep(self, world: World, recorder: Recorder, done: int, seconds: float) -> None:
        """Keep the run as it stands after so many steps.

        Where the file cannot be written an older one stays, and the run goes on: its results are what matters.
        """
        started = time.monotonic()
        said = {_OF: np.array(self._of), _STEPS: np.array(done), _SECONDS: np.array(seconds)}
        institutions = dict(_leaves(world.institutions, _INSTITUTIONS))
        with suppress(OutputError), clear_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self._path) as stream:
                np.savez(stream, **said, **institutions, **_arrays(world, recorder))  # type: ignore[arg-type]
        ended = time.monotonic()
        self._next = ended + max(EVERY_SECONDS, LEAST_WORK * (ended - started))

    def _fill(self, world: World, recorder: Recorder, kept: dict[str, NDArray[Any]]) -> None:
        places = _arrays(world, recorder)
        institutions = _filled(world.institutions, _INSTITUTIONS, kept)
        if any(kept[name].shape != place.shape for name, place in places.items()):
            raise ValueError("it is of another shape")
        for name, place in places.items():
            place[...] = kept[name]
        world.institutions = institutions
        world.running = Running(world.running.whole)  # no copy of what it held before
        world.board.policy = world.board.refused_at = None  # handed over anew by the next step


def _arrays(world: World, recorder: Recorder) -> dict[str, NDArray[Any]]:
    """Return the arrays that a run fills as it goes, by name: they themselves, not copies."""
    tables, running = world.board.tables, world.running.whole
    groups: dict[str, dict[str, NDArray[Any]]] = {
        "columns": world.population.columns,
        "marks": dict(world.population.marks),
        "signals": {
            name: getattr(tables, name) for name in ("nation", "region", "stratum", "unit", "unit_rows")
        },
        "running": {"counts": running.counts, "totals": running.totals},
        "noted": recorder.arrays,
    }
    return {f"{group}/{name}": array for group, arrays in groups.items() for name, array in arrays.items()}


def _leaves(part: object, name: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield numbers and arrays of a state, through the states within it, each under its path."""
    for field in names_of(part):
        value, path = getattr(part, field), f"{name}/{field}"
        if _is_state(value):
            yield from _leaves(value, path)
        else:
            yield path, np.asarray(value)


def _filled(part: PartT, name: str, kept: dict[str, NDArray[Any]]) -> PartT:
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

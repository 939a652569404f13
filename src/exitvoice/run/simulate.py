"""Runs a scenario from its first step to its last, or as far as it is let."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import xarray as xr

from exitvoice.engine.devices import describe
from exitvoice.engine.targets.cpu import Threads, default_threads
from exitvoice.models.exit_control import Model, begin, compile_model, step
from exitvoice.run.checkpoint import Checkpoint
from exitvoice.run.recorder import Recorder
from exitvoice.scenario import Scenario

Progress = Callable[[int, int, int], bool]
#: Called after each step with (steps done, a function that returns the results so far).
Watch = Callable[[int, Callable[[], xr.Dataset]], None]


@dataclass(frozen=True)
class Run:
    """What a run gave.

    Attributes
    ----------
    data : xarray.Dataset
        Labelled results of the steps that were done, in numbers of real persons.
    complete : bool
        Whether every step was done.
    persons : int
        Simulated persons.
    steps : int
        Steps done.
    seconds : float
        Wall time of the steps, without compiling.
    """

    data: xr.Dataset
    complete: bool
    persons: int
    steps: int
    seconds: float


def simulate(
    scenario: Scenario,
    *,
    seed: int = 0,
    scale: float = 0.01,
    threads: int | None = None,
    progress: Progress | None = None,
    device: str = "cpu",
    watch: Watch | None = None,
    kept: Path | None = None,
) -> Run:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Any whole number from 0 to 2**64 - 1; the same seed gives the same bits for any number of threads.
    scale : float
        Simulated persons per real one, above 0 and at most 1.
    threads : int, optional
        Threads to use; all processors by default.
    progress : callable, optional
        Called after each step with (steps done, steps in all, simulated persons); returns False to stop.
        A KeyboardInterrupt stops too: what is done is kept.
    device : str
        'cpu', or 'cuda' for an NVIDIA device.
    watch : callable, optional
        See `Watch`; for whoever wants to look on while it runs. It costs time only where it asks.
    kept : Path, optional
        A file in which the run is kept every few seconds, a large one as often as a hundredth of its time allows, and
        where `progress` stops it. If the same run is kept there already it goes on from there, with the same bits as
        if it had never been interrupted. Only on the CPU; the file stays, so that who asked for it can keep the
        results first (`exitvoice.run.checkpoint.discard`).

    Raises
    ------
    ValueError
        If seed or scale is out of range, the device means nothing, or a run on another device is to be kept.
    DeviceError
        If the device, or what drives it, is not there.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> simulate(load_scenario("minimal"), seed=1, scale=0.05).complete  # doctest: +SKIP
    True
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is not a whole number from 0 to 2**64 - 1")
    if not 0.0 < scale <= 1.0:
        raise ValueError(f"scale {scale} is not above 0 and at most 1")
    if kept is not None and device != "cpu":
        raise ValueError("only a run on the CPU can be kept while it is under way")
    model = compile_model(scenario, scale=scale, seed=seed, device=device)
    workers = Threads(threads or default_threads())
    recorder = Recorder(model)
    persons = model.people.units.members
    attrs = _attrs(model, describe(device))
    checkpoint = None if kept is None else Checkpoint(kept, model, package_version())
    done, seconds = 0, 0.0
    try:
        kept_run = None if checkpoint is None else checkpoint.take_up(recorder)
        if kept_run is None:
            world = begin(model, workers)
        else:
            world, done, seconds = kept_run.world, kept_run.steps, kept_run.seconds
        for now in range(done, model.steps):
            started = time.perf_counter()
            record = step(model, world, now, workers)
            seconds += time.perf_counter() - started
            recorder.note(now, record)
            done = now + 1
            if watch is not None:
                watch(done, partial(recorder.dataset, done, attrs))
            is_stopped = progress is not None and not progress(done, model.steps, persons)
            if checkpoint is not None:
                (checkpoint.keep if is_stopped else checkpoint.note)(world, recorder, done, seconds)
            if is_stopped:
                break
    except KeyboardInterrupt:
        pass
    finally:
        workers.close()
    return Run(recorder.dataset(done, attrs), done == model.steps, persons, done, seconds)


def _attrs(model: Model, device: str) -> dict[str, object]:
    """Return what the results say of the run as a whole."""
    scenario = model.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_hash": scenario.hash,
        "seed": str(model.seed),
        "scale": model.scale,
        "theory": scenario.theory,
        "leadership": scenario.leadership,
        "control": scenario.control,
        "simulated_persons": model.people.units.members,
        "device": device,
        "version": package_version(),
    }


def package_version() -> str:
    """Version of the installed package."""
    try:
        return version("exitvoice")
    except PackageNotFoundError:
        return "unknown"

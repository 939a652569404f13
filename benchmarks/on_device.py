"""The whole model on an NVIDIA device: person-steps a second, share of its copy bandwidth, up to 1.4e9 persons.

``python -m benchmarks.on_device`` measures this part alone. Without a device it says so and measures nothing.
"""

import time
from dataclasses import dataclass
from typing import Any

from benchmarks import mechanisms, whole_model
from benchmarks.table import number, table
from exitvoice.engine.targets import cuda_driver as driver
from exitvoice.engine.targets.cpu import Threads
from exitvoice.engine.targets.cuda_driver import DeviceError
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.scenario import load_scenario

SCALES = (0.01, 0.1, 1.0, 14.0)  # about 1e6 to 1.4e9 persons: the last is a whole country
WARM_UP, STEPS, REPEATS = 4, 8, 3  # opposition drifts in turns of four steps
COPIED = 1 << 30  # bytes; far more than any cache of a device
SMALL = 0.002


@dataclass(frozen=True)
class Speed:
    """What one size took on the device, in wall time, institutions included."""

    persons: int
    seconds_a_step: float
    bytes_held: int

    @property
    def person_steps_per_second(self) -> float:
        """Persons times steps a second."""
        return self.persons / self.seconds_a_step


def report() -> str:
    """The part of the report, or the sentence that there is no device."""
    title = "## On a device\n\n"
    if driver.is_simulated():
        return f"{title}Not measured: this is the simulator, whose speed says nothing."
    try:
        driver.require_device()
    except DeviceError as problem:
        return f"{title}Not measured: {str(problem).splitlines()[0]}."
    bandwidth, moved = copy_bandwidth(), bytes_a_person_step()
    rows: list[tuple[object, ...]] = []
    for scale in SCALES:
        found = measure(scale)
        rows.append(row(found, moved, bandwidth) if isinstance(found, Speed) else (scale, found, "", "", ""))
    head = (
        "persons",
        "person-steps/s",
        "seconds a step",
        "share of copy bandwidth",
        "bytes a person on the device",
    )
    lines = [
        f"{driver.device_name()}; copying in its memory {bandwidth / 1e9:.0f} GB/s; a step moves "
        f"{moved:.1f} bytes a person at the least.",
        table(head, rows),
    ]
    return title + "\n\n".join(lines)


def row(speed: Speed, moved: float, bandwidth: float) -> tuple[object, ...]:
    """Row of the table."""
    rate = speed.person_steps_per_second
    return (
        f"{speed.persons:,}",
        f"{rate:.3g}",
        number(speed.seconds_a_step),
        f"{rate * moved / bandwidth:.1%}",
        number(speed.bytes_held / speed.persons),
    )


def measure(scale: float) -> Speed | str:
    """Best of several runs of a few steps, or why there is none (the device's memory is too small)."""
    cuda = device()
    before = free_bytes()
    threads = Threads(1)
    try:
        model = compile_model(load_scenario("china-2024"), scale=scale, seed=whole_model.SEED, device="cuda")
        world = begin(model, threads)
        now, best = 0, float("inf")
        for repeat in range(REPEATS + 1):
            cuda.synchronize()
            started = time.perf_counter()
            for _ in range(STEPS if repeat else WARM_UP):
                step(model, world, now, threads)
                now += 1
            cuda.synchronize()
            if repeat:
                best = min(best, (time.perf_counter() - started) / STEPS)
    except cuda.cudadrv.driver.CudaAPIError as problem:
        return f"does not fit: {problem}"
    return Speed(model.people.units.members, best, before - free_bytes())


def bytes_a_person_step() -> float:
    """Bytes of columns and marks that one step moves a person, at the least (see benchmarks.mechanisms)."""
    model = whole_model.prepare(SMALL)
    kept = mechanisms.moments(model)
    program = model.compiled.program
    return sum(mechanisms.bytes_moved(program, moment) * moment.stage.rounds for moment in kept.values())


def copy_bandwidth() -> float:
    """Bytes read and written a second by a copy from the device's memory to the same."""
    cuda = device()
    source, other = (cuda.device_array(COPIED, "uint8") for _ in range(2))
    best = float("inf")
    for _ in range(REPEATS + 2):
        cuda.synchronize()
        started = time.perf_counter()
        other.copy_to_device(source)
        cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    return 2.0 * COPIED / best


def free_bytes() -> int:
    """Bytes free in the device's memory."""
    return int(device().current_context().get_memory_info().free)


def device() -> Any:
    from numba import cuda

    return cuda


if __name__ == "__main__":
    print(report())

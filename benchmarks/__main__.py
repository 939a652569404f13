"""All measurements in one run: ``python -m benchmarks [--write] [--quick]``."""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks import (
    beside_numpy,
    ensembles,
    machine,
    mechanisms,
    on_device,
    picture,
    reference_models,
    scaling,
    starting,
    whole_model,
)
from benchmarks.table import number, table

RESULTS = Path(__file__).parent / "results.md"
PEERS = Path(__file__).parent / "peers" / "results.json"
SMALL, DEMO = 0.002, 0.01


class Report:
    """Says each part as soon as it is measured and keeps it."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def say(self, text: str) -> None:
        print(text + "\n", flush=True)
        self.parts.append(text)


def main() -> None:
    """Measure, print, and write the results where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the tables to benchmarks/{RESULTS.name}")
    parser.add_argument(
        "--quick", action="store_true", help="leave out the cost of each mechanism and the starts"
    )
    parser.add_argument(
        "--everybody",
        action="store_true",
        help="measure one simulated person for each real one as well (minutes)",
    )
    chosen = parser.parse_args()
    report = Report()
    report.say("# Speed of the engine")
    report.say(
        "Best of several. One thread: processor time of that thread; several: wall time. The machine may be shared "
        "with other work, which slows memory and, for wall times, everything."
    )
    everywhere = machine.processors()
    bandwidth = tell_machine(report, everywhere)
    small, demo = whole_model.prepare(SMALL), whole_model.prepare(DEMO)
    alone = tell_pace(report, small, demo, everywhere)
    tell_numpy(report, small, alone)
    moved = tell_memory(report, small)
    tell_scaling(report, {n: rate / moved for n, rate in bandwidth.items()}, everybody=chosen.everybody)
    bars = tell_references(report, everywhere)
    if not chosen.quick:
        tell_mechanisms(report, small)
        tell_starts(report)
        report.say(ensembles.report())
    report.say(on_device.report())
    if chosen.write:
        RESULTS.write_text("\n\n".join(report.parts) + "\n", encoding="utf-8")
        print(f"written to benchmarks/{RESULTS.name}")
        print(f"drawn: {picture.write(bars) or 'nothing, for there is no Chromium here'}")


def tell_machine(report: Report, threads: int) -> dict[int, float]:
    """Machine and bandwidth; returns bytes a second by number of threads."""
    rates = {count: machine.copy_bandwidth(count) for count in sorted({1, threads})}
    rows = [*machine.describe()]
    rows += [
        (f"memory, copying on {count} thread(s)", f"{rate / 1e9:.1f} GB/s") for count, rate in rates.items()
    ]
    report.say("## Machine\n\n" + table(("what", "value"), rows))
    return rates


def tell_pace(
    report: Report, small: whole_model.Model, demo: whole_model.Model, threads: int
) -> whole_model.Pace:
    """Person-steps a second of the whole model; returns the pace at the small scale on one thread."""
    paces = [whole_model.measure(model, count) for model in (small, demo) for count in sorted({1, threads})]
    rows = [
        (
            pace.scale,
            f"{pace.persons:,}",
            pace.threads,
            f"{pace.person_steps_per_second:.3g}",
            number(1e9 / pace.person_steps_per_second),
            f"{pace.persons_share:.0%}",
        )
        for pace in paces
    ]
    head = (
        "scale",
        "persons",
        "threads",
        "person-steps/s",
        "ns a person-step",
        "in stages, called one by one",
    )
    report.say("## Whole model (china-2024, every mechanism on, 20 steps)\n\n" + table(head, rows))
    names = list(paces[0].stages)
    head = ("stage", *(f"scale {pace.scale}, {pace.threads} thread(s)" for pace in paces))
    stages = [(name, *(number(pace.stages[name]) for pace in paces)) for name in names]
    report.say("## Stages, ns a person and step\n\n" + table(head, stages))
    return paces[0]


def tell_numpy(report: Report, model: whole_model.Model, pace: whole_model.Pace) -> None:
    """Ratio to plain NumPy."""
    plain = beside_numpy.measure(model)
    kernels = sum(pace.stages.values())
    rows = [
        ("plain NumPy, whole arrays", number(plain)),
        ("compiled kernels", number(kernels)),
        ("ratio", f"{plain / kernels:.1f}"),
    ]
    title = f"## Beside plain NumPy, one thread, {pace.persons:,} persons"
    report.say(f"{title}\n\n" + table(("step of all persons", "ns a person"), rows))


def tell_memory(report: Report, model: whole_model.Model) -> float:
    """Stored state and bytes moved; returns the bytes that a step moves a person."""
    program = model.compiled.program
    kept = mechanisms.moments(model)
    moved = {
        name: mechanisms.bytes_moved(program, moment) * moment.stage.rounds for name, moment in kept.items()
    }
    shares = {name: mechanisms.selected_share(program, moment) for name, moment in kept.items()}
    rows = [("stored state of a person", f"{program.layout.bytes_per_member} bytes")]
    rows += [
        (f"moved by {name}, {shares[name]:.1%} of persons selected", f"{moved[name]:.1f} bytes")
        for name in moved
    ]
    rows.append(("moved in a step", f"{sum(moved.values()):.1f} bytes a person"))
    report.say("## Memory\n\n" + table(("what", "value"), rows))
    return sum(moved.values())


def tell_scaling(report: Report, limits: dict[int, float], *, everybody: bool) -> None:
    """Cost and memory a person over the number of persons; `limits`: person-steps a second that memory allows."""
    scales = (*scaling.SCALES, *([scaling.EVERYBODY] if everybody else []))
    counts = tuple(limits)
    rows = []
    for scale in scales:
        size = scaling.measure(scale, counts)
        gain = size.nanoseconds[1] / size.nanoseconds[counts[-1]]
        times = [number(size.nanoseconds[count]) for count in counts]
        reached = [f"{1e9 / size.nanoseconds[count] / limits[count]:.0%}" for count in counts]
        rows.append((f"{size.persons:,}", *times, f"{gain:.2f}", *reached, number(size.bytes_a_person)))
    head = (
        "persons",
        *(f"ns a person-step, {count} thread(s)" for count in counts),
        "gain",
        *(f"of the limit of memory, {count} thread(s)" for count in counts),
        "bytes a person (growth of the process)",
    )
    allowed = ", ".join(f"{limit:.3g} person-steps/s on {count} thread(s)" for count, limit in limits.items())
    title = f"## Over the number of persons (wall time)\n\nMemory would allow {allowed}.\n\n"
    report.say(title + table(head, rows))


def tell_references(report: Report, threads: int) -> list[picture.Bar]:
    """The models that peers ship or can hold, here and there; rates in updates a second."""
    kept: dict[str, Any] = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.exists() else {}
    rows: list[tuple[object, ...]] = []
    bars: list[picture.Bar] = []

    def tell(task: str, name: str, size: int, ours: float) -> None:
        rows.append((task, "this engine, 1 thread", f"{ours:.3g}", ""))
        bars.append(picture.Bar(task, "this engine, 1 thread", ours, is_ours=True))
        for found in kept.get("measurements", ()):
            if found["task"] == name and found["size"] == size:
                theirs = found.get("updates_per_second")
                what = (f"{theirs:.3g}", f"{ours / theirs:.1f}") if theirs else (found["reason"], "")
                rows.append(("", found["peer"], *what))
                bars.extend([picture.Bar(task, found["peer"], theirs, is_ours=False)] if theirs else [])

    for side in reference_models.EPSTEIN_SIDES:
        tell(f"Epstein (2002), {side} x {side}", "epstein", side, reference_models.epstein(side))
    for agents in reference_models.THRESHOLD_SIZES:
        task = f"group threshold model, {agents:,} agents"
        ours = reference_models.threshold(agents, 1)
        tell(task, "threshold", agents, ours)
        if threads > 1:
            more = reference_models.threshold(agents, threads)
            rows.append(("", f"this engine, {threads} threads", f"{more:.3g}", f"{ours / more:.2f}"))
    head = ("work", "by", "updates/s", "this engine on 1 thread is faster by")
    where = "" if kept else "\n\nPeers: none measured here; `make bench-peers` does it."
    report.say(f"## Models that peers have as well{where}\n\n" + table(head, rows))
    return [bar for bar in bars if bar.task.endswith(("x 40", "x 400", "1,000,000 agents"))]


def tell_mechanisms(report: Report, model: whole_model.Model) -> None:
    """Cost of each rule and mechanism, and the two slowest."""
    sums, rows = mechanisms.costs(model, mechanisms.moments(model))
    lines = [(stage, rules, f"{cost:.2f}") for stage, rules, cost in rows]
    report.say("## Rules, ns a person and step that each adds\n\n" + table(("stage", "rules", "ns"), lines))
    lines = [(name, f"{cost:.2f}") for name, cost in sums.items()]
    report.say("## Mechanisms, ns a person and step\n\n" + table(("mechanism", "ns"), lines))
    slowest = [name for name in sums if name != mechanisms.TALLIES][:2]
    report.say(f"The two slowest mechanisms: {slowest[0]} and {slowest[1]}.")


def tell_starts(report: Report) -> None:
    """Waiting times."""
    rows = [(name, f"{value:.2f}") for name, value in starting.measure().items()]
    report.say("## Starts\n\n" + table(("what", "seconds"), rows))


if __name__ == "__main__":
    main()

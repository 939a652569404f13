"""All measurements in one run: ``python -m benchmarks.peers [--again] [--only NAME ...]``."""

import argparse
import json
import os
import platform
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.peers import agreement, runner
from benchmarks.peers.registry import EPSTEIN, PEERS, SHIPS_NO_EPSTEIN, THRESHOLD, Peer, Task
from benchmarks.table import number, table

RESULTS = Path(__file__).parent / "results.json"


def describe() -> dict[str, Any]:
    """The machine, which others may share."""
    return {
        "processor": machine.processor_name(),
        "processors": machine.processors(),
        "load_average_at_the_start": os.getloadavg(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def measure_all(peers: tuple[Peer, ...]) -> list[dict[str, Any]]:
    """Every peer at every size, each told as soon as it is known."""
    rows = []
    for peer in peers:
        for size in peer.task.sizes:
            row = runner.measure(peer, size)
            rows.append(row)
            said = row.get("reason") or f"{number(row['updates_per_second'])} agent-updates/s"
            print(
                f"{peer.task.name}, {peer.name}, {runner.name_of_size(peer.task, size)}: {said}", flush=True
            )
    return rows


def check(peers: tuple[Peer, ...]) -> dict[str, Any]:
    """Compare the open shares of all implementations of the threshold model."""
    shares, absent = {}, {}
    for place, peer in enumerate(peers):
        seed = ["--seed", str(1 + place * agreement.SEEDS_APART)]
        more = [*seed, "--seconds", str(agreement.SECONDS), "--moments", *map(str, agreement.MOMENTS)]
        outcome = runner.start_peer(peer, "shares", agreement.AGENTS, agreement.LIMIT, more)
        if outcome.result is None:
            absent[peer.name] = outcome.reason
        else:
            shares[peer.name] = outcome.result["shares"]
    return agreement.summary(shares, absent)


def speeds(task: Task, rows: list[dict[str, Any]]) -> str:
    """Table of one task: agent-updates a second by peer and size, and below it why some are missing."""
    mine = [row for row in rows if row["task"] == task.name]
    names = dict.fromkeys((row["peer"], row["style"]) for row in mine)
    cells = {(row["peer"], row["size"]): row for row in mine}
    head = ("agent-updates/s", "style", *(runner.name_of_size(task, size) for size in task.sizes))
    lines = [(peer, style, *(speed(cells[peer, size]) for size in task.sizes)) for peer, style in names]
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in mine:
        if "reason" in row:
            reasons[row["peer"], row["reason"]].append(runner.name_of_size(task, row["size"]))
    notes = [f"- {peer}, {' and '.join(sizes)}: {reason}" for (peer, reason), sizes in reasons.items()]
    return "\n".join([f"{task.title}\n", table(head, lines), *notes])


def speed(row: dict[str, Any]) -> str:
    """Agent-updates a second, or that there is none."""
    return f"{row['updates_per_second']:.2e}" if "reason" not in row else "none"


def load(found: dict[str, Any]) -> str:
    """How busy the machine was, and a warning where that spoils the speeds (a quiet run has a load of one)."""
    loads = [*found["load_average_at_the_start"], *found["load_average_at_the_end"]]
    busy = " Others used it: measure again when it is quiet." if max(loads) > found["processors"] else ""
    return f"Load average between {min(loads):.1f} and {max(loads):.1f} on {found['processors']} processors.{busy}"


def verdict(found: dict[str, Any]) -> str:
    """What the comparison of open shares says."""
    worst = f"largest of {found['pairs']} differences {found['largest_standard_errors']:.1f} standard errors"
    if not found["pairs"]:
        lines = ["Agreement: nothing to compare."]
    elif not found["failures"]:
        lines = [f"Agreement: all implementations have the same open share ({worst})."]
    else:
        lines = [f"DISAGREEMENT: the implementations do not do the same work ({worst})."]
        lines += [
            f"- step {one['step']}: {one['first']} and {one['second']} differ by {one['difference']:+.4f}, "
            f"{one['standard_errors']:+.1f} standard errors"
            for one in found["failures"]
        ]
    lines += [f"- {name} was not compared: {reason}" for name, reason in found["not_compared"].items()]
    return "\n".join(lines)


def faster(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The faster of two measurements of the same: whatever else a machine does, it only slows."""
    place = {(row["task"], row["peer"], row["size"]): row for row in before}
    for row in now:
        key = row["task"], row["peer"], row["size"]
        if row.get("updates_per_second", 0.0) >= place.get(key, {}).get("updates_per_second", 0.0):
            place[key] = row
    return list(place.values())


def kept() -> dict[str, Any]:
    """What an earlier run wrote."""
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return found


def same_ground(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two runs were of the same versions on the same kind of machine, so that they may be joined."""
    return one["versions"] == other["versions"] and all(
        one["machine"][key] == other["machine"][key] for key in ("processor", "processors", "python")
    )


def main() -> int:
    """Measure, check, print, and write the results where all peers took part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="names of peers; nothing is written then")
    parser.add_argument(
        "--again", action="store_true", help="keep the faster of this run and the one written before"
    )
    chosen = parser.parse_args()
    peers = tuple(peer for peer in PEERS if not chosen.only or peer.name in chosen.only)
    results: dict[str, Any] = {"machine": describe(), "versions": runner.versions(peers)}
    before = kept() if chosen.again and not chosen.only else {}
    if before and not same_ground(before, results):
        parser.error("the run written before had other versions or another machine; leave out --again.")
    started = time.perf_counter()
    rows = measure_all(peers)
    results["measurements"] = faster(before.get("measurements", []), rows)
    results["runs"] = before.get("runs", 0) + 1
    results["ships_no_epstein"] = SHIPS_NO_EPSTEIN
    results["agreement"] = check(tuple(peer for peer in peers if peer.task == THRESHOLD))
    results["seconds_in_all"] = time.perf_counter() - started
    results["machine"]["load_average_at_the_end"] = os.getloadavg()
    tell(peers, results)
    if not chosen.only:
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        print(f"\nwritten to benchmarks/peers/{RESULTS.name}")
    return 1 if results["agreement"]["failures"] else 0


def tell(peers: tuple[Peer, ...], results: dict[str, Any]) -> None:
    """Print tables, verdict and load."""
    for task in dict.fromkeys(peer.task for peer in peers):
        print("\n" + speeds(task, results["measurements"]))
        if task == EPSTEIN:
            print("\n".join(f"- {name} ships none: {why}" for name, why in SHIPS_NO_EPSTEIN.items()))
    print("\n" + verdict(results["agreement"]))
    print(load(results["machine"]))


if __name__ == "__main__":
    sys.exit(main())

"""Starting one process a measurement, ending it at its limit, and saying why where nothing came of it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.child import RESULT, STAGE
from benchmarks.peers.install import not_installed
from benchmarks.peers.registry import ENVIRONMENTS, PACKAGE, TASKS, Environment, Peer, Task

ROOT = Path(__file__).parents[2]
# Starsim would build a cache of fonts on its first import.
SETTINGS = {"STARSIM_INSTALL_FONTS": "0", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Outcome:
    """A result, or the reason why there is none."""

    result: dict[str, Any] | None
    reason: str = ""


def last(lines: list[str], mark: str) -> str:
    """The last line with a mark, without it."""
    found = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
    return found[-1] if found else ""


def start(environment: Environment, arguments: list[str], limit: float) -> Outcome:
    """Run the child in an environment, at most so many seconds."""
    command = [str(ROOT / environment.python), "-m", f"{PACKAGE}.child", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **SETTINGS},
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        return Outcome(None, f"ended after {limit:.0f} s, {last(said.splitlines(), STAGE) or 'starting'}")
    except OSError as error:
        return Outcome(None, f"not installed: {error.strerror}")
    result = last(done.stdout.splitlines(), RESULT)
    if done.returncode == 0 and result:
        return Outcome(json.loads(result))
    where = last(done.stdout.splitlines(), STAGE) or "starting"
    if done.returncode < 0:
        return Outcome(None, f"ended by signal {-done.returncode} {where}")
    complaint = done.stderr.strip().splitlines() or ["no message"]
    return Outcome(None, f"failed {where}: {complaint[-1]}")


def start_peer(peer: Peer, what: str, size: int, limit: float, more: list[str]) -> Outcome:
    """Run the child for a peer, unless it could not be installed."""
    reason = not_installed(peer.environment).get(peer.distribution)
    if reason is not None:
        return Outcome(None, f"not installed: {reason}")
    arguments = [what, "--module", peer.module, "--builder", peer.builder, "--size", str(size)]
    return start(peer.environment, [*arguments, *more], limit)


def measure(peer: Peer, size: int) -> dict[str, Any]:
    """A peer's speed at a size, as a row of the results."""
    limit = peer.task.limit(size)
    outcome = start_peer(peer, "time", size, limit, [])
    row = {
        "task": peer.task.name,
        "peer": peer.name,
        "style": peer.style,
        "size": size,
        "limit_seconds": limit,
    }
    return {**row, **(outcome.result or {"reason": outcome.reason})}


def versions(peers: tuple[Peer, ...]) -> dict[str, dict[str, Any]]:
    """Versions of the peers and of what does their work, by environment."""
    found = {}
    for environment in ENVIRONMENTS:
        absent = not_installed(environment)
        names = {peer.distribution for peer in peers if peer.environment == environment} - set(absent)
        extra = {"numpy", "numba", "polars"} & set(pins(environment))
        arguments = ["versions", "--distributions", *sorted((names | extra) - set(absent))]
        outcome = start(environment, arguments, TASKS[0].seconds)
        found[environment.requirements] = outcome.result or {"reason": outcome.reason}
    return found


def pins(environment: Environment) -> list[str]:
    """Names that an environment pins."""
    lines = (Path(__file__).parent / environment.requirements).read_text(encoding="utf-8").splitlines()
    return [line.split("==")[0] for line in lines if "==" in line]


def name_of_size(task: Task, size: int) -> str:
    """How a size is written in a table."""
    return f"{size} x {size}" if task.name == "epstein" else f"{size:,}"

"""Filling the peers' environments: ``python -m benchmarks.peers.install`` (standard library only).

An environment is filled at once from its pins. Where that fails each peer is tried alone, and what still cannot be
installed or imported is written down with the reason, for the table.
"""

import json
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

from benchmarks.peers.registry import ENVIRONMENTS, PEERS, Environment

FAILURES = "not-installed.json"
LONGEST_REASON = 200
HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@cache
def not_installed(environment: Environment) -> dict[str, str]:
    """Distributions that could not be installed, and why."""
    path = ROOT / environment.folder / FAILURES
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def run(environment: Environment, arguments: list[str]) -> str:
    """Run the environment's Python; its complaint, or nothing."""
    python = str(ROOT / environment.python)
    done = subprocess.run([python, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    errors = [line for line in lines if line.startswith("ERROR: ")]
    return (errors[0] if errors else lines[-1]).removeprefix("ERROR: ")[:LONGEST_REASON]


def install(environment: Environment, wanted: list[str]) -> str:
    """Install some of what an environment pins."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    return run(environment, ["-m", "pip", "install", *quiet, *wanted])


def fill(environment: Environment) -> dict[str, str]:
    """Make and fill an environment; the distributions that failed, and why."""
    venv.create(ROOT / environment.folder, with_pip=True)
    pins = str(HERE / environment.requirements)
    names = sorted({peer.distribution for peer in PEERS if peer.environment == environment})
    failures: dict[str, str] = {}
    if install(environment, ["--requirement", pins]):
        tried = {name: install(environment, [name, "--constraint", pins]) for name in names}
        failures = {name: complaint for name, complaint in tried.items() if complaint}
    for name in set(names) - set(failures):
        if complaint := run(environment, ["-c", f"import {name}"]):
            failures[name] = complaint
    return failures


def main() -> None:
    """Fill all environments."""
    for environment in ENVIRONMENTS:
        print(
            f"exitvoice: installing {environment.requirements} (the first time takes a minute or two)",
            flush=True,
        )
        failures = fill(environment)
        text = json.dumps(failures, indent=2) + "\n"
        (ROOT / environment.folder / FAILURES).write_text(text, encoding="utf-8")
        for name, complaint in failures.items():
            print(f"exitvoice: {name} cannot be measured: {complaint}", file=sys.stderr)


if __name__ == "__main__":
    main()

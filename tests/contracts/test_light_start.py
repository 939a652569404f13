"""`exitvoice --help` and `import exitvoice` load nothing heavy: somebody waits for the answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exitvoice.cli.app import app

SOURCE = Path(__file__).parents[2] / "src"

HEAVY = {
    "numpy",
    "numba",
    "llvmlite",
    "pandas",
    "xarray",
    "zarr",
    "pydantic",
    "ruamel",
    "plotly",
    "jinja2",
    "scipy",
    "SALib",
    "matplotlib",
}
OWN_HEAVY = {
    "exitvoice.scenario",
    "exitvoice.evidence",
    "exitvoice.engine",
    "exitvoice.results",
    "exitvoice.report",
    "exitvoice.ensemble",
    "exitvoice.analysis",
    "exitvoice.claims",
}
REPORT = "print('LOADED', *sorted(set(name for name in sys.modules)), file=sys.stderr)"
COMMANDS = [name for name in (command.name for command in app.registered_commands) if name is not None]
CALLS = (("--help",), ("--version",), *((name, "--help") for name in COMMANDS))


def loaded_by(code: str) -> list[set[str]]:
    """Modules that are there at each report of a fresh process, and at its end."""
    finished = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{REPORT}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=True,
        timeout=60,
    )
    lines = (line for line in finished.stderr.splitlines() if line.startswith("LOADED"))
    return [set(line.split()[1:]) for line in lines]


def calling(*arguments: str) -> str:
    return (
        "from exitvoice.cli.app import main\n"
        f"try:\n    main({list(arguments)!r})\n"
        "except SystemExit as leaving:\n    assert leaving.code == 0, leaving.code\n"
    )


@pytest.fixture(scope="module")
def loaded() -> dict[tuple[str, ...], set[str]]:
    """What each call loads that none before it has loaded, all in one process."""
    there = loaded_by(f"{REPORT}\n".join(calling(*call) for call in CALLS))
    assert "exitvoice.cli.app" in there[0]
    return {call: after - before for call, before, after in zip(CALLS, [set(), *there], there, strict=False)}


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_help_loads_nothing_heavy(loaded: dict[tuple[str, ...], set[str]], call: tuple[str, ...]) -> None:
    of_typer = set() if len(call) == 1 else {"pydantic"}  # typer reads a command's parameters with it
    assert not loaded[call] & (HEAVY - of_typer)
    assert not loaded[call] & OWN_HEAVY


def test_import_of_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import exitvoice")[-1] & (HEAVY | OWN_HEAVY)


def test_a_world_without_a_posterior_is_run_without_the_tools_of_inference() -> None:
    loaded = loaded_by("from exitvoice.cli.posterior import posterior_for\nposterior_for(None, None)")[-1]
    assert "exitvoice.cli.posterior" in loaded
    assert not loaded & (HEAVY | OWN_HEAVY | {"exitvoice.calibration"})


def test_the_measure_sees_heavy_modules() -> None:
    assert "numpy" in loaded_by("import numpy")[-1]

"""`exitvoice --help` and `import exitvoice` load nothing heavy: somebody waits for the answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def loaded_by(code: str) -> set[str]:
    finished = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{REPORT}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=True,
        timeout=60,
    )
    line = next(line for line in finished.stderr.splitlines() if line.startswith("LOADED"))
    return set(line.split()[1:])


def calling(*arguments: str) -> str:
    return (
        "from exitvoice.cli.app import main\n"
        f"try:\n    main({list(arguments)!r})\n"
        "except SystemExit as leaving:\n    assert leaving.code == 0, leaving.code"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        *(
            [name, "--help"]
            for name in (
                "run",
                "show",
                "check",
                "new",
                "report",
                "evidence",
                "scenarios",
                "compare",
                "verify",
                "ensemble",
                "sweep",
                "resume",
                "sensitivity",
                "discover",
                "claims",
                "reference",
                "validate",
            )
        ),
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = loaded_by(calling(*arguments))
    assert "exitvoice.cli.app" in loaded
    of_typer = set() if len(arguments) == 1 else {"pydantic"}  # typer reads a command's parameters with it
    assert not loaded & (HEAVY - of_typer)
    assert not loaded & OWN_HEAVY


def test_import_of_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import exitvoice") & (HEAVY | OWN_HEAVY)


def test_the_measure_sees_heavy_modules() -> None:
    assert "numpy" in loaded_by("import numpy")

"""The manifest of a run: everything that is needed to make it again, as plain JSON."""

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime

import xarray as xr

from exitvoice import __version__

FORMAT = "exitvoice-run/1"
LIBRARIES = ("numpy", "numba", "llvmlite", "xarray", "zarr", "pydantic", "plotly", "jinja2")


def new_manifest(
    data: xr.Dataset,
    *,
    scenario_text: str,
    command: str,
    seconds: float,
    steps_planned: int,
    details: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Describe a run so that somebody else can make it again.

    Parameters
    ----------
    data : xr.Dataset
        The run; name, hash, seed and scale are read from its attributes.
    scenario_text : str
        The scenario as it was written.
    command : str
        The command that makes this run again.
    seconds : float
        How long the simulation took.
    steps_planned : int
        Steps of the whole clock; fewer in `data` mean that the run was stopped.
    details : mapping, optional
        More to keep, such as speed; must be plain JSON.
    """
    steps_done = int(data.sizes["time"])
    return {
        "format": FORMAT,
        "is_whole": steps_done >= steps_planned,
        "steps_done": steps_done,
        "steps_planned": int(steps_planned),
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(float(seconds), 3),
        "run": {name: _plain(value) for name, value in data.attrs.items()},
        "versions": versions(),
        "machine": machine(),
        "scenario_text": scenario_text,
        **(dict(details) if details else {}),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of the libraries that a run rests on."""
    found = {"python": platform.python_version(), "exitvoice": __version__}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, object]:
    """Describe the machine without naming it or anybody who uses it."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}


def _plain(value: object) -> object:
    item = getattr(value, "item", None)
    return item() if callable(item) else value

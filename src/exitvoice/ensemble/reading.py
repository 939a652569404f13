"""Read an ensemble back: its plan, its failures, and all its runs as ONE labelled dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr

from exitvoice.ensemble.collect import labelled
from exitvoice.ensemble.files import DONE, FAILURES, PLAN, RESULTS, SCENARIO, read_lines
from exitvoice.ensemble.layout import Group, Layout
from exitvoice.ensemble.plan import Plan, RunKey
from exitvoice.errors import InputError, Mistake
from exitvoice.scenario import Scenario

RUN = ("variant", "point", "replication")


@dataclass(frozen=True)
class Failed:
    """A run that gave no numbers: which, why, where, and the command that makes it again, alone."""

    key: RunKey
    error: str
    where: str
    replay: str


def read_plan(folder: str | Path) -> Plan:
    """Read the plan of an ensemble.

    Raises
    ------
    InputError
        If there is none in the folder, or one that this version cannot read.
    """
    path = Path(folder).expanduser().resolve()
    try:
        record = json.loads((path / PLAN).read_text(encoding="utf-8"))
        text = (path / SCENARIO).read_text(encoding="utf-8")
        return Plan.from_record(record, Scenario.from_text(text, name=str(path / SCENARIO)))
    except OSError as problem:
        raise _unreadable(path / PLAN, "there is no ensemble in this folder") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise _unreadable(path / PLAN, f"the plan cannot be read ({problem})") from problem


def read_failures(folder: str | Path) -> tuple[Failed, ...]:
    """Return the runs of an ensemble that failed."""
    return tuple(
        Failed(RunKey(*line["run"]), line["error"], line["where"], line["replay"])
        for line in read_lines(Path(folder).expanduser() / FAILURES)
    )


def read_ensemble(folder: str | Path, names: Iterable[str] | None = None) -> xr.Dataset:
    """Read an ensemble as one dataset, whole or as far as it has come.

    Parameters
    ----------
    folder : str or Path
    names : iterable of str, optional
        Variables to read; all if not given.

    Returns
    -------
    xr.Dataset
        Dimensions variant, point, replication, then time (years), sector or region. ``design`` (point, factor) holds
        what each point set; ``is_done`` tells which runs have their numbers, the others are NaN. The person-years
        without freedom come first.

    Raises
    ------
    InputError
        If there is no ensemble, or no such variable.

    Examples
    --------
    >>> read_ensemble("runs/my-ensemble")["person_years"].mean("replication")   # doctest: +SKIP
    """
    path = Path(folder).expanduser().resolve()
    plan = read_plan(path)
    layout = Layout(plan.scenario, plan.outputs)
    wanted = None if names is None else list(names)
    groups = [group for group in layout.groups if wanted is None or _has(group, wanted)]
    try:
        root = zarr.open_group(path / RESULTS, mode="r", zarr_format=3)
        blocks = {group.kind: _values(root[group.kind], plan) for group in groups}
    except (OSError, ValueError, KeyError, RuntimeError) as problem:
        raise _unreadable(path / RESULTS, f"the numbers cannot be read ({problem})") from problem
    data = labelled(blocks, layout, *RUN)
    if wanted is not None:
        _check_known(wanted, data, path)
        data = data[wanted]
    return _with_plan(data, plan, path)


def _with_plan(data: xr.Dataset, plan: Plan, path: Path) -> xr.Dataset:
    is_done = np.zeros(plan.shape, bool)
    for line in read_lines(path / DONE):
        is_done[tuple(line["run"])] = True
    data = data.assign_coords(
        variant=np.array([variant.name for variant in plan.variants]),
        point=np.arange(plan.shape[1]),
        replication=np.arange(plan.replications),
    )
    # A chunk may be there whose line is not: the run was killed between the two and counts as missing.
    mask = xr.DataArray(is_done, dims=RUN)
    data = data.map(lambda values: values.where(mask) if not is_done.all() else values, keep_attrs=True)
    about = {"units": "1", "long_name": "Whether the run is done", "source": DONE}
    data["is_done"] = (RUN, is_done, about)
    if plan.factors:
        data = data.assign_coords(factor=np.array([factor.path for factor in plan.factors]))
        about = {"units": "as each factor", "long_name": "Values that each point sets", "source": PLAN}
        data["design"] = (("point", "factor"), plan.points, about)
    return data.assign_attrs(
        scenario=plan.scenario.name,
        scenario_hash=plan.scenario.hash,
        scale=plan.scale,
        seed=str(plan.seed),
        design=plan.design,
    )


def _values(array: Any, plan: Plan) -> Any:
    # An extension that was killed may have left the arrays shorter than the plan: what is not there is missing.
    values = np.asarray(array[:])
    lacking = plan.shape[1] - values.shape[1]
    pad = [(0, 0), (0, max(0, lacking)), *[(0, 0)] * (values.ndim - 2)]
    return np.pad(values, pad, constant_values=np.nan) if lacking > 0 else values


def _has(group: Group, wanted: list[str]) -> bool:
    return any(variable.name in wanted for variable in group.variables)


def _check_known(wanted: list[str], data: xr.Dataset, path: Path) -> None:
    unknown = [name for name in wanted if name not in data]
    if unknown:
        raise InputError(
            [
                Mistake(
                    file=str(path),
                    line=None,
                    column=None,
                    path=name,
                    what="the ensemble holds no such variable",
                    why="it keeps yearly summaries, and step by step only what its plan names as outputs",
                    mend="look at the names of read_ensemble(folder), or plan it with this output",
                )
                for name in unknown
            ]
        )


def _unreadable(path: Path, what: str) -> InputError:
    return InputError.of(
        path,
        what,
        why="an ensemble is a folder with plan.json, scenario.yaml and results.zarr",
        mend="name the folder of an ensemble, or make one with `exitvoice ensemble`",
    )

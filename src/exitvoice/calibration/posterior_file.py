"""A posterior at rest: one NumPy archive without pickles, with a header that says what it is and a hash of both."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.calibration.posterior import GateRecord, Posterior
from exitvoice.documents.reading import read_bounded
from exitvoice.ensemble import Factor
from exitvoice.errors import InputError
from exitvoice.results.folders import clear_errors

FORMAT = "exitvoice-posterior/1"
NAME = "posterior.npz"
MOST_BYTES = 256 * 1024 * 1024


def write_posterior(path: Path, posterior: Posterior) -> Path:
    """Write a posterior; a reader never sees half of it.

    Raises
    ------
    OutputError
        If the disk refuses.
    """
    header = _header(posterior)
    header["hash"] = _digest(header, posterior.values, posterior.weights)
    stream = io.BytesIO()
    text = np.frombuffer(json.dumps(header, sort_keys=True).encode("utf-8"), dtype=np.uint8)
    np.savez(stream, header=text, values=posterior.values, weights=posterior.weights)
    with clear_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.unfinished")
        draft.write_bytes(stream.getvalue())
        os.replace(draft, path)
    return path


def read_posterior(source: str | Path) -> Posterior:
    """Read a posterior, from its file or from the folder of a calibration.

    Raises
    ------
    InputError
        If there is none, it is damaged, or its numbers are not those its header was written for.

    Examples
    --------
    >>> read_posterior("runs/gdr-1989-calibration").may_be_used  # doctest: +SKIP
    True
    """
    path = Path(source)
    path = path / NAME if path.is_dir() else path
    try:
        content = read_bounded(path, size=MOST_BYTES)
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            header = json.loads(bytes(archive["header"]).decode("utf-8"))
            values, weights = archive["values"].astype(np.float64), archive["weights"].astype(np.float64)
        return _checked(header, values, weights, path)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as problem:
        raise _no_posterior(path, f"no posterior can be read here ({problem})") from problem


def with_gate(path: Path, record: GateRecord) -> Posterior:
    """Write what a gate said into a posterior's file, and return the posterior."""
    posterior = replace(read_posterior(path), gate=record)
    write_posterior(path / NAME if path.is_dir() else path, posterior)
    return posterior


def _header(posterior: Posterior) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "scenario": posterior.scenario,
        "scenario_hash": posterior.scenario_hash,
        "targets": posterior.targets,
        "question": posterior.question,
        "method": posterior.method,
        "design": posterior.design,
        "factors": [asdict(factor) for factor in posterior.factors],
        "made": dict(posterior.made),
        "gate": None if posterior.gate is None else asdict(posterior.gate),
    }


def _checked(
    header: Mapping[str, Any], values: NDArray[np.float64], weights: NDArray[np.float64], path: Path
) -> Posterior:
    if header["format"] != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    said = {name: item for name, item in header.items() if name != "hash"}
    if header["hash"] != _digest(said, values, weights):
        raise _no_posterior(path, "the numbers are not those that the header was written for")
    if not (np.isfinite(values).all() and np.isfinite(weights).all() and (weights >= 0.0).all()):
        raise ValueError("a draw or a weight is not a number")
    gate = header["gate"]
    return Posterior(
        scenario=str(header["scenario"]),
        scenario_hash=str(header["scenario_hash"]),
        targets=str(header["targets"]),
        question=str(header["question"]),
        method=str(header["method"]),
        design=str(header["design"]),
        factors=tuple(Factor(**factor) for factor in header["factors"]),
        values=values,
        weights=weights,
        made=header["made"],
        gate=None
        if gate is None
        else GateRecord(bool(gate["passed"]), str(gate["design"]), tuple(map(str, gate["reasons"]))),
    )


def _digest(header: Mapping[str, Any], values: NDArray[np.float64], weights: NDArray[np.float64]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode("utf-8"))
    for array in (values, weights):
        digest.update(str(array.shape).encode("ascii"))
        digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()


def _no_posterior(path: Path, what: str) -> InputError:
    why = "a posterior takes the place of priors only if it is whole"
    return InputError.of(path, what, why=why, mend="name what `exitvoice calibrate` wrote")

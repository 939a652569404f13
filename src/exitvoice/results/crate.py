"""`ro-crate-metadata.json`: results described as an RO-Crate, so that other people's tools can read how they arose.

Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5) over RO-Crate 1.1: one action, the program that did
it, what went in (the scenario, seed and scale) and what came out (the files of the folder).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exitvoice import __version__
from exitvoice.results.folders import write_whole_file

CRATE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_CONTEXT = [f"{SPECIFICATION}/context", "https://w3id.org/ro/terms/workflow-run/context"]
_LICENCE = "No licence is set by the program; whoever publishes these results names one."
_PROGRAM = "#exitvoice"
_ACTION = "#simulation"

#: What the files of a folder are, and their media types; others in the folder are not described.
PARTS: Mapping[str, tuple[str, str]] = {
    "manifest.json": ("All that is needed to make the run again", "application/json"),
    "plan.json": ("The plan of the ensemble, registered before its first run", "application/json"),
    "scenario.yaml": ("The scenario, as it was run", "application/yaml"),
    "rests-on.json": ("Hashes of the evidence and the priors that the results rest on", "application/json"),
    "claims.json": ("The verdicts on the claims, with all that they rest on", "application/json"),
    "counterexamples/": ("What turns an answer, a file a claim, for `exitvoice replay`", "application/json"),
    "runs/": (
        "The ensembles that the verdicts rest on",
        "application/vnd+zarr",
    ),
    "results.zarr/": ("Labelled numbers, for xarray", "application/vnd+zarr"),
    "done.jsonl": (
        "The runs that are done, a line each, with the hash of their numbers",
        "application/jsonl",
    ),
    "failures.jsonl": (
        "The runs that failed, a line each, with the command that replays them",
        "application/jsonl",
    ),
    "report.html": ("The report: one page that fetches nothing", "text/html"),
}


@dataclass(frozen=True)
class Described:
    """What a crate says of a folder of results.

    Attributes
    ----------
    name, about : str
    command : str
        The command that makes the results again.
    ended : str
        When they were made, ISO 8601.
    version : str
        Version of exitvoice.
    scenario : mapping of str to str
        Name, title and content hash of the scenario.
    values : mapping of str to number or str
        What else went in, such as seed and scale.
    is_whole : bool
        Whether all that was asked for was done.
    """

    name: str
    about: str
    command: str
    ended: str
    version: str
    scenario: Mapping[str, str]
    values: Mapping[str, object]
    is_whole: bool = True


def describe_run(manifest: Mapping[str, object]) -> Described:
    """Return what a crate says of the folder of one run, from its manifest."""
    run = manifest.get("run")
    said: Mapping[str, object] = run if isinstance(run, Mapping) else {}
    versions = manifest.get("versions")
    known: Mapping[str, object] = versions if isinstance(versions, Mapping) else {}
    title = str(said.get("title", said.get("scenario", "a run")))
    return Described(
        name=f"{title}: one simulated world",
        about="One run of a synthetic population under dated exit controls. No real person is in it.",
        command=str(manifest.get("command", "")),
        ended=str(manifest.get("created", "")),
        version=str(known.get("exitvoice", said.get("version", "unknown"))),
        scenario={
            "name": str(said.get("scenario", "")),
            "title": title,
            "hash": str(said.get("scenario_hash", "")),
        },
        values={name: said[name] for name in ("seed", "scale", "theory") if name in said},
        is_whole=bool(manifest.get("is_whole", True)),
    )


def describe_ensemble(
    record: Mapping[str, object], *, title: str, command: str, ended: str, is_whole: bool = True
) -> Described:
    """Return what a crate says of the folder of an ensemble.

    Parameters
    ----------
    record : mapping
        The plan as plain data, as `exitvoice.ensemble.Plan.record` gives it.
    title : str
        Title of the scenario.
    command : str
        The command that makes it again.
    ended : str
        When its last run was done, ISO 8601.
    is_whole : bool
        Whether every run of the plan was done.
    """
    names = ("design", "scale", "seed", "replications")
    sizes = {name: len(item) for name in ("variants", "points") if isinstance(item := record.get(name), list)}
    return Described(
        name=f"{title}: an ensemble of simulated worlds",
        about="Many runs of a synthetic population under dated exit controls. No real person is in it.",
        command=command,
        ended=ended,
        version=__version__,
        scenario={
            "name": str(record.get("scenario", "")),
            "title": title,
            "hash": str(record.get("scenario_hash", "")),
        },
        values={name: record[name] for name in names if name in record} | sizes,
        is_whole=is_whole,
    )


def describe_comparison(manifest: Mapping[str, object]) -> Described:
    """Return what a crate says of the folder of two worlds compared, from its manifest."""
    hashes = manifest.get("scenario_hashes")
    names = manifest.get("names")
    both = [str(item) for item in names] if isinstance(names, list) else ["A", "B"]
    seeds = manifest.get("seeds")
    return Described(
        name=f"{both[0]} beside {both[-1]}: twin worlds with every draw shared",
        about="Runs of two synthetic populations under dated exit controls. No real person is in them.",
        command=str(manifest.get("command", "")),
        ended=str(manifest.get("created", "")),
        version=__version__,
        scenario={
            "name": " and ".join(both),
            "title": " beside ".join(both),
            "hash": ", ".join(str(item) for item in hashes) if isinstance(hashes, list) else "",
        },
        values={
            "scale": manifest.get("scale", ""),
            "seed": seeds[0] if isinstance(seeds, list) and seeds else "",
            "replications": len(seeds) if isinstance(seeds, list) else 0,
        },
        is_whole=bool(manifest.get("is_whole", True)),
    )


def describe_board(record: Mapping[str, object], *, ended: str) -> Described:
    """Return what a crate says of the folder of a claims board, from the board as plain data."""
    title = str(record.get("title", ""))
    names = ("budget", "runs", "points", "scale", "seed")
    return Described(
        name=f"{title}: the claims, put to the test",
        about="Verdicts on public claims, over many runs of a synthetic population. No real person is in it.",
        command=str(record.get("command", "")),
        ended=ended,
        version=__version__,
        scenario={
            "name": str(record.get("scenario", "")),
            "title": title,
            "hash": str(record.get("scenario_hash", "")),
        },
        values={name: record[name] for name in names if name in record},
        is_whole=bool(record.get("is_complete", True)),
    )


def write_crate(folder: str | Path, described: Described) -> Path:
    """Describe a folder of results in `ro-crate-metadata.json` beside them, in place of an older description.

    Parameters
    ----------
    folder : str or Path
        A folder of results; of its files those in `PARTS` are described.
    described : Described
        For a run, what `describe_run` gives.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    target = Path(folder)
    parts = [name for name in PARTS if (target / name).exists()]
    text = json.dumps(crate(described, parts), indent=2, ensure_ascii=False) + "\n"
    write_whole_file(target / CRATE, text)
    return target / CRATE


def crate(described: Described, parts: Sequence[str]) -> dict[str, object]:
    """Return the crate of a folder that holds these parts."""
    inputs = [_scenario(described), *_values(described)]
    results = [_part(name) for name in parts]
    action: dict[str, object] = {
        "@id": _ACTION,
        "@type": "CreateAction",
        "name": described.name,
        "description": described.command,
        "instrument": _to(_PROGRAM),
        "object": [_to(str(item["@id"])) for item in inputs],
        "result": [_to(str(item["@id"])) for item in results],
        "endTime": described.ended,
        "actionStatus": _to(
            f"http://schema.org/{'CompletedActionStatus' if described.is_whole else 'FailedActionStatus'}"
        ),
    }
    if not described.is_whole:
        action["error"] = "stopped before its end; what is done is kept"
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": _to(SPECIFICATION),
                "about": _to("./"),
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": described.name,
                "description": described.about,
                "datePublished": described.ended,
                "license": _LICENCE,
                "conformsTo": _to(PROFILE),
                "hasPart": [_to(str(item["@id"])) for item in results],
                "mentions": _to(_ACTION),
            },
            {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
            {
                "@id": _PROGRAM,
                "@type": "SoftwareApplication",
                "name": "exitvoice",
                "softwareVersion": described.version,
            },
            action,
            *inputs,
            *results,
        ],
    }


def _scenario(described: Described) -> dict[str, object]:
    return {
        "@id": "#scenario",
        "@type": "CreativeWork",
        "name": described.scenario.get("title", ""),
        "alternateName": described.scenario.get("name", ""),
        "identifier": described.scenario.get("hash", ""),
        "description": "The scenario; its text lies in the manifest, or beside it. The identifier is its "
        "content hash.",
    }


def _values(described: Described) -> list[dict[str, object]]:
    return [
        {"@id": f"#{name}", "@type": "PropertyValue", "name": name, "value": str(value)}
        for name, value in described.values.items()
    ]


def _part(name: str) -> dict[str, object]:
    about, media_type = PARTS[name]
    return {
        "@id": name,
        "@type": "Dataset" if name.endswith("/") else "File",
        "name": name.rstrip("/"),
        "description": about,
        "encodingFormat": media_type,
    }


def _to(identity: str) -> dict[str, str]:
    return {"@id": identity}

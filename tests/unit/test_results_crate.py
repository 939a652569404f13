"""The RO-Crate beside results: read by another library, and held against the rules of Process Run Crate 0.5.

Rules: https://w3id.org/ro/wfrun/process/0.5 (MUST and SHOULD of root, action, application) over RO-Crate 1.1.
"""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate

from exitvoice.ensemble import Plan
from exitvoice.results import new_manifest, write_report, write_run
from exitvoice.results.crate import (
    CRATE,
    PROFILE,
    describe_board,
    describe_comparison,
    describe_ensemble,
    describe_run,
    write_crate,
)
from exitvoice.scenario import load_scenario
from support_dataset import make_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = make_dataset(weeks=3)
    data.attrs.update(scenario="minimal", title="A small world", scenario_hash="0123", seed="7", scale=0.5)
    manifest = new_manifest(
        data, scenario_text="x", command="exitvoice run minimal", seconds=1.0, steps_planned=3
    )
    return write_run(tmp_path / "run", data, manifest, report="<!doctype html>")


def faults(crate: ROCrate, folder: Path) -> list[str]:
    """What breaks a rule of the profile."""
    found = [*faults_of_root(crate)]
    mentioned = {entity.id for entity in as_list(crate.root_dataset.get("mentions"))}
    actions = [e for e in crate.get_entities() if "CreateAction" in as_list(e.type)]
    found += [] if actions else ["there is no action"]
    for action in actions:
        found += [] if action.id in mentioned else ["the root does not mention the action"]
        found += [*faults_of_tool(action), *faults_of_things(action, crate, folder)]
        try:
            datetime.datetime.fromisoformat(str(action.get("endTime")))
        except ValueError:
            found.append("the action has no end")
    return found


def faults_of_root(crate: ROCrate) -> Iterator[str]:
    root, profile = crate.root_dataset, crate.dereference(PROFILE)
    if PROFILE not in [entity.id for entity in as_list(root.get("conformsTo"))]:
        yield "the root conforms to no Process Run Crate"
    for name in ("name", "description", "datePublished", "license"):
        if not root.get(name):
            yield f"the root has no {name}"
    if profile is None or profile.type != "CreativeWork" or not profile.get("version"):
        yield "the profile is not described"


def faults_of_tool(action: Any) -> Iterator[str]:
    tools = as_list(action.get("instrument"))
    if len(tools) != 1 or "SoftwareApplication" not in as_list(tools[0].type):
        yield "the action has no application for an instrument"
    elif not (tools[0].get("softwareVersion") or tools[0].get("version")) or not tools[0].get("name"):
        yield "the application has no version or no name"


def faults_of_things(action: Any, crate: ROCrate, folder: Path) -> Iterator[str]:
    parts = {entity.id for entity in as_list(crate.root_dataset.get("hasPart"))}
    if not as_list(action.get("result")):
        yield "the action has no result"
    for thing in (*as_list(action.get("result")), *as_list(action.get("object"))):
        if isinstance(thing, str):
            yield f"{thing} is not described"
        elif thing.type in ("File", "Dataset"):
            if thing.id not in parts or not (folder / thing.id).exists():
                yield f"{thing.id} is no part of the root, or not there"
        elif thing.type == "PropertyValue" and not thing.get("value"):
            yield f"{thing.id} has no value"


def as_list(value: object) -> list:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def test_a_run_keeps_the_rules_of_the_profile(folder: Path) -> None:
    crate = ROCrate(folder)
    assert faults(crate, folder) == []
    assert {e.id for e in crate.data_entities} == {"manifest.json", "report.html", "results.zarr/"}


def test_what_went_in_is_said(folder: Path) -> None:
    crate = ROCrate(folder)
    action = crate.dereference("#simulation")
    assert action["description"] == "exitvoice run minimal"
    assert crate.dereference("#seed")["value"] == "7"
    assert crate.dereference("#scenario")["identifier"] == "0123"
    assert "CompletedActionStatus" in (folder / CRATE).read_text(encoding="utf-8")


def test_a_later_report_is_described_too(tmp_path: Path) -> None:
    data = make_dataset(weeks=3)
    manifest = new_manifest(data, scenario_text="x", command="c", seconds=1.0, steps_planned=9)
    folder = write_run(tmp_path / "run", data, manifest)
    assert "report.html" not in (folder / CRATE).read_text(encoding="utf-8")
    write_report(folder, "<!doctype html>")
    assert "report.html" in {e.id for e in ROCrate(folder).data_entities}
    assert "FailedActionStatus" in (folder / CRATE).read_text(encoding="utf-8"), (
        "it was stopped after 3 of 9 steps"
    )


def test_an_ensemble_is_described_by_the_same_function(tmp_path: Path) -> None:
    for name in ("plan.json", "scenario.yaml", "done.jsonl", "failures.jsonl"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "results.zarr").mkdir()
    plan = Plan(load_scenario("minimal"), seed=7, scale=0.1, replications=3)
    described = describe_ensemble(
        plan.record(), title="A small world", command="exitvoice ensemble", ended="2026-01-01T00:00:00+00:00"
    )
    write_crate(tmp_path, described)
    assert faults(ROCrate(tmp_path), tmp_path) == []


def test_a_comparison_and_a_board_keep_the_rules_too(tmp_path: Path) -> None:
    manifest = {
        "command": "exitvoice compare minimal", "created": "2026-01-01T00:00:00+00:00", "names": ["one", "other"],
        "scale": 0.1, "seeds": ["0", "17"], "scenario_hashes": ["0123", "4567"], "is_whole": True,
    }  # fmt: skip
    board = {
        "title": "A small world",
        "command": "exitvoice claims",
        "budget": 20,
        "runs": 20,
        "points": 2,
        "seed": 0,
    }
    described = {
        "compared": describe_comparison(manifest),
        "board": describe_board(board, ended="2026-01-01T00:00:00+00:00"),
    }
    files = {"compared": ["manifest.json"], "board": ["claims.json", "rests-on.json"]}
    folders = {"compared": ["results.zarr"], "board": ["runs", "counterexamples"]}
    for name, one in described.items():
        folder = tmp_path / name
        for below in folders[name]:
            (folder / below).mkdir(parents=True)
        for below in [*files[name], "report.html"]:
            (folder / below).write_text("{}", encoding="utf-8")
        write_crate(folder, one)
        assert faults(ROCrate(folder), folder) == []


@pytest.mark.parametrize(
    "broken", ["conformsTo", "mentions", "instrument", "result", "softwareVersion", "endTime"]
)
def test_control_each_broken_rule_is_seen(folder: Path, broken: str) -> None:
    said = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    for entity in said["@graph"]:
        if entity["@id"] != CRATE:
            entity.pop(broken, None)
    (folder / CRATE).write_text(json.dumps(said), encoding="utf-8")
    assert faults(ROCrate(folder), folder)


def test_an_old_manifest_can_be_described() -> None:
    assert describe_run({}).version == "unknown"

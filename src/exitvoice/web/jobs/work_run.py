"""A run ordered from the page: the same simulation, folder and report as `exitvoice run`; it goes on where it was."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import xarray as xr

from exitvoice.evidence import Ledger, load_ledger
from exitvoice.report import from_scenario, render_report, words
from exitvoice.report.chapters import chapters
from exitvoice.report.figures import coverage, human_cost
from exitvoice.report.figures.base import Material
from exitvoice.results import new_manifest, summarise, write_run
from exitvoice.results.provenance import rests_on
from exitvoice.run import simulate
from exitvoice.run.checkpoint import discard
from exitvoice.scenario import Scenario
from exitvoice.web.jobs.files import quarters_table, write_csv, zip_folder
from exitvoice.web.jobs.job import RunOrder
from exitvoice.web.jobs.shown import Part, Shown, figure_of, part_of, to_json, weeks_of
from exitvoice.web.jobs.telling import Telling

LEAST_STEPS = 3
KEPT = "run.npz"
"""Where a run is kept while it is under way."""
_LEFT_OUT = frozenset({"model", "claims", "evidence", "assumptions", "strata", "again"})


def perform(order: RunOrder, place: Path, tell: Telling) -> tuple[Shown, bool]:
    """Simulate, keep the results below `place`, and return what the page shows and whether it is whole."""
    world = Scenario.from_text(order.text, name="the scenario of this run")
    ledger, steps = load_ledger(), world.grid.steps

    def watch(done: int, so_far: Callable[[], xr.Dataset]) -> None:
        def live() -> str:
            return to_json(_growing(so_far(), world, ledger))

        tell(done, steps, "simulating", live if done >= LEAST_STEPS else None)

    tell(0, steps, "compiling the model")
    run = simulate(
        world, seed=order.seed, scale=order.scale, threads=1, watch=watch, kept=place / KEPT,
        progress=lambda done, total, persons: tell.may_go_on,
    )  # fmt: skip
    tell(run.steps, steps, "writing the results")
    manifest = new_manifest(
        run.data,
        scenario_text=world.text,
        command=shlex.join(
            ["exitvoice", "run", "scenario.yaml", "--scale", f"{order.scale!r}", "--seed", str(order.seed)]
        ),
        seconds=run.seconds,
        steps_planned=steps,
        details={"rests_on": rests_on(world, ledger)},
    )
    report = render_report(run.data, scenario=world, ledger=ledger, manifest=manifest)
    write_run(place / "results", run.data, manifest, report=report, force=True)
    zip_folder(place / "results", place / "results.zip")
    write_csv(place / "results.csv", *quarters_table(run.data))
    if run.complete:
        discard(place / KEPT)
    return _whole(run.data, world, ledger, manifest), run.complete


def _material(data: xr.Dataset, world: Scenario, ledger: Ledger) -> Material:
    return Material(
        data=data,
        sector_titles={sector.name: sector.title for sector in world.sectors},
        rank_titles={rank.name: rank.title for rank in world.ranks},
        region_titles={region.name: region.title for region in world.regions},
        rules=from_scenario.rule_rows(world, ledger),
    )


def _growing(data: xr.Dataset, world: Scenario, ledger: Ledger) -> Shown:
    """Return what can be seen of a run under way: the cost so far, and who is bound."""
    material, cost = _material(data, world, ledger), words.cost(summarise(data))
    figures = (figure_of(human_cost.by_year(material)), figure_of(coverage.panel(material)))
    return Shown(
        cost.total,
        "person-years without freedom to leave, so far",
        "",
        parts=(Part("cost", "", "", figures),),
    )


def _whole(data: xr.Dataset, world: Scenario, ledger: Ledger, manifest: dict[str, object]) -> Shown:
    material, summary = _material(data, world, ledger), summarise(data)
    cost = words.cost(summary)
    parts = [
        part_of(chapter)
        for chapter in chapters(material, claims="", assumptions=())
        if chapter.key not in _LEFT_OUT
    ]
    again = Part("again", "How to make this again", facts=words.again(data, manifest))
    return Shown(
        total=cost.total,
        unit="person-years without freedom to leave",
        meaning=cost.meaning,
        tiles=cost.tiles,
        synthetic=cost.synthetic,
        notices=words.notices(summary, manifest),
        parts=(*parts, again),
        weeks=weeks_of(data, [sector.title for sector in world.sectors]),
        files=("report", "zarr", "csv"),
    )

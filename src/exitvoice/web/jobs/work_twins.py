"""Two worlds ordered from the page: the same comparison, folder and report as `exitvoice compare`.

Replications are kept as they are done, so that a comparison goes on where it was interrupted; single lives are
followed from the first step again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from exitvoice.analysis.compare import Comparison, kept_twins
from exitvoice.analysis.follow import Life, follow
from exitvoice.evidence import load_ledger
from exitvoice.report.comparison import comparison_parts, render_comparison
from exitvoice.report.difference_rows import outcome_rows
from exitvoice.results.comparison import write_comparison
from exitvoice.results.provenance import rests_on
from exitvoice.scenario import Scenario
from exitvoice.web.jobs.files import write_csv, zip_folder
from exitvoice.web.jobs.job import TwinsOrder
from exitvoice.web.jobs.shown import Part, Shown, Story, part_of
from exitvoice.web.jobs.telling import Telling

_SHOWN_ELSEWHERE = frozenset({"worlds", "everything", "lives", "again"})


def perform(order: TwinsOrder, place: Path, tell: Telling) -> tuple[Shown | None, bool]:
    """Compare, keep the results below `place`, and return what the page shows and whether it is whole."""
    one, other = (
        Scenario.from_text(text, name=name) for text, name in zip(order.texts, order.names, strict=True)
    )
    runs = 2 * order.replications
    tell(0, runs * 100, "compiling the model")

    def progress(number: int, total: int, done: int, steps: int, persons: int) -> bool:
        hundredths = round(100 * (number + done / max(steps, 1)))
        return tell(hundredths, total * 100, "running twin worlds")

    kept = place / "replications"
    found = kept_twins(
        one,
        other,
        kept,
        seed=order.seed,
        scale=order.scale,
        replications=order.replications,
        progress=progress,
    )
    if found is None:
        return None, False
    lives = _lives(found, order, tell) if order.lives and found.is_whole else ()
    is_whole = found.is_whole and tell.may_go_on
    _keep(found, lives, order, place)
    if is_whole:
        shutil.rmtree(kept, ignore_errors=True)
    return _shown(found, lives, order), is_whole


def _lives(found: Comparison, order: TwinsOrder, tell: Telling) -> tuple[Life, ...]:
    return follow(
        *found.worlds, lives=order.lives, seed=found.seeds[0], scale=order.scale, threads=1,
        progress=lambda done, total, persons: tell(done, total, "following single lives"),
    )  # fmt: skip


def _command(order: TwinsOrder) -> str:
    return (
        f"exitvoice compare a.yaml b.yaml --scale {order.scale!r} --seed {order.seed} "
        f"--replications {order.replications} --follow {order.lives}"
    )


def _keep(found: Comparison, lives: tuple[Life, ...], order: TwinsOrder, place: Path) -> None:
    command, ledger = _command(order), load_ledger()
    page = render_comparison(found, ledger=ledger, names=order.names, command=command, lives=lives)
    details = {
        "seeds": [str(seed) for seed in found.seeds],
        "names": list(order.names),
        "rests_on": [rests_on(world, ledger) for world in found.worlds],
        "scale": found.scale,
        "is_whole": found.is_whole,
        "scenario_hashes": [world.hash for world in found.worlds],
        "scenario_texts": [world.text for world in found.worlds],
    }
    tables = {"quarters": found.quarters, "totals": found.totals}
    write_comparison(place / "results", tables, command=command, details=details, page=page, force=True)
    zip_folder(place / "results", place / "results.zip")
    columns = ("what", "unit", "world A", "world B", "B minus A", "low (95 %)", "high (95 %)")
    rows = [
        (row.title, row.unit, row.first, row.second, row.mean, row.low, row.high)
        for row in outcome_rows(found)
    ]
    write_csv(place / "results.csv", columns, rows)


def _shown(found: Comparison, lives: tuple[Life, ...], order: TwinsOrder) -> Shown:
    page, chapters = comparison_parts(
        found, ledger=load_ledger(), names=order.names, command=_command(order), lives=lives
    )
    parts = [part_of(chapter) for chapter in chapters if chapter.key not in _SHOWN_ELSEWHERE]
    words = {chapter.key: chapter for chapter in chapters}
    worlds = Part(
        "worlds", words["worlds"].title, facts=page.facts, table=page.changed if page.changed.rows else None
    )
    parts.insert(1, worlds)
    stories = tuple(Story(life.title, life.facts, life.weeks) for life in page.lives)
    if stories:
        parts.append(Part("lives", words["lives"].title, words["lives"].intro, stories=stories))
    everything = words["everything"]
    names = tuple(row.name for row in outcome_rows(found))
    parts.append(Part("everything", everything.title, everything.intro, table=page.everything, traced=names))
    return Shown(
        total=page.cost.total, unit=page.cost.unit, meaning=page.cost.meaning, tiles=page.cost.tiles,
        synthetic=page.cost.synthetic, notices=page.notices, parts=tuple(parts), files=("report", "zarr", "csv"),
    )  # fmt: skip

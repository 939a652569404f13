"""Claims put to the test from the page: the same board as `exitvoice claims`; it goes on where it was stopped."""

from __future__ import annotations

import shlex
from pathlib import Path

from exitvoice.claims import Options, judge_claims, load_board, write_judgement
from exitvoice.evidence import load_ledger
from exitvoice.report import numbers
from exitvoice.report.board import render_board
from exitvoice.report.figures import board as figures
from exitvoice.report.figures.base import Table
from exitvoice.results.folders import write_whole_file
from exitvoice.results.provenance import note_support
from exitvoice.scenario import load_scenario
from exitvoice.trace.grounds import grounds, write_grounds
from exitvoice.web.jobs.files import write_csv
from exitvoice.web.jobs.job import BoardOrder
from exitvoice.web.jobs.shown import Part, Shown, figure_of
from exitvoice.web.jobs.telling import Telling


def perform(order: BoardOrder, place: Path, tell: Telling) -> tuple[Shown | None, bool]:
    """Judge the claims, keep the board below `place`, and return what the page shows and whether it is whole."""
    world, ledger = load_scenario(order.world), load_ledger()
    board, target = load_board(ledger, world), place / "results"
    target.mkdir(exist_ok=True)
    words = ["exitvoice", "claims", order.world, "--budget", str(order.budget), "--scale", f"{order.scale:g}",
             "--seed", str(order.seed), *(word for claim in order.only for word in ("--only", claim))]  # fmt: skip
    options = Options(target, order.budget, order.only, order.scale, order.seed, 1, shlex.join(words))
    tell(0, order.budget, "compiling the model")
    found = judge_claims(
        board, world, ledger, options,
        progress=lambda done, planned, label: tell(done, max(done, planned), label),
    )  # fmt: skip
    write_judgement(target, found)
    note_support(target, world)
    write_grounds(target, grounds(board, world, ledger))
    write_whole_file(target / "report.html", render_board(found, ledger))
    tested = [finding for finding in found.findings if finding.is_tested]
    rows = tuple((one.claim, one.verdict, one.hinges_on, one.reason) for one in tested)
    table = Table(("claim", "verdict", "hinges on", "why"), rows, is_in_words=True)
    write_csv(place / "results.csv", table.columns, table.rows)
    last = found.cost[-1] if found.cost else None
    cost = (figure_of(figures.cost(found)),) if found.cost else ()
    claims = tuple(one.claim for one in tested)
    verdicts = Part("verdicts", "The verdicts", table=table, traced=claims)
    shown = Shown(
        total=numbers.amount(last.middle) if last else "not asked",
        unit="person-years without freedom to leave",
        meaning=f"In {last.year}, in the middle one of the plausible worlds." if last else "",
        notices=("A share of plausible worlds is no probability about any country.",),
        parts=(Part("cost", "The human cost", figures=cost), verdicts),
        files=("report", "csv"),
    )
    return shown, found.is_complete

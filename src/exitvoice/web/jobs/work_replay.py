"""A counter-example shown again: the worlds of a claim at the defaults, and with the few values that turn it."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter

from exitvoice.claims.counterexamples import Case, Replayed, asked, measured, replay
from exitvoice.claims.design import short_name
from exitvoice.report.figures.base import Table
from exitvoice.report.words import Tile
from exitvoice.scenario import Scenario, load_priors
from exitvoice.web.jobs.files import write_csv
from exitvoice.web.jobs.job import ReplayOrder
from exitvoice.web.jobs.shown import Part, Shown
from exitvoice.web.jobs.telling import Telling


def perform(order: ReplayOrder, place: Path, tell: Telling) -> tuple[Shown | None, bool]:
    """Run both sides of a counter-example; return what the page shows and whether it is whole."""
    case = read_case(order)
    scenario = Scenario.from_text(order.text, name="the scenario of the board")
    runs = 2 * len(case.hypothesis.worlds)
    tell(0, runs, "compiling the model")
    found = replay(
        case, scenario, executor="serial",
        progress=lambda done, total, failed: tell(done, total, "running the worlds of the claim"),
    )  # fmt: skip
    if found is None:
        return None, False
    table = _table(case, found)
    write_csv(place / "results.csv", table.columns, table.rows)
    return _shown(case, scenario, found, table), True


def _shown(case: Case, scenario: Scenario, found: Replayed, table: Table) -> Shown:
    there, here = (_holds(holds) for holds in (found.holds_at_defaults, found.holds_turned))
    moves = _moves(case, scenario)
    same = (
        "The numbers are those of the board, to the last digit."
        if found.is_same
        else "The board has other numbers: something has changed since it was made."
    )
    turned = "The answer is turned." if found.is_turned else "The answer is not turned this time."
    return Shown(
        total=f"{here[0].upper()}{here[1:]}",
        unit=f"where {len(case.values)} {'assumption is' if len(case.values) == 1 else 'assumptions are'} moved",
        meaning=f"{case.hypothesis.question} At the defaults the claim {there}; here it {here}. {turned}",
        tiles=(Tile("claim", case.hypothesis.claim, "of the evidence"), Tile("at the defaults", there, ""),
               Tile("here", here, "")),
        synthetic="Every person is synthetic. A counter-example says that a claim need not hold, not that it is false.",
        notices=(same,),
        parts=(
            Part("moved", "What was moved", table=moves),
            Part("measured", "What was asked, and what it came to", table=table),
        ),
        files=("csv",),
        heading="What the replay shows",
    )  # fmt: skip


def _holds(holds: bool) -> str:
    return "holds" if holds else "does not hold"


def _moves(case: Case, scenario: Scenario) -> Table:
    priors = load_priors()
    rows = []
    for path, value in case.values.items():
        name = short_name(path)
        default = scenario.values.get(name)
        title = priors[name].title if name in priors else name
        rows.append((title, "as the world has it" if default is None else f"{default:.4g}", f"{value:.4g}"))
    return Table(("assumption", "default", "here"), tuple(rows))


def _table(case: Case, found: Replayed) -> Table:
    rows = tuple(
        (asked(part), measured(found.at_defaults[part.name]), measured(found.turned[part.name]))
        for part in case.hypothesis.conditions
    )
    return Table(("what is asked", "at the defaults", "here"), rows)


def read_case(order: ReplayOrder) -> Case:
    """Read the case of an order."""
    return TypeAdapter(Case).validate_json(order.case)


def case_text(case: Case) -> str:
    """Write a case down for an order."""
    return json.dumps(json.loads(TypeAdapter(Case).dump_json(case, by_alias=True)))

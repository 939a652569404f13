"""`--posterior FILE`: what was inferred takes the place of priors and defaults."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import messages

if TYPE_CHECKING:
    from exitvoice.calibration import Posterior
    from exitvoice.scenario import Scenario

PosteriorFile = Annotated[
    Path | None,
    typer.Option(
        "--posterior",
        metavar="FILE",
        help="Take what was inferred in place of priors; see `exitvoice calibrate`.",
    ),
]
Draw = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="N", help="Which draw of the posterior; the one nearest its mean if not given."
    ),
]


def posterior_for(world: "Scenario", source: Path | None) -> "Posterior | None":
    """Read a posterior, and refuse one of another world; say so where no verdict may rest on it."""
    if source is None:
        return None
    from exitvoice.calibration import read_posterior

    posterior = read_posterior(source)
    check_world(posterior, world)
    if not posterior.may_be_used:
        messages().print(
            f"No verdict may rest on this posterior: {posterior.why_not}", style="yellow", markup=False
        )
    return posterior


def check_world(posterior: "Posterior | None", world: "Scenario") -> None:
    """Refuse a posterior of another world."""
    from exitvoice.errors import InputError

    if posterior is not None and posterior.scenario != world.name:
        what = f"this posterior is of the world {posterior.scenario}, not of {world.name}"
        why = "what was inferred of one world says nothing of another"
        raise InputError.of("--posterior", what, why=why, mend=f"exitvoice calibrate {world.name} --to ...")


def world_at(world: "Scenario", posterior: "Posterior | None", draw: int | None = None) -> "Scenario":
    """Return a world at one draw of a posterior."""
    assumed = assumed_at(posterior, draw)
    return world.with_changes(assumed) if assumed else world


def named(posterior: "Posterior | None") -> dict[str, object]:
    """Return which posterior was taken, to stand in a manifest beside what else was asked for; empty without one."""
    return {} if posterior is None else {"posterior": posterior.record}


def assumed_at(posterior: "Posterior | None", draw: int | None = None) -> dict[str, object]:
    """Return one draw of a posterior as changes of a scenario; none without a posterior."""
    from exitvoice.errors import InputError

    if posterior is None:
        if draw is not None:
            what, why = "there is no posterior to draw from", "a draw is one of a posterior's"
            raise InputError.of("--draw", what, why=why, mend="name the posterior with --posterior")
        return {}
    if draw is not None and draw >= len(posterior.values):
        what = f"the posterior has {len(posterior.values)} draws, counted from 0"
        raise InputError.of("--draw", what, why="there is none of this number", mend="choose a smaller one")
    return posterior.assumptions(posterior.middle() if draw is None else posterior.values[draw])

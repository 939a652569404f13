"""`exitvoice discover`: in which box of assumptions does an outcome lie above, or below, a limit?"""

from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, output, plain_table
from exitvoice.cli.sensitivity import COST, Against, Folder, Of, World, Year

if TYPE_CHECKING:
    from exitvoice.analysis.discovery import Box

NAME = "discover"
EXAMPLES = examples(
    "exitvoice discover runs/wide --of opposed_share --above 0.5",
    "exitvoice discover runs/wide --of dissent_peak --above 0.03",
    "exitvoice discover runs/twins --of opposed_share --variant 'without teachers-2024' --against 'as it stands' "
    "--below -0.01",
)


def command(
    folder: Folder,
    of: Of = COST,
    above: Annotated[
        float | None, typer.Option("--above", metavar="X", help="Where it lies above this.")
    ] = None,
    below: Annotated[
        float | None, typer.Option("--below", metavar="X", help="Where it lies below this.")
    ] = None,
    variant: World = None,
    against: Against = None,
    year: Year = None,
    limits: Annotated[
        int, typer.Option("--limits", min=1, max=8, metavar="N", help="Assumptions the box may limit.")
    ] = 4,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of the resamples.")] = 0,
) -> None:
    """Print the box of assumptions in which an outcome lies beyond a limit (PRIM).

    Coverage is the share of all such worlds that lie in the box, density the share of the worlds in it that are such.
    Each limit shows in which share of resamples it came back: one that does not is chance.
    """
    from exitvoice.analysis.discovery import prim
    from exitvoice.analysis.sampled import sample
    from exitvoice.ensemble import read_ensemble, read_plan

    if (above is None) == (below is None):
        raise typer.BadParameter("give --above or --below, one of the two")
    plan = read_plan(folder)
    found = sample(read_ensemble(folder), of, variant=variant, against=against, year=year)
    truth = found.values > above if above is not None else found.values < (below or 0.0)
    names = [factor.name for factor in plan.factors]
    console = output()
    side = f"above {above:g}" if above is not None else f"below {below:g}"
    console.print(f"[bold]{escaped(found.title)}[/bold] {side} ({escaped(found.unit)})")
    console.print(f"In {int(truth.sum()):,} of {truth.size:,} worlds.")
    if truth.all() or not truth.any():
        console.print("There is nothing to tell apart: choose another limit, or more points.")
        return
    print_box(prim(found.points, truth, names, seed=seed, most_limits=limits))


def print_box(box: "Box") -> None:
    """Print a box: its limits, coverage, density and stability."""
    console = output()
    if not box.limits:
        console.print(f"No box is denser than the whole ({box.base:.0%}).")
        return
    table = plain_table("assumption", "from", "to", "comes back", right=("from", "to", "comes back"))
    for limit in box.limits:
        table.add_row(
            escaped(limit.factor),
            "" if limit.low is None else f"{limit.low:.4g}",
            "" if limit.high is None else f"{limit.high:.4g}",
            f"{limit.stability:.0%}",
        )
    console.print(table)
    console.print(
        f"Inside it is so in {box.density:.0%} of {box.points:,} worlds (without the box {box.base:.0%}); "
        f"the box holds {box.coverage:.0%} of all such worlds. Resampled boxes overlap with it by {box.stability:.0%}.",
        soft_wrap=True,
    )

"""`exitvoice sensitivity`: which assumptions decide an outcome of an ensemble."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, messages, output, plain_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exitvoice.analysis.sampled import Sampled
    from exitvoice.analysis.sensitivity import Index, Interplay
    from exitvoice.ensemble import Plan

NAME = "sensitivity"
EXAMPLES = examples(
    "exitvoice ensemble china-2024 --vary all --points 200 --scale 0.0004 --output runs/wide",
    "exitvoice sensitivity runs/wide",
    "exitvoice sensitivity runs/wide --of opposed_share",
    "exitvoice sensitivity runs/wide --of true_opposition --year 2024",
    "exitvoice sensitivity runs/twins --of opposed_share --variant 'without teachers-2024' --against 'as it stands'",
)
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of an ensemble.")]
Of = Annotated[str, typer.Option("--of", metavar="VARIABLE", help="Outcome; a variable of the ensemble.")]
World = Annotated[
    str | None, typer.Option("--variant", metavar="NAME", help="World; the first if not given.")
]
Against = Annotated[
    str | None, typer.Option("--against", metavar="NAME", help="World to take off: the effect of the change.")
]
Year = Annotated[
    int | None, typer.Option("--year", metavar="YEAR", help="Year; the mean of all if not given.")
]
COST = "person_years"


def command(
    folder: Folder,
    of: Of = COST,
    variant: World = None,
    against: Against = None,
    year: Year = None,
    rows: Annotated[int, typer.Option("--rows", min=1, metavar="N", help="Assumptions to print.")] = 15,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of the bootstrap.")] = 0,
) -> None:
    """Print which assumptions decide an outcome, with intervals.

    The method follows the design of the ensemble: Sobol indices, first-order and total, from a Sobol design; elementary
    effects from a Morris design; from any other first-order indices, and total ones where a surrogate explains enough
    of points it has not seen. An index that is not told from chance is marked.
    """
    from exitvoice.analysis.sampled import sample
    from exitvoice.ensemble import read_ensemble, read_plan

    plan = read_plan(folder)
    found = sample(read_ensemble(folder), of, variant=variant, against=against, year=year)
    _say_what(found, plan)
    if plan.design == "sobol" and not found.left_out:
        _print_sobol(found, plan, rows, seed)
    elif plan.design == "morris" and not found.left_out:
        _print_morris(found, plan, rows, seed)
    else:
        _print_given_data(found, plan, rows, seed)


def _say_what(found: "Sampled", plan: "Plan") -> None:
    console = output()
    console.print(f"[bold]{escaped(found.title)}[/bold] ({escaped(found.unit)})")
    left_out = f"; {found.left_out} left out, their runs failed or are missing" if found.left_out else ""
    console.print(f"{found.values.size:,} points ({plan.design}), {len(plan.factors)} assumptions{left_out}")


def _print_sobol(found: "Sampled", plan: "Plan", rows: int, seed: int) -> None:
    from exitvoice.analysis.sensitivity import sobol_indices

    indices = sobol_indices(found.points, found.values, plan.factors, seed=seed)
    pairs = sorted(zip(indices.first, indices.total, strict=True), key=lambda pair: -pair[1].value)
    table = plain_table(
        "assumption", "alone", "interval", "with others", "interval", right=("alone", "with others")
    )
    for first, total in pairs[:rows]:
        table.add_row(
            escaped(first.factor),
            f"{first.value:.2f}",
            _interval(first),
            f"{total.value:.2f}",
            _interval(total),
        )
    output().print(table)


def _print_morris(found: "Sampled", plan: "Plan", rows: int, seed: int) -> None:
    from exitvoice.analysis.sensitivity import morris_screen

    table = plain_table("assumption", "size", "interval", "mean", "spread", right=("size", "mean", "spread"))
    for effect in morris_screen(found.points, found.values, plan.factors, seed=seed)[:rows]:
        interval = f"{effect.size_low:.3g} to {effect.size_high:.3g}"
        table.add_row(
            escaped(effect.factor),
            f"{effect.size:.3g}",
            interval,
            f"{effect.mean:.3g}",
            f"{effect.spread:.3g}",
        )
    output().print(table)


def _print_given_data(found: "Sampled", plan: "Plan", rows: int, seed: int) -> None:
    from exitvoice.analysis.sensitivity import given_data_indices, total_indices

    names = [factor.name for factor in plan.factors]
    with messages().status("resampling the points"):
        indices = given_data_indices(found.points, found.values, names, seed=seed)
        interplay = total_indices(found.points, found.values, names, seed=seed)
    _print_indices(indices.indices[:rows], indices.noise)
    console = output()
    console.print(
        f"Below {indices.noise:.2f} an index is not told from chance: the largest of all reaches that when "
        "outcomes are shuffled.",
        soft_wrap=True,
    )
    if interplay.is_refused:
        console.print(
            f"Interactions: not said; a surrogate explains {max(0.0, interplay.fit):.0%} of the variance in points it "
            "had not seen, and at least half is asked for. A Sobol design measures them: --design sobol.",
            soft_wrap=True,
        )
        return
    _print_interplay(interplay, rows)


def _print_interplay(found: "Interplay", rows: int) -> None:
    table = plain_table(
        "assumption",
        "alone",
        "interval",
        "with interactions",
        "interval",
        right=("alone", "with interactions"),
    )
    told = {index.factor for index in found.told_from_none}
    for alone, total in zip(found.alone, found.with_others, strict=True):
        if total.factor in told and table.row_count < rows:
            table.add_row(
                escaped(total.factor),
                f"{alone.value:.2f}",
                _interval(alone),
                f"{total.value:.2f}",
                _interval(total),
            )
    console = output()
    console.print(table)
    console.print(
        f"With interactions: from a surrogate that explains {found.fit:.0%} of the variance in points it had not seen; "
        f"assumptions whose interval holds zero are left out. Together: "
        f"{escaped('; '.join(' with '.join(pair) for pair in found.pairs[:3]) or 'none')}.",
        soft_wrap=True,
    )


def _print_indices(indices: "Sequence[Index]", noise: float) -> None:
    table = plain_table("assumption", "alone", "interval", "", right=("alone",))
    for index in indices:
        mark = "" if index.value > noise else "not told from chance"
        table.add_row(escaped(index.factor), f"{index.value:.2f}", _interval(index), mark)
    output().print(table)


def _interval(index: "Index") -> str:
    return f"{index.low:.2f} to {index.high:.2f}"

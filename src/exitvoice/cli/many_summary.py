"""An ensemble in a few lines for the terminal; the human cost comes first, and nothing is a single number."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from exitvoice.cli.console import escaped, messages, output, plain_table
from exitvoice.report.numbers import amount, people, share

if TYPE_CHECKING:
    import xarray as xr

    from exitvoice.ensemble import Ensemble

COST = "person_years"
WORLDS_SHOWN, POINTS_SHOWN, FAILURES_SHOWN = 4, 12, 3
OUTCOMES: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("departures_total", "departures", people),
    ("stayed_away_total", "stayed away for good", people),
    ("refusals_total", "applications refused", people),
    ("sanctioned_total", "persons sanctioned", people),
    ("opposed_share", "opposed in private at the end", share),
    ("falsifier_share", "of all: opposed, perform loyalty", share),
    ("dissent_peak", "highest open dissent", share),
    ("belief_error", "believed at the top, less true", lambda value: f"{100 * value:+.1f} points"),
)


def print_ensemble(ensemble: "Ensemble") -> None:
    """Print what the runs came to: mean, and the range of nine runs in ten."""
    from exitvoice.ensemble import read_ensemble

    if not ensemble.done:
        return
    names = [COST, "control_lost", *(name for name, *_ in OUTCOMES)]
    data = read_ensemble(ensemble.folder, names)
    console = output()
    console.print()
    cost = _range(data[COST].isel(variant=0), amount)
    console.print(
        f"[bold]Human cost: {cost} person-years without the freedom to leave[/bold]\n"
        f"mean of {int(data['is_done'][0].sum()):,} runs, in brackets the range of nine in ten. All persons are "
        "synthetic; the figures are the model's, not counts of real people.",
        highlight=False,
    )
    _print_worlds(data)
    _print_outcomes(data)
    if 1 < data.sizes["point"] <= POINTS_SHOWN:
        _print_points(data)
    console.print(f"Ensemble: {escaped(ensemble.folder)}", soft_wrap=True)
    console.print(
        f"In Python: xv.read_ensemble({escaped(repr(str(ensemble.folder)))}) is one dataset of all runs",
        soft_wrap=True,
    )


def print_failures(ensemble: "Ensemble") -> None:
    """Say which runs failed, why, and how to make one again."""
    if not ensemble.failed:
        return
    console = messages()
    console.print(f"\n{len(ensemble.failed):,} of {ensemble.plan.size:,} runs failed:", style="red")
    for failed in ensemble.failed[:FAILURES_SHOWN]:
        key = failed.key
        console.print(
            f"  world {key.variant}, point {key.point}, replication {key.replication}: {failed.error}\n"
            f"    alone: {failed.replay}",
            markup=False,
            soft_wrap=True,
        )
    folder = shlex.quote(str(ensemble.folder))
    console.print(
        f"All of them: {ensemble.folder / 'failures.jsonl'}. To try them again: "
        f"exitvoice resume {folder} --retry-failed",
        markup=False,
        soft_wrap=True,
    )


def _print_worlds(data: "xr.Dataset") -> None:
    if data.sizes["variant"] == 1:
        return
    table = plain_table("world", "person-years", "less than as it stands", right=("person-years",))
    saved = data[COST].isel(variant=0, drop=True) - data[COST]  # run by run: both sides share every draw
    for place, name in enumerate(data["variant"].values):
        table.add_row(
            escaped(name),
            _range(data[COST][place], amount),
            _range(saved.isel(variant=place), amount) if place else "",
        )
    output().print(table)


def _print_outcomes(data: "xr.Dataset") -> None:
    worlds = [str(name) for name in data["variant"].values[:WORLDS_SHOWN]]
    table = plain_table("what", *map(escaped, worlds))
    for name, words, show in OUTCOMES:
        table.add_row(words, *(_range(data[name][place], show) for place in range(len(worlds))))
    lost = [share(float(data["control_lost"][place].mean())) for place in range(len(worlds))]
    table.add_row("runs in which control is lost", *lost)
    output().print(table)


def _print_points(data: "xr.Dataset") -> None:
    factors = [str(path).removeprefix("parameters.") for path in data["factor"].values]
    table = plain_table(*map(escaped, factors), "person-years", "opposed in private", "highest open dissent")
    for point in range(data.sizes["point"]):
        here = data.isel(point=point, variant=0)
        table.add_row(
            *(f"{value:g}" for value in data["design"].values[point]),
            _range(here[COST], amount),
            _range(here["opposed_share"], share),
            _range(here["dissent_peak"], share),
        )
    output().print(table)


def _range(values: "xr.DataArray", show: Callable[[float], str]) -> str:
    import numpy as np

    known = values.values[np.isfinite(values.values)]
    if known.size == 0:
        return "no run"
    if known.size == 1:
        return show(float(known[0]))
    low, high = np.quantile(known, [0.05, 0.95])
    return f"{show(float(known.mean()))} ({show(float(low))} to {show(float(high))})"

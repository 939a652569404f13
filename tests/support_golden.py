"""Golden summaries of the library's worlds: what one small run says, and how far another may lie from it.

A golden file holds, for each figure, mean and standard deviation over the seeds 1 to 6 at a small scale. A run agrees
if each figure lies within

    6 sd + 5 % of the mean + a floor (five simulated persons, or .01 for shares)

of the mean. The width is for other random streams, not for another model: with sd estimated from six seeds and normal
figures a run of an unchanged world leaves this range in fewer than 1 of 500 figures, and the floor and the 5 % make it
rarer. A world without its rules must leave it (test_worlds.py), and so must one whose main rule ends a year later.
"""

import json
import math
from pathlib import Path

import numpy as np

from exitvoice.results.summary import summarise
from exitvoice.run.simulate import simulate
from exitvoice.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parent / "golden"
SEEDS = range(1, 7)
SETTINGS: dict[str, tuple[float, int]] = {
    "belarus-2023": (0.02, 28),
    "china-2020": (5e-6, 28),
    "cuba-2013": (0.0005, 28),
    "gdr-1961": (0.0004, 28),
    "gdr-1989": (0.0005, 28),
    "qatar-2018": (0.002, 28),
    "russia-2022": (0.0002, 14),
    "turkey-2016": (0.0015, 28),
    "ussr-1968": (0.0025, 28),
    "uzbekistan-2016": (0.0003, 28),
}
"""Scale and days in a step of each world's golden runs."""
COUNTS = (
    "person_years", "persons", "covered", "documents_held", "applications", "grants", "refusals", "caught", "stopped",
    "sanctioned",
)  # fmt: skip
SHARES = (
    "opposed_share",
    "not_loyal_share",
    "falsifier_share",
    "believed_opposition",
    "perceived_crisis",
    "control",
)


def world(name: str) -> Scenario:
    """The world with the steps of its golden runs."""
    return load_scenario(name).with_changes({"clock.step_days": SETTINGS[name][1]})


def figures(scenario: Scenario, *, seed: int, scale: float) -> dict[str, float]:
    """Run a world and return the figures that a golden file holds."""
    data = simulate(scenario, seed=seed, scale=scale, threads=1).data
    summary = summarise(data)
    found = {name: getattr(summary, name) for name in (*COUNTS, *SHARES)}
    found |= summary.departures
    ways = [name for name in (*summary.departures, "overstayed", "left_for_good")]
    found |= {name: float(data[name].sum()) for name in ways if name not in found}
    gone = sum(data[name].sum(["sector", "rank"]) for name in summary.departures)
    by_year = gone.groupby("time.year").sum()
    found |= {f"gone_{year}": float(by_year.sel(year=year)) for year in by_year.year.values}
    return {name: float(value) for name, value in found.items()}


def golden(name: str) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of each figure over the seeds."""
    scale = SETTINGS[name][0]
    runs = [figures(world(name), seed=seed, scale=scale) for seed in SEEDS]
    columns = {key: np.array([run[key] for run in runs]) for key in runs[0]}
    return {
        key: {"mean": _rounded(float(column.mean())), "sd": _rounded(float(column.std(ddof=1)))}
        for key, column in columns.items()
    }


def differences(name: str, found: dict[str, float]) -> list[str]:
    """Say which figures lie outside their range, and by how much."""
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    scale = SETTINGS[name][0]
    missing = [f"{key}: only on one side" for key in sorted(set(kept) ^ set(found))]
    return missing + [
        f"{key}: {found[key]:,.4g}, not {one['mean']:,.4g} +- {width:,.3g}"
        for key, one in kept.items()
        if key in found
        and abs(found[key] - one["mean"]) > (width := _width(one, 0.01 if key in SHARES else 5.0 / scale))
    ]


def rewrite(name: str) -> None:
    """Write the golden file of one world."""
    text = json.dumps(golden(name), indent=1, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _width(one: dict[str, float], floor: float) -> float:
    return 6.0 * one["sd"] + 0.05 * abs(one["mean"]) + floor


def _rounded(value: float) -> float:
    return value if value == 0.0 else round(value, 4 - 1 - math.floor(math.log10(abs(value))))

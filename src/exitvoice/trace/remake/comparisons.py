"""What a stale comparison of two worlds is made again from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exitvoice.analysis.compare.verify import what_was_compared
from exitvoice.evidence import Ledger
from exitvoice.results.comparison import read_comparison
from exitvoice.scenario import Scenario
from exitvoice.trace.today import worlds_today


@dataclass(frozen=True)
class ComparisonAgain:
    """Two worlds as they stand today, and how they were compared.

    Attributes
    ----------
    worlds : tuple of Scenario
    seed, scale, replications
        Those of the comparison.
    lives : int
        How many single lives are told.
    names : tuple of str
        What the page calls the worlds.
    command : str
    asked : list of mapping
        What was asked for, world by world; empty in a folder of an older version.
    """

    worlds: tuple[Scenario, Scenario]
    seed: int
    scale: float
    replications: int
    lives: int
    names: tuple[str, str]
    command: str
    asked: list[Mapping[str, object]]


def comparison_again(folder: Path, ledger: Ledger) -> ComparisonAgain:
    """Read what a comparison has to be made again from, or raise InputError."""
    stored = read_comparison(folder)
    manifest = stored.manifest
    worlds = worlds_today(manifest, stored.folder, ledger)
    _, seeds, scale = what_was_compared(manifest, stored.folder)
    names, asked = manifest.get("names"), manifest.get("asked")
    one, other = names if isinstance(names, list) and len(names) == 2 else ("A", "B")
    return ComparisonAgain(
        worlds=worlds,
        seed=seeds[0],
        scale=scale,
        replications=len(seeds),
        lives=int(str(manifest.get("lives", 0))),
        names=(str(one), str(other)),
        command=str(manifest.get("command", "")),
        asked=list(asked) if isinstance(asked, list) else [],
    )

"""Make replications of a comparison again and compare the bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from exitvoice.analysis.compare.pairs import Pair, PairJob, make_pair
from exitvoice.analysis.compare.twins import Progress
from exitvoice.ensemble.placement import available_cores
from exitvoice.ensemble.plan import RunKey
from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.results.comparison import TABLES, StoredComparison, read_comparison
from exitvoice.results.provenance import Stale, rests_on, stale
from exitvoice.results.verification import Mismatch, Verification, compare_bits, other_versions
from exitvoice.scenario import Scenario


def verify_comparison(
    folder: str | Path,
    *,
    sample: int | None = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Verification | None:
    """Make some replications of a comparison again, both worlds of each; None where it was stopped before the first.

    Parameters
    ----------
    folder : str or Path
    sample : int or None
        How many, evenly spread; None for all.
    threads : int, optional
    progress : callable, optional
        See `exitvoice.analysis.compare.Progress`.

    Raises
    ------
    InputError
        If there is no comparison in the folder, or its worlds cannot be read by this version.
    """
    stored = read_comparison(folder)
    texts, seeds, scale = what_was_compared(stored.manifest, stored.folder)
    worlds = tuple(Scenario.from_text(text, name=f"{stored.folder}/manifest.json") for text in texts)
    count = len(seeds)
    chosen = np.unique(np.linspace(0, count - 1, min(sample or count, count)).round().astype(int))
    both, cores = (texts[0], texts[1]), threads or available_cores()
    jobs = [PairJob(both, seeds[place], scale, cores) for place in chosen]
    made = _made_again((worlds[0], worlds[1]), jobs, progress)
    if not made:
        return None
    compared = dict(zip((int(place) for place in chosen), made, strict=False))
    return Verification(
        runs=tuple(_name(stored, place) for place in compared),
        of=count,
        mismatches=tuple(one for place, pair in compared.items() for one in _unlike(stored, place, pair)),
        other_versions=other_versions(stored.manifest),
        stale=comparison_stale_since(stored.manifest, worlds, load_ledger()),
        unknown=()
        if stored.manifest.get("rests_on")
        else ("the manifest keeps no hashes of evidence and priors",),
    )


def _made_again(
    worlds: tuple[Scenario, Scenario], jobs: Sequence[PairJob], progress: Progress | None
) -> list[Pair]:
    """Make replications again until somebody says stop."""
    made: list[Pair] = []
    for number, job in enumerate(jobs):

        def tell(world: int, done: int, steps: int, persons: int, number: int = number) -> bool:
            return progress is None or progress(2 * number + world, 2 * len(jobs), done, steps, persons)

        pair = make_pair(worlds, RunKey(0, 0, 0), job, tell)  # the seed is the replication's own
        if pair is None:
            break
        made.append(pair)
    return made


def _name(stored: StoredComparison, place: int) -> str:
    return f"replication {stored.tables[TABLES[0]]['replication'].values[place]}"


def _unlike(stored: StoredComparison, place: int, pair: Pair) -> Iterator[Mismatch]:
    for table, again in zip(TABLES, (pair.quarters, pair.totals), strict=True):
        kept = stored.tables[table].isel(replication=place, drop=True)
        yield from compare_bits(
            f"{_name(stored, place)}, {table}", kept, again.assign_coords(world=kept["world"])
        )


def what_was_compared(
    manifest: Mapping[str, object], folder: Path
) -> tuple[Sequence[str], Sequence[int], float]:
    """Read both scenarios, the seeds and the scale from the manifest of a comparison, or raise InputError."""
    try:
        texts, seeds = manifest["scenario_texts"], manifest["seeds"]
        if not (isinstance(texts, list) and len(texts) == 2 and isinstance(seeds, list) and seeds):
            raise ValueError("two scenarios and their seeds are not there")
        scale = float(str(manifest["scale"]))
        if not 0.0 < scale <= 1.0:
            raise ValueError("the scale is out of range")
        return [str(text) for text in texts], [int(seed) for seed in seeds], scale
    except (KeyError, ValueError) as problem:
        raise InputError.of(
            folder / "manifest.json",
            f"the manifest does not say what was run ({problem})",
            why="a comparison is made again from its two scenarios, its seeds and its scale",
            mend="make it again with `exitvoice compare`",
        ) from problem


def comparison_stale_since(
    manifest: Mapping[str, object], worlds: Sequence[Scenario], ledger: Ledger
) -> tuple[Stale, ...]:
    """Name what the two worlds of a comparison rest on and that has changed since."""
    then = manifest.get("rests_on")
    if not isinstance(then, list):
        return ()
    found = (
        one
        for before, world in zip(then, worlds, strict=True)
        for one in stale(before, rests_on(world, ledger))
    )
    return tuple(dict.fromkeys(found))

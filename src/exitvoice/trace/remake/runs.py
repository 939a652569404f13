"""Make a stale run again from its scenario as it stands today."""

from collections.abc import Callable
from pathlib import Path

from exitvoice.analysis.verify import scenario_today, what_was_run
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger
from exitvoice.results import new_manifest, read_run, write_run
from exitvoice.results.provenance import rests_on
from exitvoice.run import simulate

#: Called with (steps done, steps in all, persons); returns False to stop.
RunProgress = Callable[[int, int, int], bool]


def remake_run(folder: Path, ledger: Ledger, *, progress: RunProgress | None = None) -> bool:
    """Make a run again with the scenario as it is today, the seed and the scale it had, in its place.

    Returns
    -------
    bool
        False where it was stopped; the folder then holds what it held.
    """
    stored = read_run(folder)
    then, seed, scale = what_was_run(stored)
    today = scenario_today(stored, ledger)
    if isinstance(today, str):
        mend = "run the scenario again with `exitvoice run`"
        raise InputError([Mistake(str(folder), None, None, "", today, "nothing says what to run", mend)])
    done = simulate(today, seed=seed, scale=scale, progress=progress)
    if not done.complete:
        return False
    manifest = new_manifest(
        done.data,
        scenario_text=today.text,
        command=str(stored.manifest.get("command", "")),
        seconds=done.seconds,
        steps_planned=today.grid.steps,
        details={"rests_on": rests_on(today, ledger), "asked": stored.manifest.get("asked")},
    )
    write_run(folder, done.data, manifest, force=True)
    return True

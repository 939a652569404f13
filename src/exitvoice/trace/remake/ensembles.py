"""Make a stale ensemble again: the same design, with today's priors, evidence and scenario."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from exitvoice.ensemble import Ensemble, Plan
from exitvoice.ensemble import execute as execute_plan
from exitvoice.ensemble.execute import describe
from exitvoice.ensemble.reading import read_plan
from exitvoice.ensemble.store import register
from exitvoice.errors import ExitvoiceError
from exitvoice.evidence import Ledger
from exitvoice.results.folders import clear_errors, replace_folder
from exitvoice.results.provenance import note_support, read_support, rests_on
from exitvoice.trace.today import plan_today

#: Called with (runs done, runs in all, runs failed); returns False to stop.
EnsembleProgress = Callable[[int, int, int], bool]


def remake_ensemble(
    folder: Path,
    ledger: Ledger,
    *,
    progress: EnsembleProgress | None = None,
    execute: Callable[..., Ensemble] = execute_plan,
) -> Ensemble | None:
    """Make an ensemble again and put it in the place of the old one once every run of it is done.

    Until then the runs lie in a hidden folder beside it; a second call goes on with them.

    Returns
    -------
    Ensemble or None
        None where it was stopped; the folder then holds what it held.
    """
    folder = folder.resolve()
    plan = plan_today(read_plan(folder), ledger)
    draft = folder.parent / f".{folder.name}.remade"
    if not _goes_on(draft, plan, ledger):
        shutil.rmtree(draft, ignore_errors=True)
        register(plan, draft)
        note_support(draft, plan.scenario, ledger)
    made = execute(plan, draft, progress=progress)
    if not made.complete:
        return None
    describe(made)
    with clear_errors(folder):
        replace_folder(draft, folder)
    return replace(made, folder=folder)


def _goes_on(draft: Path, plan: Plan, ledger: Ledger) -> bool:
    """Whether the folder holds the beginning of this very ensemble, with the evidence of today."""
    try:
        begun = read_plan(draft)
    except ExitvoiceError:
        return False
    now = rests_on(plan.scenario, ledger)
    then = {kind: hashes for kind, hashes in read_support(draft).items() if kind in now}
    return plan.begins_like(begun) and begun.shape == plan.shape and then == now

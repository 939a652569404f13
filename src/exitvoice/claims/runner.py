"""Makes the ensembles of a board in its folder, and keeps the account of what they cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from exitvoice.calibration import Posterior
from exitvoice.claims.design import Setting
from exitvoice.ensemble import Ensemble, Plan
from exitvoice.ensemble.executors import Executor

BUDGET, SCALE = 700, 0.0008
RUNS = "runs"

Progress = Callable[[int, int, str], bool]
Execute = Callable[..., Ensemble]


@dataclass(frozen=True)
class Options:
    """How much to spend, on what, and where; and what was inferred, in place of priors."""

    folder: Path
    budget: int = BUDGET
    only: tuple[str, ...] = ()
    scale: float = SCALE
    seed: int = 0
    workers: int | None = None
    command: str = ""
    posterior: Posterior | None = None


@dataclass
class Account:
    """What has been spent, and whether somebody said stop."""

    budget: int
    progress: Progress | None
    done: int = 0
    failed: int = 0
    is_stopped: bool = False

    @property
    def left(self) -> int:
        """Runs that may still be spent."""
        return max(0, self.budget - self.done)


@dataclass(frozen=True)
class Runner:
    """Makes ensembles in the folder, each under a name of its own, and notes what they cost."""

    setting: Setting
    options: Options
    account: Account
    execute: Execute
    executor: Executor

    def run(self, plan: Plan, name: str, label: str) -> xr.Dataset:
        """Make the runs of a plan that are not in the folder yet, and return all of them.

        Parameters
        ----------
        plan : Plan
        name : str
            Folder of the ensemble below `runs`.
        label : str
            What is being done, for whoever waits.
        """
        account, before = self.account, self.account.done

        def note(done: int, size: int, failed: int) -> bool:
            account.done = before + done
            return account.progress is None or account.progress(account.done, account.budget, label)

        ended = self.execute(
            plan,
            self.options.folder / RUNS / name,
            executor=self.executor,
            workers=self.options.workers,
            progress=note,
        )
        account.done = before + ended.done
        account.failed += len(ended.failed)
        account.is_stopped |= not ended.complete
        return ended.data

"""Neural posterior estimation: one flow, trained on a bank of the priors, gives the posterior of any data.

Greenberg, Nonnenmacher and Macke 2019 (NPE), as sbi has it. One thread and a seed: the same posterior on one machine;
other machines may differ in the last bits of a network's weights.
"""

from __future__ import annotations

import warnings
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np
import torch
from sbi.inference import NPE
from sbi.utils import BoxUniform

from exitvoice.calibration.bank import Bank, fill_bank
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.inferred import Inferred
from exitvoice.calibration.options import Options, Watch
from exitvoice.calibration.problem import Problem

DRAWS = 1000
MOST_EPOCHS = 200


class Flow:
    """A trained flow: draws of the posterior for any vector of fitted entries.

    Parameters
    ----------
    bank : Bank
    ranges : array (factors, 2)
    is_fit : array (entries,) of bool
    seed : int
    """

    def __init__(self, bank: Bank, ranges: Floats, is_fit: Any, *, seed: int) -> None:
        self._ranges, self._is_fit = ranges, is_fit
        share = (bank.values - ranges[:, 0]) / np.ptp(ranges, axis=1)
        with _one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(seed)
            size = ranges.shape[0]
            prior = BoxUniform(torch.zeros(size), torch.ones(size))
            trainer = NPE(prior, tracker=_Untracked(), show_progress_bars=False)
            trainer.append_simulations(_tensor(share), _tensor(bank.vectors[:, is_fit]))
            with redirect_stdout(StringIO()):  # it says on the output that it has converged
                trainer.train(max_num_epochs=MOST_EPOCHS, show_train_summary=False)
            self._posterior = trainer.build_posterior()

    def draws(self, vector: Floats, count: int, *, seed: int) -> Floats:
        """Return draws of the unknowns given a vector (entries,), shape (count, factors)."""
        with _one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(seed)
            drawn = self._posterior.sample(
                (count,), x=_tensor(vector[self._is_fit]), show_progress_bars=False
            )
        share = np.clip(drawn.numpy().astype(np.float64), 0.0, 1.0)
        return np.asarray(self._ranges[:, 0] + share * np.ptp(self._ranges, axis=1))


def infer(problem: Problem, options: Options, simulations: Simulations, watch: Watch) -> Inferred:
    """Return draws of the posterior, after a bank of as many simulations as may be spent."""
    watch.stage = "simulating draws of the priors"
    bank = fill_bank(problem.factors, simulations, options.budget, seed=options.seed)
    flow = Flow(bank, problem.ranges, problem.is_fit, seed=options.seed)
    values = flow.draws(problem.observed, DRAWS, seed=options.seed)
    return Inferred(values, np.full(DRAWS, 1.0 / DRAWS), {"bank": len(bank.values)})


class _Untracked:
    """Takes what sbi would write into a folder of logs where the command was started, and writes nothing."""

    log_dir = None

    def log_metric(self, name: str, value: float, step: int | None = None) -> None:
        """Pass over a figure."""

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Pass over figures."""

    def log_params(self, params: dict[str, Any]) -> None:
        """Pass over settings."""

    def add_figure(self, name: str, figure: Any, step: int | None = None) -> None:
        """Pass over a picture."""

    def flush(self) -> None:
        """Nothing is kept back."""


def _tensor(values: Floats) -> torch.Tensor:
    return torch.as_tensor(np.ascontiguousarray(values), dtype=torch.float32)


class _one_thread:  # noqa: N801 (a context in one line)
    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        torch.set_num_threads(1)

    def __exit__(self, *problem: object) -> None:
        torch.set_num_threads(self._before)

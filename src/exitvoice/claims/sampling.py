"""The worlds a board rests on: a first round for all claims, Morris's screen, then runs where verdicts are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from exitvoice.claims.allocate import allocate, batches, open_questions
from exitvoice.claims.design import THEORIES, plan_round, worlds_of
from exitvoice.claims.evaluate import Answers, beside, evaluate
from exitvoice.claims.findings import CostOfYear, Finding
from exitvoice.claims.pool import Sample
from exitvoice.claims.runner import Runner
from exitvoice.claims.schema import Hypothesis, Worlds
from exitvoice.claims.screen import MOST_BASES, NOT_SCREENED, Base, Screening, cost_of_base, screen

FIRST, SCREEN, SECOND = 0.4, 0.2, 0.6
"""Of the budget, what the first round and the screen take; of what is left after them and the reserve, the second
round's part."""
RESERVE = 0.15
"""Of the budget, what is kept for counter-examples."""
TWICE = 4
"""Points of the first round that are run again under other chance."""
LEAST_POINTS = 2
AS_IT_STANDS = "as-it-stands"


@dataclass
class Sampling:
    """Worlds that were run so far, as the answers of each claim.

    Attributes
    ----------
    runner : Runner
    asked : sequence of Hypothesis
    samples : dict of str to list of Sample
        By claim.
    points : int
        Points of plausible assumptions.
    """

    runner: Runner
    asked: Sequence[Hypothesis]
    samples: dict[str, list[Sample]] = field(init=False)
    points: int = 0
    _cost: list[xr.DataArray] = field(default_factory=list)
    _bases: dict[str, Base] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.samples = {item.claim: [] for item in self.asked}

    def first_round(self) -> None:
        """Ask every claim at the same points under each theory."""
        worlds = worlds_of(self.asked)
        points = 2 * round(FIRST * self.runner.options.budget / (len(THEORIES) * len(worlds)) / 2)
        for theory in THEORIES:
            self._ask(theory, max(LEAST_POINTS, points), worlds, "1")

    def screen(self, worlds: Worlds) -> Screening:
        """Find the mechanisms that matter to each claim, if the budget allows it at one point at least."""
        price = cost_of_base(self.asked, self.runner.setting, worlds)
        points = min(MOST_BASES, int(SCREEN * self.runner.options.budget / max(1, price)))
        if not points or len(self._bases) < len(THEORIES) or self.runner.account.is_stopped:
            return NOT_SCREENED
        return screen(self.runner, self.asked, self._bases, worlds, points=points)

    def further_round(self, number: int, findings: Mapping[str, Finding], *, part: float) -> None:
        """Spend a part of what is left, the reserve apart, where the fewest runs settle an open question."""
        account = self.runner.account
        runs = int(part * (account.left - RESERVE * account.budget))
        questions = [question for item in self.asked for question in open_questions(findings[item.claim])]
        worlds = {item.claim: item.worlds for item in self.asked}
        for place, batch in enumerate(batches(allocate(questions, worlds, runs), worlds)):
            self._ask(batch.theory, batch.points, batch.worlds, f"{number}-{place + 1}")

    def cost_by_year(self, before: int) -> tuple[CostOfYear, ...]:
        """Return what the controls cost people each year before another, over the worlds as they stand."""
        if not self._cost:
            return ()
        # the last step may reach into a year that the clock does not hold
        parts = [part.sel(time=slice(None, str(before - 1))) for part in self._cost]
        years = parts[0]["time"].dt.year.values
        values = np.concatenate([part.transpose("point", "time").values for part in parts])
        values = values[~np.isnan(values).any(axis=1)]
        if not values.size:
            return ()
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
        return tuple(
            CostOfYear(int(year), float(a), float(b), float(c))
            for year, a, b, c in zip(years, low, middle, high, strict=True)
        )

    def _ask(self, theory: str, points: int, worlds: Sequence[str], label: str) -> None:
        if self.runner.account.is_stopped:
            return
        plan = plan_round(self.runner.setting, worlds, theory, points=points, label=label)
        said = f"round {label.partition('-')[0]}, {theory.replace('_', ' ')}"
        data = self.runner.run(plan, f"round-{label}/{theory}", said)
        again = self._again(theory, worlds, points, label)
        for item in self.asked:
            if set(item.worlds) <= set(worlds):
                self.samples[item.claim].append(Sample(theory, plan.points, _joined(item, data, again)))
        self.points += points
        if label == "1":
            self._bases[theory] = Base(plan, data)
        if AS_IT_STANDS in worlds:
            cost = data["unfree_person_years"].sel(variant=AS_IT_STANDS, drop=True)
            self._cost.append(cost.sum("sector", skipna=False).isel(replication=0))

    def _again(self, theory: str, worlds: Sequence[str], points: int, label: str) -> xr.Dataset | None:
        """Run the first points once more under other chance: how often does chance alone change an answer?"""
        few = min(TWICE, points // 2)
        own = self.runner.setting.scenario.theory
        if label != "1" or theory != own or not few or self.runner.account.is_stopped:
            return None
        plan = plan_round(self.runner.setting, worlds, theory, points=points, label=label, only_first=few)
        return self.runner.run(plan, f"round-{label}/{theory}-again", "the same under other chance")


def _joined(hypothesis: Hypothesis, data: xr.Dataset, again: xr.Dataset | None) -> Answers:
    answers = evaluate(hypothesis, data)
    return answers if again is None else beside(answers, evaluate(hypothesis, again))

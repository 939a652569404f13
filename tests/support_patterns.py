"""Ensembles made up for the tests of the patterns: quick, positive numbers, the same for every call."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from exitvoice.ensemble import Plan
from exitvoice.ensemble.collect import labelled
from exitvoice.ensemble.layout import Layout

RUN = ("variant", "point", "replication")


def made_up(plan: Plan):
    """Every variable of an ensemble as positive noise."""
    layout = Layout(plan.scenario, plan.outputs)
    rng = np.random.default_rng(plan.seed)
    blocks = {group.kind: rng.uniform(0.0, 0.02, (*plan.shape, *group.block)) for group in layout.groups}
    data = labelled(blocks, layout, *RUN)
    return data.assign_coords(
        variant=[variant.name for variant in plan.variants],
        point=np.arange(plan.shape[1]),
        replication=np.arange(plan.replications),
    )


@dataclass
class Pretence:
    """Stands in for `exitvoice.ensemble.execute`; stops after so many ensembles."""

    most: int = 10_000
    folders: list = field(default_factory=list)

    def __call__(self, plan, folder, *, workers=None, progress=None):
        self.folders.append(folder)
        goes_on = (progress is None or progress(plan.size, plan.size, 0)) and len(self.folders) <= self.most
        return SimpleNamespace(done=plan.size, failed=(), complete=goes_on, data=made_up(plan))

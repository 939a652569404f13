"""A group threshold model on this engine: the same work that the peers do in benchmarks/peers.

Each of N agents belongs to a group of 100 and keeps a private attitude a ~ Normal(0, 1). In each step an agent
sees the open share g of its group and n of the nation, as they were a step ago, draws fresh noise
e ~ Normal(0, .5) and is open if a + 2 g + n + e > 1.5.
"""

from dataclasses import dataclass

import numpy as np

from exitvoice.engine.columns import Column, Layout, Population, Units
from exitvoice.engine.compile import CompiledProgram, compile_program
from exitvoice.engine.mathematics import normal_quantile
from exitvoice.engine.program import Count, Program, Signals, Stage
from exitvoice.engine.rule import rule
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads

GROUP = 100


@rule(writes=("attitude",))
def attitude(u_attitude: float) -> float:
    """Private attitude, drawn once."""
    return normal_quantile(u_attitude)


@rule(writes=("pressure",))
def pressure(group_open: float, nation_open: float, group_size: float) -> float:
    """What everybody in a group is pushed by."""
    return 2.0 * group_open / group_size + nation_open - 1.5


@rule(writes=("open_now",))
def open_now(attitude: float, pressure: float, u_noise: float) -> bool:
    """Whether an agent is open."""
    return attitude + pressure + 0.5 * normal_quantile(u_noise) > 0.0


def program() -> Program:
    """The model as the engine sees it."""
    return Program(
        name="group_threshold",
        layout=Layout((Column("attitude", "float32"),), (), marks=("open_now",)),
        stages=(
            Stage("begin", rules=(attitude,)),
            Stage(
                "step",
                unit_rules=(pressure,),
                rules=(open_now,),
                counts=(Count("open_now", keep="group_open"),),
            ),
        ),
        signals=Signals(parameters=("group_size",), nation=("nation_open",), unit=("group_open",)),
        fresh=("u_noise",),
        fixed=("u_attitude",),
    )


@dataclass
class GroupThreshold:
    """A world of the model; `step` moves it, `open_share` looks at it."""

    compiled: CompiledProgram
    population: Population
    signals: SignalTables
    threads: Threads
    seed: int
    now: int = 0

    @classmethod
    def build(cls, agents: int, seed: int, threads: Threads) -> "GroupThreshold":
        """World of whole groups."""
        groups = agents // GROUP
        units = Units(
            offsets=np.arange(groups + 1, dtype=np.int64) * GROUP,
            number=np.arange(groups, dtype=np.uint32),
            key=np.zeros(groups, np.uint32),
            stratum=np.zeros(groups, np.int32),
            region=np.zeros(groups, np.int32),
        )
        signals = SignalTables(
            parameters=np.array([GROUP], np.float32),
            nation=np.zeros(1, np.float32),
            region=np.zeros((1, 0), np.float32),
            stratum=np.zeros((1, 0), np.float32),
            unit=np.zeros((1, groups), np.float32),
            unit_rows=np.zeros((0, groups), np.int32),
            tables={},
        )
        compiled = compile_program(program())
        world = cls(compiled, Population.empty(compiled.program.layout, units), signals, threads, seed)
        world._run("begin")
        return world

    def _run(self, name: str) -> int:
        stage = next(stage for stage in self.compiled.program.stages if stage.name == name)
        tallies = self.compiled.run_stage(
            stage, self.population, self.signals, seed=self.seed, step=self.now, threads=self.threads
        )
        return int(tallies.counts.sum())

    def step(self) -> None:
        """One step of all agents."""
        self.now += 1
        self.signals.nation[0] = self._run("step") / self.population.units.members

    def open_share(self) -> float:
        """Share of agents who are open."""
        return float(self.signals.nation[0])

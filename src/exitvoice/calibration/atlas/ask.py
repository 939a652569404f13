"""One world from nothing to its columns of the atlas: draw everything, read every series, count what is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from exitvoice.calibration.atlas.cases import Case
from exitvoice.calibration.atlas.cell import ALL, ALL_AND_MORE, Cell
from exitvoice.calibration.atlas.in_use import not_in_use
from exitvoice.calibration.atlas.learn import Learnt, beyond_chance, learn, together
from exitvoice.calibration.atlas.reading import owners_of
from exitvoice.calibration.atlas.simulate import BANK, DrawAndRead
from exitvoice.calibration.atlas.world import THEORIES, THEORY, World, short_name
from exitvoice.calibration.bank import Bank, prior_draws, simulate_at
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.figures import Floats
from exitvoice.calibration.journal import Kept
from exitvoice.calibration.options import Progress, Watch
from exitvoice.ensemble.execute import compile_once
from exitvoice.ensemble.executors import Executor
from exitvoice.errors import InputError
from exitvoice.evidence.series import load_series

LEAST_DRAWS = 40


@dataclass(frozen=True)
class Asking:
    """How much is spent on a world, and where what is simulated is kept."""

    folder: Path
    draws: int = 500
    seed: int = 0
    force: bool = False


def ask(world: World, asking: Asking, *, executor: Executor, progress: Progress | None = None) -> Case:
    """Draw a world and return what each of its series tells of everything that is unknown in it.

    What is simulated is kept in the folder; the same call goes on from there and comes to the same.

    Raises
    ------
    Stopped
        If `progress` says so.
    OutputError
        If the folder holds the draws of another question or cannot be written.
    """
    watch = Watch(progress, asking.draws + 2 * len(world.factors))
    for theory in THEORIES:
        compile_once([world.scenario.with_changes({"theory": theory})], world.design.scale)
    work = DrawAndRead.of(world, seed=asking.seed)
    question = {"world": world.identity, "seed": asking.seed, "atlas": world.design.name}
    with Kept(asking.folder, question, force=asking.force) as kept:
        simulations = Simulations(work, executor, kept, watch)
        watch.stage = f"{world.design.name}: what is in this world"
        absent = not_in_use(world, simulations, seed=asking.seed)
        watch.most = simulations.done + asking.draws
        watch.stage = f"{world.design.name}: draws of everything"
        bank = simulate_at(draws_of(world, asking.draws, seed=asking.seed), simulations, stream=BANK)
    return case_of(world, bank, absent, seed=asking.seed)


def draws_of(world: World, count: int, *, seed: int) -> Floats:
    """Return draws of every factor and, last, of the number of the theory, (count, factors + 1)."""
    theories = np.random.Generator(np.random.PCG64([seed, 19])).integers(0, len(THEORIES), count)
    return np.column_stack([prior_draws(world.factors, count, seed=seed), theories.astype(np.float64)])


def case_of(world: World, bank: Bank, absent: tuple[str, ...], *, seed: int) -> Case:
    """Return what each series tells, from draws that are there.

    Raises
    ------
    InputError
        If fewer than `LEAST_DRAWS` could be simulated.
    """
    if len(bank.values) < LEAST_DRAWS:
        what = f"only {len(bank.values)} draws could be simulated, and {LEAST_DRAWS} are needed"
        mend = "look at simulated.jsonl for why others failed, or ask for more --draws"
        raise InputError.of(world.design.name, what, why="fewer tell nothing from chance", mend=mend)
    owners = np.array(owners_of(world.readings))
    would = {item.name: item.who for item in world.design.would_exist}
    asked = _Asked.of(world, bank, absent, seed)
    learnt = _learnt(asked, owners, would)
    titles = {name: one.title for name, one in load_series().items()}
    titles |= {item.name: item.title for item in world.design.would_exist}
    return Case(
        name=f"{world.design.name}, everything unknown",
        title=world.design.title,
        world=world.scenario.name,
        truths=len(bank.values),
        reasons=(),
        series={name: titles[name] for name in dict.fromkeys(owners)},
        cost=tuple(float(value) for value in np.nanquantile(bank.costs, (0.05, 0.5, 0.95))),
        cells=_cells(learnt, asked.names),
        design=world.design.name,
        would_exist=would,
        absent=frozenset(absent),
        unread=_unread(world),
        least=float(np.median([found.noise.max() for found in learnt.values()])),
        control=_control(asked, owners),
    )


def titles_of(world: World) -> dict[str, str]:
    """Return the titles of a world's unknowns."""
    return {short_name(factor): factor.title or short_name(factor) for factor in world.factors} | {
        THEORY: "Which of three theories moves what people show"
    }


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked of a world's draws: columns of unknowns, the number of the unknown of each, and their names."""

    vectors: Floats
    columns: Floats
    groups: np.ndarray
    names: tuple[str, ...]
    seed: int

    @staticmethod
    def of(world: World, bank: Bank, absent: tuple[str, ...], seed: int) -> _Asked:
        """Return the unknowns that are in a world; the theory of expression is a word and has a column a value."""
        places = [at for at, name in enumerate(world.names[:-1]) if name not in absent]
        chosen = bank.values[:, -1].astype(np.int64)
        words = (chosen[:, np.newaxis] == np.arange(len(THEORIES))).astype(np.float64)
        groups = np.concatenate([np.arange(len(places)), np.full(len(THEORIES), len(places))])
        names = (*(world.names[at] for at in places), THEORY)
        return _Asked(bank.vectors, np.hstack([bank.values[:, places], words]), groups, names, seed)

    def learn(self, own: np.ndarray) -> Learnt:
        """Return what some of the figures tell."""
        return learn(self.vectors[:, own], self.columns, self.groups, seed=self.seed)

    def dealt_anew(self) -> _Asked:
        """Return the same with the draws dealt out anew, so that no figure belongs to its unknowns."""
        order = np.random.Generator(np.random.PCG64([self.seed, 23])).permutation(len(self.columns))
        return replace(self, columns=self.columns[order])


def _learnt(asked: _Asked, owners: np.ndarray, would: Mapping[str, str]) -> dict[str, Learnt]:
    """Return what each series tells, and what those that exist, and all of them, tell together."""
    learnt = {name: asked.learn(owners == name) for name in dict.fromkeys(owners)}
    single = list(learnt.values())
    existing = [name for name in learnt if name not in would]
    if len(existing) > 1:
        of_all = asked.learn(np.isin(owners, existing))
        learnt[ALL] = together([*(learnt[name] for name in existing), of_all])
        single.append(of_all)
    if would:
        learnt[ALL_AND_MORE] = together([*single, asked.learn(np.ones(len(owners), dtype=np.bool_))])
    return learnt


def _control(asked: _Asked, owners: np.ndarray) -> tuple[int, int]:
    """Return how many fields seem told of draws that were dealt out anew, and of how many."""
    dealt = asked.dealt_anew()
    found = [dealt.learn(owners == name).chance for name in dict.fromkeys(owners)]
    return int(beyond_chance(np.concatenate(found)).sum()), sum(len(chances) for chances in found)


def _cells(learnt: dict[str, Learnt], names: tuple[str, ...]) -> tuple[Cell, ...]:
    told = beyond_chance(np.concatenate([found.chance for found in learnt.values()]))
    cells = (
        Cell(
            column,
            name,
            float(found.share[at]),
            float(found.low[at]),
            float(found.high[at]),
            float(found.chance[at]),
        )
        for column, found in learnt.items()
        for at, name in enumerate(names)
    )
    return tuple(
        replace(cell, is_beyond_chance=bool(is_told)) for cell, is_told in zip(cells, told, strict=True)
    )


def _unread(world: World) -> dict[str, str]:
    said = {item.series: item.why_not for item in world.design.series if item.why_not is not None}
    clock = world.scenario.clock
    return said | dict.fromkeys(
        world.outside, f"It has no whole period between {clock.start} and {clock.end}, when the run ends."
    )

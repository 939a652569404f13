"""The exit-control model, moved step by step, equals the oracle bit for bit under all three theories.

Every call of a kernel is repeated by the oracle on a copy, and columns, marks, unit signals and tallies compared.
"""

from collections import Counter
from copy import deepcopy

import numpy as np
import pytest

from exitvoice.engine import oracle
from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.scenario import load_scenario
from model_worlds import stage_by_stage
from support_lively import lively

STEPS = 12
LANES = ("<4 x float>", "<8 x float>", "<16 x float>")


class Witness:
    """Repeats every call of a kernel in plain Python and keeps what differs."""

    def __init__(self, run_stage) -> None:
        self.run_stage = run_stage
        self.differences: list[str] = []
        self.stages: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    def __call__(self, compiled, stage, population, signals, *, seed, step, round=0, threads):
        other, heard = deepcopy(population), deepcopy(signals)
        tallies = self.run_stage(
            compiled, stage, population, signals, seed=seed, step=step, round=round, threads=threads
        )
        with np.errstate(all="ignore"):
            wanted = oracle.run_stage(
                compiled.program, stage, other, heard, seed=seed, step=step, round=round
            )
        where = f"{stage.name} step {step} round {round}"
        self.stages[stage.name] += 1
        self.differences += [
            f"{where}: {name} of {np.flatnonzero(column != other.columns[name]).tolist()}"
            for name, column in population.columns.items()
            if column.tobytes() != other.columns[name].tobytes()
        ]
        self.differences += [
            f"{where}: mark {name} of {np.flatnonzero(population.marked(name) != other.marked(name)).tolist()}"
            for name, words in population.marks.items()
            if words.tobytes() != other.marks[name].tobytes()
        ]
        if signals.unit.tobytes() != heard.unit.tobytes():
            self.differences.append(f"{where}: signals of units")
        for count in stage.counted:
            self.seen[count.name] += int(tallies.count(count.name).sum())
            if not np.array_equal(tallies.count(count.name), wanted.count(count.name)):
                self.differences.append(f"{where}: count of {count.name}")
        if not np.array_equal(tallies.totals, wanted.totals):
            self.differences.append(f"{where}: totals")
        return tallies


@pytest.fixture
def witness(monkeypatch):
    seen = Witness(CompiledProgram.run_stage)

    def watched(compiled, *rest, **options):
        return seen(compiled, *rest, **options)

    monkeypatch.setattr(CompiledProgram, "run_stage", watched)
    monkeypatch.setattr(CompiledProgram, "lay", stage_by_stage)
    return seen


def move(scenario, *, scale: float, seed: int = 3):
    model = compile_model(scenario, scale=scale, seed=seed)
    threads = Threads(2)
    try:
        world = begin(model, threads)
        for now in range(STEPS):
            step(model, world, now, threads)
    finally:
        threads.close()
    return model


def test_kuran_equals_the_oracle(witness):
    model = move(lively("kuran"), scale=0.003)
    assert model.people.units.members < 100
    assert not witness.differences
    for stage in (
        model.compiled.program.stages
    ):  # a shock is there only in steps in which an incident strikes, the start once
        least = {"start": 1, "shock": 1}.get(stage.name, STEPS * stage.rounds)
        assert witness.stages[stage.name] >= least, stage.name
    assert witness.stages["shock"] < STEPS
    happened = [name for name, times in witness.seen.items() if times]
    assert len(happened) > 0.85 * len(witness.seen), sorted(set(witness.seen) - set(happened))


@pytest.mark.long
def test_its_loops_use_all_lanes_and_no_double_precision(tmp_path, monkeypatch):
    """Compiled anew, for only what was compiled in this process can be looked at."""
    monkeypatch.setenv("EXITVOICE_CACHE", str(tmp_path))
    model = move(lively("kuran"), scale=0.003)
    for stage in model.compiled.program.stages:
        text = "".join(getattr(model.compiled.module, stage.name).inspect_llvm().values())
        assert "double" not in text, stage.name
        assert any(lanes in text for lanes in LANES), stage.name


@pytest.mark.parametrize("theory", ["epstein", pytest.param("self_censorship", marks=pytest.mark.long)])
def test_the_other_theories_equal_the_oracle(witness, theory):
    move(lively(theory), scale=0.003)
    assert witness.stages.total() > STEPS
    assert not witness.differences
    assert witness.seen["withdrawn"] + witness.seen["dissent"] > 0


def test_the_china_scenario_equals_the_oracle(witness):
    model = move(load_scenario("china-2024"), scale=1e-6)
    assert model.people.units.count > 20
    assert not witness.differences


def one_last_place(population, signals) -> None:
    held = population.columns["opposition"]
    held[-1] = np.nextafter(held[-1], np.float32(2.0))


def one_mark(population, signals) -> None:
    population.marks["active"][0] ^= np.uint64(1 << 7)


def one_unit(population, signals) -> None:
    signals.unit[2] = np.nextafter(signals.unit[2], np.float32(2.0))


@pytest.mark.parametrize(("wrong", "seen"), [
    (one_last_place, "opposition of [59]"), (one_mark, "mark active of [7]"), (one_unit, "signals of units"),
])  # fmt: skip
def test_the_witness_sees_a_single_bit(witness, monkeypatch, wrong, seen):
    # negative control: a kernel that is wrong in the last place of one person, in one mark, in one unit
    run_stage = witness.run_stage

    def slightly_wrong(compiled, stage, population, signals, **options):
        tallies = run_stage(compiled, stage, population, signals, **options)
        if "opposition" in population.columns:
            wrong(population, signals)
        return tallies

    monkeypatch.setattr(witness, "run_stage", slightly_wrong)
    model = compile_model(lively("kuran"), scale=0.003, seed=3)
    begin(model, Threads(1))
    assert witness.differences[0] == f"start step 0 round 0: {seen}"

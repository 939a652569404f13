"""The plain-NumPy step of the benchmark does the same work: its rates agree with the compiled model's.

Draws differ, so tolerances are loose: a few standard errors of a count, or a few per cent.
"""

import importlib
from pathlib import Path

import numpy as np
import pytest

from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.columns import VACANT
from exitvoice.models.exit_control.persons import observation
from exitvoice.scenario import load_scenario
from support_lively import lively

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def numpy_step():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield importlib.import_module("benchmarks.numpy_step")


def compare(numpy_step, scenario, *, scale: float, steps: int):
    """Move both through the same signals; yield each step's (name, compiled, plain) counts, summed over the run."""
    model = compile_model(scenario, scale=scale, seed=4)
    threads = Threads(1)
    world = begin(model, threads)
    plain = numpy_step.NumpyWorld(
        model.compiled.program, model.people, world.population, world.board.tables, 9
    )
    sums: dict[str, list[int]] = {}
    for now in range(steps):
        record = step(model, world, now, threads)
        plain.step(world.board.tables, now)
        tallied = [(record.standing, name) for name in observation.standing.writes]
        tallied += [(record.display, name) for name in observation.display.writes]
        tallied += [
            (t, c.name) for t in (record.week, record.events) for c in t.stage.events or t.stage.counts
        ]
        for tallies, name in tallied:
            if name in plain.counts:
                pair = sums.setdefault(name, [0, 0])
                pair[0] += int(tallies.count(name).sum())
                pair[1] += int(plain.counts[name].sum())
    return sums, world, plain


def test_in_the_china_scenario_stocks_agree(numpy_step):
    sums, world, plain = compare(numpy_step, load_scenario("china-2024"), scale=0.0005, steps=26)
    for name, tolerance in (
        ("person", 0.005), ("is_serving", 0.01), ("is_retired", 0.02), ("is_covered", 0.05), ("has_document", 0.05),
        ("is_listed", 0.15), ("unfree", 0.05), ("loyal", 0.02), ("withdrawn", 0.15), ("opposed", 0.03),
        ("falsifier", 0.03),
    ):  # fmt: skip
        compiled, written = sums[name]
        assert written == pytest.approx(compiled, rel=tolerance), name
    felt = world.population.get("opposition")
    assert np.mean(plain.now.opposition) == pytest.approx(np.mean(felt), abs=0.005)
    assert np.std(plain.now.opposition) == pytest.approx(np.std(felt), abs=0.005)
    trust = world.board.get_unit("confidence")
    assert np.mean(plain.unit_of["confidence"]) == pytest.approx(np.mean(trust), abs=0.001)


def test_in_a_lively_world_flows_agree(numpy_step):
    sums, _, _ = compare(numpy_step, lively("kuran"), scale=1.0, steps=12)
    wanted = ("seeks", "granted", "refused", "sanctioned", "overstayed", "stopped", "fled")
    wanted += ("is_abroad", "is_permitted", "document_held", "is_listed", "unfree", "in_custody", "queue_0")
    wanted += ("loyal", "dissent")
    for name in wanted:
        compiled, written = sums[name]
        assert compiled > 30, name
        assert written == pytest.approx(compiled, rel=0.1, abs=6.0 * compiled**0.5), (name, compiled, written)


def test_only_units_whose_turn_it_is_drift_and_a_shock_moves_all(numpy_step):
    model = compile_model(lively("kuran"), scale=1.0, seed=4)
    threads = Threads(1)
    world = begin(model, threads)
    tables = world.board.tables
    plain = numpy_step.NumpyWorld(model.compiled.program, model.people, world.population, tables, 9)
    period = int(model.values["opposition_period"])
    assert period == 2
    plain.now.opposition *= np.float32(0.9)  # away from where nothing moves it
    struck = []
    for now in range(4):
        step(model, world, now, threads)
        before = plain.now.opposition.copy()
        plain.step(tables, now)
        moved = before != plain.now.opposition
        quiet = ~(plain.refused | plain.renewed | (plain.now.service == VACANT))
        turned = ((model.people.units.number + now) % period == 0)[plain.unit]
        shaken = plain.v.opposition_impulse > 0.0
        assert moved[quiet & (turned | shaken)].mean() > 0.99
        assert not moved[quiet & ~turned & ~shaken].any()
        struck.append(bool(shaken.any()))
    assert any(struck)
    assert not all(struck)


def test_it_works_in_reals_of_32_bits_as_the_kernels_do(numpy_step):
    # arrays of 64 bits would make it slower than need be, and the comparison unfair
    model = compile_model(load_scenario("china-2024"), scale=0.0001, seed=4)
    world = begin(model, Threads(1))
    tables = world.board.tables
    plain = numpy_step.NumpyWorld(model.compiled.program, model.people, world.population, tables, 9)
    plain.step(tables, 0)
    for group in (plain, plain.now, plain.traits):
        wide = [n for n, values in vars(group).items() if getattr(values, "dtype", None) == np.float64]
        assert not wide
    assert not hasattr(plain.now, "confidence")  # kept a unit, as in the model

"""One member in slow motion equals the compiled loop bit for bit; its spans say for which draws something happens."""

import numpy as np
import pytest

from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.single import Replay, Span, take_snapshot
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from model_worlds import stage_by_stage
from support_lively import lively

STEPS = 12
ENOUGH = 40  # members whose spans are looked for
SEATS = [(unit, member) for unit in (0, 3) for member in range(0, 16)]


class Beside:
    """Takes a snapshot of some members before each call of a kernel, and compares afterwards."""

    def __init__(self, run_stage) -> None:
        self.run_stage = run_stage
        self.replays: list[Replay] = []
        self.differences: list[str] = []

    def __call__(self, compiled, stage, population, signals, *, seed, step, round=0, threads):
        snapshots = [
            take_snapshot(population, signals, unit, member, seed=seed, step=step, round=round)
            for unit, member in SEATS
        ]
        picked = population.marked(stage.select[min(round, len(stage.select) - 1)]) if stage.select else None
        tallies = self.run_stage(
            compiled, stage, population, signals, seed=seed, step=step, round=round, threads=threads
        )
        if stage.name not in ("events", "speak"):
            return tallies
        for (unit, member), snapshot in zip(SEATS, snapshots, strict=True):
            at = int(population.units.offsets[unit]) + member
            if not picked[at]:
                continue
            replay = Replay(compiled.program, stage, snapshot)
            self.replays.append(replay)
            for name in (*compiled.program.layout.plain, *compiled.program.layout.by_name):
                value = population.get(name)[at]
                if np.float32(value) != np.float32(replay.after[name]):
                    self.differences.append(f"{stage.name} {step}: {name} of {unit}.{member}")
        return tallies


@pytest.fixture(scope="module")
def beside():
    """A short run of a lively world with some members replayed."""
    watcher = Beside(CompiledProgram.run_stage)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CompiledProgram, "run_stage", lambda *a, **k: watcher(*a, **k))  # noqa: PLW0108 - a bound method
        patch.setattr(CompiledProgram, "lay", stage_by_stage)
        model = compile_model(lively("kuran"), scale=1.0, seed=5)
        workers = Threads(1)
        world = begin(model, workers)
        for now in range(STEPS):
            step(model, world, now, workers)
        workers.close()
    return watcher


def test_a_replay_ends_where_the_kernel_does(beside):
    assert len(beside.replays) > 100
    assert not beside.differences


def test_exchanging_a_draw_for_itself_changes_nothing(beside):
    for replay in beside.replays[:40]:
        for draw in replay.draws:
            assert replay.with_draw(draw, replay.after[draw]) == replay.after


def test_a_span_holds_exactly_the_draws_for_which_it_happens(beside):
    met = 0
    for replay in beside.replays:
        if "seeks" not in replay.after:
            continue
        span = replay.span("u_journey", lambda values: bool(values["seeks"]))
        if span is None:
            assert not replay.after["seeks"]
            continue
        assert span.is_met == bool(replay.after["seeks"])
        middle = 0.5 * (span.low + span.high)
        assert replay.with_draw("u_journey", middle)["seeks"]
        assert not replay.with_draw("u_journey", min(0.999, span.high * 1.001 + 1e-7))["seeks"]
        met += 1
        if met == ENOUGH:
            break
    assert met > 10


def test_only_draws_that_matter_have_a_span(beside):
    replay = next(r for r in beside.replays if "died" in r.after)
    names = {span.name for span in replay.spans(lambda values: bool(values["died"]))}
    assert names == {"u_career"}


def test_a_dead_person_s_traits_follow_a_renewal():
    """A renewal brings other fixed draws; exchanging the draw that renews must bring them too."""
    model = compile_model(lively("kuran"), scale=1.0, seed=5)
    workers = Threads(1)
    world = begin(model, workers)
    world.population.put("service", np.full(world.population.units.members, 2))
    workers.close()
    stage = next(s for s in model.compiled.program.stages if s.name == "events")
    snapshot = take_snapshot(world.population, world.board.tables, 0, 0, seed=5, step=0)
    replay = Replay(model.compiled.program, stage, snapshot)
    renewed = replay.with_draw("u_career", 0.0)
    assert renewed["renewed"] and not replay.with_draw("u_career", 0.9999)["renewed"]
    assert renewed["wish"] != replay.with_draw("u_career", 0.9999)["wish"]


def test_a_span_says_its_chance():
    assert Span("u", 0.1, 0.0, 0.25).chance == 0.25
    assert Span("u", 0.1, 0.0, 0.25).is_met
    assert not Span("u", 0.25, 0.0, 0.25).is_met

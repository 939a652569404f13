"""A run taken up from a checkpoint: the bits of one that was never interrupted, and no trust in what does not fit."""

import sys

import numpy as np
import pytest
import xarray as xr

from exitvoice.engine.targets.cpu import Threads
from exitvoice.errors import OutputError
from exitvoice.models.exit_control import begin, compile_model
from exitvoice.run import checkpoint, simulate
from exitvoice.run.checkpoint import _filled, _leaves
from model_worlds import APPROVAL, rule, world

HERE = world({"rules": [rule("consent", "2001-06-01", coverage=0.5, **APPROVAL)]})
SCALE = 0.05


@pytest.fixture(scope="module")
def whole():
    return simulate(HERE, seed=5, scale=SCALE, threads=1).data


def stopped_after(steps, path, where=HERE, **more):
    """Run so many steps and be stopped, the run kept."""
    given = {"seed": 5, "scale": SCALE, "threads": 1} | more
    run = simulate(where, kept=path, progress=lambda done, total, persons: done < steps, **given)
    assert run.steps == steps and not run.complete


def steps_made(path, where=HERE, **more):
    """Go on to the end; return the data and the steps that were still made."""
    made = []
    given = {"seed": 5, "scale": SCALE, "threads": 1} | more
    run = simulate(where, kept=path, progress=lambda done, total, persons: made.append(done) or True, **given)
    assert run.complete
    return run.data, made


def test_a_run_that_was_stopped_twice_gives_the_same_bits(whole, tmp_path):
    path = tmp_path / "run.npz"
    stopped_after(20, path)
    stopped_after(61, path, threads=2)
    data, made = steps_made(path)
    assert made[0] == 62
    xr.testing.assert_identical(data, whole)


def test_a_run_that_is_kept_whole_is_not_made_again(whole, tmp_path):
    path, steps = tmp_path / "run.npz", whole.sizes["time"]
    simulate(
        HERE, seed=5, scale=SCALE, threads=1, kept=path, progress=lambda done, total, persons: done < total
    )
    data, made = steps_made(path)
    assert made == [] and data.sizes["time"] == steps
    xr.testing.assert_identical(data, whole)


def names_kept(path):
    with np.load(path, allow_pickle=False) as packed:
        return {name.split("/")[0] for name in packed.files}


def test_of_a_run_that_is_done_only_its_record_is_kept_and_nobody_is_settled_to_read_it(
    whole, tmp_path, monkeypatch
):
    def begin(*given):
        raise AssertionError("a world was begun")

    path = tmp_path / "run.npz"
    stopped_after(20, path)
    assert {"columns", "marks", "institutions"} < names_kept(path)
    monkeypatch.setattr(sys.modules["exitvoice.run.simulate"], "begin", begin)
    steps_made(path)  # goes on from what was kept, without a beginning
    assert names_kept(path) == {"of", "steps", "seconds", "noted"}
    data, made = steps_made(path)
    assert made == []
    xr.testing.assert_identical(data, whole)


@pytest.mark.parametrize(("bytes_a_second", "kept"), [(1.0, [False]), (1e12, [True])])
def test_a_large_run_is_not_written_before_it_has_worked_for_it(tmp_path, monkeypatch, bytes_a_second, kept):
    monkeypatch.setattr(checkpoint, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(checkpoint, "BYTES_A_SECOND", bytes_a_second)
    path, seen = tmp_path / "run.npz", []

    def look(done, total, persons):
        seen.extend([path.exists()] if done == total else [])
        return True

    simulate(HERE, seed=5, scale=SCALE, threads=1, kept=path, progress=look)
    assert seen == kept


def test_a_killed_run_has_what_was_kept_last(whole, tmp_path, monkeypatch):
    """Nothing is written at the end of a run that is killed: what the last interval left must do."""
    monkeypatch.setattr(checkpoint, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(checkpoint, "LEAST_WORK", 0.0)
    path = tmp_path / "run.npz"

    def die(done, total, persons):
        if done == 30:
            raise RuntimeError("killed")
        return True

    with pytest.raises(RuntimeError, match="killed"):
        simulate(HERE, seed=5, scale=SCALE, threads=1, kept=path, progress=die)
    data, made = steps_made(path)
    assert made[0] == 30  # the step that was never told of is made again
    xr.testing.assert_identical(data, whole)


@pytest.mark.parametrize("changed", [{"seed": 6}, {"scale": 0.06}, {"where": world()}])
def test_another_run_is_not_taken_up(tmp_path, changed):
    path = tmp_path / "run.npz"
    stopped_after(20, path)
    _, made = steps_made(path, **changed)
    assert made[0] == 1


def test_a_full_disk_costs_what_would_be_kept_and_not_the_run(whole, tmp_path, monkeypatch):
    def full(target):
        raise OutputError(f"cannot write {target}: the disk is full")

    monkeypatch.setattr(checkpoint, "whole_file", full)
    monkeypatch.setattr(checkpoint, "EVERY_SECONDS", 0.0)
    run = simulate(HERE, seed=5, scale=SCALE, threads=1, kept=tmp_path / "run.npz")
    assert run.complete and not list(tmp_path.iterdir())
    xr.testing.assert_identical(run.data, whole)


@pytest.mark.parametrize(
    "spoil", [lambda text: b"", lambda text: text[: len(text) // 2], lambda text: b"PK" * 99]
)
def test_a_spoilt_file_costs_the_steps_and_nothing_else(whole, tmp_path, spoil):
    path = tmp_path / "run.npz"
    stopped_after(20, path)
    path.write_bytes(spoil(path.read_bytes()))
    data, made = steps_made(path)
    assert made[0] == 1
    xr.testing.assert_identical(data, whole)


def test_a_run_elsewhere_than_on_the_cpu_is_not_kept(tmp_path):
    with pytest.raises(ValueError, match="only a run on the CPU"):
        simulate(HERE, scale=SCALE, kept=tmp_path / "run.npz", device="cuda")


def test_every_number_of_a_state_is_kept():
    state = begin(compile_model(HERE, scale=SCALE, seed=5), Threads(1)).institutions
    kept = {path: np.array(value) for path, value in _leaves(state, "institutions")}
    again = _filled(state, "institutions", kept)
    assert again is not state and again.kept.hope.pending is kept["institutions/kept/hope/pending"]
    kept_again = dict(_leaves(again, "institutions"))
    assert all(np.array_equal(kept_again[path], value) for path, value in kept.items())
    assert len(kept) > 30


def test_what_is_written_in_place_shares_no_memory():
    """Two parts of a state in one array would each be what the other was set to last."""
    state = begin(compile_model(HERE, scale=SCALE, seed=5), Threads(1)).institutions
    arrays = [value for _, value in _leaves(state, "institutions") if value.ndim]
    written = [value for _, value in _leaves(state.kept, "kept")]
    assert len(written) > 12
    for array in written:
        assert array.flags.c_contiguous and array.flags.writeable
        assert sum(np.shares_memory(array, other) for other in arrays) == 1

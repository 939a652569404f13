"""The folder of an ensemble: what is written when, what survives damage, and one dataset at the end."""

import json
import resource
import signal
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from exitvoice.ensemble import Factor, Plan, RunKey, Variant, execute, read_ensemble, read_failures, read_plan
from exitvoice.ensemble.layout import Layout
from exitvoice.ensemble.reading import RUN
from exitvoice.ensemble.store import Store, register
from exitvoice.ensemble.work import Bench, Failure, Job, Task
from exitvoice.errors import InputError, OutputError
from exitvoice.scenario import load_scenario
from support_ensemble import contents, made_up, quick

TAIL = Factor("parameters.risk_aversion_tail", 1.0, 5.0)


@pytest.fixture(scope="module")
def world():
    return load_scenario("minimal")


@pytest.fixture(scope="module")
def plan(world):
    variants = (Variant(), Variant("free", {"rules.custody": None}))
    return Plan(
        world, seed=5, variants=variants, factors=(TAIL,), points=[[1.0], [2.0], [3.0]], replications=2
    )


def outcomes_of(plan: Plan) -> dict[RunKey, object]:
    bench = Bench(Job.of(plan, runner=quick))
    return {key: bench.run(Task(key, tuple(plan.points[key.point]))) for key in plan.runs}


def fill(plan: Plan, folder: Path, keys=None) -> Path:
    results = outcomes_of(plan)
    with Store(register(plan, folder)) as store:
        for key in results if keys is None else keys:
            store.commit([results[key]])
    return folder


def test_the_plan_stands_in_the_folder_before_the_first_run(tmp_path, plan):
    register(plan, tmp_path / "a")
    assert read_plan(tmp_path / "a").record() == plan.record()
    data = read_ensemble(tmp_path / "a")
    assert not data["is_done"].any()
    assert data["person_years"].isnull().all()


def test_an_ensemble_comes_back_as_one_dataset(tmp_path, plan, world):
    data = read_ensemble(fill(plan, tmp_path / "a"))
    assert isinstance(data, xr.Dataset)
    assert list(data.data_vars)[0] == "person_years"
    assert data["unfree_person_years"].dims == (*RUN, "time", "sector")
    assert data["control"].dims == (*RUN, "time")
    assert data["enforcement"].dims == (*RUN, "time", "region")
    assert data["variant"].values.tolist() == ["as it stands", "free"]
    assert data["design"].sel(factor=TAIL.path).values.tolist() == [1.0, 2.0, 3.0]
    assert data["is_done"].all()
    alone = made_up(world, seed=plan.seed_of(RunKey(0, 1, 1)), level=2.0)
    expected = float(alone["unfree_person_years"].sum())
    assert float(data["person_years"][0, 1, 1]) == pytest.approx(expected, rel=1e-6)
    assert data["covered"].attrs["units"] == "persons"


def test_only_the_variables_asked_for_are_read(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    assert set(read_ensemble(folder, ["control", "person_years"]).data_vars) == {
        "control", "person_years", "is_done", "design",
    }  # fmt: skip
    with pytest.raises(InputError, match="no such variable"):
        read_ensemble(folder, ["kontrol"])


def test_numbers_lie_in_zarr_with_one_chunk_a_run(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    for group in Layout(plan.scenario).groups:
        chunks = list((folder / "results.zarr" / group.kind).glob("c.*"))
        assert len(chunks) == plan.size
        about = json.loads((folder / "results.zarr" / group.kind / "zarr.json").read_text())
        assert about["dimension_names"][:3] == list(RUN)


def test_the_order_in_which_runs_end_changes_no_byte(tmp_path, plan):
    keys = list(plan.runs)
    one = fill(plan, tmp_path / "one", keys)
    two = fill(plan, tmp_path / "two", keys[::-1])
    assert contents(one) == contents(two)


def test_a_grown_ensemble_is_that_of_a_plan_made_at_once(tmp_path, plan):
    first = plan.extended(np.zeros((0, 1)))
    longer = plan.extended([[4.0], [1.5]])
    execute(first, tmp_path / "grown", executor="serial", runner=quick)
    execute(longer, tmp_path / "grown", executor="serial", runner=quick)
    execute(longer, tmp_path / "at once", executor="serial", runner=quick)
    assert contents(tmp_path / "grown") == contents(tmp_path / "at once")
    assert read_ensemble(tmp_path / "grown").sizes["point"] == 5


def test_points_can_be_added_by_the_call(tmp_path, plan):
    ensemble = execute(plan, tmp_path / "a", executor="serial", runner=quick)
    grown = execute(ensemble.plan, tmp_path / "a", extra_points=[[4.5]], executor="serial", runner=quick)
    assert (grown.done, grown.complete) == (16, True)


def test_a_line_torn_by_a_kill_is_a_run_that_is_missing(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    whole = contents(folder)
    path = folder / "done.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with Store(folder) as store:
        assert list(store.missing) == [list(plan.runs)[-1]]
        store.commit([outcomes_of(plan)[key] for key in store.missing])
    assert contents(folder) == whole


def test_a_chunk_that_never_reached_the_disk_is_a_run_that_is_missing(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    whole = contents(folder)
    (folder / "results.zarr" / "sectors" / "c.1.2.0.0.0.0").unlink()
    (folder / "results.zarr" / "nation" / "c.0.0.1.0.0").write_bytes(b"")
    with Store(folder) as store:
        assert set(store.missing) == {RunKey(1, 2, 0), RunKey(0, 0, 1)}
        store.commit([outcomes_of(plan)[key] for key in list(store.missing)])
    assert contents(folder) == whole


def test_what_a_kill_left_half_written_is_swept_away(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    whole = contents(folder)
    (folder / "results.zarr" / "sectors" / "c.0.0.0.0.0.abc.partial").write_bytes(b"half")
    (folder / ".plan.json.unfinished-xyz").write_bytes(b"half")
    Store(folder).close()
    assert contents(folder) == whole


def test_a_chunk_without_its_line_reads_as_missing(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    path = folder / "done.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    data = read_ensemble(folder)
    assert not data["is_done"][0, 0, 0]
    assert np.isnan(data["person_years"][0, 0, 0])
    assert int(data["person_years"].notnull().sum()) == plan.size - 1


def test_an_extension_cut_short_is_made_good(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    longer = plan.extended([[4.0]])
    text = (folder / "plan.json").read_text()
    record = json.loads(text) | longer.record()
    (folder / "plan.json").write_text(json.dumps(record))  # as after a kill between the plan and the arrays
    assert read_ensemble(folder).sizes["point"] == 4
    execute(longer, folder, executor="serial", runner=quick)
    execute(longer, tmp_path / "b", executor="serial", runner=quick)
    assert contents(folder / "results.zarr") == contents(tmp_path / "b" / "results.zarr")


def test_failures_are_kept_with_their_reason_and_how_to_replay_them(tmp_path, plan):
    with Store(register(plan, tmp_path / "a")) as store:
        store.commit([Failure(RunKey(1, 2, 1), "ValueError: too much", "model.py:7 step")])
        assert RunKey(1, 2, 1) not in set(store.missing)
    (failed,) = read_failures(tmp_path / "a")
    assert failed.key == RunKey(1, 2, 1)
    assert failed.error == "ValueError: too much"
    assert failed.replay.startswith("exitvoice run minimal --scale 0.001 --seed ")
    assert "--set parameters.risk_aversion_tail=3 --set rules.custody=null" in failed.replay


def test_two_processes_do_not_write_into_one_folder(tmp_path, plan):
    with Store(register(plan, tmp_path / "a")), pytest.raises(OutputError, match="another process"):
        Store(tmp_path / "a")
    Store(tmp_path / "a").close()


def test_another_plan_in_the_folder_is_refused_unless_forced(tmp_path, plan, world):
    fill(plan, tmp_path / "a")
    other = Plan(world, seed=6)
    with pytest.raises(OutputError, match="--force"):
        register(other, tmp_path / "a")
    register(other, tmp_path / "a", force=True)
    assert read_plan(tmp_path / "a").seed == 6


def test_a_folder_that_is_no_ensemble_is_never_replaced(tmp_path, plan):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(OutputError, match="not an ensemble"):
        register(plan, tmp_path / "thesis", force=True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    "damage", ["nothing there", "no json", "other format", "other scenario", "no numbers"]
)
def test_a_folder_that_cannot_be_read_is_one_clear_error(tmp_path, plan, damage):
    folder = tmp_path / "a"
    if damage != "nothing there":
        fill(plan, folder, list(plan.runs)[:1])
    if damage == "no json":
        (folder / "plan.json").write_text("{")
    if damage == "other format":
        (folder / "plan.json").write_text('{"format": "x/1"}')
    if damage == "other scenario":
        text = (folder / "scenario.yaml").read_text()
        (folder / "scenario.yaml").write_text(text.replace("opposition: 0.35", "opposition: 0.36"))
    if damage == "no numbers":
        (folder / "results.zarr" / "zarr.json").unlink()
    with pytest.raises(InputError, match="exitvoice ensemble"):
        read_ensemble(folder)


@pytest.fixture
def small_disk():
    """No file may grow beyond so many bytes: the system refuses as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("size", [300, 1300], ids=["a chunk", "a line"])
def test_a_disk_that_takes_no_more_keeps_what_is_done(tmp_path, plan, small_disk, size):
    folder = register(plan, tmp_path / "a")
    results = outcomes_of(plan)
    with Store(folder) as store:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        for key in list(plan.runs)[:2]:
            store.commit([results[key]])
        small_disk(size)
        with pytest.raises(OutputError, match=r"^cannot write .*a: "):
            for key in plan.runs:
                store.commit([results[key]])
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    lines = (folder / "done.jsonl").read_bytes()
    assert lines.endswith(b"\n")
    with Store(folder) as store:
        assert 2 <= len(store.done) < plan.size
        store.commit([results[key] for key in list(store.missing)])
    assert contents(folder) == contents(fill(plan, tmp_path / "b"))


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, plan):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        register(plan, tmp_path / "file" / "below")


def test_digests_are_those_of_the_numbers(tmp_path, plan):
    folder = fill(plan, tmp_path / "a")
    lines = [json.loads(line) for line in (folder / "done.jsonl").read_text().splitlines()]
    assert [tuple(line["run"]) for line in lines] == list(plan.runs)
    results = outcomes_of(plan)
    assert all(line["digest"] == results[RunKey(*line["run"])].digest for line in lines)
    assert len({line["digest"] for line in lines if line["run"][1] == 0}) == 2, (
        "variants share their draws here"
    )

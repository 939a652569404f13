"""The command `run` with a simulation that the test provides: what is asked of it, kept of it and said of it."""

import json
import os
import signal
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xarray as xr

from exitvoice.cli.app import main
from support_dataset import make_dataset

Report = Callable[[int, int, int], bool]
STEPS = 105  # of the scenario "minimal"


@dataclass
class Made:
    data: xr.Dataset
    complete: bool
    seconds: float = 1.5
    persons: int = 20_000

    @property
    def steps(self) -> int:
        return int(self.data.sizes["time"])


class Simulation:
    """Stands in for `exitvoice.run.simulate` and remembers how it was called."""

    def __init__(self, *, press_at: int | None = None) -> None:
        self.asked: dict[str, object] = {}
        self._press_at = press_at

    def __call__(
        self,
        scenario: object,
        *,
        seed: int,
        scale: float,
        threads: int | None,
        progress: Report,
        device: str,
        kept: Path | None,
    ) -> Made:
        asked = {"scenario": scenario, "seed": seed, "scale": scale, "threads": threads, "device": device}
        self.asked, self.kept = asked, kept
        if self._press_at == -1:
            os.kill(os.getpid(), signal.SIGINT)  # while the model is compiled
        if self._press_at == 0:
            return Made(make_dataset(weeks=2).isel(time=slice(0, 0)), complete=False)
        for step in range(1, STEPS + 1):
            goes_on = progress(step, STEPS, 20_000)
            if step == self._press_at:
                os.kill(os.getpid(), signal.SIGINT)
            if not goes_on:
                return Made(make_dataset(weeks=step), complete=False)
        return Made(make_dataset(weeks=STEPS), complete=True)


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Simulation]:
    monkeypatch.chdir(tmp_path)

    def install(**how: int) -> Simulation:
        simulation = Simulation(**how)
        module = types.ModuleType("exitvoice.run")
        module.simulate = simulation  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "exitvoice.run", module)
        return simulation

    return install


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    return int(leaving.value.code or 0)


def test_what_is_asked_reaches_the_simulation(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate()
    assert code_of("run", "minimal", "--scale", "0.25", "--seed", "9", "--threads", "2", "--no-report") == 0
    assert {name: simulation.asked[name] for name in ("seed", "scale", "threads", "device")} == {
        "seed": 9,
        "scale": 0.25,
        "threads": 2,
        "device": "cpu",
    }
    assert simulation.asked["scenario"].name == "minimal"  # type: ignore[attr-defined]


def test_the_device_is_asked_for_and_kept_in_the_command(
    simulate: Callable[..., Simulation], tmp_path: Path
) -> None:
    simulation = simulate()
    assert code_of("run", "minimal", "--device", "cuda", "--no-report", "--output", "kept") == 0
    assert simulation.asked["device"] == "cuda"
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "exitvoice run minimal --scale 0.01 --seed 0 --device cuda"


def test_what_is_set_reaches_the_simulation(simulate: Callable[..., Simulation]) -> None:
    simulation = simulate()
    words = ("--set", "mechanisms.discipline=0", "--theory", "epstein", "--no-report")
    assert code_of("run", "minimal", *words) == 0
    world = simulation.asked["scenario"]
    assert (world.theory, world.mechanisms.discipline) == ("epstein", 0.0)  # type: ignore[attr-defined]


def test_a_whole_run_is_kept_and_summed_up(
    simulate: Callable[..., Simulation], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    simulate()
    assert code_of("run", "minimal", "--no-report", "--output", "kept") == 0
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["is_whole"], manifest["steps_done"]) == (True, STEPS)
    assert manifest["command"] == "exitvoice run minimal --scale 0.01 --seed 0"
    shown = capsys.readouterr()
    assert shown.out.strip().startswith("Human cost: ")
    assert f"Run: {tmp_path / 'kept'}" in shown.out
    assert "step 105 of 105 (100%)" in shown.err


def test_ctrl_c_keeps_the_steps_that_are_done(
    simulate: Callable[..., Simulation], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    simulate(press_at=60)
    assert code_of("run", "minimal", "--no-report", "--output", "kept") == 130
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["is_whole"], manifest["steps_done"], manifest["steps_planned"]) == (False, 61, STEPS)
    told = capsys.readouterr().err
    assert "Stopped after 61 of 105 steps" in told
    assert f"exitvoice run minimal --scale 0.01 --seed 0 --output {tmp_path / 'kept'} --force" in told


@pytest.mark.parametrize("when", [-1, 0])
def test_stopped_before_the_first_step_writes_nothing(
    simulate: Callable[..., Simulation], capsys: pytest.CaptureFixture[str], tmp_path: Path, when: int
) -> None:
    simulate(press_at=when)
    assert code_of("run", "minimal", "--output", "kept") == 130
    assert not (tmp_path / "kept").exists()
    assert "nothing is written" in capsys.readouterr().err


def test_nothing_is_simulated_where_nothing_could_be_written(
    simulate: Callable[..., Simulation], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    simulation = simulate()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert code_of("run", "minimal", "--output", "taken") == 1
    assert simulation.asked == {}
    assert "cannot write" in capsys.readouterr().err

"""`exitvoice sensitivity` and `exitvoice discover` on an ensemble whose answer is known."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from exitvoice.analysis.sampled import sample
from exitvoice.cli.app import app
from exitvoice.ensemble import (
    Plan,
    Variant,
    execute,
    factors_of,
    latin_hypercube,
    morris,
    read_ensemble,
    sobol,
)
from exitvoice.errors import InputError
from exitvoice.scenario import Scenario, load_scenario
from support_ensemble import made_up

MINIMAL = load_scenario("minimal")
FACTORS = factors_of(MINIMAL, ["run_gain", "risk_aversion_tail", "trip_wish_rate"])


def by_run_gain(scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
    """A run in which run_gain alone decides how many are opposed."""
    data = made_up(scenario, seed=seed, scale=scale)
    data["opposed"] = xr.full_like(data["opposed"], scenario.values["run_gain"])
    data["persons"] = xr.full_like(data["persons"], 10.0)
    return data


@pytest.fixture(scope="module", params=["latin-hypercube", "sobol", "morris"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    points = {
        "latin-hypercube": lambda: latin_hypercube(FACTORS, 40, seed=1),
        "sobol": lambda: sobol(FACTORS, 16, seed=1),
        "morris": lambda: morris(FACTORS, 8, seed=1),
    }[request.param]()
    plan = Plan(
        MINIMAL,
        scale=0.05,
        variants=(Variant(), Variant("other", {"parameters.run_gain": 1})),
        factors=FACTORS,
        points=points,
        design=request.param,
    )
    place = tmp_path_factory.mktemp("ensembles") / request.param
    execute(plan, place, executor="serial", runner=by_run_gain)
    return place


def said(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_sensitivity_names_the_one_that_decides(folder: Path) -> None:
    lines = said("sensitivity", str(folder), "--of", "opposed_share").splitlines()
    rows = [line.split() for line in lines if line.strip().startswith(("run_gain", "risk_", "trip_"))]
    assert rows[0][0] == "run_gain"
    assert float(rows[0][1]) > 0.8
    assert {row[0] for row in rows} == {factor.name for factor in FACTORS}


def test_discover_prints_the_box(folder: Path) -> None:
    text = said("discover", str(folder), "--of", "opposed_share", "--above", "0.6")
    assert "run_gain" in text
    assert "comes back" in text
    assert "risk_aversion_tail" not in text


def test_discover_says_when_there_is_nothing_to_tell_apart(folder: Path) -> None:
    assert "nothing to tell apart" in said("discover", str(folder), "--of", "opposed_share", "--above", "99")


def test_effects_of_a_change(folder: Path) -> None:
    data = read_ensemble(folder)
    effect = sample(data, "opposed", variant="as it stands", against="other", year=2021)
    gains = data["design"].values[:, 0]
    assert np.corrcoef(effect.values, gains)[0, 1] == pytest.approx(1.0)
    assert effect.left_out == 0


def test_every_wrong_name_is_said_at_once(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        sample(read_ensemble(folder), "opposd_share", variant="anoter", year=1900)
    said_ = str(caught.value)
    assert "did you mean: opposed_share" in said_
    assert "did you mean: other" in said_
    assert "no year '1900'" in said_

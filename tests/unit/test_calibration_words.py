"""What a person is told: a missing library by its extra, a wrong world, a forecast that loses, a page of it all."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from exitvoice.calibration.calibrate import calibrate
from exitvoice.calibration.cheap import CheapWork
from exitvoice.calibration.extras import needs
from exitvoice.calibration.options import Options
from exitvoice.calibration.outcome import read_outcome
from exitvoice.calibration.scores import Score
from exitvoice.cli.app import app
from exitvoice.cli.calibrate_print import losses
from exitvoice.errors import InputError
from exitvoice.report.calibration import render_calibration
from support_calibration import cheap_problem


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setattr("exitvoice.calibration.extras.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"exitvoice\[calibration\]"):
        needs("abc")
    with pytest.raises(InputError, match=r"exitvoice\[neural\]"):
        needs("neural")
    needs("bank")


def test_targets_of_another_world_are_refused():
    found = CliRunner().invoke(app, ["calibrate", "cuba-2013", "--to", "gdr-1989", "--method", "bank"])
    assert isinstance(found.exception, InputError)
    assert "gdr-1989, not of cuba-2013" in str(found.exception)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    options = Options(
        folder, method="bank", budget=300, bank=300, replications=100, command="exitvoice calibrate x"
    )
    posterior = calibrate(cheap_problem(), options, work=CheapWork(0))
    return posterior, read_outcome(folder)


def test_the_gate_of_a_design_is_kept_with_its_posterior(outcome):
    posterior, found = outcome
    assert posterior.gate is not None
    assert posterior.gate.design == posterior.design
    assert found.gate.replications == 100
    assert "100 replications are too few" in " ".join(found.gate.reasons)
    assert not posterior.may_be_used
    assert set(found.ranks) == set(posterior.names)
    wish = next(cell for cell in found.atlas if cell.series == "all together" and "wish" in cell.unknown)
    assert wish.contraction > 0.5
    assert wish.bits > 0.5


def test_the_page_says_what_it_rests_on(outcome):
    page = render_calibration(outcome[1])
    for said in ("What the data told", "The gate", "What each series can tell", "exitvoice calibrate x"):
        assert said in page
    assert "http://" not in page.split("<script", maxsplit=1)[0]


def test_what_the_gate_found_untold_is_not_shown_as_told(outcome):
    gate = outcome[1].gate
    silent = replace(gate.unknowns[0], contraction=0.02, low=-0.01, high=0.05)
    passed = replace(outcome[1], gate=replace(gate, unknowns=(silent, *gate.unknowns[1:]), reasons=()))
    page = render_calibration(passed)
    assert "By the gate, the data tell nothing of 1 of the 3." in page
    assert "Passed, on 100 truths of its own. Of 3 unknowns 2 are told" in page
    unpassed = render_calibration(outcome[1])
    assert "tell nothing" not in unpassed
    assert "Passed, on" not in unpassed


def test_a_forecast_that_loses_is_said_to_lose(outcome):
    by_forecast = {"a": (1.0, 0.5, 2.0), "b": (0.1, 0.5, 2.0)}
    names = ("model", "persistence", "logistic growth")
    scores = tuple(
        Score(name, target, value, 0.9, 3)
        for target, values in by_forecast.items()
        for name, value in zip(names, values, strict=True)
    )
    assert losses(replace(outcome[1], scores=scores)) == [
        "a: the model loses to persistence",
        "b: the model wins",
    ]
    assert "a: the forecast loses to persistence." in render_calibration(replace(outcome[1], scores=scores))

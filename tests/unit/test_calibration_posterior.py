"""A posterior's file: whole, hashed, without pickles; and what a draw of it is."""

import io

import numpy as np
import pytest

from exitvoice.calibration import Posterior, read_posterior, write_posterior
from exitvoice.calibration.posterior import GateRecord
from exitvoice.calibration.posterior_file import with_gate
from exitvoice.ensemble import Factor
from exitvoice.errors import InputError


def posterior(**changes):
    values = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    weights = np.array([0.1, 0.2, 0.3, 0.4])
    parts = {
        "scenario": "minimal", "scenario_hash": "a", "targets": "t", "question": "q", "method": "abc", "design": "d",
        "factors": (Factor("parameters.x", 0.0, 5.0), Factor("parameters.y.value", 0.0, 50.0)),
        "values": values, "weights": weights, "made": {"seed": 1},
    }  # fmt: skip
    return Posterior(**(parts | changes))


def test_it_comes_back_as_it_was_and_the_same_bytes_each_time(tmp_path):
    one = write_posterior(tmp_path / "a.npz", posterior())
    other = write_posterior(tmp_path / "b.npz", posterior())
    assert one.read_bytes() == other.read_bytes()
    back = read_posterior(one)
    assert (back.values == posterior().values).all()
    assert back.names == ("x", "y")
    assert back.made == {"seed": 1}
    assert back.factors == posterior().factors


def test_changed_numbers_are_refused(tmp_path):
    path = write_posterior(tmp_path / "a.npz", posterior())
    with np.load(path) as archive:
        parts = dict(archive)
    parts["values"] = parts["values"] + 1.0
    np.savez(path, **parts)
    with pytest.raises(InputError, match="not those that the header"):
        read_posterior(path)


def test_pickles_and_other_files_are_refused(tmp_path):
    stream = io.BytesIO()
    np.savez(stream, header=np.array([{"a": 1}], dtype=object), values=np.zeros(1), weights=np.zeros(1))
    for content in (stream.getvalue(), b"no archive", b""):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(InputError, match=r"bad\.npz"):
            read_posterior(tmp_path / "bad.npz")
    with pytest.raises(InputError, match="no such file"):
        read_posterior(tmp_path / "none.npz")


def test_only_a_gate_that_tested_this_design_lets_it_pass(tmp_path):
    path = write_posterior(tmp_path / "posterior.npz", posterior())
    assert not read_posterior(path).may_be_used
    assert "No gate" in read_posterior(path).why_not
    assert with_gate(tmp_path, GateRecord(passed=True, design="d")).may_be_used
    assert read_posterior(path).may_be_used
    other = with_gate(path, GateRecord(passed=True, design="another"))
    assert not other.may_be_used
    assert "another design" in other.why_not
    failed = with_gate(path, GateRecord(passed=False, design="d", reasons=("no contraction",)))
    assert not failed.may_be_used
    assert "no contraction" in failed.why_not


def test_resampling_keeps_the_weights_and_follows_from_the_seed():
    drawn = posterior().resampled(1000, seed=3)
    assert [int((drawn[:, 0] == value).sum()) for value in (1, 2, 3, 4)] == pytest.approx(
        [100, 200, 300, 400], abs=1
    )
    assert (drawn == posterior().resampled(1000, seed=3)).all()
    assert not (drawn == posterior().resampled(1000, seed=4)).all()


def test_middle_quantiles_and_contraction():
    found = posterior()
    assert found.middle().tolist() == [3.0, 30.0]
    assert found.quantile(0.5).tolist() == [3.0, 30.0]
    # variance 1.0 of 25 / 12
    assert found.contraction()[0] == pytest.approx(1.0 - 12.0 / 25.0)
    changes = found.assumptions(found.middle())
    assert {name: said["value"] for name, said in changes.items()} == {
        "parameters.x": 3.0,
        "parameters.y": 30.0,
    }
    assert all("posterior" in said["assumed"] for said in changes.values())
    assert [factor.path for factor in found.drawn_factors] == ["parameters.x.value", "parameters.y.value"]
    assert found.effective == pytest.approx(1.0 / 0.3)

"""Posteriors in place of priors: which draws a board takes, and when it gives no verdict."""

from dataclasses import replace

import numpy as np

from exitvoice.calibration import Posterior
from exitvoice.calibration.posterior import GateRecord
from exitvoice.claims import load_board
from exitvoice.claims.design import plan_round, set_up
from exitvoice.claims.findings import Cut, Finding
from exitvoice.claims.judge import withheld
from exitvoice.claims.shares import Share
from exitvoice.ensemble import factors_of
from exitvoice.evidence import load_ledger
from exitvoice.scenario import load_scenario

WORLD = load_scenario("china-2024")


def posterior(names):
    factors = factors_of(WORLD, names)
    unit = np.linspace(0.4, 0.6, 50)[:, np.newaxis]
    low, high = np.array([(factor.low, factor.high) for factor in factors]).T
    return Posterior(
        scenario="china-2024", scenario_hash=WORLD.hash, targets="t", question="q", method="abc", design="d",
        factors=factors, values=low + unit * (high - low), weights=np.full(50, 0.02),
    )  # fmt: skip


def test_a_board_draws_from_the_posterior_jointly_and_leaves_the_rest_to_the_priors():
    board = load_board(load_ledger(), WORLD)
    before = set_up(board, WORLD, scale=0.0008, seed=0)
    known = [name for name in before.names if "." not in name][:2]
    after = set_up(board, WORLD, scale=0.0008, seed=0, posterior=posterior(known))
    assert after.names == before.names
    first = plan_round(before, ["as-it-stands"], "kuran", points=40, label="1").points
    second = plan_round(after, ["as-it-stands"], "kuran", points=40, label="1").points
    columns = [before.names.index(name) for name in known]
    others = [at for at in range(len(before.names)) if at not in columns]
    assert (first[:, others] == second[:, others]).all()
    low, high = np.array([(f.low, f.high) for f in factors_of(WORLD, known)]).T
    unit = (second[:, columns] - low) / (high - low)
    assert unit.min() > 0.39
    assert unit.max() < 0.61
    assert np.allclose(unit[:, 0], unit[:, 1])  # drawn together


def test_a_finding_on_a_posterior_that_did_not_pass_has_no_verdict():
    share = Share(0.95, 0.9, 0.99, 100)
    finding = Finding(
        "C1",
        "holds",
        "",
        share=share,
        by_theory=(Cut("kuran", share, "holds"),),
        by_sign=(Cut("x", share, "fails"),),
    )
    found = withheld(finding, posterior(["holding_bonus"]).why_not)
    assert found.verdict == "the data cannot tell"
    assert {cut.verdict for cut in (*found.by_theory, *found.by_sign)} == {"the data cannot tell"}
    assert "No gate" in found.reason
    assert found.share == share


def test_only_the_gate_of_this_design_lets_a_verdict_stand():
    mine = posterior(["holding_bonus"])
    assert replace(mine, gate=GateRecord(passed=True, design="d")).may_be_used
    assert not replace(mine, gate=GateRecord(passed=False, design="d", reasons=("x",))).may_be_used

"""A claims board for tests of the page: one verdict out of made-up worlds, and a counter-example that really runs."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from exitvoice.claims import Counterexample, Options, judge_claims, write_judgement
from exitvoice.claims.counterexamples import Case, replay, write_case
from exitvoice.claims.findings import Move
from exitvoice.evidence import load_ledger
from exitvoice.scenario import load_scenario
from support_claims import OPPOSED, Pretence, board, hypothesis

CLAIM = "C27"
YEAR = load_scenario("minimal").with_changes({"clock.start": "2020-01-01", "clock.end": "2021-01-01"})
PART = {
    "world": "as-it-stands", "intervention": None, "outcome": "covered", "measure": "level",
    "direction": "above", "threshold": 0.2, "horizon": {"from": 2020, "until": 2020},
}  # fmt: skip


def _by_sign(world, points, names):
    if not names:
        return {OPPOSED: np.full(len(points), 0.3)}
    blocked = points[:, names.index("opposition_blocked.value")]
    return {OPPOSED: 0.3 + np.sign(blocked) * (0.05 if world == "changed" else 0.0)}


def write_board(folder: Path) -> Path:
    """Write a board with a verdict on C27 and its counter-example."""
    uncertain = ["opposition", "punishment_steepness"]
    asked = board(hypothesis(CLAIM, contested=["opposition_blocked"], cascade=True, uncertain=uncertain))
    options = Options(folder, budget=400)
    found = judge_claims(
        asked, load_scenario("china-2024"), load_ledger(), options, execute=Pretence(_by_sign, [])
    )
    rule = YEAR.rules[0]
    example = Counterexample(
        holds_at_defaults=True,
        moves=(Move(f"rules.{rule.id}.coverage", "units that apply the rule", rule.coverage[0].share, 0.01),),
        is_minimal=True,
        replay=f"exitvoice replay {folder} {CLAIM}",
    )
    findings = (replace(one, counterexample=example) if one.claim == CLAIM else one for one in found.findings)
    write_judgement(folder, replace(found, findings=tuple(findings)))
    first = replay(_case(None, None), YEAR, executor="serial")
    assert first is not None
    write_case(folder, _case(first.at_defaults["part"], first.turned["part"]), YEAR)
    return folder


def _case(at_defaults: float | None, turned: float | None) -> Case:
    return Case(
        hypothesis=hypothesis(CLAIM, part=PART), worlds={"as-it-stands": {}},
        values={f"rules.{YEAR.rules[0].id}.coverage": 0.01}, scale=0.05, seed=3, holds_at_defaults=True,
        at_defaults={"part": at_defaults}, turned={"part": turned},
    )  # fmt: skip

"""Controls through the whole of it, with real runs: one true by construction, one false, one with no effect."""

import json
from pathlib import Path

import pytest

from exitvoice.claims import Options, Worlds, judge_claims
from exitvoice.claims.load import Board
from exitvoice.evidence import load_ledger
from exitvoice.scenario import load_scenario
from support_claims import board, hypothesis

MINIMAL = load_scenario("minimal")
UNBOUND = {f"rules.{rule.id}": None for rule in MINIMAL.rules}
WORLDS = Worlds.model_validate_json(
    json.dumps(
        {
            "format": "exitvoice-worlds/1",
            "scenario": "minimal",
            "clock": {"start": "2020-01-01", "end": "2022-01-01"},
            "common": {"title": "nothing"},
            "worlds": {
                "as-it-stands": {"title": "as it stands"},
                "same": {"title": "the same again"},
                "unbound": {"title": "no rule at all", "changes": UNBOUND},
            },
        }
    )
)
HORIZON = {"from": 2021, "until": 2021}


@pytest.mark.long
def test_controls_come_out_right(tmp_path: Path) -> None:
    cost = {"outcome": "unfree", "measure": "relative", "threshold": 0.5, "horizon": HORIZON}
    items = (
        hypothesis("C5", part=cost | {"intervention": "unbound", "direction": "falls"}),
        hypothesis("C7", part=cost | {"intervention": "unbound", "direction": "rises"}),
        hypothesis("C20", part={"intervention": "same", "direction": "unmoved", "horizon": HORIZON}),
        hypothesis("C24", part={"intervention": "same", "direction": "rises", "horizon": HORIZON}),
    )
    asked = Board(board(*items).hypotheses, WORLDS)
    found = judge_claims(asked, MINIMAL, load_ledger(), Options(tmp_path, budget=190, scale=0.05))
    verdicts = {finding.claim: finding.verdict for finding in found.findings if finding.is_tested}
    assert verdicts == {"C5": "holds", "C7": "fails", "C20": "holds", "C24": "fails"}
    assert set(found.finding("C24").parts[0].effects) == {0.0}  # shared draws: no change, no bit
    assert found.failed == 0

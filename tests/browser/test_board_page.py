"""The claims board in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone."""

import numpy as np
import pytest

from exitvoice.claims import Options, judge_claims
from exitvoice.evidence import load_ledger
from exitvoice.report.board import render_board
from exitvoice.scenario import load_scenario
from support_claims import OPPOSED, Pretence, board, hypothesis

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DRAWN = "document.querySelectorAll('#C27 .plot .main-svg').length"


def by_sign(world, points, names):
    if not names:
        return {OPPOSED: np.full(len(points), 0.3)}
    blocked = points[:, names.index("opposition_blocked.value")]
    return {OPPOSED: 0.3 + np.sign(blocked) * (0.05 if world == "changed" else 0.0)}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("board")
    asked = board(hypothesis("C27", contested=["opposition_blocked"], cascade=True,
                             uncertain=["opposition", "punishment_steepness"]))  # fmt: skip
    ledger = load_ledger()
    found = judge_claims(
        asked, load_scenario("china-2024"), ledger, Options(folder, budget=400), execute=Pretence(by_sign, [])
    )
    path = folder / "report.html"
    path.write_text(render_board(found, ledger), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_board_draws_and_nothing_overflows(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator(".claim").count() == len(load_ledger().claims)
    page.locator("#C27 > summary").click()
    page.wait_for_function(f"{DRAWN} > 0")
    assert page.locator("#C27 .plot").count() >= 4
    page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

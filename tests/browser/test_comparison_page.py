"""The page of two worlds in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone."""

import pytest

from exitvoice.analysis.compare import twins
from exitvoice.analysis.follow import follow
from exitvoice.evidence import load_ledger
from exitvoice.report.comparison import render_comparison
from exitvoice.scenario import load_scenario

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAINTED = "document.querySelectorAll('.plot .main-svg .trace').length"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    one = load_scenario("minimal")
    other = one.with_changes({"rules.custody": None})
    comparison = twins(one, other, scale=0.3, replications=2, threads=1)
    lives = follow(one, other, lives=2, scale=0.3, threads=1)
    page = render_comparison(
        comparison, ledger=load_ledger(), names=("with", "without"), command="exitvoice compare", lives=lives
    )
    path = tmp_path_factory.mktemp("comparison") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_page_draws_and_nothing_overflows(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator(".plot").count() == page.locator(".plot .main-svg .cartesianlayer").count() >= 3
    assert page.evaluate(PAINTED) >= 3
    page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator(".life").count() == 2
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".life:not([open])").count() == 0

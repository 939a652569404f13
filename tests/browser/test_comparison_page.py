"""The page of two worlds in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from exitvoice.analysis.compare import twins
from exitvoice.analysis.follow import follow
from exitvoice.report.comparison import render_comparison
from exitvoice.scenario import load_scenario

pytestmark = pytest.mark.browser

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAINTED = "document.querySelectorAll('.plot .main-svg .trace').length"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    one = load_scenario("minimal")
    other = one.with_changes({"rules.custody": None})
    comparison = twins(one, other, scale=0.3, replications=2, threads=1)
    lives = follow(one, other, lives=2, scale=0.3, threads=1)
    page = render_comparison(comparison, names=("with", "without"), command="exitvoice compare", lives=lives)
    path = tmp_path_factory.mktemp("comparison") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_page_draws_and_nothing_overflows(address, tmp_path, viewport, theme):
    complaints, requests = [], []
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Debian's chromium is needed for these tests: apt-get install chromium"
    with sync_playwright() as player:
        context = player.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=chromium,
            args=FLAGS,
            viewport=viewport,
            color_scheme=theme,
        )
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        page.wait_for_selector("html[data-ready=yes]", timeout=120_000)
        assert page.locator(".plot").count() == page.locator(".plot .main-svg .cartesianlayer").count() >= 3
        assert page.evaluate(PAINTED) >= 3
        page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.locator(".life").count() == 2
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".life:not([open])").count() == 0
        context.close()
    assert complaints == []
    assert {url for url in requests if not url.startswith(("data:", "blob:"))} == {address}

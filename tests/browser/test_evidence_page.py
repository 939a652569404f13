"""The page of a ledger in a real browser: nothing fetched, nothing overflows, sources show on hover and tap."""

from datetime import date

import pytest

from exitvoice.evidence import load_ledger, select
from exitvoice.report.evidence import render_evidence

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    ledger = load_ledger()
    named = [*ledger.claims, *(name for trap in ledger.traps.values() for name in trap.records)]
    page = render_evidence(select(ledger, named), title="A part of the ledger", today=date(2026, 1, 1))
    path = tmp_path_factory.mktemp("evidence") / "evidence.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_overflows_and_sources_show(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator(".origin-row").count() >= len(load_ledger().claims)
    page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    name = page.locator(".chain .cited").first
    name.scroll_into_view_if_needed()
    name.click()
    tip = page.locator("#tip")
    assert tip.is_visible()
    assert len(tip.inner_text()) > 20
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= viewport["width"]
    page.keyboard.press("Escape")
    assert not tip.is_visible()

"""The page of the patterns in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone."""

import pytest

from exitvoice.analysis.patterns import Options, load_patterns, validate
from exitvoice.evidence import load_ledger
from exitvoice.report.validate import render_validation
from support_patterns import Pretence

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("validate")
    ledger = load_ledger()
    found = validate(load_patterns(ledger), Options(folder, is_quick=True), execute=Pretence())
    path = folder / "validate.html"
    path.write_text(render_validation(found, ledger), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(("viewport", "theme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_it_draws_and_nothing_overflows(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator("section.chapter[id^='P']").count() == 10
    page.locator("#P9").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelectorAll('#P9 .plot .main-svg').length > 0")
    page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

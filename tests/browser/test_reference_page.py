"""A published model's page in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone."""

import numpy as np
import pytest

from exitvoice.models.reference.base import Chart, Cost, Curve, Outcome, Picture, judge
from exitvoice.models.reference.registry import find_model
from exitvoice.report.reference import render_reference

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    model = find_model("epstein")
    setting = model.setting(1)
    x = np.arange(1.0, 9.0)
    curves = (Curve("a", x, x), Curve("b", x, x / 2, "strong"), Curve("c", x, x / 3, "published"))
    outcome = Outcome(
        {"outbursts": 34.0},
        (
            Chart("lines", "Lines", "They rise.", "step", "agents", curves),
            Chart("logarithmic", "By size", "It falls.", "agents", "share", curves, is_logarithmic=True),
            Chart("bars", "Bars", "They stand.", "steps", "outbursts", (Curve("d", x, x, "bars"),)),
        ),
        Cost(1234.0, "agent-steps in jail", "in a made-up run."),
        (Picture("torus", "Cells", "Five kinds.", np.arange(20, dtype=np.uint8).reshape(4, 5) % 5,
                 ("empty", "quiet", "active", "in jail", "cop")),),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("reference") / "report.html"
    findings = judge(model, setting, outcome)
    path.write_text(
        render_reference(model, setting, outcome, findings=findings, command="again"), encoding="utf-8"
    )
    return path.as_uri()


@pytest.mark.parametrize(("viewport", "theme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_the_page_draws_and_nothing_overflows(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator(".plot .main-svg").count() >= 4
    assert page.locator("#findings tbody tr").count() == len(find_model("epstein").targets)
    assert page.locator(".huge .figure").inner_text() == "1,230"
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

"""A page in a real browser, for every test of one: each module says by `address` which page."""

import pytest
from playwright.sync_api import sync_playwright

from support_browser import FLAGS, chromium

READY = "html[data-ready=yes]"


@pytest.fixture(scope="module")
def player():
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(player):
    """One browser for a module; it takes a second to start. Each test has its own empty profile in it."""
    started = player.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def opened(browser, address):
    """Open the page with an empty profile; at the end nothing must have been fetched or complained of."""
    contexts, complaints, requests = [], [], []

    def open_page(viewport, theme):
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        page.wait_for_selector(READY, timeout=120_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url for url in requests if not url.startswith(("data:", "blob:"))} == {address}

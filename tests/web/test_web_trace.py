"""Numbers of the page and their traces: what is counted is listed, and a result leads to the run that made it."""

from dataclasses import replace

import pytest

from exitvoice.claims import read_judgement, write_judgement
from exitvoice.evidence import load_ledger
from exitvoice.scenario import load_scenario
from exitvoice.web.jobs import Store
from exitvoice.web.jobs.job import BoardOrder, RunOrder, State, TwinsOrder
from exitvoice.web.shelf import Shelf
from support_board import CLAIM, write_board
from support_page import serving, visitor

MINIMAL = load_scenario("minimal")
BOARD_ORDER = BoardOrder(world="china-2024", only=("C24",), budget=40, scale=0.001, seed=0)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    board = write_board(tmp_path_factory.mktemp("board"))
    with serving(tmp_path_factory.mktemp("page"), board=board) as server:
        yield server


@pytest.fixture
def client(page):
    with visitor(page) as known:
        yield known


def test_each_number_of_the_evidence_page_lists_what_it_counts(client):
    ledger = load_ledger()
    origins = [name for name, source in ledger.sources.items() if not source.relays]
    text = client.get("/evidence/counts/origins").text
    assert text.count("<li>") >= len(origins) and f'href="/evidence/records/{origins[-1]}"' in text
    assert f"{len(origins)} of {len(ledger.sources)}" in client.get("/evidence").text
    assert client.get("/evidence/counts/nonsense").status_code == 404


def test_who_is_held_is_traced_to_head_counts_and_to_the_rules_of_the_day(client):
    before, after = (
        client.get("/trace/held/all", params={"world": "minimal", "on": day}).text
        for day in ("2020-01-01", "2020-09-01")
    )
    assert "head-count" in before and "of those it names" in before
    titles = {rule.id: rule.title for rule in MINIMAL.rules}
    assert titles["custody"] in after and titles["custody"] not in before
    assert client.get("/trace/held/nobody", params={"world": "minimal"}).status_code == 404


def test_a_number_of_a_run_is_traced_to_its_world_changes_and_seed(page, client):
    changed = MINIMAL.with_changes({"rules.custody": None, "parameters.opposition_shift": 0.4})
    job = (
        Store(page.folder).add(RunOrder(text=changed.text, scale=0.05, seed=77), title="x", most_waiting=9).id
    )
    text = client.get(f"/jobs/{job}/trace/unfree_person_years").text
    assert "seed 77" in text and "rules.custody, parameters.opposition_shift" in text.replace(
        "parameters.opposition_shift, rules.custody", "rules.custody, parameters.opposition_shift"
    )
    assert client.get(f"/jobs/{job}/trace/all").status_code == 200
    assert client.get(f"/jobs/{job}/trace/nonsense").status_code == 404


def test_a_difference_of_twins_is_traced_through_both_worlds(page, client):
    order = TwinsOrder(
        texts=(MINIMAL.text, MINIMAL.with_changes({"rules.custody": None}).text), names=("a", "b"), scale=0.05,
        seed=5, replications=2, lives=0,
    )  # fmt: skip
    job = Store(page.folder).add(order, title="x", most_waiting=9).id
    for key in ("over-time-covered", "by-sector-unfree-person-years", "covered"):
        text = client.get(f"/jobs/{job}/trace/{key}").text
        assert "world A" in text and "world B" in text and "changed: rules.custody" in text


def test_a_verdict_is_traced_to_the_runs_of_its_board(client):
    text = client.get(f"/trace/verdict/{CLAIM}").text
    assert "points of plausible assumptions" in text and "The claim holds in" in text
    assert "points of plausible assumptions" in client.get("/trace/board/unfree_person_years").text


def test_a_board_of_one_claim_leaves_the_other_verdicts_as_they_are(page, tmp_path):
    """A claim keeps the newest verdict that was asked of worlds; control: the newest board, asked of it, wins."""
    store, started_with = Store(tmp_path), write_board(tmp_path / "board")
    shelf, judged = Shelf(store, started_with), read_judgement(started_with)
    job = store.add(BOARD_ORDER, title="x", most_waiting=9).id
    store.take("me")
    (store.place(job) / "results").mkdir(parents=True)
    of_another = tuple(replace(one, share=None) if one.claim == CLAIM else one for one in judged.findings)
    write_judgement(store.place(job) / "results", replace(judged, findings=of_another, seed=9))
    store.end(job, "me", State.DONE)
    assert shelf.judgement_of(CLAIM).seed == judged.seed
    assert shelf.judgement_of("C1").seed == 9

"""A claims board ordered from the page: made by a real worker, shown, taken away, and its counter-example replayed."""

import json

import pytest

from exitvoice.claims import read_judgement
from exitvoice.scenario import load_scenario
from exitvoice.web.jobs import State, Store
from exitvoice.web.jobs.shown import from_json
from exitvoice.web.pages import claims
from support_page import serving, visitor, wait_until

ASKED, BUDGET = "C2", 60
"""A claim that a board of so few runs finds a counter-example to."""


def ended(store: Store, place: str):
    job_id = place.removeprefix("/jobs/")
    wait_until(lambda: store.job(job_id).state.is_over, seconds=600)
    return store.job(job_id)


@pytest.mark.long
def test_a_board_is_ordered_shown_and_its_counter_example_replayed(tmp_path, monkeypatch):
    small = (
        tmp_path / "small.yaml"
    )  # China in steps of four weeks, so that a run takes a fraction of a second
    small.write_text(load_scenario("china-2024").with_changes({"clock.step_days": 28}).text)
    monkeypatch.setattr(claims, "CLAIMED", str(small))
    monkeypatch.setattr(claims, "SCALE", 2e-5)
    with serving(tmp_path / "page", with_workers=True) as page, visitor(page) as client:
        store = Store(page.folder)
        assert "No board is at hand yet" in client.get("/claims").text
        answer = client.post("/claims", data={"only": ASKED, "budget": str(BUDGET)})
        assert answer.status_code == 303
        place = answer.headers["location"]
        wait_until(lambda: store.job(place.removeprefix("/jobs/")).done > 2, seconds=200)
        client.post(f"{place}/stop")
        assert ended(store, place).state is State.STOPPED
        folder = store.place(place.removeprefix("/jobs/")) / "results"
        before = json.loads((folder / "claims.json").read_text())["runs"]
        client.post(f"{place}/resume")
        job = ended(store, place)
        assert (job.state, job.kind) == (State.DONE, "board") and 0 < before < job.done <= BUDGET

        text = client.get(place).text
        verdict = read_judgement(folder).finding(ASKED)
        shown = from_json(store.outcome(job.id))
        assert text.index(shown.total) < text.index(verdict.verdict)  # the human cost first
        assert shown.unit == "person-years without freedom to leave"
        table = client.get(f"{place}/files/csv").text.splitlines()
        assert table[0] == "claim,verdict,hinges on,why" and table[1].startswith(f"{ASKED},{verdict.verdict}")
        assert verdict.verdict in client.get(f"{place}/report").text
        assert client.get(f"{place}/files/report").headers["content-disposition"].startswith("attachment")

        page_of_claim = client.get(f"/claims/{ASKED}").text
        assert "Replay this counter-example" in page_of_claim
        assert "Put this claim to the test" in client.get("/claims/C24").text  # which nobody asked
        again = client.post(f"/claims/{ASKED}/replay")
        replayed = ended(store, again.headers["location"])
        assert replayed.state is State.DONE
        said = client.get(again.headers["location"]).text
        assert "The numbers are those of the board" in said and "The answer is turned" in said

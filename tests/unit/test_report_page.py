"""The page: whole, in its order, self-contained, and safe whatever the texts contain."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from tests.support_dataset import make_dataset_for

from exitvoice.claims import Options, judge_claims
from exitvoice.evidence import load_ledger
from exitvoice.report import render_report
from exitvoice.report.board import board_chapter
from exitvoice.results import new_manifest
from exitvoice.scenario import load_priors, load_scenario
from support_claims import OPPOSED, Pretence, board, hypothesis

ORDER = [
    "cost",
    "model",
    "rules-and-persons",
    "leaving",
    "thought-and-shown",
    "leadership",
    "control-and-crisis",
    "breaks",
    "claims",
    "evidence",
    "assumptions",
    "strata",
    "again",
]
EMPTY_ELEMENTS = {"meta", "link", "br", "img", "hr", "input"}


class Reader(HTMLParser):
    """Collects ids, addresses and text, and checks that every element is closed."""

    def __init__(self):
        super().__init__()
        self.ids, self.addresses, self.open, self.faults, self.texts = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        fields = dict(attrs)
        self.ids += [fields["id"]] if "id" in fields else []
        self.addresses += [fields[name] for name in ("src", "href") if name in fields]
        if tag not in EMPTY_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.texts.append(data)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("china-2024")


@pytest.fixture(scope="module")
def run(scenario):
    data = make_dataset_for(scenario)
    manifest = new_manifest(
        data,
        scenario_text=scenario.text,
        command="exitvoice run china-2024 --seed 1",
        seconds=40,
        steps_planned=1208,
    )
    return data, manifest


@pytest.fixture(scope="module")
def page(scenario, run):
    data, manifest = run
    return render_report(data, scenario=scenario, ledger=load_ledger(), manifest=manifest)


@pytest.fixture(scope="module")
def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_the_page_is_well_formed(read):
    assert read.faults == [] and read.open == []
    assert len(read.ids) == len(set(read.ids))


def test_chapters_stand_in_order_the_human_cost_first(page):
    assert re.findall(r'<section id="([a-z-]+)"', page) == ORDER


def test_the_page_is_small_enough(page):
    assert len(page.encode()) < 8_000_000


def test_the_page_fetches_nothing(page, read):
    assert all(address.startswith(("#", "data:")) for address in read.addresses)
    assert "default-src 'none'" in page
    assert page.count("* plotly.js v") == 1


def test_every_figure_has_its_data(page, read):
    drawn = re.findall(r'data-figure="([a-z-]+)"', page)
    assert len(drawn) >= 15
    for key in drawn:
        text = re.search(rf'id="figure-{key}">(.*?)</script>', page, re.S)
        assert {"data", "layout"} <= set(json.loads(text[1]))


def test_the_cost_is_big_and_plain(read, run):
    text = " ".join(" ".join(read.texts).split())
    assert "person-years without freedom to leave" in text
    assert text.index("person-years without freedom to leave") < text.index("What this model is")
    assert "Every person in the model is synthetic" in text


def test_every_claim_stands_with_kind_origins_and_verdict(page):
    ledger = load_ledger()
    assert page.count('<details class="claim" ') == len(ledger.claims)
    assert page.count("not testable here</span>") == sum(
        not claim.testable for claim in ledger.claims.values()
    )


def test_every_parameter_stands_in_the_table(read, scenario):
    texts = " ".join(" ".join(read.texts).split())
    for prior in load_priors().values():
        assert " ".join(prior.title.split()) in texts, prior.name


def test_the_page_says_how_to_make_it_again(read, scenario):
    texts = " ".join(read.texts)
    for part in ("exitvoice run china-2024 --seed 1", scenario.hash, "numpy", "python"):
        assert part in texts


def test_strata_too_few_are_announced(read):
    assert "fewer than 30 simulated persons" in " ".join(read.texts)


def test_a_run_cut_short_is_announced(scenario, run):
    data, manifest = run
    page = render_report(
        data,
        scenario=scenario,
        ledger=load_ledger(),
        manifest={**manifest, "is_whole": False, "steps_done": 5, "steps_planned": 9},
    )
    assert "stopped after step 5 of 9" in page


def test_hostile_texts_stay_texts(scenario, run):
    data, manifest = run
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    rule = scenario.rules[0].model_copy(update={"title": hostile})
    changed = scenario.model_copy(
        update={"title": hostile, "about": hostile, "rules": (rule, *scenario.rules[1:])}
    )
    page = render_report(
        data,
        scenario=changed,
        ledger=load_ledger(),
        manifest={**manifest, "command": hostile, "scenario_text": hostile},
    )
    assert "<script>alert" not in page
    reader = Reader()
    reader.feed(page)
    assert reader.faults == []
    assert "x" not in reader.addresses  # the address that the hostile image would have


def test_the_same_run_gives_the_same_page(scenario, run, page):
    data, manifest = run
    assert render_report(data, scenario=scenario, ledger=load_ledger(), manifest=manifest) == page


def test_the_run_is_not_changed(scenario, run):
    data, manifest = run
    before = data.copy(deep=True)
    render_report(data, scenario=scenario, ledger=load_ledger(), manifest=manifest)
    assert data.identical(before)


def test_the_verdicts_of_a_board_are_a_chapter(scenario, run, tmp_path):
    data, manifest = run
    asked = board(hypothesis("C27", contested=["opposition_blocked"], cascade=True,
                             uncertain=["opposition", "punishment_steepness"]))  # fmt: skip
    ledger = load_ledger()
    pretence = Pretence(lambda world, points, names: {OPPOSED: np.full(len(points), 0.3)}, [])
    judgement = judge_claims(asked, scenario, ledger, Options(tmp_path, budget=100), execute=pretence)
    chapter = board_chapter(judgement, ledger, is_of_this_world=judgement.scenario_hash == scenario.hash)
    page = render_report(data, scenario=scenario, ledger=ledger, manifest=manifest, claims=chapter)
    assert re.findall(r'<section id="([a-z-]+)"', page) == ORDER
    rows = re.findall(r'<details class="claim" id="(C[0-9]+)">(.*?)</details>', page, re.S)
    assert len(rows) == len(ledger.claims) and rows[0][0] == "C27"
    row = rows[0][1]
    for said in ("fails", "origin", " worlds (", "Where it comes from", ledger.claims["C27"].speakers[0]):
        assert said in row
    assert page.index('data-figure="theta-C27"') < page.index('data-figure="share-C27"')
    reader = Reader()
    reader.feed(page)
    assert reader.faults == [] and len(reader.ids) == len(set(reader.ids))
    drawn = re.findall(r'data-figure="([A-Za-z0-9-]+)"', page)
    assert all(f'id="figure-{key}"' in page for key in drawn)


def test_an_invented_world_shows_no_claims_about_a_real_country():
    invented = load_scenario("minimal")
    data = make_dataset_for(invented)
    manifest = new_manifest(data, scenario_text=invented.text, command="x", seconds=1, steps_planned=1208)
    page = render_report(data, scenario=invented, ledger=load_ledger(), manifest=manifest)
    assert "rests on no claim" in page
    assert '<details class="claim" ' not in page
    assert re.findall(r'<section id="([a-z-]+)"', page) == ORDER

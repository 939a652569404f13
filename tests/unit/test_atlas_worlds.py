"""Worlds of the atlas: every series of the library has its place, files are checked, runs are read as counted."""

from pathlib import Path

import numpy as np
import pytest

from exitvoice.calibration.atlas.ask import case_of, draws_of, titles_of
from exitvoice.calibration.atlas.cases import joined
from exitvoice.calibration.atlas.cell import ALL_AND_MORE
from exitvoice.calibration.atlas.in_use import not_in_use
from exitvoice.calibration.atlas.load import design_names, load_design
from exitvoice.calibration.atlas.reading import owners_of, read_run
from exitvoice.calibration.atlas.schema import LEAST_PUBLISHED
from exitvoice.calibration.atlas.world import THEORY, world_of
from exitvoice.calibration.bank import Bank
from exitvoice.calibration.draws import Simulations
from exitvoice.calibration.simulator import Simulated
from exitvoice.claims import hinges
from exitvoice.ensemble.executors import Serial
from exitvoice.errors import InputError
from exitvoice.evidence import load_ledger
from exitvoice.evidence.series import load_series
from exitvoice.report.atlas import render_atlas
from exitvoice.run import simulate
from exitvoice.scenario import load_priors

ROOT = Path(__file__).parents[2]
TEXT = """\
format: exitvoice-atlas-design/1
name: small
title: A small world
scenario: minimal
about: For tests.
changes: {clock.end: 2021-01-01}
scale: 0.02
would_exist:
  - name: applications
    title: Applications by month
    who: The office could publish them.
    measure: {of: [applications], take: sum}
    periods: {from: 2020-01-01, to: 2020-12-31, every: month}
    observation: {kind: counted, log_sd: 0.000001}
    floor: 100
    assumed: A register.
  - name: bound
    title: Share bound, by sector
    who: A survey.
    measure: {of: [covered], take: last}
    over: {of: [persons], take: last}
    is_rest: true
    each: sector
    form: plain
    periods: {from: 2020-01-01, to: 2020-12-31, every: half-year}
    observation: {kind: survey, answer: direct, asked: 1000000, feigning_high: 0.0}
    assumed: A survey.
"""


@pytest.fixture
def design(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load_design(path)


@pytest.fixture(scope="module")
def designs():
    ledger = load_ledger()
    return [load_design(name, ledger=ledger) for name in design_names()]


def test_every_series_of_the_library_is_read_in_some_world_or_it_is_said_why_not(designs):
    named = [item.series for design in designs for item in design.series]
    assert set(named) == set(load_series())
    read = {item.series for design in designs for item in design.series if item.why_not is None}
    assert len(read) >= 35


def test_what_would_have_to_exist_is_a_total_that_nobody_can_be_told_from(designs):
    for design in designs:
        for item in design.would_exist:
            assert item.who.strip()
            assert item.form == "plain" or item.floor >= LEAST_PUBLISHED
            assert item.each in (None, "sector", "region")


def test_every_parameter_with_a_range_is_unknown_in_a_world(design):
    names = world_of(design).names
    ranged = {prior.name for prior in load_priors().values() if prior.low < prior.high}
    assert ranged <= set(names)
    assert names[-1] == THEORY == hinges.THEORY
    assert set(titles_of(world_of(design))) == set(names)


def test_a_run_is_read_as_totals_and_shares_of_it(design):
    world = world_of(design)
    data = simulate(world.scenario, seed=1, scale=0.02, threads=1).data
    vector, owners = read_run(data, world.readings, seed=1), owners_of(world.readings)
    assert owners == ("applications",) * 12 + ("bound",) * 4
    counted = np.exp(vector[:12])
    assert counted.min() >= 100.0
    told = counted > 100.0001
    assert told.any()
    # months split weeks by days; the whole year is every step but the days of the last week beyond it
    assert counted[told].sum() <= float(data["applications"].sum()) * 1.001
    share = (data["covered"] / data["persons"].sum("rank")).sum("rank").sel(sector="clerks").values[-2]
    assert vector[13] == pytest.approx(1.0 - share, abs=0.03)
    assert (read_run(data, world.readings, seed=1) == vector).all()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("floor: 100", "floor: 5", "counts below 100 would be published"),
        ("of: [covered]", "of: [coverd]", "no variable is called 'coverd'"),
        ("name: bound", "name: applications", "two are named 'applications'"),
        ("to: 2020-12-31, every: month", "to: 2022-12-31, every: month", "is no span inside the run"),
        ("    who: A survey.\n", "", "who"),
        ("scenario: minimal", "scenario: minmal", "the library has no such scenario"),
        ("assumed: A survey.", "evidence: [no-such-statement]", "no statement or claim has the id"),
        (
            "would_exist:",
            "series: [{series: cuba-trips-yearly}]\nwould_exist:",
            "it is not said how it is read",
        ),
        ("would_exist:", "series: [{series: x-y, why_not: z}]\nwould_exist:", "no series is called 'x-y'"),
        (
            "would_exist:",
            "series: [{series: cuba-trips-yearly, like: cuba-2013.trip}]\nwould_exist:",
            "no target",
        ),
    ],
)
def test_each_mistake_of_a_file_is_told_with_its_place(tmp_path, old, new, what):
    assert old in TEXT
    path = tmp_path / "bad.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=what) as caught:
        load_design(path)
    assert caught.value.mistakes[0].line is not None


def test_the_example_of_the_documentation_is_right(tmp_path):
    text = (ROOT / "docs" / "how-to" / "ask-what-data-can-tell.md").read_text(encoding="utf-8")
    path = tmp_path / "my-series.yaml"
    path.write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert [reading.column for reading in world_of(load_design(path)).readings] == ["stickers-refused"]


def test_an_unknown_design_names_those_that_exist():
    with pytest.raises(InputError, match="cuba-2013"):
        load_design("cuba-2012")


class Model:
    """In place of a world: its record follows from the first three unknowns alone, the third under the third theory."""

    threads = 1

    def bench(self):
        return self

    def run(self, task):
        first, second, third = task.values[:3]
        record = (first, second if task.key.variant else 0.0, third if task.values[-1] == 2.0 else 0.0)
        return Simulated(task.key, np.array([float(hash(record) % 2**50)]), np.zeros(0), 1.0)


def test_what_moves_nothing_under_any_theory_is_not_in_the_world(design):
    world = world_of(design)
    absent = not_in_use(world, Simulations(Model(), Serial()), seed=1)
    assert absent == world.names[3:-1]


def bank_of(world, draws, seed):
    values = draws_of(world, draws, seed=seed)
    unit = (values[:, 0] - world.factors[0].low) / (world.factors[0].high - world.factors[0].low)
    noise = np.random.default_rng(seed).normal(size=(draws, 16))
    noise[:, 0] += 12.0 * unit
    noise[:, 12] += 3.0 * (values[:, -1] == 1.0)
    return Bank(values, noise, np.zeros((draws, 0)), np.full(draws, 5.0))


def test_a_world_says_what_each_series_tells_and_what_is_not_in_it(design):
    world = world_of(design)
    first, last = world.names[0], world.names[-2]
    case = case_of(world, bank_of(world, 120, 3), (last,), seed=3)
    assert case.columns == ("applications", "bound", ALL_AND_MORE)
    assert case.control[0] == 0 and case.control[1] == 2 * (len(world.names) - 1)
    cases = joined([case], titles_of(world))
    assert cases.state(first, case, "applications") == "informed"
    assert cases.state(first, case, "bound") == "told nothing"
    assert cases.state(last, case, "bound") == "not in this world"
    assert cases.state(THEORY, case, "bound") == "informed"
    assert not cases.informing(first)[0].exists
    page = render_atlas(cases, (), None, command="exitvoice atlas --world small.yaml")
    assert page.index("Person-years without freedom to leave") < page.index(
        "Which data would have to exist</h2>"
    )
    assert "The office could publish them." in page
    assert "exitvoice atlas --world small.yaml" in page


def test_too_few_draws_are_refused(design):
    world = world_of(design)
    with pytest.raises(InputError, match="only 30 draws"):
        case_of(world, bank_of(world, 30, 3), (), seed=3)

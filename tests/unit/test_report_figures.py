"""Figures: what they say is what the run says, they are small, and strata too few to read are marked."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import plotly.graph_objects as go
import pytest
from tests.support_dataset import make_dataset

from exitvoice.report import numbers
from exitvoice.report.chapters import chapters
from exitvoice.report.figures import belief, coverage, falsification, human_cost, incidents, leaving, rules
from exitvoice.report.figures.base import TOO_FEW, Material, count_axis, shorten, spread
from exitvoice.report.palette import LIGHT, dark_partners
from exitvoice.report.rows import RuleRow
from exitvoice.report.shown import SHOWN, find_shown
from exitvoice.run.variables import EVERY


def material(data, row_ids=("custody-2014",)):
    rows = tuple(
        RuleRow(
            id=name,
            title=f"Rule {name}",
            announced=date(2014, 6, 1),
            start=date(2014, 8, 1),
            until=date(2020, 1, 1),
            who="everybody",
            what="hands in documents",
            sources=("A newspaper, 2014-06-01",),
        )
        for name in row_ids
    )
    return Material(data=data, sector_titles={}, rank_titles={}, region_titles={}, rules=rows)


@pytest.fixture(scope="module")
def whole():
    return material(make_dataset())


@pytest.fixture(scope="module")
def panels(whole):
    return [panel for chapter in chapters(whole, claims=(), assumptions=()) for panel in chapter.panels]


def colours_of(figure):
    return {
        text for text in json.dumps(figure.to_plotly_json(), default=str).split('"') if text.startswith("#")
    }


def test_every_figure_has_its_own_name_and_words(panels):
    assert len({panel.key for panel in panels}) == len(panels) >= 15
    for panel in panels:
        assert panel.title and panel.reading.endswith("."), panel.key
        assert panel.plot.layout.title.text, f"{panel.key} says what its axis counts"


def test_the_list_of_what_is_shown_is_that_of_the_report(panels):
    assert {(one.key, one.title) for one in SHOWN} == {(panel.key, panel.title) for panel in panels}
    variables = {variable.name for variable in EVERY}
    assert [one.key for one in SHOWN if not one.variables or not variables.issuperset(one.variables)] == []
    assert find_shown("WHAT people show") is find_shown("expression") is not None
    assert find_shown("nothing of the kind") is None


def test_every_colour_can_turn_dark(panels):
    for panel in panels:
        assert colours_of(panel.plot) <= set(dark_partners()), panel.key


def test_figures_are_small(panels):
    assert sum(len(panel.plot.to_json()) for panel in panels) < 1_000_000


def test_sums_over_weeks_say_over_which_time(whole):
    for panel in (
        leaving.applications(whole),
        leaving.departures(whole),
        leaving.stays(whole),
        leaving.border(whole),
    ):
        assert "sums of each quarter" in panel.plot.layout.title.text


def test_bars_of_the_cost_add_up_to_the_cost(whole):
    bars = human_cost.by_year(whole).plot.data[0]
    total = float(whole.data["unfree_person_years"].astype(float).sum())
    assert float(np.sum(bars.y)) == pytest.approx(total, rel=1e-5)
    assert bars.marker.color[-1] == LIGHT.rest != bars.marker.color[0]  # 2026 is covered in part only


def test_the_cost_of_some_weeks_is_told_before_a_year_is_whole(whole):
    begun = replace(whole, data=whole.data.isel(time=slice(0, 20)))
    total = float(begun.data["unfree_person_years"].astype(float).sum())
    assert human_cost.by_year(begun).reading.startswith(f"{numbers.amount(total)} person-years so far")


def test_layers_of_coverage_add_up_to_all_who_are_bound(whole):
    layers = np.sum([layer.y for layer in coverage.panel(whole).plot.data], axis=0)
    bound = whole.data["covered"].sum(["sector", "rank"])
    assert layers[100] == pytest.approx(float(bound.sel(time="2011-05").mean()), rel=0.02)
    assert len(coverage.panel(whole).plot.data) == len(LIGHT.series) + 1


def test_a_rule_is_drawn_only_while_it_is_in_force(whole):
    bars = [trace for trace in rules.panel(whole).plot.data if isinstance(trace, go.Bar)]
    starts = [np.datetime64(bar.base[0]) for bar in bars]
    ends = [start + np.timedelta64(int(bar.x[0]), "ms") for start, bar in zip(starts, bars, strict=True)]
    assert min(starts) == np.datetime64("2014-08-01")
    assert max(ends) == np.datetime64("2020-01-01")
    assert all(first == second for first, second in zip(sorted(starts)[1:], sorted(ends)[:-1], strict=True))


def test_a_rule_shows_its_sources_on_hover(whole):
    bar = next(trace for trace in rules.panel(whole).plot.data if isinstance(trace, go.Bar))
    assert "A newspaper, 2014-06-01" in bar.customdata[0][0]


def test_a_rumour_that_never_came_into_force_has_no_bar():
    rumour = RuleRow("rumour", "A rumour", date(2015, 1, 1), None, None, "all", "may not leave", ())
    data = make_dataset(weeks=700)
    figure = rules.panel(Material(data, {}, {}, {}, (rumour,))).plot
    assert [trace.name for trace in figure.data] == ["announced"]


def test_a_scenario_without_rules_has_a_page_too():
    data = make_dataset(weeks=60).drop_dims("rule").assign_coords(rule=np.array([], dtype=str))
    assert "no rules" in rules.panel(Material(data, {}, {}, {}, ())).reading


def test_the_gap_is_read_out(whole):
    panel = falsification.nation(whole)
    assert "34 % are opposed in private" in panel.reading
    assert [trace.name for trace in panel.plot.data if trace.name] == [
        "opposed in private",
        "not performing loyalty",
        "in open dissent",
    ]


def test_the_error_of_the_leadership_has_a_sign(whole):
    assert "underestimates opposition by 28 percentage points" in belief.panel(whole).reading
    data = whole.data.assign(believed_opposition=whole.data["true_opposition"] + 0.1)
    assert "overestimates opposition by 10 percentage points" in belief.panel(material(data)).reading
    right = whole.data.assign(believed_opposition=whole.data["true_opposition"])
    assert "right to within" in belief.panel(material(right)).reading


def test_loss_of_control_is_marked_where_it_begins(whole):
    marks = next(
        trace for trace in incidents.panel(whole).plot.data if trace.name == "loss of control begins"
    )
    assert len(marks.x) == 1
    assert str(marks.x[0])[:7] == "2022-11"


@pytest.mark.parametrize("weeks", [2, 14, 60])
def test_short_runs_are_drawn_too(weeks):
    for chapter in chapters(material(make_dataset(weeks=weeks)), claims=(), assumptions=()):
        for panel in chapter.panels:
            assert panel.plot.to_json()


def test_sectors_too_few_to_read_are_marked_everywhere():
    data = make_dataset(scale=5e-5)  # 20 journalists
    for panel in (
        human_cost.by_sector(material(data)),
        falsification.by_sector(material(data)),
        falsification.strata(material(data)),
    ):
        names = [one.text for one in panel.plot.layout.annotations if "media" in one.text]
        assert names and all(TOO_FEW in name for name in names), panel.key
    clear = [
        one.text
        for one in human_cost.by_sector(material(data)).plot.layout.annotations
        if "teachers" in one.text
    ]
    assert clear and not any(TOO_FEW in name for name in clear)


def test_ranks_too_few_to_read_are_marked():
    names = [
        one.text for one in falsification.by_rank(material(make_dataset(scale=5e-5))).plot.layout.annotations
    ]
    assert [TOO_FEW in name for name in names] == [False, False, False, True]


def test_strata_too_few_to_read_are_marked_in_the_table(whole):
    rows = falsification.by_rank(whole).table.rows
    marked = [(row[0], at) for row in rows for at, cell in enumerate(row) if TOO_FEW in cell]
    assert marked == [("state media", 4)]


def test_flows_too_few_to_read_are_marked_and_explained():
    few = leaving.stays(material(make_dataset(scale=0.001)))
    names = {trace.name for trace in few.plot.data}
    assert {"stayed on after a trip\u2020", "left for good\u2020", "fled\u2020"} == names
    assert "One simulated person stands for 1,000" in few.note
    enough = leaving.stays(material(make_dataset(scale=1.0)))
    assert not any(TOO_FEW in trace.name for trace in enough.plot.data) and TOO_FEW not in enough.note


def test_names_never_lie_upon_another():
    placed = spread([5.0, 5.0, 5.1, 0.0], 1.0, (0.0, 6.0))
    ordered = sorted(placed)
    assert all(after - before >= 0.999 for before, after in zip(ordered, ordered[1:], strict=False))
    assert placed[3] == 0.0 and max(placed) <= 6.0


@pytest.mark.parametrize(
    ("highest", "last", "title"),
    [
        (20.9e6, "20", "million persons"),
        (742_000, "600,000", "persons"),
        (3.1, "3", "persons"),
        (0.0, "0", "persons"),
    ],
)
def test_axes_carry_round_numbers(highest, last, title):
    figure = go.Figure(layout={"title": {"text": "persons"}})
    count_axis(figure, highest)
    assert figure.layout.yaxis.ticktext[-1] == last
    assert figure.layout.title.text == title


def test_long_names_end_at_a_word():
    assert (
        shorten("Teachers of public schools and universities", 34) == "Teachers of public schools and\u2026"
    )
    assert shorten("Teachers", 34) == "Teachers"

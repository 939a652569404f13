"""The atlas: what is told, told nothing and not asked are told apart, and claims are settled by the right thing."""

import csv
import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from exitvoice.analysis.sensitivity import Index
from exitvoice.calibration.atlas import ALL, Cell
from exitvoice.calibration.atlas.cases import joined, read_cases
from exitvoice.calibration.gate.judge import Finding as GateFinding
from exitvoice.calibration.outcome import Outcome, Told, write_outcome
from exitvoice.claims import write_judgement
from exitvoice.claims.findings import Finding, Judgement
from exitvoice.claims.needs import Needs
from exitvoice.claims.settling import settle
from exitvoice.claims.shares import Share
from exitvoice.cli.app import app
from exitvoice.errors import InputError
from exitvoice.report.atlas import what_settles

VILLAGES = "rules.villages.coverage"


def write_case(folder, name, cells, *, asked=True, reasons=()):
    gate = GateFinding("design", 200, (), reasons=reasons)
    told = tuple(
        Told(unknown, f"The {unknown}", 0.0, 1.0, (0.1, 0.5, 0.9), 0.0) for _, unknown, _, _ in cells
    )
    outcome = Outcome(
        title=f"Case {name}", about="", limits="", scenario=name, targets=name, method="bank", scale=0.01, seed=0,
        simulations=10, failed=0, effective=9.0, cost=(1e6, 2e6, 3e6), told=told, courses=(), scores=(),
        gate=gate if asked else None, ranks={}, why_not="", command="exitvoice calibrate",
        atlas=tuple(Cell(series, unknown, mean, low, mean + 0.05) for series, unknown, mean, low in cells)
        if asked
        else (),
    )  # fmt: skip
    folder.mkdir()
    write_outcome(folder, outcome)
    return folder


@pytest.fixture
def folders(tmp_path):
    here = [
        ("trips", "flight_rate", 0.6, 0.5),
        ("trips", "audit_rate", 0.02, -0.03),
        ("trips", VILLAGES, 0.4, 0.3),
    ]
    there = [("arrivals", "opposition_blocked", 0.3, 0.2), ("=mondays", "opposition_blocked", 0.05, 0.01)]
    both = [(ALL, "opposition_blocked", 0.31, 0.2)]
    return [
        write_case(tmp_path / "here", "china-2024", here),
        write_case(tmp_path / "there", "gdr-1989", there + both, reasons=("ranks are not uniform",)),
    ]


def board(*findings):
    return Judgement(
        scenario="china-2024", title="Board", findings=findings, cost=(), runs=1, failed=0, budget=1, points=1,
        scale=0.01, seed=0, seconds=1.0, is_complete=True, command="exitvoice claims", titles={},
    )  # fmt: skip


def claim(name, verdict, *hinges, runs=None, **more):
    needs = None if runs is None else Needs(runs // 2, runs)
    share = Share(0.5, 0.4, 0.6, 60)
    told = tuple(Index(hinge, 0.5, 0.3, 0.7) for hinge in hinges)
    return Finding(name, verdict, "", share=share, hinges=told, needs=needs, **more)


def test_told_told_nothing_and_not_asked_are_told_apart(folders):
    read, without = read_cases(folders)
    cases = joined(read, {})
    rows = {(row[0], row[3], row[5]): row[6] for row in cases.rows()}
    assert without == ()
    assert rows["flight_rate", "china-2024", "trips"] == "informed"
    assert rows["audit_rate", "china-2024", "trips"] == "told nothing"
    assert rows["audit_rate", "gdr-1989", "arrivals"] == "not asked"
    assert rows["opposition_blocked", "gdr-1989", "=mondays"] == "told nothing"
    assert {item.name for item in cases.asked} == {
        "flight_rate",
        "audit_rate",
        "opposition_blocked",
        VILLAGES,
    }
    assert "stop_probability" in {item.name for item in cases.never_asked}
    assert cases.informing("opposition_blocked")[0].cell.series == ALL


def test_each_claim_is_settled_by_the_right_thing(folders):
    cases = joined(read_cases(folders)[0], {})
    found = settle(
        board(
            claim("C1", "holds", "audit_rate"),
            claim("C2", "depends on", "flight_rate", runs=180),
            claim("C3", "depends on", "flight_rate", VILLAGES),
            claim("C4", "depends on", "flight_rate", "audit_rate"),
            claim("C5", "depends on", "opposition_blocked"),
            claim("C6", "depends on"),
            claim("C7", "the data cannot tell", is_hidden=True),
            replace(claim("C8", "not testable here"), share=None),
        ),
        cases,
    )
    assert {one.claim: one.way for one in found} == {
        "C1": "settled by the runs made",
        "C2": "more runs",
        "C3": "data that exist",
        "C4": "data beyond these cases",
        "C5": "data beyond these cases",  # another world's series does not count
        "C6": "no assumption is told",
        "C7": "data beyond these cases",
    }
    assert [one.name for one in found[3].unobserved] == ["audit_rate"]
    assert found[2].resolved == pytest.approx(0.5 * 0.6 + 0.5 * 0.4)  # both hinges weigh a half
    assert found[4].resolved == 0.0
    assert found[4].decides[0].elsewhere
    assert found[1].runs == 180


def test_the_command_writes_table_numbers_and_page(folders, tmp_path):
    judgement = board(
        claim("C2", "depends on", "flight_rate", runs=180), claim("C5", "depends on", "audit_rate")
    )
    write_judgement(tmp_path / "board", judgement)
    words = ["atlas", *map(str, folders), "--claims", str(tmp_path / "board"), "-o", str(tmp_path / "out")]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "About 180 more runs" in " ".join(said.output.split())
    with (tmp_path / "out" / "atlas.csv").open(encoding="utf-8", newline="") as stream:
        series = {row["series"] for row in csv.DictReader(stream)}
    assert series == {"trips", "arrivals", "'=mondays", ALL}
    kept = json.loads((tmp_path / "out" / "atlas.json").read_text(encoding="utf-8"))
    assert [one["way"] for one in kept["claims"]] == ["more runs", "data beyond these cases"]
    page = (tmp_path / "out" / "atlas.html").read_text(encoding="utf-8")
    assert page.index("Person-years without freedom to leave") < page.index(
        "What would settle each claim</h2>"
    )
    assert "audit_rate: asked, told nothing" in page
    assert "not passed: ranks are not uniform" in page


def test_what_cannot_be_joined_is_refused_or_left_out(folders, tmp_path):
    ungated = write_case(tmp_path / "ungated", "cuba-2013", [("trips", "flight_rate", 0.6, 0.5)], asked=False)
    cases, without = read_cases([*folders, ungated])
    assert without == (ungated,)
    assert len(cases) == 2
    with pytest.raises(InputError, match="--gate"):
        read_cases([ungated])
    with pytest.raises(InputError, match="same targets"):
        read_cases([folders[0], folders[0]])
    with pytest.raises(InputError, match="no calibration can be read"):
        read_cases([tmp_path])


def test_data_that_would_have_to_exist_are_told_from_data_that_do(folders):
    read, _ = read_cases(folders[:1])
    cells = (
        Cell("survey", "audit_rate", 0.7, 0.6, 0.8, 0.0001),
        Cell("trips", "audit_rate", 0.0, -0.1, 0.1, 0.5),
    )
    world = replace(
        read[0], name="whole", cells=cells, design="china-2024", would_exist={"survey": "a university"},
        series={"trips": "Trips", "survey": "A survey"}, absent=frozenset({"stop_probability"}),
    )  # fmt: skip
    cases = joined([world, *read], {})
    assert cases.state("stop_probability", world, "survey") == "not in this world"
    found = settle(
        board(claim("C1", "depends on", "audit_rate"), claim("C2", "depends on", "flight_rate")), cases
    )
    assert [one.way for one in found] == ["data that would have to exist", "data that exist"]
    assert found[0].decides[0].would[0].cell.series == "survey"
    assert "as by A survey (china-2024: 70%)" in what_settles(found[0], cases)
    assert "about 35% of what divides the worlds" in what_settles(found[0], cases)
    exists = {(row[5], row[12]) for row in cases.rows() if row[3] == "whole"}
    assert ("survey", "would have to") in exists
    assert ("trips", "yes") in exists

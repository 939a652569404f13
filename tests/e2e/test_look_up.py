"""The commands that only look things up: scenarios, show, evidence, and the global options."""

import re
import subprocess
from collections.abc import Callable

import pytest

import exitvoice as package
from exitvoice.cli.app import app

Call = Callable[..., subprocess.CompletedProcess[str]]
COMMANDS = tuple(command.name for command in app.registered_commands)


def test_version(process: Call) -> None:
    finished = process("--version")
    assert (finished.returncode, finished.stdout) == (0, f"exitvoice {package.__version__}\n")


def test_help_names_every_command(process: Call) -> None:
    finished = process("--help")
    assert finished.returncode == 0
    assert not [name for name in COMMANDS if not re.search(rf"^│ {name} ", finished.stdout, re.MULTILINE)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(exitvoice: Call, name: str) -> None:
    finished = exitvoice(name, "--help")
    assert finished.returncode == 0
    assert f"exitvoice {name}" in finished.stdout.split("Examples")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast"],
        ["run"],
        ["show", "minimal", "--at", "yesterday"],
        ["run", "minimal", "--scale", "0"],
        ["run", "minimal", "--scale", "2"],
        ["run", "minimal", "--seed", "-1"],
        ["run", "minimal", "--theory", "magic"],
        ["run", "minimal", "--threads", "0"],
        ["show", "minimal", "--service", "sleeping"],
        ["evidence", "--colour"],
        ["new"],
        ["check"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_told_apart_from_a_wrong_input(exitvoice: Call, arguments: list[str]) -> None:
    finished = exitvoice(*arguments)
    assert finished.returncode == 2
    assert "Usage: exitvoice" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_scenarios_lists_the_library(exitvoice: Call) -> None:
    finished = exitvoice("scenarios")
    assert finished.returncode == 0
    assert re.search(r"china-2024\s+2003-01-01\s+2026-03-01\s+[\d,]+", finished.stdout)
    assert "minimal" in finished.stdout


def test_show_says_who_what_and_on_whose_word(exitvoice: Call) -> None:
    finished = exitvoice("show", "china-2024", "--at", "2024-06-07")
    assert finished.returncode == 0
    assert re.search(r"^2024-06-07: \d+ rules in force", finished.stdout, re.MULTILINE)
    for heading in ("how far", "whom", "asks", "since", "says"):
        assert re.search(rf"^ +{heading} ", finished.stdout, re.MULTILINE), heading
    assert "South China Morning Post, 2024-06-06" in finished.stdout
    assert re.search(r"\d+ independent origin", finished.stdout)


def test_show_narrows_to_a_kind_of_person(exitvoice: Call) -> None:
    everybody = exitvoice("show", "china-2024", "--at", "2024-06-07").stdout
    few = exitvoice(
        "show", "china-2024", "--at", "2024-06-07", "--sector", "village_cadres", "--service", "serving"
    ).stdout
    assert "village-cadres-2024" in few
    assert "retired-bureau-2014" in everybody
    assert "retired-bureau-2014" not in few
    assert few.count("how far") < everybody.count("how far")


def test_show_before_the_clock_says_so(exitvoice: Call) -> None:
    finished = exitvoice("show", "minimal", "--at", "1990-01-01")
    assert finished.returncode == 0
    assert "0 rules in force" in finished.stdout
    assert "the clock of minimal runs from" in finished.stdout


def test_show_names_the_nearest_sector(exitvoice: Call) -> None:
    finished = exitvoice("show", "china-2024", "--sector", "teacher")
    assert finished.returncode == 1
    assert "unknown sector 'teacher'" in finished.stderr
    assert "did you mean: teachers" in finished.stderr


def test_an_unknown_scenario_names_the_nearest(exitvoice: Call) -> None:
    finished = exitvoice("show", "china-2025")
    assert finished.returncode == 1
    assert "did you mean: china-2024" in finished.stderr
    assert finished.stdout == ""


def test_evidence_counts_origins_not_outlets(exitvoice: Call) -> None:
    finished = exitvoice("evidence")
    assert finished.returncode == 0
    assert len(re.findall(r"^C\d+ ", finished.stdout, re.MULTILINE)) == 30
    joined = " ".join(finished.stdout.split())
    assert re.search(r"1 independent origin, [5-9] outlets", joined)


def test_one_claim_in_full(exitvoice: Call) -> None:
    finished = exitvoice("evidence", "--claim", "c8")
    assert finished.returncode == 0
    assert finished.stdout.startswith("C8  ")
    for heading in ("kind", "said by", "where, when", "origins", "testable", "supported", "doubted"):
        assert re.search(rf"^ +{heading} ", finished.stdout, re.MULTILINE), heading
    assert not re.search(r"^C9 ", finished.stdout, re.MULTILINE)


def test_every_claim_in_full(exitvoice: Call) -> None:
    finished = exitvoice("evidence", "--full")
    assert finished.returncode == 0
    assert finished.stdout.count("testable") >= 30


def test_an_unknown_claim_is_a_mistake(exitvoice: Call) -> None:
    finished = exitvoice("evidence", "--claim", "C99")
    assert finished.returncode == 1
    assert "there is no claim 'C99'" in finished.stderr


def test_evidence_of_a_scenario_says_what_uses_it(exitvoice: Call) -> None:
    finished = exitvoice("evidence", "china-2024")
    assert finished.returncode == 0
    assert "used by rules." in finished.stdout
    assert re.search(r"\d+ of \d+ parts of china-2024 rest on evidence; \d+ are assumed", finished.stdout)


def test_output_into_a_closed_pipe_is_no_traceback(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("evidence", "--full")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("C1 ")
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait(60)

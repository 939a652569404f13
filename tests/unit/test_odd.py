"""The model's ODD has all seven elements, names every parameter, file and rule, and its tables are up to date."""

import importlib.util
import re
from pathlib import Path

import pytest

from exitvoice.engine.program import Program
from exitvoice.models.exit_control import columns
from exitvoice.models.exit_control.program import THEORIES, exit_control_program
from exitvoice.scenario import load_priors

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "src" / "exitvoice" / "models" / "exit_control"
ELEMENTS = [
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
]
CONCEPTS = [
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
]
IDENTIFIER = re.compile(r"`([a-z]+(?:_[a-z0-9]+)+)`")


@pytest.fixture(scope="module")
def odd() -> str:
    return (MODEL / "README.md").read_text(encoding="utf-8")


def section(odd: str, number: int) -> str:
    start = odd.index(f"\n## {ELEMENTS[number - 1]}\n")
    return odd[start : odd.find("\n## ", start + 1)]


def files(folder: str) -> list[str]:
    return sorted(
        str(path.relative_to(MODEL))
        for path in (MODEL / folder).rglob("*.py")
        if not path.name.startswith("__")
    )


def unnamed_files(odd: str) -> list[str]:
    """Files of which neither the path nor, behind the path of a sibling, the name stands in the text."""
    return [
        path
        for path in (*files("persons"), *files("institutions"))
        if f"`{path}`" not in odd and not (f"{Path(path).parent}/" in odd and f"`{Path(path).name}`" in odd)
    ]


def rule_names(program: Program) -> set[str]:
    rules = {
        rule.name
        for stage in program.stages
        for rule in (*stage.unit_rules, *stage.rules, *stage.tally_rules, *filter(None, [stage.turn]))
    }
    return rules | {stage.name for stage in program.stages}


def tables_module():
    path = ROOT / "docs" / "_scripts" / "odd_tables.py"
    spec = importlib.util.spec_from_file_location("odd_tables", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_seven_elements_in_order(odd):
    numbered = [line[3:] for line in odd.splitlines() if re.match(r"## \d", line)]
    assert numbered == ELEMENTS


def test_eleven_concepts_in_order(odd):
    bold = re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", section(odd, 4), re.MULTILINE)
    assert bold == CONCEPTS


def test_every_parameter_is_named(odd):
    assert [name for name in load_priors() if f"`{name}`" not in odd] == []


def test_tables_are_up_to_date(odd):
    assert tables_module().filled(odd) == odd, "run docs/_scripts/odd_tables.py"


def test_a_stale_table_would_be_seen(odd):
    name, prior = next(iter(load_priors().items()))
    stale = odd.replace(
        f"| {prior.default:g} | {prior.low:g} to", f"| {prior.default + 1:g} | {prior.low:g} to"
    )
    assert name and tables_module().filled(stale) != stale


def test_filling_leaves_the_text_between_tables_alone(odd):
    empty = re.sub(r"(<!-- parameters: \w+ -->\n).*?(<!-- end -->)", r"\1\2", odd, flags=re.DOTALL)
    assert "| parameter |" not in empty
    assert tables_module().filled(empty) == odd


def test_every_file_of_persons_and_institutions_is_named(odd):
    assert unnamed_files(odd) == []


def test_an_unnamed_file_would_be_seen(odd):
    assert unnamed_files(odd.replace("persons/career.py", "")) == ["persons/career.py"]


@pytest.mark.parametrize("theory", THEORIES)
def test_every_rule_stands_in_the_schedule(odd, theory):
    schedule = section(odd, 3)
    assert {name for name in rule_names(exit_control_program(theory)) if f"`{name}`" not in schedule} == set()


def test_every_stored_variable_is_described(odd):
    names = [*columns.LAYOUT.plain, *columns.LAYOUT.by_name, *columns.LAYOUT.marks]
    described = section(odd, 2)
    assert [name for name in names if f"`{name}`" not in described] == []


def test_names_in_code_letters_are_names_of_the_code(odd):
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [
            *(ROOT / "src" / "exitvoice").rglob("*.py"),
            *(ROOT / "src" / "exitvoice").rglob("*.yaml"),
        ]
    )
    known = set(re.findall(r"\w+", text))
    assert {name for name in IDENTIFIER.findall(odd) if name not in known} == set()


def test_notes_that_it_points_to_are_there(odd):
    pages = set(re.findall(r"`(docs/[\w/-]+\.md)`", odd))
    assert pages
    assert [page for page in sorted(pages) if not (ROOT / page).is_file()] == []


def test_the_documentation_shows_it():
    page = ROOT / "docs" / "odd" / "exit-control.md"
    target = re.search(r"\{include\} (\S+)", page.read_text(encoding="utf-8"))
    assert target is not None
    assert (page.parent / target[1]).resolve() == (MODEL / "README.md").resolve()

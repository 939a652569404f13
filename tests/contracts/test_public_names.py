"""The public face is pinned: a name is added or dropped on purpose or not at all."""

import importlib
import re
from pathlib import Path

import pytest

import exitvoice

PUBLIC = {
    "Claim", "ExitvoiceError", "InputError", "Ledger", "Mistake", "OutputError", "Run", "Scenario", "Source",
    "Statement", "StoredRun", "__version__", "explain", "independent_origins", "list_scenarios", "load",
    "load_ledger", "read_run", "render_report", "simulate", "summarise", "write_run",
    "Plan", "Variant", "execute", "read_ensemble",
}  # fmt: skip


def test_public_names_are_pinned() -> None:
    assert set(exitvoice.__all__) == PUBLIC
    assert set(dir(exitvoice)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(exitvoice, name)
    if name != "__version__":
        assert (value.__doc__ or "").strip(), f"{name} has no docstring"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        _ = exitvoice.forecast  # type: ignore[attr-defined]


def test_version_is_that_of_the_changelog_or_its_next() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"\d+\.\d+\.\d+", exitvoice.__version__)
    assert "## [Unreleased]" in changelog or f"## [{exitvoice.__version__}]" in changelog


@pytest.mark.parametrize("package", ["evidence", "scenario", "results", "report", "run", "ensemble"])
def test_what_a_package_exports_is_there(package: str) -> None:
    module = importlib.import_module(f"exitvoice.{package}")
    missing = [name for name in module.__all__ if not hasattr(module, name)]
    assert not missing
    assert len(module.__all__) == len(set(module.__all__))

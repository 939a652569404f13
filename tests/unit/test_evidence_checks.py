"""Every check finds its example, passes over its innocent twin, and is silent on a ledger without faults."""

from datetime import date
from pathlib import Path

import pytest

from exitvoice.evidence import Ledger, load_ledger
from exitvoice.evidence.checks import CHECKS, Check, brier, run_checks
from exitvoice.evidence.schema import Forecast

TODAY = date(2026, 1, 1)
BY_ID = {check.id: check for check in CHECKS}


def read(folder: Path, text: str) -> Ledger:
    (folder / "evidence.yaml").write_text("format: exitvoice-evidence/1\n" + text, encoding="utf-8")
    return load_ledger(folder)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_finds_its_example_and_no_other_check_does(check: Check, tmp_path: Path) -> None:
    found = run_checks(read(tmp_path, check.example), today=TODAY)
    assert {one.check for one in found} == {check.id}
    assert len(found) == 1
    assert all(name in read(tmp_path, check.example) for name in found[0].records)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_innocent_twin_is_passed_over_by_all(check: Check, tmp_path: Path) -> None:
    assert run_checks(read(tmp_path, check.innocent), today=TODAY) == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_says_what_it_teaches(check: Check) -> None:
    assert check.rule.endswith(".")
    assert check.teaches.endswith((".", "?"))
    assert len(check.teaches) < 140


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(CHECKS)


def test_brier_is_the_squared_distance() -> None:
    assert brier(Forecast(probability=0.7, came_true=True)) == pytest.approx(0.09)
    assert brier(Forecast(came_true=False)) == 1.0
    assert brier(Forecast(probability=0.5)) is None


def test_a_prediction_is_not_due_before_its_day(tmp_path: Path) -> None:
    text = BY_ID["forecasts"].example.replace(", came_true: false", "")
    assert run_checks(read(tmp_path, text), today=date(1912, 12, 31)) == ()
    assert "nobody has said" in run_checks(read(tmp_path, text), today=date(1913, 1, 1))[0].says


def test_a_corrected_value_no_longer_conflicts(tmp_path: Path) -> None:
    text = BY_ID["conflicting-values"].example
    assert run_checks(read(tmp_path, text), today=TODAY)
    mended = text.replace("sources: [union]", "corrects: [crowd-police], sources: [union]")
    ledger = read(tmp_path, mended)
    assert run_checks(ledger, today=TODAY) == ()
    assert set(ledger.statements) == {"crowd-police", "crowd-union"}, "nothing is overwritten"

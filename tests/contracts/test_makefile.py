"""`make` on a machine that lacks something says what, in one message, and leaves nothing half made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def stub(folder: Path, *, version: tuple[int, int] = (3, 11), has_venv: bool = True) -> Path:
    """Write a command that answers the Makefile's two questions like a Python that lacks something."""
    python = folder / "python-stub"
    questions = f"*version_info*) exit {int(version < (3, 11))};; *ensurepip*) exit {int(not has_venv)};;"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in {questions} esac\nexec {sys.executable} "$@"\n', encoding="utf-8"
    )
    python.chmod(0o755)
    return python


def make(tmp_path: Path, python: Path | str) -> subprocess.CompletedProcess[str]:
    venv = tmp_path / "venv"
    return subprocess.run(
        ["make", "-f", ROOT / "Makefile", f"VENV={venv}", f"PYTHON={python}", f"{venv}/bin/python"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=120,
    )


def test_without_the_venv_module_it_names_the_package(tmp_path: Path) -> None:
    finished = make(tmp_path, stub(tmp_path, has_venv=False))
    assert finished.returncode != 0
    assert "apt-get install python3-venv" in finished.stderr
    assert "newer on PATH" not in finished.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("python", ["old", "absent"])
def test_without_a_new_enough_python_it_says_which_is_needed(tmp_path: Path, python: str) -> None:
    found = stub(tmp_path, version=(3, 10)) if python == "old" else "no-such-python"
    finished = make(tmp_path, found)
    assert finished.returncode != 0
    assert "needs Python 3.11 or newer" in finished.stderr
    assert not (tmp_path / "venv").exists()


def test_with_all_there_it_makes_the_environment(tmp_path: Path) -> None:
    finished = make(tmp_path, stub(tmp_path))
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_help_lists_the_targets() -> None:
    finished = subprocess.run(
        ["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT, timeout=30
    )
    assert [name for name in ("demo", "test", "check", "docs", "bench") if f"make {name} " in finished.stdout]
    assert "run the China scenario" in finished.stdout

"""An edited rule is never answered from a stale cache; an unchanged one always is answered from the cache."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exitvoice.engine.compile import cache_folder, compile_program, write_module
from support_kernels import small_program

SOURCE = Path(__file__).parents[2] / "src"

CONSTANTS = "STEP = 0.25\n"
HELPERS = """\
from made_up_constants import STEP


def lift(x):
    return lift_further(x) + STEP


def lift_further(x):
    return x + 1.0
"""
RULES = """\
from exitvoice.engine.rule import rule

from made_up_helpers import lift


@rule(writes=("mood",))
def live(mood):
    return lift(mood)
"""
CALL = """\
import json

import numpy as np

from exitvoice.engine.columns import Column, Layout, Population, Units
from exitvoice.engine.compile import compile_program
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.program import Program, Signals, Stage
from exitvoice.engine.targets.cpu import Threads
from made_up_rules import live

layout = Layout((Column("mood", "float32"),), ())
program = Program("edited", layout, (Stage("move", rules=(live,)),), Signals())
row = np.zeros(1, np.int32)
units = Units(np.array([0, 3], np.int64), row.astype(np.uint32), row.astype(np.uint32), row, row)
population = Population.empty(layout, units)
none, empty = np.zeros(0, np.float32), np.zeros((1, 0), np.float32)
signals = SignalTables(none, none, empty, empty, empty, np.zeros((1, 0), np.int32), {})
compiled = compile_program(program)
compiled.run_stage(program.stages[0], population, signals, seed=0, step=0, threads=Threads(1))
hits = sum(compiled.module.move.stats.cache_hits.values())
print(json.dumps({"mood": float(population.columns["mood"][0]), "file": compiled.path.name, "hits": hits}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"constants": CONSTANTS, "helpers": HELPERS, "rules": RULES, "call": CALL}
    for name, text in files.items():
        (tmp_path / f"made_up_{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def call(folder: Path) -> dict[str, Any]:
    """Compile and run in a process of its own, as a person does who has just saved an edit."""
    environment = {
        **os.environ,
        "EXITVOICE_CACHE": str(folder / "kernels"),
        "PYTHONPATH": os.pathsep.join([str(folder), str(SOURCE)]),
        # a second edit within one second would be hidden by Python's own cache, which looks at whole seconds
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, folder / "made_up_call.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"made_up_{name}.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_in_another_file_is_answered_anew_and_no_edit_from_the_cache(folder):
    first = call(folder)
    assert first["mood"] == 1.25
    assert first["hits"] == 0

    again = call(folder)
    assert (again["mood"], again["file"]) == (first["mood"], first["file"])
    assert again["hits"] == 1

    edit(folder, "helpers", "x + 1.0", "x + 2.0")  # a helper of the helper that the rule calls
    edited = call(folder)
    assert edited["mood"] == 2.25
    assert edited["hits"] == 0
    assert edited["file"] != first["file"]

    edit(folder, "constants", "0.25", "0.5")  # a constant in a third file
    assert call(folder)["mood"] == 2.5

    edit(folder, "helpers", "x + 2.0", "x + 1.0")
    edit(folder, "constants", "0.5", "0.25")
    back = call(folder)
    assert (back["mood"], back["file"], back["hits"]) == (1.25, first["file"], 1)


def test_the_file_is_named_by_what_is_in_it(tmp_path):
    first = compile_program(small_program(), tmp_path)
    again = compile_program(small_program(), tmp_path)
    other = compile_program(small_program("other"), tmp_path)
    assert first.path == again.path
    assert first.path.name.startswith("small_")
    assert other.path.name.startswith("other_")
    assert {path.name for path in tmp_path.glob("*.py")} == {first.path.name, other.path.name}


def test_a_damaged_module_is_written_again(tmp_path):
    path = compile_program(small_program(), tmp_path).path
    path.write_text("raise SystemExit\n", encoding="utf-8")
    compile_program(small_program(), tmp_path)
    assert path.read_text(encoding="utf-8") == write_module(small_program())


def test_no_draft_is_left_beside_the_module(tmp_path):
    path = compile_program(small_program(), tmp_path).path
    assert [item for item in tmp_path.iterdir() if item.is_file()] == [path]


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError):
        compile_program(small_program(), tmp_path / "file" / "kernels")


def test_the_cache_lies_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("EXITVOICE_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("EXITVOICE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "there"))
    assert cache_folder() == tmp_path / "there" / "exitvoice" / "kernels"

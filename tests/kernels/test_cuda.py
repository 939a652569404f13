"""The CUDA target without a device: its text, its assembly, its simulator, and what it says when there is none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from exitvoice.engine.devices import compile_for, describe
from exitvoice.engine.loops.device import stage_constants
from exitvoice.engine.source import rule_statements
from exitvoice.engine.targets import cuda_driver
from exitvoice.engine.targets.cuda import Shape
from exitvoice.engine.targets.cuda_driver import DeviceError
from exitvoice.engine.targets.cuda_module import write_cuda_module
from support_kernels import MOVE, small_program

ROOT = Path(__file__).parents[2]
SIMULATED = ROOT / "tests" / "simulated"


@pytest.mark.parametrize("which", ["not long", pytest.param("long", marks=pytest.mark.long)])
def test_the_simulator_agrees_in_a_process_of_its_own(kernel_cache, which):
    bare = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    command = [sys.executable, "-m", "pytest", str(SIMULATED), "-m", which, *bare]
    told = os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "EXITVOICE_CACHE": kernel_cache}
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* passed(, \d+ deselected)? in", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize("simulated", [False, True])
def test_the_rules_are_the_same_text_as_the_processors(simulated):
    text = write_cuda_module(small_program(), simulated=simulated)
    for item in (*MOVE, *small_program().traits):
        for line in rule_statements(item):
            assert line in text


def test_a_kernel_is_handed_the_constants_that_it_reads_and_no_others():
    move = next(stage for stage in small_program().stages if stage.name == "move")
    names = stage_constants(small_program(), move)
    assert names == tuple(sorted(names))
    assert {"dt", "limit", "wave"} <= set(names)
    assert "rest_period" not in names


@pytest.mark.parametrize(("units", "span"), [(1, 1), (40_000, 2), (29_000_000, 64)])
def test_blocks_take_few_units_where_there_are_few(units, span):
    assert Shape().span(units) == span


def test_without_numba_cuda_one_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(cuda_driver, "find_spec", lambda name: None)
    with pytest.raises(DeviceError, match=r"numba-cuda is not installed[^$]*pip install 'exitvoice\[cuda\]'"):
        compile_for(small_program(), "cuda")


def test_without_a_device_one_error_says_what_to_do(monkeypatch):
    pytest.importorskip("numba_cuda")
    monkeypatch.setattr(cuda_driver, "_has_device", lambda: False)
    with pytest.raises(DeviceError, match=r"no NVIDIA device is found[^$]*mend:"):
        compile_for(small_program(), "cuda")


def test_a_device_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match="'tpu' is none of cpu, cuda"):
        compile_for(small_program(), "tpu")


def test_the_processor_describes_itself():
    assert describe("cpu") == "cpu"

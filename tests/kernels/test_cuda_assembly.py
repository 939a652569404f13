"""Kernels compile for a device, typed and whole, with no device at hand; their assembly rounds as the processor does.

NVVM (of the package nvidia-cuda-nvcc-cu12) makes the assembly. Nothing is run.
"""

import re
from types import SimpleNamespace

import pytest

from exitvoice.engine.compile import load_module
from exitvoice.engine.loops import lookup_tables, stage_columns, stage_marks
from exitvoice.engine.loops.device import stage_constants
from exitvoice.engine.targets import cuda_driver, cuda_module
from exitvoice.models.exit_control.program import exit_control_program
from support_kernels import small_program

CAPABILITY = (8, 0)  # Ampere: the oldest that we would run on
MOST_BYTES = 4096  # of arguments, on every device
SIZES = {"f32": 4, "f64": 8, "u16": 2, "u32": 4, "u64": 8, "s32": 4, "s64": 8, "b32": 4, "b64": 8}
TABLES = {
    "weights": "float32",
    "demands": "uint32",
    "policy_words": "uint32",
    **dict.fromkeys(("restricted_places", "custody_places", "invalid_places"), "uint32"),
    "policy_timings": "uint32",
    "served_chances": "float32",
    "refusal_words": "uint32",
}
cuda = pytest.importorskip("numba.cuda")


@pytest.fixture(autouse=True)
def _no_device(monkeypatch):
    nvvm = pytest.importorskip("numba.cuda.cudadrv.nvvm")
    try:
        nvvm.NVVM()
    except Exception as problem:  # whatever it is that is missing
        pytest.skip(f"NVVM is not here: {problem}")
    here = SimpleNamespace(compute_capability=CAPABILITY)
    monkeypatch.setattr("numba.cuda.dispatcher.get_current_device", lambda: here)
    # NVRTC, which is large, is asked for its name and the devices that it knows, and for nothing else
    monkeypatch.setattr("numba.cuda.cuda_paths._get_nvrtc_path", lambda: None)
    monkeypatch.setattr("numba.cuda.cudadrv.nvrtc.get_supported_ccs", lambda: (CAPABILITY,))
    cuda_driver.tune()


def signature(program, stage):
    from numba import types

    def flat(kind):
        return getattr(types, kind)[::1]

    kinds = {column.name: column.dtype for column in program.layout.columns}
    return (
        *(types.int32, types.int32, types.int32, types.uint32, types.uint32),
        types.UniTuple(types.float32, max(1, len(stage_constants(program, stage)))),
        *map(flat, ("int64", "int64", "uint32", "uint32", "int32", "int32")),
        *(types.float32[:, ::1], types.float32[:, ::1], types.float32[::1, :], types.int32[::1, :]),
        *(flat(kinds[name]) for name in stage_columns(program, stage)),
        *(flat("uint64") for _ in stage_marks(program, stage)),
        *(flat(TABLES[name]) for name in lookup_tables(program, stage)),
        types.uint64[:, ::1],
    )


def assembly(program):
    """Assembly of every kernel, by stage."""
    module, _ = load_module(
        f"{program.name}_assembly", cuda_module.write_cuda_module(program, simulated=False)
    )
    found = {}
    for stage in program.stages:
        kernel = getattr(module, stage.name).py_func
        text, _ = cuda.compile(kernel, signature(program, stage), device=False, abi="numba", cc=CAPABILITY)
        found[stage.name] = text
    return found


def check(texts):
    for name, text in texts.items():
        unrounded = re.search(r"^\s*(mul|add|sub|div|sqrt)\.(f32|approx|full|ftz)[^\n]*", text, re.MULTILINE)
        assert unrounded is None, f"{name}: {unrounded.group(0)} may be fused or is not exact"
        assert not re.search(r"\.f64\b", text), f"{name} works in double precision"
        assert ".local" not in text, f"{name} spills"
        size = sum(SIZES[kind] for kind in re.findall(r"\.param \.(\w+)", text))
        assert size < MOST_BYTES, f"{name} is handed {size} bytes"


@pytest.mark.long
def test_the_small_program_compiles_and_rounds_each_step():
    texts = assembly(small_program())
    check(texts)
    assert "fma.rn.f32" in texts["move"]
    assert "sqrt.rn.f32" in texts["move"] or "div.rn.f32" in texts["move"]
    assert "atom.shared" in texts["move"]
    assert "atom.global.or" in texts["move"]


def test_what_is_reduced_of_units_compiles_and_rounds_each_step():
    from numba import types

    from exitvoice.engine.targets import cuda_units

    reals, rows = types.float32[::1], types.int32[::1]
    kernels = {
        cuda_units.lowest_kernel: (reals, types.int32, reals),
        cuda_units.sums_kernel: (reals, reals, rows, types.int32, types.int64[:, ::1]),
    }
    for kernel, kinds in kernels.items():
        text, _ = cuda.compile(kernel.py_func, kinds, device=False, abi="numba", cc=CAPABILITY)
        assert not re.search(r"^\s*(mul|add|fma)\.f64|fma\.rn\.f64", text, re.MULTILINE)
        assert "atom.global" in text


@pytest.mark.long
@pytest.mark.parametrize("theory", ["kuran", "epstein", "self_censorship"])
def test_the_model_compiles_and_rounds_each_step(theory):
    check(assembly(exit_control_program(theory)))

"""The generated module can be read, and its loops run on all lanes in 32-bit reals."""

import ast
import re

import pytest

from exitvoice.engine.compile import compile_program, write_module
from support_kernels import MOVE, SPEAKS, run_compiled, small_program, small_world, units_of

LANES = ("<4 x float>", "<8 x float>", "<16 x float>")  # SSE or NEON, AVX, AVX-512
STAGES = [stage.name for stage in small_program().stages]
# what unpacks Python's numbers before the kernel begins
WRAPPER = re.compile(r"^define [^\n]*@_ZN7cpython.*?^}$|^declare [^\n]* @Py[^\n]*$", re.DOTALL | re.MULTILINE)
BODIES = [f"{stage.name}_selected" for stage in small_program().stages if stage.select]


@pytest.fixture(scope="module")
def text() -> str:
    return write_module(small_program())


@pytest.fixture(scope="module")
def instructions(tmp_path_factory) -> dict[str, str]:
    """LLVM code of each kernel; only what was compiled in this process can be looked at."""
    compiled = compile_program(small_program(), tmp_path_factory.mktemp("fresh"))
    run_compiled(compiled, small_world(units_of((48, 7, 300)), compiled.program), steps=1)
    kernels = {name: getattr(compiled.module, name) for name in (*STAGES, *BODIES)}
    texts = {name: "\n".join(kernel.inspect_llvm().values()) for name, kernel in kernels.items()}
    return {name: WRAPPER.sub("", text) for name, text in texts.items()}


def test_the_module_says_what_it_is_and_each_stage_has_a_kernel(text):
    tree = ast.parse(text)
    assert "Generated from the rules of small" in ast.get_docstring(tree)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for stage in small_program().stages:
        assert f"Stage '{stage.name}' of small" in ast.get_docstring(functions[stage.name])


def test_each_rule_stands_there_under_its_own_name(text):
    for item in (*MOVE, *small_program().traits):
        assert f"# {item.function.__module__}.{item.name}\n" in text


def test_helpers_keep_their_docstrings_and_come_once(text):
    assert text.count("def exponential(") == 1
    assert '"""exp(x) for x in [-87, 87]' in text


def test_only_what_is_used_is_passed(text):
    head = re.search(r"def fill\(\n(.*)\n\):", text)
    assert head
    assert "weights_table" not in head.group(1)
    assert "mood_all" in head.group(1)


def test_writing_is_repeatable():
    assert write_module(small_program()) == write_module(small_program())


@pytest.mark.parametrize("stage", [*STAGES, *BODIES])
def test_no_kernel_works_in_double_precision(instructions, stage):
    assert "double" not in instructions[stage]


@pytest.mark.parametrize("stage", [*STAGES, *BODIES])
def test_the_loops_run_on_all_lanes(instructions, stage):
    assert any(lanes in instructions[stage] for lanes in LANES)


@pytest.mark.parametrize("stage", ["move", "rest", *BODIES])
def test_random_numbers_are_made_on_all_lanes(instructions, stage):
    # the multiplications of Philox are what a vectorised loop would lose first
    assert re.search(r"mul (nuw |nsw )*<\d+ x i(32|64)>", instructions[stage])


@pytest.mark.parametrize("stage", ["move", "talk_selected"])
def test_polynomials_are_worked_out_in_fused_instructions_on_all_lanes(instructions, stage):
    assert re.search(r"@llvm\.fma\.v\d+f32", instructions[stage])
    assert "@llvm.fma.f64" not in instructions[stage]


def test_marks_are_gathered_64_at_once(instructions):
    # a byte a member in the loop: words of 64 bits there would halve the lanes of all its work
    assert re.search(r"bitcast <64 x i1> .* to i64", instructions["move"])
    assert not re.search(r"@llvm\.vector\.reduce\.or", instructions["move"])


def test_a_kernel_is_handed_the_marks_that_it_writes_or_one_to_select_by(text):
    def head(name: str) -> str:
        found = re.search(rf"def {name}\(\n(.*)\n\):", text)
        assert found
        return found.group(1)

    assert [name for name in SPEAKS if f"{name}_marks" in head("move")] == list(SPEAKS)
    assert "spare" not in text  # a mark that nobody writes is handed to nobody
    assert "marks" not in head("rest")
    assert ", marks, " in head("talk")

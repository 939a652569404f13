"""A kernel that grew shows here: instructions a member, counted for one fixed processor, against those kept."""

import json

import pytest
from benchmarks import instructions

GROWTH = 1.05


@pytest.fixture(scope="module")
def counts():
    kept = json.loads(instructions.COUNTS.read_text(encoding="utf-8"))
    if kept["compiler"] != instructions.compiler():
        pytest.skip(
            f"kept for {kept['compiler']}, here {instructions.compiler()}: other compilers count otherwise"
        )
    return kept["instructions"], instructions.count_now()


@pytest.mark.long
def test_no_kernel_takes_more_instructions_than_kept(counts):
    kept, now = counts
    assert set(now) == set(kept)
    grown = {name: (kept[name], now[name]) for name in kept if now[name] > GROWTH * kept[name]}
    assert not grown, "slower on purpose? then: python -m benchmarks.instructions --write"


@pytest.mark.long
def test_every_kernel_but_the_simplest_works_on_wide_registers(counts):
    assert all(count > 0.0 for count in counts[1].values())


def test_a_scalar_loop_counts_as_none():
    text = ".LBB0_1:\n\taddl %eax, %ebx\n\tjne .LBB0_1\n"
    assert instructions.vector_loop(text) == 0


def test_the_innermost_loop_is_counted():
    inner = "\n".join(["\tvaddps %zmm0, %zmm1, %zmm2"] * 6)
    text = (
        f".LBB0_1:\n\tmovq %rax, %rbx\n.LBB0_2:\n{inner}\n\tjne .LBB0_2\n\tmovq %rbx, %rax\n\tjne .LBB0_1\n"
    )
    assert instructions.vector_loop(text) == 7

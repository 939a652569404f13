"""The pull shape: the compiled loop equals plain Python bit for bit, on any number of threads."""

import numpy as np
import pytest

from exitvoice.engine.columns import Column
from exitvoice.engine.mathematics import exponential
from exitvoice.engine.networks import Network, configuration, from_pairs, power_law_degrees, small_world
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.pull import Pull, PullProgram, compile_pull, plain_step
from exitvoice.engine.pull.compiled import write_pull
from exitvoice.engine.rule import rule
from exitvoice.engine.source import SourceError
from exitvoice.engine.targets.cpu import Threads

PARAMETERS = {"warmth": 0.4, "noise": 0.3}


@rule(writes=("share", "level"))
def warm(level, lit_around, ties, warmth, noise, u_first, u_eighth):
    """A mixture of everything a rule may read."""
    share = real(lit_around) / real(ties) if ties > 0 else 0.0
    level = level * exponential(-warmth) + warmth * share + noise * (u_first - u_eighth)
    return share, level


@rule(writes=("lit", "changes", "age", "was_lit"))
def light(level, u_2, lit, old_around, changes, age, node, step):
    """Writes a column that neighbours look at, two that nobody does, and one value that is only counted."""
    now = 1 if level + u_2 > 0.8 + 0.0001 * real(old_around) else 0
    changed = 1 if now != lit else 0
    return now, changes + changed, (age + 1 + node + step) & 255, lit


def program(**changes) -> PullProgram:
    given = {
        "name": "lamps",
        "columns": (
            Column("lit", "uint8"),
            Column("level", "float32"),
            Column("age", "uint8"),
            Column("changes", "int32"),
        ),
        "pulls": (Pull("lit_around", "lit"), Pull("old_around", "age")),
        "rules": (warm, light),
        "parameters": ("noise", "warmth"),
        "fresh": ("u_first", "u_2", "u_3", "u_4", "u_5", "u_6", "u_7", "u_eighth"),
        "counts": ("lit", "was_lit"),
    }
    return PullProgram(**(given | changes))


def start(network: Network) -> dict[str, np.ndarray]:
    draws = np.random.default_rng(3)
    return {
        "lit": (draws.random(network.nodes) < 0.3).astype(np.uint8),
        "level": draws.random(network.nodes).astype(np.float32),
        "age": draws.integers(0, 5, network.nodes).astype(np.uint8),
        "changes": np.zeros(network.nodes, np.int32),
    }


def lonely() -> Network:
    """A network with nodes that nobody is tied to, one of them the last."""
    pairs = np.array([0, 0, 2, 5], np.int32), np.array([1, 2, 5, 6], np.int32)
    return from_pairs(9, pairs)


NETWORKS = {
    "ring": lambda: small_world(150, 3, 0.2, seed=1),
    "uneven": lambda: configuration(power_law_degrees(150, 2.2, seed=1, largest=80), seed=1),
    "lonely": lonely,
    "one node": lambda: from_pairs(1, (np.zeros(0, np.int32), np.zeros(0, np.int32))),
}


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_loop_equals_plain_python_on_any_number_of_threads(kind, count):
    network, threads = NETWORKS[kind](), Threads(count)
    fast, slow = start(network), start(network)
    compiled = compile_pull(program())
    for step in range(6):
        near = {"seed": 2**40 + 7, "step": step}
        counted = compiled.step(network, fast, PARAMETERS, threads=threads, **near)
        with np.errstate(all="ignore"):
            assert counted == plain_step(program(), network, slow, PARAMETERS, **near)
        for name in slow:
            assert fast[name].tobytes() == slow[name].tobytes(), (step, name)
    threads.close()
    if kind in ("ring", "uneven"):
        assert 0 < fast["lit"].sum() < network.nodes  # something that could differ
        assert fast["changes"].max() > 1


def test_neighbours_are_seen_as_they_were_before_the_step():
    # a signal runs along a chain by one node a step, in whichever direction the loop goes
    @rule(writes=("lit",))
    def follow(lit, lit_around):
        return 1 if lit + lit_around > 0 else 0

    chain = from_pairs(10, (np.arange(9, dtype=np.int32), np.arange(1, 10, dtype=np.int32)))
    spread = PullProgram("chain", (Column("lit", "uint8"),), (Pull("lit_around", "lit"),), (follow,))
    state, threads = {"lit": np.zeros(10, np.uint8)}, Threads(3)
    state["lit"][4] = 1
    for step in range(3):
        compile_pull(spread).step(chain, state, {}, seed=0, step=step, threads=threads)
    threads.close()
    assert list(np.flatnonzero(state["lit"])) == [1, 2, 3, 4, 5, 6, 7]


def test_only_what_neighbours_look_at_is_kept_twice():
    assert program().doubled == ("lit", "age")
    assert program().written == ("lit", "level", "age", "changes")


def test_another_rule_or_constant_is_another_module():
    assert write_pull(program()) != write_pull(program(rules=(warm, light, warm)))
    assert compile_pull(program()).path != compile_pull(program(counts=("lit",))).path


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": ("noise",)},
        {"pulls": (Pull("lit_around", "level"), Pull("old_around", "age"))},
        {"pulls": (Pull("lit_around", "nothing"), Pull("old_around", "age"))},
        {"counts": ("unheard",)},
        {"rules": (light,), "pulls": (Pull("lit_around", "lit"),)},
    ],
)
def test_a_program_that_reads_what_nobody_gives_is_refused(changes):
    with pytest.raises(ValueError, match="gives it|uint8"):
        program(**changes)


def test_a_rule_that_no_loop_can_hold_is_refused():
    @rule(writes=("lit",))
    def early(lit):
        if lit:
            return integer(1)
        return integer(0)

    lone = PullProgram("early", (Column("lit", "uint8"),), (), (early,))
    with pytest.raises(SourceError, match="plain assignments"):
        compile_pull(lone)


def test_ranges_share_out_the_work_and_lose_nobody():
    network = configuration(power_law_degrees(5000, 2.1, seed=2, largest=2000), seed=2)
    for count in (1, 2, 7, 64):
        ranges = network.ranges(count)
        assert [n for first, last in ranges for n in range(first, last)] == list(range(5000))
        work = [network.offsets[last] - network.offsets[first] + last - first for first, last in ranges]
        assert max(work) < sum(work) / count + network.degrees.max() + 2

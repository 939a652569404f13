"""The host's compiled functions say what the same functions say as plain Python, and an edit makes another module."""

import importlib
import linecache
import sys
from inspect import signature

import numpy as np
import pytest

from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.host import host_text
from exitvoice.engine.source import SourceError
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.compiled import ENTRIES, FIXED, host
from exitvoice.models.exit_control.compiled.acting import STAGES, act
from model_worlds import APPROVAL, columns, rule, stage_by_stage, walk, world

# what runs stages has no plain form: it is held to stages called one by one, below
PLAIN = [entry for entry in ENTRIES if entry is not act]
NAMES = [entry.__name__ for entry in ENTRIES]
RULES = [rule("consent", "2001-02-01", coverage=0.5, **APPROVAL)]
SHOCKS = {
    "rate_per_year": 6.0,
    "hardship": 0.2,
    "enforcement": -0.3,
    "opposition": 0.1,
    "assumed": "for a test",
}
KINDS = [
    {"control": "endogenous", "leadership": "sophisticated"},
    {"control": "scripted", "leadership": "naive", "shocks": SHOCKS},
]
STEPS = 30


def through(part, change):
    """Tuples with their arrays changed; an array that may not be written stays one."""
    if isinstance(part, np.ndarray):
        changed = change(part)
        changed.flags.writeable = part.flags.writeable
        return changed
    if isinstance(part, tuple):
        parts = [through(item, change) for item in part]
        return type(part)(*parts) if hasattr(part, "_fields") else tuple(parts)
    return part


def copied(part):
    """The same numbers in arrays of their own."""
    return through(part, np.copy)


def emptied(part):
    """Nobody anywhere: zeros for reals and tallies; places among tallies stay."""
    return through(part, lambda array: array * (array.dtype.kind != "f" and array.ndim != 3))


def assert_same(one, other, path=""):
    """Whole numbers equal, reals but for a few last bits; the same tuples around them."""
    if isinstance(one, tuple):
        assert type(one) is type(other), path
        names = getattr(one, "_fields", range(len(one)))
        for name, mine, theirs in zip(names, one, other, strict=True):
            assert_same(mine, theirs, f"{path}/{name}")
        return
    mine, theirs = np.asarray(one), np.asarray(other)
    assert mine.shape == theirs.shape and mine.dtype == theirs.dtype, path
    np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-300, err_msg=path)


def handed(entry, arguments):
    """Arguments as the compiled form takes them."""
    names = signature(entry).parameters
    return [
        host().fixed(argument) if name in FIXED else argument
        for name, argument in zip(names, arguments, strict=True)
    ]


@pytest.fixture(scope="module")
def calls():
    """What each entry was called with in the last step of some worlds, by its name."""
    module, noted, behind = host(), {name: [] for name in NAMES}, {}
    own = {name: getattr(module, name) for name in (*NAMES, "fixed")}

    def fixed(values):
        handle = own["fixed"](values)
        behind[id(handle)] = values, handle  # which is kept, so that no other comes to stand there
        return handle

    def noting(name, last):
        def call(*arguments):
            last[name] = copied(tuple(behind.get(id(each), (each,))[0] for each in arguments))
            return own[name](*arguments)

        return call

    for kind in KINDS:
        last = {}
        try:
            module.fixed = fixed
            for name in NAMES:
                setattr(module, name, noting(name, last))
            model = compile_model(world({"rules": RULES, **kind}), scale=0.05, seed=3)
            workers = Threads(1)
            here = begin(model, workers)
            for now in range(STEPS):
                step(model, here, now, workers)
        finally:
            for name, function in own.items():
                setattr(module, name, function)
        for name, arguments in last.items():
            noted[name].append(arguments)
    return noted


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: entry.__name__)
@pytest.mark.parametrize("change", [copied, emptied])
def test_compiled_and_plain_say_the_same(calls, entry, change):
    for arguments in calls[entry.__name__]:
        mine, theirs = change(arguments), change(arguments)
        compiled = getattr(host(), entry.__name__)(*handed(entry, mine))
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            plain = entry(*theirs)
        assert_same(compiled, plain)
        assert_same(mine, theirs)  # what they write in place


def test_a_changed_formula_is_noticed(calls, monkeypatch):
    """Negative control."""
    after_round = ENTRIES[NAMES.index("after_round")]
    monkeypatch.setitem(after_round.__globals__, "enforcement", lambda *arguments: 0.019)
    with pytest.raises(AssertionError, match=r"/1|force"):
        test_compiled_and_plain_say_the_same(calls, after_round, copied)


def test_each_is_compiled_once_whatever_the_world(calls):
    """Another kind of number or array in the same place would cost seconds of compiling."""
    assert {name: len(getattr(host(), name).signatures) for name in NAMES} == dict.fromkeys(NAMES, 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_stages_run_by_compiled_code_give_the_same_bits_as_stages_called_one_by_one(threads, monkeypatch):
    def found():
        states = [
            (columns(here), here.running.whole.counts.copy(), here.running.whole.totals.copy())
            + ((record.week.counts, record.events.counts, record.institutions.shown) if record else ())
            for _, here, record in walk(world({"rules": RULES, **KINDS[0]}), 12, scale=0.05, threads=threads)
        ]
        return states

    calls = []
    run_stage = CompiledProgram.run_stage
    monkeypatch.setattr(
        CompiledProgram, "run_stage", lambda *a, **k: calls.append(a[1].name) or run_stage(*a, **k)
    )
    at_once, beginning = found(), len(calls)
    monkeypatch.setattr(CompiledProgram, "lay", stage_by_stage)
    one_by_one = found()
    assert len(calls) == 2 * beginning + 12 * len(STAGES)  # so the two ways were two
    for mine, theirs in zip(at_once, one_by_one, strict=True):
        np.testing.assert_equal(mine, theirs)


def test_a_program_that_moves_to_another_population_is_laid_down_anew():
    """What a stage was laid down for last may be gone."""
    scenario = world({"rules": RULES, **KINDS[0]})
    wanted = [columns(here) for _, here, _ in walk(scenario, 3, scale=0.05)][-1]
    model = compile_model(scenario, scale=0.05, seed=1)
    workers = Threads(1)
    worlds = [begin(model, workers) for _ in range(2)]
    for now in range(3):
        for here in worlds:
            step(model, here, now, workers)
    for here in worlds:
        np.testing.assert_equal(columns(here), wanted)


OTHER = """\
STEP = 0.25


def lift(x, *, by=1.0):
    return x + by * STEP
"""
MAIN = """\
from typing import NamedTuple

import numpy as np

from made_up_other import lift


class State(NamedTuple):
    \"\"\"Docstrings stay behind.\"\"\"

    low: float
    high: float


def raised(state: State) -> State:
    \"\"\"Docstrings stay behind.\"\"\"
    return State(np.where(state.low > 1.0, 1.0, lift(state.low)), lift(state.high, by=2.0))
"""


def text_of(folder, monkeypatch, **edits):
    """Text of the module of `raised` after edits of its two files, each a pair of old and new."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name, text in {"other": OTHER, "main": MAIN}.items():
        old, new = edits.get(name, ("", ""))
        assert old in text
        (folder / f"made_up_{name}.py").write_text(text.replace(old, new, 1) if old else text)
        sys.modules.pop(f"made_up_{name}", None)
    importlib.invalidate_caches()
    linecache.clearcache()
    return host_text("made_up", [importlib.import_module("made_up_main").raised])


def test_an_edit_in_any_file_makes_another_module_and_words_about_it_do_not(tmp_path, monkeypatch):
    first = text_of(tmp_path, monkeypatch)
    assert first == text_of(tmp_path, monkeypatch)
    assert first == text_of(tmp_path, monkeypatch, main=("Docstrings stay", "They do stay"))
    edits = [
        {"other": ("0.25", "0.5")},
        {"other": ("x + by", "x - by")},
        {"other": ("by=1.0", "by=3.0")},
        {"main": ("low: float\n    high: float", "high: float\n    low: float")},
        {"main": ("> 1.0", "> 2.0")},
    ]
    texts = {text_of(tmp_path, monkeypatch, **edit) for edit in edits}
    assert len(texts | {first}) == len(edits) + 1


def test_what_a_module_cannot_hold_is_refused(tmp_path, monkeypatch):
    with pytest.raises(SourceError, match="made_up_other.lift: 'STEP' is neither a number"):
        text_of(tmp_path, monkeypatch, other=("0.25", '"a quarter"'))
    with pytest.raises(SourceError, match="unknown name 'STOP'"):
        text_of(tmp_path, monkeypatch, other=("by * STEP", "by * STOP"))

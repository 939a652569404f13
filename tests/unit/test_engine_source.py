"""Rules become statements of a loop: reals are 32-bit, constants in place, and what cannot be held is refused."""

import ast
import math
import re
from dataclasses import replace

import pytest

from exitvoice.engine import mathematics
from exitvoice.engine.mathematics import clip, logistic
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.rule import Rule, rule
from exitvoice.engine.source import SourceError, helper_sources, rule_statements

HALF = 0.5
THREE = 3
WORDS = ("a", "b")


@rule(writes=("mood",))
def plain(mood, push):
    """Docstrings stay behind."""
    step = push * 0.25 + HALF
    count = THREE
    mood = clip(mood + step, 0.0, 1.0)
    return mood if count > 2 else 0.1


@rule(writes=("first", "second"))
def pair(mood):
    low, high = mood, mood + 1.0
    return low, high


@rule(writes=("mood",))
def branching(mood):
    if mood > 0.5:
        mood = mood * 0.5
    return mood


@rule(writes=("mood",))
def looping(mood):
    for _ in range(3):
        mood = mood + 1.0
    return mood


@rule(writes=("mood",))
def early(mood):
    return mood
    mood = 1.0


@rule(writes=("mood",))
def augmenting(mood):
    mood += 1.0
    return mood


@rule(writes=("mood",))
def nothing(mood):
    return


@rule(writes=("mood",))
def unknown(mood):
    return mood + not_defined_anywhere  # noqa: F821


@rule(writes=("mood",))
def wordy(mood):
    return WORDS


@rule(writes=("mood",))
def foreign(mood):
    return math.sqrt(mood)


@rule(writes=("mood",))
def settled(mood):
    return logistic(real(integer(mood)))


def text_of(item: Rule) -> str:
    return "\n".join(rule_statements(item))


def test_reals_are_32_bit_and_constants_stand_in_place():
    text = text_of(plain)
    assert "step_in_plain = push * real(0.25) + real(0.5)" in text
    assert re.search(r"count_in_plain = (integer\()?3", text)
    assert "HALF" not in text
    assert "THREE" not in text


def test_a_rules_own_names_carry_its_name_and_its_arguments_are_left_alone():
    text = text_of(plain)
    assert "mood_in_plain = mood" in text
    assert text.splitlines()[-1].startswith("mood = ")
    assert "Docstrings" not in text


def test_each_statement_says_where_it_comes_from():
    assert text_of(plain).splitlines()[0].startswith("# ")
    assert text_of(plain).splitlines()[0].endswith(".plain")


def test_a_conditional_expression_becomes_a_select():
    assert re.search(
        r"choose\(count_in_plain > (integer\()?2\)?, mood_in_plain, real\(0\.1\)\)", text_of(plain)
    )


def test_several_results_are_assigned_together():
    lines = rule_statements(pair)
    assert lines[-1] == "first, second = (low_in_pair, high_in_pair)"


def test_every_statement_is_python():
    for item in (plain, pair, settled):
        ast.parse(text_of(item))


@pytest.mark.parametrize("wrong", [branching, looping, augmenting], ids=lambda item: item.name)
def test_a_rule_is_plain_assignments_and_one_return(wrong):
    with pytest.raises(
        SourceError, match=rf"{wrong.name}: a rule is plain assignments and one return; found"
    ):
        rule_statements(wrong)


@pytest.mark.parametrize("wrong", [early, nothing], ids=lambda item: item.name)
def test_a_rule_ends_with_the_return_of_its_results(wrong):
    with pytest.raises(SourceError, match=f"{wrong.name}: a rule ends with the return"):
        rule_statements(wrong)


def test_an_unknown_name_is_refused():
    with pytest.raises(SourceError, match="unknown: unknown name 'not_defined_anywhere'"):
        rule_statements(unknown)


@pytest.mark.parametrize(("wrong", "name"), [(wordy, "WORDS"), (foreign, "math")])
def test_what_is_neither_a_number_nor_a_function_is_refused(wrong, name):
    with pytest.raises(SourceError, match=f"'{name}' is neither a number nor a function"):
        rule_statements(wrong)


def test_helpers_come_with_what_they_call_callees_first():
    names = list(helper_sources((), (settled,)))
    assert names == ["exponential", "logistic"]


def test_helpers_lose_annotations_and_keep_their_docstring():
    text = helper_sources((mathematics.clip,), ())["clip"]
    assert text.startswith("def clip(x, low, high):")
    assert "nearest value" in text


def test_two_helpers_of_one_name_are_refused():
    imposter = replace(plain, function=_with_globals(plain.function, clip=_named_clip))
    with pytest.raises(SourceError, match="two functions are called 'clip': rename one"):
        helper_sources((), (plain, imposter))


def _named_clip(x, low, high):
    return x


_named_clip.__name__ = "clip"


def _with_globals(function, **changes):
    return type(function)(function.__code__, {**function.__globals__, **changes}, function.__name__)


@rule(writes=("mood",))
def boost(mood, boost_gain):
    gain = boost_gain * mood
    return gain


def test_a_rules_own_variable_never_takes_the_name_of_something_it_reads():
    # a parameter that one member overwrites would be wrong for the next
    tree = ast.parse(text_of(boost))
    assigned = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert not assigned & (set(boost.reads) - set(boost.writes))

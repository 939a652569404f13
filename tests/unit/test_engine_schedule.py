"""The schedule resolves each name once, in order, and says which rule asked for a name that nothing provides."""

from dataclasses import replace

import pytest

from exitvoice.engine.columns import Column, Field, Layout
from exitvoice.engine.program import Lookup, Program, Signals, Stage
from exitvoice.engine.rule import Rule, rule
from exitvoice.engine.schedule import Block, ScheduleError, Uniform, member_scope, outside_names, unit_scope


@rule(writes=("nerve",))
def nerve(u_nerve):
    return u_nerve


@rule(writes=("mood",))
def feel(mood, nerve, weather, u_luck):
    return mood + nerve * weather * u_luck


@rule(writes=("generation",))
def renew(generation):
    return generation + 1


@rule(writes=("mood",))
def price(cost):
    return cost


@rule(writes=("memory",))
def remember(memory, weather):
    return memory + weather


@rule(writes=("mood",))
def ask(absent):
    return absent


@rule(writes=("mood",))
def reach(memory_twice):
    return memory_twice


@rule(writes=("memory_twice",))
def twice(memory):
    return memory + memory


def program_of(*rules: Rule, unit_rules: tuple[Rule, ...] = (), **changes: object) -> Program:
    program = Program(
        name="small",
        layout=Layout(
            (Column("mood", "float32"), Column("word", "uint32")), (Field("generation", 6), Field("kind", 2))
        ),
        stages=(Stage("live", rules=rules, unit_rules=unit_rules),),
        signals=Signals(nation=("weather",), unit=("memory",), unit_rows=("row",)),
        fresh=("u_luck",),
        fixed=("u_nerve",),
        traits=(nerve,),
        lookups=(Lookup("cost", "costs", "row", "kind"),),
        generation="generation",
    )
    return replace(program, **changes)


def scope_of(program: Program):
    return member_scope(program, program.stages[0], program.stages[0].rules)


def test_work_is_ordered_by_need():
    scope = scope_of(program_of(feel))
    names = [getattr(item, "name", "") for item in scope.operations]
    assert names == ["fixed0", "u_nerve", "nerve", "fresh0", "u_luck", "feel"]
    assert [type(item) for item in scope.operations[:3]] == [Block, Uniform, Rule]
    assert set(scope.reads) == {"mood", "weather", "generation"}
    assert scope.writes == ["mood"]


def test_what_is_needed_twice_is_made_once():
    names = [getattr(item, "name", "") for item in scope_of(program_of(feel, feel)).operations]
    assert names.count("fixed0") == names.count("nerve") == names.count("u_luck") == 1
    assert names.count("feel") == 2


def test_a_lookup_brings_what_it_is_looked_up_with():
    scope = scope_of(program_of(price))
    assert set(scope.reads) == {"kind", "row"}
    assert [getattr(item, "name", "") for item in scope.operations] == ["cost", "price"]


def test_what_unit_rules_write_is_at_hand_for_members():
    program = program_of(reach, unit_rules=(twice, remember))
    assert scope_of(program).reads == ["memory_twice"]
    assert unit_scope(program, program.stages[0]).writes == ["memory"]


@pytest.mark.parametrize(("wrong", "name"), [(ask, "absent"), (reach, "memory_twice")])
def test_a_name_that_nothing_provides_is_refused_with_the_rule_that_asks(wrong, name):
    with pytest.raises(ScheduleError, match=f"{wrong.name} of small reads '{name}', which nothing provides"):
        scope_of(program_of(wrong))


def test_a_unit_rule_cannot_read_a_member():
    program = program_of(feel, unit_rules=(feel,))
    with pytest.raises(ScheduleError, match="feel of small reads 'mood'"):
        unit_scope(program, program.stages[0])


def test_a_trait_that_reads_an_unknown_name_is_refused():
    with pytest.raises(ScheduleError, match="nerve of small reads 'u_nerve'"):
        scope_of(program_of(feel, fixed=()))


def test_a_generation_renewed_after_a_fixed_trait_was_used_is_refused():
    with pytest.raises(ScheduleError, match="renew renews generation after a fixed trait was used"):
        scope_of(program_of(feel, renew))


def test_a_generation_renewed_first_is_fine():
    assert scope_of(program_of(renew, feel)).writes == ["generation", "mood"]


def test_a_signal_declared_twice_is_refused():
    twice_named = Signals(nation=("weather",), region=("weather",), unit=("memory",), unit_rows=("row",))
    with pytest.raises(ScheduleError, match="'weather' is declared twice"):
        outside_names(program_of(feel, signals=twice_named))


def test_a_uniforms_place_is_its_stream():
    names = tuple(f"u_{place}" for place in range(9))
    program = program_of(feel, fresh=names)
    assert program.stream("u_0") == (False, 0, 0)
    assert program.stream("u_6") == (False, 0, 6)
    assert program.stream("u_7") == (False, 1, 0)
    assert program.stream("u_nerve") == (True, 0, 0)

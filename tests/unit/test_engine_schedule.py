"""The schedule resolves each name once, in order, and says which rule asked for a name that nothing provides."""

from dataclasses import replace

import pytest

from exitvoice.engine.columns import Column, Field, Layout
from exitvoice.engine.loops import stage_columns, stage_marks
from exitvoice.engine.program import Count, Lookup, Program, Signals, Stage, Total
from exitvoice.engine.rule import Rule, rule
from exitvoice.engine.schedule import (
    ENGINE_NAMES,
    RESERVED,
    Block,
    Level,
    ScheduleError,
    Shared,
    Uniform,
    check_program,
    member_scope,
    outside_names,
    stage_scopes,
    tally_scope,
    team_scope,
    turn_scope,
    unit_scope,
)


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


@rule(writes=("mood", "awake", "seen"))
def wake(mood, u_luck):
    return mood, u_luck < 0.5, mood > 0.5


@rule(writes=("own_turn",))
def every_second(unit_number, step, memory):
    return ((unit_number + step) & 1 == 0) & (memory > 0.0)


@rule(writes=("sunny",))
def count_weather(mood, weather):
    return mood > weather


@rule(writes=("lucky",))
def count_luck(u_luck):
    return u_luck > 0.5


@rule(writes=("glad",))
def count_mood(mood):
    return mood > 0.5


def writing(*names: str) -> Rule:
    """A rule that writes names of one's choice."""
    return Rule(lambda mood: mood, ("mood",), names)


def program_of(*rules: Rule, unit_rules: tuple[Rule, ...] = (), **changes: object) -> Program:
    program = Program(
        name="small",
        layout=Layout(
            (Column("mood", "float32"), Column("word", "uint32")),
            (Field("generation", 6), Field("kind", 2)),
            marks=("seen", "awake", "idle"),
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


@rule(writes=("mood",))
def stir(mood, u_luck_level, u_luck):
    return mood if u_luck_level > 3 else u_luck


def test_a_level_is_told_from_the_words_of_its_uniform():
    names = [(type(item), getattr(item, "name", "")) for item in scope_of(program_of(stir)).operations]
    assert names[:3] == [(Block, "fresh0"), (Level, "u_luck_level"), (Uniform, "u_luck")]


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


# -- names that the generated loops keep for themselves -------------------------------------------------


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_rule_that_writes_a_name_of_the_engine_is_refused(name):
    with pytest.raises(ScheduleError, match=f"small has '{name}', a name of the engine: choose another"):
        check_program(program_of(writing("mood", name)))


@pytest.mark.parametrize("name", [*ENGINE_NAMES, "marks", "block", "blocks"])
def test_a_rule_of_units_or_of_turns_that_writes_a_name_of_the_engine_is_refused(name):
    wrong = Rule(lambda weather: weather, ("weather",), (name,))
    with pytest.raises(ScheduleError, match=f"has '{name}', a name of the engine"):
        check_program(program_of(feel, unit_rules=(wrong,)))
    with pytest.raises(ScheduleError, match=f"has '{name}', a name of the engine"):
        check_program(replace(program_of(feel), stages=(Stage("live", rules=(feel,), turn=wrong),)))


@pytest.mark.parametrize("kind", ["parameters", "nation", "region", "stratum", "unit", "unit_rows"])
def test_a_signal_of_the_engines_name_is_refused(kind):
    program = program_of(feel)
    signals = replace(program.signals, **{kind: (*getattr(program.signals, kind), "base")})
    with pytest.raises(ScheduleError, match="has 'base', a name of the engine"):
        check_program(replace(program, signals=signals))


def test_a_uniform_of_the_engines_name_is_refused():
    with pytest.raises(ScheduleError, match="has 'first', a name of the engine"):
        check_program(program_of(feel, fresh=("first",)))


def test_every_name_that_rules_may_read_from_the_engine_is_reserved():
    assert set(ENGINE_NAMES) <= RESERVED


# -- marks: who is worked on --------------------------------------------------------------------------


def test_marks_are_written_and_never_read():
    scope = scope_of(program_of(wake))
    assert scope.writes == ["mood", "awake", "seen"]
    with pytest.raises(ScheduleError, match="reads 'awake', which nothing provides"):
        scope_of(program_of(Rule(lambda awake: awake, ("awake",), ("mood",))))


def test_a_kernel_is_handed_the_marks_that_its_stage_writes_in_the_layouts_order():
    program = program_of(wake)
    assert stage_marks(program, program.stages[0]) == ("seen", "awake")
    assert stage_columns(program, program.stages[0]) == ("mood",)
    assert stage_marks(program, Stage("live", rules=(feel,))) == ()


def test_a_stage_is_handed_the_mark_it_selects_by_in_each_round():
    program = program_of(wake)
    one, several = (
        Stage("s", rules=(feel,), select=names) for names in (("seen",), ("seen", "idle", "awake"))
    )
    assert [stage_marks(program, one, round_) for round_ in range(3)] == [("seen",)] * 3
    assert [stage_marks(program, several, round_) for round_ in range(3)] == [
        ("seen",),
        ("idle",),
        ("awake",),
    ]


@pytest.mark.parametrize(("tally", "what"), [(count_weather, "weather"), (count_luck, "a draw or a table")])
def test_tallies_of_changes_see_columns_and_nothing_else(tally, what):
    program = program_of(feel)
    chosen = Stage("live", rules=(feel,), select=("seen",), tally_rules=(tally,), changes=True)
    with pytest.raises(ScheduleError, match=f"a tally rule of stage 'live' reads {what}: changes are told"):
        tally_scope(program, chosen)
    assert tally_scope(program, replace(chosen, tally_rules=(count_mood,))).reads == ["mood"]


# -- teams: marks that neighbours share -----------------------------------------------------------------


@rule(writes=("awake",))
def call(u_call, weather):
    return u_call < weather


def in_teams(item=call, **options):
    stage = Stage("live", rules=(wake,), team_rules=(item,), **options)
    return replace(program_of(feel, fresh=("u_luck",)), stages=(stage,), shared=("u_call",)), stage


def test_a_team_reads_shared_draws_and_what_is_the_same_for_all():
    program, stage = in_teams()
    scope = team_scope(program, stage)
    assert scope.operations == [Shared("u_call", 0), call]
    assert scope.reads == ["weather"]
    assert scope.writes == ["awake"]
    assert program.team_marks == {"awake"}
    assert team_scope(program, Stage("live", rules=(feel,))).operations == []


@pytest.mark.parametrize("wrong", [feel, count_luck, remember], ids=lambda item: item.name)
def test_a_team_sees_no_member_no_unit_and_no_draw_of_its_members(wrong):
    with pytest.raises(ScheduleError, match="reads '.*', which nothing provides"):
        team_scope(*in_teams(Rule(wrong.function, wrong.reads, ("awake",))))


@pytest.mark.parametrize(("options", "what"), [
    ({"select": ("seen",)}, "has rules of teams: it must work on everybody"),
    ({"among": "sunny"}, "marks those with 'sunny', which none of its rules tells"),
])  # fmt: skip
def test_teams_that_no_loop_could_mark_are_refused(options, what):
    program, _ = in_teams(**{"select": (), **options})
    with pytest.raises(ScheduleError, match=what):
        check_program(program)


def test_a_team_has_no_number_and_writes_nothing_but_marks():
    with pytest.raises(ScheduleError, match="reads 'member', which a team has not"):
        team_scope(*in_teams(Rule(lambda member: member > 3, ("member",), ("awake",))))
    with pytest.raises(ScheduleError, match="writes 'mood' for a team, which is no mark"):
        check_program(in_teams(Rule(call.function, call.reads, ("mood",)))[0])


# -- turns: which units are worked on -------------------------------------------------------------------


def test_a_stage_with_both_a_turn_and_a_selection_is_refused():
    with pytest.raises(ValueError, match="stage 'live' has both a turn of units and a selection of members"):
        Stage("live", rules=(feel,), turn=every_second, select=("seen",))
    assert Stage("live", rules=(feel,), turn=every_second).select == ()
    assert Stage("live", rules=(feel,), select=("seen",)).turn is None


def test_a_turn_reads_signals_and_the_units_number():
    scope = turn_scope(program_of(feel), Stage("live", rules=(feel,), turn=every_second))
    assert scope.reads == ["memory"]
    assert [getattr(item, "name", "") for item in scope.operations] == ["every_second"]
    assert turn_scope(program_of(feel), Stage("live", rules=(feel,))).operations == []


@pytest.mark.parametrize("wrong", [feel, count_luck, reach], ids=lambda item: item.name)
def test_a_turn_sees_no_member_no_draw_and_no_result_of_its_units_rules(wrong):
    program = program_of(feel, unit_rules=(twice,))
    stage = Stage("live", rules=(feel,), unit_rules=(twice,), turn=wrong)
    with pytest.raises(ScheduleError, match=f"{wrong.name} of small reads"):
        turn_scope(program, stage)


def test_the_work_of_a_stage_is_told_in_full():
    program = program_of(feel, unit_rules=(twice,))
    dense = Stage("live", rules=(feel,), unit_rules=(twice,), turn=every_second, tally_rules=(count_luck,))
    names = [
        [getattr(item, "name", "") for item in scope.operations] for scope in stage_scopes(program, dense)
    ]
    assert names[:2] == [["every_second"], ["twice"]]
    assert names[2][-2:] == ["feel", "count_luck"]
    chosen = Stage("live", rules=(feel,), select=("seen",), tally_rules=(count_mood,), changes=True)
    names = [
        [getattr(item, "name", "") for item in scope.operations] for scope in stage_scopes(program, chosen)
    ]
    assert [scope[-1:] for scope in names] == [[], [], ["feel"], ["count_mood"]]


def test_a_stage_that_selects_can_tally_nothing_but_changes():
    for tallied in ({"counts": (Count("low"),)}, {"totals": (Total("low"),)}):
        with pytest.raises(
            ValueError, match="stage 'live' selects members, so it can tally nothing but changes"
        ):
            Stage("live", rules=(feel,), select=("seen",), **tallied)
        assert Stage("live", rules=(feel,), select=("seen",), changes=True, **tallied).changes


def test_a_stage_that_selects_by_no_mark_is_refused():
    program = replace(program_of(wake), stages=(Stage("live", rules=(feel,), select=("asleep",)),))
    with pytest.raises(ScheduleError, match="selects by 'asleep', which is no mark"):
        check_program(program)


def test_marks_are_one_for_all_rounds_or_one_a_round():
    stage = Stage("live", rules=(feel,), select=("seen", "awake"), rounds=3)
    with pytest.raises(ScheduleError, match="3 rounds and 2 marks"):
        check_program(replace(program_of(wake), stages=(stage,)))


@pytest.mark.parametrize("where", ["unit_rules", "tally_rules", "select"])
def test_a_mark_is_written_by_members_of_a_dense_stage_alone(where):
    marking = Rule(lambda mood: mood > 0.5, ("mood",), ("awake",))
    given = (
        {"rules": (marking,), "select": ("seen",)}
        if where == "select"
        else {"rules": (feel,), where: (marking,)}
    )
    with pytest.raises(ScheduleError, match="writes the mark 'awake'"):
        check_program(replace(program_of(wake), stages=(Stage("live", **given),)))


def test_more_events_than_fit_a_word_are_refused():
    events = tuple(Count(f"event_{place}") for place in range(33))
    stage = Stage("live", rules=(feel,), select=("seen",), events=events)
    with pytest.raises(ScheduleError, match="counts 33 events, at most 32 fit"):
        check_program(replace(program_of(wake), stages=(stage,)))

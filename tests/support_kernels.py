"""A small made-up program that uses every feature of the engine, and ways to run it.

It stands for nothing: members have a mood, a trust and a few fields, and pass through five stages: all of them,
all of them (who also get marks), the units whose turn it is, those who bear a mark that teams share, those who bear the
round's mark.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine import oracle
from exitvoice.engine.columns import Column, Field, Layout, Population, Units
from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.mathematics import (
    clip,
    exponential,
    larger,
    logistic,
    normal_quantile,
    power,
    probability,
)
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.program import Count, Lookup, Program, Signals, Stage, Total
from exitvoice.engine.rule import rule
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.tallies import Tallies
from exitvoice.engine.targets.cpu import Threads

CALM, STIRRED, LOUD = 0, 1, 2
ROW = 6  # entries of a row of the table of weights
ROUNDS = 3
SPEAKS = tuple(f"speaks_{number}" for number in range(ROUNDS))
SEED = 0x1234567890ABCDEF

LAYOUT = Layout(
    columns=(
        Column("mood", "float32"),
        Column("trust", "float32"),
        Column("word", "uint32"),
        Column("flags", "uint32"),
        Column("age", "uint16"),
    ),
    fields=(
        Field("state", 2),
        Field("kind", 3),
        Field("generation", 6),
        Field("level", 21),
        Field("notes", 8, column="flags"),
        Field("rank", 2, column="flags"),
    ),
    marks=("spare", *SPEAKS, "hums"),
)


@rule(writes=("nerve",))
def nerve(u_nerve, kind, nerve_tail):
    """Fixed trait that depends on a field."""
    return power(u_nerve, 1.0 / (nerve_tail + 0.1 * real(integer(kind))))


@rule(writes=("lean", "keen"))
def leaning(u_lean, u_keen, ground):
    """Two fixed traits at once, one of them a truth value."""
    return logistic(ground + normal_quantile(u_lean)), u_keen < 0.25


@rule(writes=("kind", "rank", "level", "mood", "trust", "age", "state"))
def birth(member, u_kind, u_rank, lean):
    """First state, partly from the member's place in its unit."""
    kind = integer(u_kind * 6.0)
    rank = integer(u_rank > 0.4) + integer(u_rank > 0.7) + integer(u_rank > 0.9)
    return kind, rank, member * 7, lean, 0.5, member & 31, CALM


@rule(writes=("unit_memory",))
def memory(unit_memory, unit_loud, unit_size, wave, dt):
    """A unit signal that lasts from step to step."""
    return unit_memory * exponential(-dt * wave) + unit_loud / larger(unit_size, 1.0)


@rule(writes=("pressure",))
def pressure(unit_memory, push, ground):
    """A value of the unit that is handed to its members and not kept."""
    return 1.0 - exponential(-unit_memory - push * push) + 0.01 * ground


@rule(writes=("generation", "renewed"))
def renewal(generation, u_renew, renewal_rate, dt):
    """Renews a member's fixed traits."""
    renewed = u_renew < probability(renewal_rate, dt)
    return (generation + 1) & 63 if renewed else generation, renewed


@rule(writes=("mood", "trust"))
def drift(mood, trust, lean, keen, weight, pressure, u_step, renewed, spread, dt):
    """Moves two real columns."""
    wanted = lean if keen else 0.5 * lean
    mood = mood + dt * (wanted - mood) + spread * (u_step - 0.5) * weight
    mood = wanted if renewed else mood
    return clip(mood, 0.0, 1.0), clip(trust + dt * (pressure - trust), 0.0, 1.0)


@rule(writes=("age", "level", "notes", "stirs", "ages"))
def growing(age, level, notes, mood, nerve, u_stir, u_mark, demand, renewed, limit, round):
    """Whole numbers, bits of a looked-up word, and truth values for the tallies."""
    stirs = (u_stir < mood) & (nerve > 0.3) & ((demand & 4) > 0)
    older = age + 1 if age < 65535 else 65535
    age = 0 if renewed else older
    level = (level * 5 + integer(real(100.0) * u_mark) + round) & 2097151
    return age, level, (notes << 1 | integer(stirs)) & 255, stirs, real(integer(age)) > limit


@rule(writes=(*SPEAKS, "state"))
def chances(state, stirs, renewed, u_first, u_second, u_third):
    """Three marks, one a round: whether a member gets to speak."""
    moved = STIRRED if stirs else state
    return u_first < 0.3, u_second < 0.5, u_third < 0.8, CALM if renewed else moved


@rule(writes=("hums",))
def called(u_call, call_share):
    """Whether a team is called upon to hum."""
    return u_call < call_share


@rule(writes=("hears",))
def hears(kind):
    """Some never hear the call."""
    return kind != 5


@rule(writes=("rests",))
def rests(unit_number, step, rest_period, unit_size):
    """Whether it is a unit's turn to rest."""
    return (((unit_number + step) & (integer(rest_period) - 1)) == 0) & (unit_size > 0.5)


@rule(writes=("unit_rests", "ease"))
def easing(unit_rests, unit_size, ground, dt):
    """A signal that only units whose turn it is change, and a value for their members."""
    return unit_rests + 1.0, dt * logistic(ground) * unit_size / (unit_size + 1.0)


@rule(writes=("trust", "age"))
def recover(trust, age, ease, lean, u_step, unit_number):
    """Rest, a little uneven."""
    return clip(trust + ease * (lean - trust) * u_step, 0.0, 1.0), (age + 3 + (unit_number & 1)) & 65535


@rule(writes=("mood_held", "trust_held", "is_calm", "is_loud", "anyone"))
def standing(mood, trust, state):
    """What is counted."""
    return mood, trust + trust, state == CALM, state == LOUD, state >= CALM


@rule(writes=("strain",))
def strain(pressure, stirs):
    """What is counted of a result that no column keeps."""
    return pressure if stirs else 0.0


@rule(writes=("mood", "state", "high"))
def hum(mood, state, pressure, u_echo, round, member, weight):
    """What those of a team do who bear its mark, whatever the round."""
    moved = clip(mood + 0.01 * (u_echo - pressure * weight) * (1.0 + real(round)), 0.0, 1.0)
    return moved, LOUD if (member & 7) == 3 else state, moved > 0.6


@rule(writes=("state", "trust", "level", "loudly", "softly"))
def speak(
    state,
    trust,
    level,
    mood,
    nerve,
    keen,
    weight,
    wave,
    push,
    pressure,
    unit_voices,
    u_voice,
    u_echo,
    round,
    member,
    step,
):
    """Who speaks out; draws are fresh in each round."""
    drive = mood * nerve + pressure * weight - wave * push - 0.01 * unit_voices
    loud = u_voice < logistic(4.0 * drive - 1.0)
    answer = LOUD if loud else STIRRED
    answer = CALM if keen & (u_echo > 0.5) else answer
    trust = clip(trust + 0.1 * (u_echo - 0.5), 0.0, 1.0)
    level = (level + integer(member) + round + 16 * step) & 2097151
    return answer if state < 3 else state, trust, level, answer == LOUD, (answer == STIRRED) & (trust < 0.5)


MOVE = (renewal, drift, growing, chances, hears)


def small_program(name: str = "small") -> Program:
    """Five stages: dense (filling, moving, resting in turns) and of chosen members (humming, talking)."""
    stages = (
        Stage("fill", rules=(birth,), tally_rules=(standing,), counts=(Count("anyone"),)),
        Stage(
            "move",
            unit_rules=(memory, pressure),
            team_rules=(called,),
            among="hears",
            rules=MOVE,
            tally_rules=(standing, strain),
            counts=(
                Count("renewed"),
                Count("stirs"),
                Count("ages"),
                Count("is_calm"),
                Count("is_loud", keep="unit_loud"),
                Count("anyone", keep="unit_size"),
            ),
            totals=(Total("mood_held"), Total("trust_held"), Total("strain")),
        ),
        Stage(
            "rest",
            unit_rules=(easing,),
            turn=rests,
            rules=(recover,),
            tally_rules=(standing,),
            counts=(Count("is_calm"), Count("anyone", keep="unit_rested")),
            totals=(Total("trust_held"),),
        ),
        Stage(
            "hum",
            unit_rules=(pressure,),
            select=("hums",),
            rules=(hum,),
            tally_rules=(standing,),
            counts=(Count("is_loud", keep="unit_loud"),),
            totals=(Total("mood_held"),),
            changes=True,
            events=(Count("high", keep="unit_voices"),),
            rounds=2,
        ),
        Stage(
            "talk",
            unit_rules=(pressure,),
            select=SPEAKS,
            rules=(speak,),
            tally_rules=(standing,),
            counts=(Count("is_calm"), Count("is_loud", keep="unit_loud"), Count("anyone", keep="unit_size")),
            totals=(Total("trust_held"),),
            changes=True,
            events=(Count("loudly", keep="unit_voices"), Count("softly")),
            rounds=ROUNDS,
        ),
    )
    return Program(
        name=name,
        layout=LAYOUT,
        stages=stages,
        signals=Signals(
            parameters=("call_share", "dt", "limit", "nerve_tail", "renewal_rate", "rest_period", "spread"),
            nation=("wave",),
            region=("push",),
            stratum=("ground",),
            unit=("unit_size", "unit_loud", "unit_memory", "unit_voices", "unit_rested", "unit_rests"),
            unit_rows=("weight_row",),
        ),
        fresh=(
            "u_renew",
            "u_step",
            "u_stir",
            "u_mark",
            "u_first",
            "u_second",
            "u_third",
            "u_voice",
            "u_echo",
        ),
        fixed=("u_nerve", "u_lean", "u_keen", "u_kind", "u_rank", "u_spare_1", "u_spare_2", "u_late"),
        traits=(nerve, leaning),
        lookups=(
            Lookup("weight", "weights", "weight_row", "kind"),
            Lookup("demand", "demands", None, "rank"),
        ),
        shared=("u_spare", "u_call"),
        generation="generation",
        tally_class="rank",
    )


@dataclass
class SmallWorld:
    """A population of the small program and the signals it reads."""

    population: Population
    signals: SignalTables

    def copy(self) -> "SmallWorld":
        """An independent copy."""
        return deepcopy(self)


def units_of(sizes: Iterable[int], *, strata: int = 3, regions: int = 2) -> Units:
    """Units of the given sizes; neighbours lie in different strata and regions."""
    sizes = np.asarray(list(sizes), np.int64)
    place = np.arange(len(sizes))
    return Units(
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        number=(place // strata).astype(np.uint32),
        key=(1000003 * (place % strata) + 17).astype(np.uint32),
        stratum=(place % strata).astype(np.int32),
        region=(place % regions).astype(np.int32),
    )


def small_world(units: Units, program: Program | None = None) -> SmallWorld:
    """Empty population over `units`, with signals that depend on nothing but the units themselves."""
    program = program or small_program()
    strata, regions = int(units.stratum.max()) + 1, int(units.region.max()) + 1
    signals = SignalTables(
        parameters=np.array([0.4, 0.1, 12.0, 1.3, 2.5, 2.0, 0.4], np.float32),
        nation=np.array([0.35], np.float32),
        region=np.linspace(-0.4, 0.8, regions, dtype=np.float32)[:, np.newaxis],
        stratum=np.linspace(-1.0, 1.0, strata, dtype=np.float32)[:, np.newaxis],
        unit=np.zeros((len(program.signals.unit), units.count), np.float32),
        unit_rows=(units.stratum * ROW)[np.newaxis].astype(np.int32),
        tables={
            "weights": np.linspace(0.1, 0.9, strata * ROW, dtype=np.float32).reshape(strata, ROW),
            "demands": np.array([4, 1, 12, 7], np.uint32),
        },
    )
    return SmallWorld(Population.empty(program.layout, units), signals)


def words_of(units: Units, bears: Iterable[bool]) -> NDArray[np.uint64]:
    """A mark of every member, packed as a population keeps it: 64 members a word, each unit in words of its own."""
    bears = np.asarray(list(bears), np.bool_)
    words = []
    for begin, end in zip(units.offsets[:-1], units.offsets[1:], strict=True):
        whole = np.zeros(-(-(end - begin) // 64) * 64, np.bool_)
        whole[: end - begin] = bears[begin:end]
        words.append(np.packbits(whole, bitorder="little").view("<u8"))
    return np.concatenate(words).astype(np.uint64)


def schedule_of(program: Program, steps: int) -> list[tuple[int, int, int]]:
    """Stage, step and round of every call of a short run."""
    calls = [(0, 0, 0)]
    for step in range(steps):
        for place, stage in enumerate(program.stages[1:], start=1):
            calls += [(place, step, round_) for round_ in range(stage.rounds)]
    return calls


def run_compiled(
    compiled: CompiledProgram, world: SmallWorld, *, steps: int, threads: int = 1
) -> list[Tallies]:
    """A short run with the generated kernels."""
    workers = Threads(threads)
    try:
        return [
            compiled.run_stage(
                compiled.program.stages[place],
                world.population,
                world.signals,
                seed=SEED,
                step=step,
                round=round_,
                threads=workers,
            )
            for place, step, round_ in schedule_of(compiled.program, steps)
        ]
    finally:
        workers.close()


def run_oracle(program: Program, world: SmallWorld, *, steps: int) -> list[Tallies]:
    """The same run in plain Python."""
    with np.errstate(all="ignore"):
        return [
            oracle.run_stage(
                program,
                program.stages[place],
                world.population,
                world.signals,
                seed=SEED,
                step=step,
                round=round_,
            )
            for place, step, round_ in schedule_of(program, steps)
        ]


def differing(first: SmallWorld | SimpleNamespace, second: SmallWorld | SimpleNamespace) -> list[str]:
    """Names of columns, marks and unit signals whose bits differ."""
    names = [
        name
        for kind in ("columns", "marks")
        for name, values in getattr(first.population, kind).items()
        if values.tobytes() != getattr(second.population, kind)[name].tobytes()
    ]
    same = first.signals.unit.tobytes() == second.signals.unit.tobytes()
    return names if same else [*names, "signals of units"]


def same_tallies(first: Iterable[Tallies], second: Iterable[Tallies]) -> bool:
    """Whether two runs counted the same."""
    return all(
        np.array_equal(a.counts, b.counts) and np.array_equal(a.totals, b.totals)
        for a, b in zip(first, second, strict=True)
    )


__all__ = [
    "LAYOUT",
    "SPEAKS",
    "differing",
    "run_compiled",
    "run_oracle",
    "same_tallies",
    "small_program",
    "small_world",
    "units_of",
    "words_of",
]

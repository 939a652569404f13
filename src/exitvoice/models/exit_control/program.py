"""The model as the engine sees it: which rules run in which order, and what is tallied."""

from functools import cache

from exitvoice.engine.columns import Column, Layout
from exitvoice.engine.program import Count, Lookup, Program, Signals, Stage, Total
from exitvoice.engine.rule import Rule, rule
from exitvoice.engine.schedule import ENGINE_NAMES, LEVEL
from exitvoice.models.exit_control import traits
from exitvoice.models.exit_control.columns import LAYOUT, RANKS, ROUNDS
from exitvoice.models.exit_control.persons import (
    activity,
    beginning,
    career,
    character,
    confidence,
    discipline,
    document,
    journey,
    observation,
    opposition,
    perception,
    policy,
    watchlist,
)
from exitvoice.models.exit_control.persons.expression import epstein, kuran, revision, self_censorship
from exitvoice.models.exit_control.told import ToldNation, ToldRegion, ToldRound, ToldStratum

THEORIES: dict[str, Rule] = {
    "kuran": kuran.kuran,
    "epstein": epstein.epstein,
    "self_censorship": self_censorship.self_censorship,
}

NATION = (
    *ToldNation._fields,
    *(f"inspected_{faction}_{rank}" for faction in (0, 1) for rank in range(RANKS)),
)
REGION = (*ToldRegion._fields, *ToldRound._fields)
STRATUM = (
    *ToldStratum._fields,
    "retirement_base",
    "promotion_0",
    "promotion_1",
    "promotion_2",
    "rank_edge_1",
    "rank_edge_2",
    "rank_edge_3",
    "retired_share",
    "document_share",
    "sector_logit",
)
UNIT = (
    "unit_persons",
    "unit_withdrawn",
    "unit_dissent",
    "unit_sanctioned",
    "unit_sanction_memory",
    "unit_leaning",
    "confidence",
)
UNIT_ROWS = ("policy_start", "office_start")
FROM_OUTSIDE = {*NATION, *REGION, *STRATUM, *UNIT, *UNIT_ROWS}

LOOKUPS = (
    Lookup("policy_word", "policy_words", "policy_start", "policy_index"),
    Lookup("restricted_places", "restricted_places", None, "policy_row"),
    Lookup("custody_places", "custody_places", None, "policy_row"),
    Lookup("invalid_places", "invalid_places", None, "policy_row"),
    Lookup("policy_timing", "policy_timings", "policy_start", "policy_index"),
    Lookup("served_chance", "served_chances", "office_start", "office_index"),
    Lookup("refusal_word", "refusal_words", None, "office_rank"),
)

#: Flows and stocks counted each step by stratum and rank.
FLOWS = (
    "seeks",
    "granted",
    "granted_leave",
    "refused",
    "withdrew",
    "departed_permitted",
    "departed_free",
    "departed_disobedient",
    "overstayed",
    "left",
    "fled",
    "caught_now",
    "stopped",
    "wrongly_stopped",
    "came_back",
    "investigated",
    "investigated_faction",
    "reported",
    "sanctioned",
    "issued",
    "died",
    "renewed",
    "vacates",  # all that empties a post but death
    "slipped_for_good",
)
AWAY = observation.under_way.writes
#: Running tallies, and those of them that a change of opposition or of what is shown can move.
TALLIED = (observation.standing, observation.display, observation.feelings)
RUNNING = (*observation.standing.writes, *observation.display.writes)
HELD = (Total("opposition_held"),)
FELT = ("falsifier", "opposed")
SHOWN = ("loyal", "withdrawn", "dissent", "falsifier", "serving_loyal", "serving_withdrawn")
KEPT = {
    "sanctioned": "unit_sanctioned",
    "withdrawn": "unit_withdrawn",
    "dissent": "unit_dissent",
    "person": "unit_persons",
}


def _counts(names: tuple[str, ...]) -> tuple[Count, ...]:
    return tuple(Count(name, keep=KEPT.get(name)) for name in names)


#: What everybody is before the first step.
START = Stage(
    "start",
    unit_rules=(perception.peers,),
    rules=(
        beginning.post,
        character.character,
        policy.places,
        policy.demands,
        opposition.grievance,
        beginning.feeling,
    ),
    tally_rules=TALLIED,
    counts=_counts(RUNNING),
    totals=HELD,
)
#: What a unit sees once a step, and what it makes of it.
SEEN = (
    perception.sanction_memory,
    perception.perception,
    confidence.confidence_target,
    confidence.confidence,
)
#: A week before the first step, in which nothing happens to anybody: no more than who reconsiders.
SETTLING = Stage(
    "settling",
    unit_rules=SEEN,
    team_rules=(revision.revision,),
    among="post_held",
    rules=(revision.post_held,),
)
#: An impulse to everybody's opposition, in the steps that have one.
SHOCK = Stage(
    "shock",
    rules=(opposition.shock,),
    tally_rules=TALLIED,
    counts=_counts(FELT),
    totals=HELD,
    changes=True,
)
#: Every person, every step: the filter, and who reconsiders when.
WEEK = Stage(
    "week",
    unit_rules=SEEN,
    team_rules=(revision.revision,),
    among="post_held",
    rules=(policy.places, policy.row, policy.binding, activity.activity, revision.post_held),
    tally_rules=(observation.freedom,),
    counts=_counts(observation.freedom.writes),
)
#: Those to whom something may happen this step.
EVENTS = Stage(
    "events",
    unit_rules=(perception.peers, confidence.doubt),
    select=("active",),
    rules=(
        observation.under_way,
        policy.places,
        policy.office,
        career.career,
        character.renewal,
        policy.demands,
        policy.force,
        journey.wishes,
        document.document,
        watchlist.watchlist,
        journey.choice_at_home,
        journey.decision,
        journey.journey,
        discipline.discipline,
        opposition.grievance,
        opposition.resentment,
    ),
    tally_rules=TALLIED,
    counts=_counts(RUNNING),
    totals=HELD,
    changes=True,
    events=_counts((*FLOWS, *AWAY)),
)
#: The slow drift of opposition, a share of the units each step.
DRIFT = Stage(
    "drift",
    unit_rules=(perception.peers,),
    turn=opposition.turn,
    rules=(policy.places, policy.demands, opposition.grievance, opposition.opposition),
    tally_rules=TALLIED,
    counts=_counts(FELT),
    totals=HELD,
    changes=True,
)
TRAITS = (
    traits.ties,
    traits.wish,
    traits.exposure,
    traits.baseline,
    traits.risk_aversion,
    traits.candour,
    traits.scruple,
    traits.allegiance,
    traits.tastes,
    document.conceals,
)


def speak(theory: str) -> Stage:
    """Rounds of expression under one of `THEORIES`: whoever reconsiders shows what it tells."""
    return Stage(
        "speak",
        unit_rules=(perception.peers, perception.perception),
        select=revision.revision.writes,
        rules=(THEORIES[theory],),
        tally_rules=TALLIED,
        counts=_counts(SHOWN),
        changes=True,
        rounds=ROUNDS,
    )


@cache
def exit_control_program(theory: str) -> Program:
    """The exit-control model under one theory of expression: 'kuran', 'epstein' or 'self_censorship'."""
    stages = (START, SETTLING, SHOCK, WEEK, EVENTS, DRIFT, speak(theory))
    return Program(
        name=f"exit_control_{theory}",
        layout=LAYOUT,
        stages=stages,
        signals=Signals(_parameters(stages, TRAITS), NATION, REGION, STRATUM, UNIT, UNIT_ROWS),
        fresh=traits.FRESH,
        fixed=traits.FIXED,
        shared=traits.SHARED,
        traits=TRAITS,
        lookups=LOOKUPS,
        generation="generation",
        tally_class="rank",
    )


def _parameters(stages: tuple[Stage, ...], trait_rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Names that rules read and nothing in the model provides: the scenario's parameters."""
    rules = [*trait_rules]
    for stage in stages:
        rules += [
            *stage.unit_rules,
            *stage.team_rules,
            *stage.rules,
            *stage.tally_rules,
            *((stage.turn,) if stage.turn else ()),
        ]
    provided = {name for item in rules for name in item.writes} | FROM_OUTSIDE
    provided |= {f"{name}{LEVEL}" for name in traits.FRESH}
    provided |= {*traits.FRESH, *traits.FIXED, *traits.SHARED, *ENGINE_NAMES}
    provided |= {item.name for item in LOOKUPS}
    provided |= set(LAYOUT.by_name) | set(LAYOUT.plain)
    wanted = dict.fromkeys(name for item in rules for name in item.reads)
    return tuple(sorted(name for name in wanted if name not in provided))


@rule(writes=("zeal", "leaning"))
def unit_traits(u_zeal: float, u_leaning: float) -> tuple[float, float]:
    """Zeal of a unit (it obeys a rule while zeal < coverage) and the draw of its political leaning."""
    return u_zeal, u_leaning


def unit_program() -> Program:
    """Fixed traits of units, drawn as if each unit were one member, on streams of their own."""
    return Program(
        name="exit_control_units",
        layout=Layout((Column("zeal", "float32"), Column("leaning", "float32")), ()),
        stages=(Stage("units", rules=(unit_traits,)),),
        signals=Signals(),
        fixed=("u_zeal", "u_leaning"),
        first_stream=64,
    )

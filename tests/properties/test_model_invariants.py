"""What holds in every world: persons conserved, chances in range, no effect without a cause, no effect of the machine.

Where two runs are compared bit by bit there is no chance of a false alarm. Comparisons of means state their limits in
the test.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exitvoice.engine import oracle
from exitvoice.engine.columns import Population
from exitvoice.engine.compile import CompiledProgram
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import bounds
from exitvoice.models.exit_control.columns import CAUGHT, DISSENT, INVALID, RETIRED, SERVING, VACANT
from exitvoice.models.exit_control.institutions import (
    control,
    enforcement,
    inspection,
    loss_of_control,
    offices,
)
from exitvoice.models.exit_control.persons import observation
from exitvoice.models.exit_control.steady import report_rate
from exitvoice.models.exit_control.world import mean_confidence
from exitvoice.scenario import load_priors
from model_worlds import (
    APPROVAL,
    REASON,
    SWITCHES,
    TWO_OFFICES,
    all_off,
    columns,
    confidence_of,
    only_sector,
    rule,
    run,
    switched,
    total,
    walk,
    world,
)

CUSTODY = {"custody": {"within_days": 20}, "reporting_days": 10, "max_days": 12, "cooling_off_years": 2}
BUSY_RULES = [
    rule("consent", coverage=0.7, **APPROVAL),
    rule("custody", "2001-03-03", announced="2001-02-01", coverage=0.6, **CUSTODY, **TWO_OFFICES),
    rule("ban", "2001-09-05", until="2001-12-10", coverage=0.3, ban=True),
]
EVENTS = [
    {"id": "shortage", "title": "shortage", "from": "2001-05-10", "until": "2001-07-12", "regions": ["north"],
     "effects": {"hardship": 0.3, "opposition": 0.05, "known_dissent": 0.02, "enforcement": -0.5}, "assumed": REASON},
]  # fmt: skip
#: Rates far above the plausible, so that everything happens often.
LIVELY = {"death_rate_serving": 0.1, "death_rate_retired": 0.2, "leave_wish_rate": 0.5, "leaver_ceiling": 1.0,
          "flight_rate": 50.0, "inspection_rate": 0.3, "inspection_capacity": 1.0, "sanction_removal": 0.1,
          "sanction_warning": 0.5, "sanction_custody": 0.181, "sanction_custody_weeks": 4.0,
          "caught_custody_weeks": 4.0, "overstay_chance": 1.0}  # fmt: skip


OPEN_BORDER = {
    name: {"interpolation": "step", "points": [{"date": "2001-01-01", "value": value}], "assumed": REASON}
    for name, value in (("detection", 0.3), ("access", 1.0))
}


def lively(changes=None, /, **parameters):
    told = {"rules": BUSY_RULES, "events": EVENTS, "series": OPEN_BORDER, **(changes or {})}
    return world(told, **(LIVELY | parameters))


def same(one, other):
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def same_results(one, other, steps=None, without=("rule_coverage",)):
    """Whether two runs agree in every bit of every variable (in the first `steps` steps)."""
    names = [name for name in one.data_vars if name not in without]
    cut = slice(0, steps)
    return all(np.array_equal(one[n].isel(time=cut), other[n].isel(time=cut), equal_nan=True) for n in names)


# -- persons are conserved ----------------------------------------------------------------------------

WAYS_OUT = ("died", "vacates")
AMONG_THEM = ("left", "overstayed", "fled")


def test_posts_persons_deaths_departures_removals_and_refills_add_up_at_every_step():
    people, seen = None, dict.fromkeys((*WAYS_OUT, *AMONG_THEM, "renewed"), 0)
    for model, here, record in walk(lively(), 60):
        service = here.population.get("service")
        posts = model.people.units.members
        counts = {kind: int((service == kind).sum()) for kind in (SERVING, RETIRED, VACANT)}
        assert sum(counts.values()) == posts == model.people.simulated.sum()
        now = posts - counts[VACANT]
        if record is not None:
            flow = {name: int(record.events.count(name).sum()) for name in seen}
            assert now == people - sum(flow[name] for name in WAYS_OUT) + flow["renewed"]
            assert flow["vacates"] >= sum(flow[name] for name in AMONG_THEM)
            assert record.standing.count("person").sum() == people
            both = record.standing.count("is_serving") + record.standing.count("is_retired")
            assert np.array_equal(both, record.standing.count("person"))
            assert record.display.count("person").sum() == now
            seen = {name: seen[name] + flow[name] for name in seen}
        people = now
    assert min(seen.values()) > 0, f"a way in or out was never taken, so nothing was tested: {seen}"


def recounted(model, here):
    """Everything that is tallied while it goes on, counted anew from the columns: name -> (strata, ranks)."""
    units, held = model.people.units, here.population
    cell = np.repeat(units.stratum, np.diff(units.offsets)) * 4 + held.get("rank").astype(int)
    found = {}
    for observer in (observation.standing, observation.display):
        seen = observer.function(*(held.get(name) for name in observer.reads))
        found |= dict(zip(observer.writes, seen, strict=True))
    return {
        name: np.bincount(cell, seen, 4 * len(model.people.simulated)).reshape(-1, 4)
        for name, seen in found.items()
    }


def test_running_tallies_are_what_the_columns_say_at_every_step():
    changed = set()
    for model, here, record in walk(lively(), 60):
        if record is None:
            begun = recounted(model, here)
            continue
        wanted = recounted(model, here)
        for name, counted in wanted.items():
            np.testing.assert_array_equal(record.display.count(name), counted, err_msg=name)
        changed |= {name for name in wanted if not np.array_equal(wanted[name], begun[name])}
        units = here.population.units
        persons = np.add.reduceat(here.population.get("service") != VACANT, units.offsets[:-1], dtype=int)
        np.testing.assert_array_equal(here.board.get_unit("unit_persons"), persons)
        service, held = here.population.get("service"), here.population.get("opposition")
        fixed = np.where(service == VACANT, 0, (np.float32(65536) * held + np.float32(0.5)).astype(int))
        assert record.display.totals.sum() == fixed.sum()
    assert changed == wanted.keys(), "a tally never moved, so nothing was tested"


def test_recorded_stocks_add_up_to_the_posts_and_displays_to_the_persons():
    data = run(lively())
    assert total(data, "persons") + total(data, "vacant") == pytest.approx(16_000, rel=1e-5)
    assert np.allclose(total(data, "serving") + total(data, "retired"), total(data, "persons"), rtol=1e-6)
    shown = sum(total(data, name) for name in ("loyal", "withdrawn", "dissent"))
    assert np.allclose(shown[:-1], total(data, "persons")[1:], rtol=1e-5)
    for name in data.data_vars:
        values = data[name].to_numpy()
        assert np.isfinite(values).all() or name == "mean_wait_weeks"
        assert (values[np.isfinite(values)] >= 0).all()


def test_mean_confidence_is_that_of_the_units_weighed_by_their_persons():
    recorded = []
    for model, here, record in walk(lively(), 12):
        if record is None:
            continue
        stratum = np.repeat(model.people.units.stratum, np.diff(model.people.units.offsets))
        held = model.people.weight[stratum] * (here.population.get("service") != VACANT)
        sector = stratum // model.people.regions
        wanted = np.bincount(sector, held * confidence_of(here)) / np.bincount(sector, held)
        found = mean_confidence(model.people, record.felt)
        assert found == pytest.approx(wanted, rel=1e-6)
        recorded.append(found)
    assert np.ptp(here.board.get_unit("confidence")) > 1e-4  # units differ, so that weights matter
    data = run(lively())["mean_confidence"]
    assert data.dims == ("time", "sector")
    np.testing.assert_allclose(data.to_numpy()[:12], recorded, rtol=1e-6)


def test_everybody_abroad_or_waiting_or_gone_is_accounted_for():
    """Departures = returns + stays abroad + persons gone for good + persons abroad; nobody dies or slips out here."""
    told = lively({"rules": BUSY_RULES[:1], **switched(career=0, discipline=0)}, disobedience=0.0)
    data = run(told)
    begun = sum(total(data, f"departures_{kind}").sum() for kind in ("permitted", "free", "disobedient"))
    ended = total(data, "returned").sum() + total(data, "overstayed").sum()
    left = total(data, "left_for_good").sum()
    *_, (_, here, _) = walk(told, data.sizes["time"])
    abroad = (here.population.get("journey") == 3).sum()
    assert begun == ended + left + abroad


# -- no chance out of range, nothing that is no number --------------------------------------------------

EXTREME = st.sampled_from([0.0, 1e-9, 0.5, 1.0, 7.0, 1e4, 1e9])
SHARE = st.sampled_from([0.0, 1e-9, 0.02, 0.5, 1.0])


def in_range(*values):
    for value in values:
        assert np.isfinite(value).all()
        assert (np.asarray(value) >= 0).all()
        assert (np.asarray(value) <= 1).all()


@settings(max_examples=200, deadline=None)
@given(
    queue=EXTREME,
    capacity=EXTREME,
    carried=EXTREME,
    handling=EXTREME,
    dt=st.sampled_from([1 / 365, 1 / 52, 1 / 12]),
)
def test_chances_of_offices_stay_in_range(queue, capacity, carried, handling, dt):
    one = np.array([queue]), np.array([capacity]), np.array([carried])
    chance, kept = offices.serve(*one, handling_years=handling, dt=dt)
    in_range(chance)
    assert np.isfinite(kept).all()
    assert (kept >= 0).all()
    state = offices.HopeState(np.full((2, 1), capacity), np.full((2, 1), queue))
    in_range(offices.hope_of(state, offices.HopeRules()))


@settings(max_examples=200, deadline=None)
@given(
    dissent=SHARE,
    force=SHARE,
    watched=SHARE,
    steep=st.sampled_from([0.5, 1.0, 8.0, 40.0]),
    form=st.sampled_from(range(len(enforcement.FORMS))),
)
def test_chances_of_punishment_stay_in_range(dissent, force, watched, steep, form):
    rules = enforcement.EnforcementRules(punishment_steepness=steep, form=form)
    in_range(enforcement.punishment(np.array([dissent]), np.array([force]), watched, rules))


@settings(max_examples=200, deadline=None)
@given(
    level=SHARE,
    alarm=EXTREME,
    rate=EXTREME,
    shift=st.sampled_from([-30.0, 0.0, 30.0]),
    dt=st.sampled_from([1 / 365, 1 / 12]),
)
def test_chances_of_the_top_stay_in_range(level, alarm, rate, shift, dt):
    alarms = control.Alarm(alarm, alarm, alarm, alarm, alarm)
    crisis = control.perceived_crisis(alarms, control.ControlRules())
    in_range(crisis, control.next_control(level, crisis, control.ControlRules(control_feedback=rate), dt=dt))
    in_range(offices.grant_probability(level, level, np.arange(4.0), level, refusal_shift=shift))
    in_range(loss_of_control.elite_defection_chance(level, alarm, loss_of_control.LossRules(), dt=dt))
    per_year = inspection.investigation_rate(
        alarm, np.full((4, 2), 10.0), inspection.InspectionRules(inspection_rate=rate)
    )
    assert np.isfinite(per_year).all()
    assert per_year.sum() * 10.0 <= 80 * 0.05 * (1 + 1e-9)
    told = report_rate(
        {
            "informants": level,
            "monitoring": level,
            "contacts": 10.0,
            "self_silencing": min(rate, 30.0),
            "disclosure_rate": 2.0,
        }
    )
    assert 0 <= told <= 2.0


PRIORS = load_priors()


LONG = [pytest.param(name, marks=pytest.mark.long) for name in ("epstein", "self_censorship")]


@pytest.mark.parametrize("theory", ["kuran", *LONG])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_corner_of_the_priors_keeps_everything_in_range(theory, data):
    corner = {
        name: data.draw(st.sampled_from([p.low, p.default, p.high]), label=name) for name, p in PRIORS.items()
    }
    kinds = (
        data.draw(st.sampled_from(["scripted", "endogenous"])),
        data.draw(st.sampled_from(["naive", "sophisticated"])),
    )
    told = {"theory": theory, "control": kinds[0], "leadership": kinds[1]}
    scenario = world({"rules": BUSY_RULES, "events": EVENTS, **told}, **corner)
    for _, here, record in walk(scenario, 40, scale=0.1):
        get = here.population.get
        in_range(get("opposition"), here.board.get_unit("confidence"))
        assert get("journey").max() <= CAUGHT
        assert get("document").max() <= INVALID
        assert get("service").max() <= VACANT
        assert get("expression").max() <= 2
        state = here.institutions
        in_range(
            state.kept.hoped,
            state.control,
            state.felt,
            state.crisis,
            state.conflict_level,
            state.belief.mean,
            state.force,
        )
        assert all(np.isfinite(table).all() for table in here.board.tables.tables.values())
        for table in (
            here.board.tables.region,
            here.board.tables.stratum,
            here.board.tables.unit,
            here.board.tables.nation,
        ):
            assert np.isfinite(table).all()
        if record is not None:
            in_range(record.served)


# -- no effect without a cause --------------------------------------------------------------------------

IDLE_RULES = [
    rule("nobody", coverage=0.0, **TWO_OFFICES, custody={"within_days": 9}),
    rule(
        "longer",
        coverage=0.0,
        approval={"chain": [*TWO_OFFICES["approval"]["chain"], "third"], "opaque": True},
    ),
    rule("closed", coverage=0.0, ban=True),
]


@pytest.mark.parametrize("idle", [item["id"] for item in IDLE_RULES])
def test_a_rule_that_covers_nobody_changes_no_bit(idle):
    added = next(item for item in IDLE_RULES if item["id"] == idle)
    plain = run(lively(), scale=0.25)
    assert same_results(plain, run(lively({"rules": [*BUSY_RULES, added]}), scale=0.25))


def test_a_rule_for_a_sector_without_persons_in_the_region_changes_no_bit():
    moved = {"sectors.guards.region_shares": {"north": 1.0, "south": 0.0}}
    bound = rule("southern", ban=True, applies_to={"sectors": ["guards"], "regions": ["south"]})
    plain = run(lively(moved), scale=0.25)
    assert same_results(plain, run(lively({"rules": [*BUSY_RULES, bound], **moved}), scale=0.25))
    other = rule("northern", ban=True, applies_to={"sectors": ["guards"], "regions": ["north"]})
    assert not same_results(plain, run(lively({"rules": [*BUSY_RULES, other], **moved}), scale=0.25))


def test_before_its_announcement_a_rule_has_no_effect_and_after_it_has():
    late = rule("late", "2002-03-01", announced="2001-10-20", custody={"within_days": 20}, **TWO_OFFICES)
    without, with_it = run(world({"rules": BUSY_RULES[:1]})), run(world({"rules": [BUSY_RULES[0], late]}))
    first = int(np.searchsorted(without["time"].to_numpy(), np.datetime64("2001-10-20"), side="right")) - 1
    assert same_results(without, with_it, first)
    assert not same_results(without, with_it, first + 2)


@pytest.mark.parametrize("kind", ["scripted", "endogenous"])
def test_with_every_mechanism_off_nothing_moves(kind):
    shocks = {
        "rate_per_year": 20.0,
        "hardship": 0.5,
        "opposition": 0.5,
        "enforcement": -0.9,
        "known_dissent": 0.5,
        "assumed": REASON,
    }
    told = {"rules": BUSY_RULES, "events": EVENTS, "shocks": shocks, "control": kind}
    first, start = None, None
    for _, here, record in walk(world({**told, **all_off()}), 60):
        if first is None:
            first, start = columns(here), here.institutions
            continue
        assert same(first, columns(here))
        state = here.institutions
        for name in ("control", "felt", "conflict_level"):
            assert getattr(state, name) == getattr(start, name), name
        assert state.belief.mean == start.belief.mean
        assert not any(
            record.events.count(name).any() for name in ("seeks", "died", "renewed", "issued", "sanctioned")
        )
        assert not record.lost.any()


# -- no effect of the machine ---------------------------------------------------------------------------


def test_one_and_two_threads_give_the_same_bits():
    assert same_results(run(lively(), threads=1), run(lively(), threads=2), without=())


def test_the_seed_decides_and_nothing_else():
    assert same_results(run(lively(), seed=5, scale=0.25), run(lively(), seed=5, scale=0.25))
    assert not same_results(run(lively(), seed=5, scale=0.25), run(lively(), seed=6, scale=0.25))


def test_the_filter_of_events_changes_no_bit(monkeypatch):
    """Bounds of 1 let everybody through."""

    def found():
        looked_at, states = [], []
        for _, here, record in walk(lively(), 40, scale=0.25):
            flows = {} if record is None else {"counts": record.events.counts}
            states.append(columns(here) | flows)
            looked_at.append(here.population.marked("active").mean())
        return states, looked_at[1:]

    filtered, few = found()
    monkeypatch.setattr(bounds, "chance", lambda rate, dt: np.ones_like(np.asarray(rate, np.float64)))
    everybody, all_ = found()
    assert all(same(one, other) for one, other in zip(filtered, everybody, strict=True))
    assert max(few) < 0.9  # otherwise equality would be cheap
    assert min(all_) > 0.99


def test_a_shock_is_worked_out_only_while_an_incident_strikes_and_would_change_no_bit_otherwise(monkeypatch):
    struck, shocked = [], []
    run_stage = CompiledProgram.run_stage

    def watched(compiled, stage, *rest, **options):
        if stage.name == "shock":
            shocked.append(options["step"])
        return run_stage(compiled, stage, *rest, **options)

    monkeypatch.setattr(CompiledProgram, "run_stage", watched)
    for now, (model, here, record) in enumerate(walk(lively(), 40, scale=0.25), start=-1):
        if record is None:
            continue
        program, tables = model.compiled.program, here.board.tables
        if tables.region[:, program.signals.region.index("opposition_impulse")].any():
            struck.append(now)
            continue
        other = _copy(here.population)
        shock = next(stage for stage in program.stages if stage.name == "shock")
        run_stage(model.compiled, shock, other, tables, seed=model.seed, step=now, threads=Threads(1))
        assert same(here.population.columns, other.columns)
    assert shocked == struck
    assert 0 < len(struck) < 35


def _copy(population):
    columns, marks = (
        {name: values.copy() for name, values in kind.items()}
        for kind in (population.columns, population.marks)
    )
    return Population(population.layout, population.units, columns, marks)


def test_observers_draw_nothing_and_change_nothing():
    *_, (model, here, _) = walk(lively(), 12, scale=0.02)
    program, population = model.compiled.program, here.population
    population.put(
        "expression", np.full(population.units.members, DISSENT)
    )  # so that many change what they show
    stage = next(item for item in program.stages if item.name == "speak")
    bare = replace(stage, tally_rules=(), counts=(), totals=())
    watched, unwatched = _copy(population), _copy(population)
    for observed, copied in ((stage, watched), (bare, unwatched)):
        kept = here.board.tables.unit.copy()
        oracle.run_stage(program, observed, copied, here.board.tables, seed=model.seed, step=12)
        here.board.tables.unit[:] = kept
    assert same(watched.columns, unwatched.columns)
    assert same(watched.marks, unwatched.marks)
    assert not same(watched.columns, population.columns)


def _alone(changes):
    """Feedback through the nation's numbers cut, so that only draws could connect one unit to another."""
    cut = switched(information=0, offices=0, enforcement=0, leadership=0, inspection=0, incidents=0)
    issuing = {
        "issuing.decisions": None,
        "issuing": {"documents_per_week_per_1000": 1000.0, "assumed": REASON},
    }
    return world(
        {**cut, "issuing": issuing["issuing"], **changes},
        promotion_loyalty_weight=0.0,
        network_gain=0.0,
        confidence_conflict=0.0,
    )


def _columns_after(scenario, steps, sector):
    *_, (model, here, _) = walk(scenario, steps)
    place = scenario.sector_names.index(sector)
    stratum = np.repeat(model.people.units.stratum, np.diff(model.people.units.offsets))
    mine = stratum // model.people.regions == place
    return {name: values[mine] for name, values in columns(here).items()}


def test_adding_a_sector_changes_nobody_else_s_columns():
    clerk = dict(next(item for item in world().tree["sectors"] if item["name"] == "clerks"))
    teachers = {**clerk, "name": "teachers", "title": "teachers", "opposition": 0.6, "persons": 6400}
    more = {"sectors": [teachers, *world().tree["sectors"]]}
    before, after = _columns_after(_alone({}), 30, "clerks"), _columns_after(_alone(more), 30, "clerks")
    assert same(before, after)


def test_adding_units_changes_nobody_else_s_columns():
    before = _columns_after(_alone({}), 30, "clerks")
    more = _columns_after(_alone({"sectors.clerks.persons": 12_800 + 64 * 10}), 30, "clerks")
    half, old = 6400 + 32 * 10, 6400  # members of the first region with and without the new units
    assert same({n: v[:old] for n, v in before.items()}, {n: v[:old] for n, v in more.items()})
    assert same({n: v[old:] for n, v in before.items()}, {n: v[half : half + old] for n, v in more.items()})


# -- the length of a step and the scale -----------------------------------------------------------------

STEADY = (
    "persons",
    "covered",
    "applying",
    "applications",
    "grants",
    "departures_permitted",
    "listed",
    "withdrawn",
    "opposed",
)


def _weekly(data, name, steps_of_weeks):
    """Mean of the last year; flows a week."""
    values = total(data, name)
    flows = {"applications", "grants", "departures_permitted"}
    return values[-52 // steps_of_weeks :].mean() / (steps_of_weeks if name in flows else 1)


@pytest.mark.parametrize("name", STEADY)
def test_doubling_the_step_changes_steady_levels_by_under_five_per_cent(name, stepped):
    weeks, fortnights = stepped
    assert _weekly(fortnights, name, 2) == pytest.approx(_weekly(weeks, name, 1), rel=0.05)


@pytest.fixture(scope="module")
def stepped():
    """The same world in steps of one and of two weeks; 128,000 persons, so that chance moves no level by 2 per cent."""
    slow = {f"offices.{name}.handling_weeks": 13 for name in ("unit_office", "city_office")}
    told = {"rules": [rule("consent", **APPROVAL)], "clock.end": "2004-01-01", **slow, **only_sector(128_000)}
    return run(world(told)), run(world({**told, "clock.step_days": 14}))


def test_doubling_the_step_changes_a_wait_of_two_weeks_by_under_five_per_cent():
    """The shortest wait that a step of two weeks can hold: with 1 - exp(-dt / handling) it grew by 24 per cent."""
    told = {"rules": [rule("consent", **APPROVAL)], **only_sector(64_000)}
    waits = []
    for days in (7, 14):
        data = run(world({**told, "clock.step_days": days}))
        weeks = days // 7
        waits.append(_weekly(data, "applying", weeks) / _weekly(data, "applications", weeks))
    assert waits[1] == pytest.approx(waits[0], rel=0.05)


def test_doubling_the_step_moves_a_transient_by_under_twenty_per_cent():
    """Departures in the 13 weeks after a binding rule is lifted."""
    told = {"rules": [rule("closed", until="2002-01-07", **TWO_OFFICES)], **only_sector(128_000)}
    counts = []
    for days in (7, 14):
        data = run(world({**told, "clock.step_days": days}))
        when = data["time"].to_numpy()
        window = (when >= np.datetime64("2002-01-07")) & (when < np.datetime64("2002-04-08"))
        counts.append(sum(total(data, f"departures_{kind}")[window].sum() for kind in ("free", "permitted")))
    assert counts[1] == pytest.approx(counts[0], rel=0.20)


def weeks_to_half_peak(data, name, since):
    """Weeks from a date until a variable has gone half of the way to its peak after that date."""
    when, values = data["time"].to_numpy(), total(data, name)
    start = int(np.searchsorted(when, np.datetime64(since)))
    base, after = values[start], values[start:]
    assert after.max() > 1.5 * base, "no rise, so nothing was tested"
    place = int(np.argmax(after >= (base + after.max()) / 2))
    return (when[start + place] - when[start]) / np.timedelta64(7, "D")


def test_doubling_the_step_moves_the_time_to_half_peak_by_under_three_weeks():
    """Half a year of hardship makes opposition rise over months and fall again; 128,000 persons."""
    hard = {"id": "want", "title": "want", "from": "2001-07-02", "until": "2002-01-07", "assumed": REASON}
    told = {"events": [{**hard, "effects": {"hardship": 1.0}}], "clock.end": "2002-12-30"}
    weekly, fortnightly = (
        run(world({**told, **only_sector(128_000), "clock.step_days": days}, opposition_hardship=2.0))
        for days in (7, 14)
    )
    for name in ("opposed", "withdrawn"):
        waits = [weeks_to_half_peak(data, name, "2001-07-02") for data in (weekly, fortnightly)]
        assert waits[0] >= 4, (name, waits)
        assert abs(waits[1] - waits[0]) < 3, (name, waits)


def test_scale_one_tenth_agrees_with_scale_one_within_sampling_error():
    """Each level of the thinned run lies within 5 standard errors of the whole one, 8 levels: false alarm 5e-6.

    The error is estimated from eight seeds of the thinned run, so Student's t with 7 degrees: 5 errors are 1.6e-3 a
    level; the seeds are fixed, so that the alarm is raised never or always.
    """
    told = world({"rules": [rule("consent", **APPROVAL)], **only_sector(64_000)})
    whole = run(told, seed=1)
    parts = [run(told, seed=seed, scale=0.1) for seed in range(2, 10)]
    for name in STEADY[:-1]:
        levels = np.array([_weekly(part, name, 1) for part in parts])
        error = levels.std(ddof=1) * np.sqrt(1 / len(levels) + 0.1) + 1e-9
        assert abs(levels.mean() - _weekly(whole, name, 1)) < 5 * error, name


def test_every_switch_of_a_scenario_is_one_of_the_sixteen():
    assert set(SWITCHES) == set(type(world().mechanisms).model_fields)

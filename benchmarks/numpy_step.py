"""The step of the exit-control model's persons in plain NumPy: whole arrays, one line of an equation a statement.

It is what one would write without the engine, with the same equations in the same order and random numbers
of NumPy's own. Fixed traits are stored, not recomputed. What belongs to a unit or a region is worked out there
and laid beside persons where it is needed; whoever is away, waiting or reconsidering is few and worked on by
number. It reads the signals of a compiled model (the institutions are not its business) and keeps its own
persons, so that rates can be compared and times as well.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.program import Program
from exitvoice.engine.signals import SignalTables
from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    CAUGHT,
    DISSENT,
    EARLIEST,
    FREE_WORD,
    HOME,
    INVALID,
    LEAVE,
    LENT,
    LOYAL,
    NO_LIMIT,
    NONE,
    PERMITTED,
    RETIRED,
    ROUNDS,
    SERVING,
    SURRENDERED,
    TRY,
    VACANT,
    VALID,
    VISIT,
    WITHDRAWN,
    WITHHELD,
)
from exitvoice.models.exit_control.people import People

Reals = NDArray[np.float32]
WEEKS = 52.18
STATE = (
    "opposition",
    "clock",
    "timer",
    "expression",
    "journey",
    "purpose",
    "document",
    "service",
    "rank",
)
STATE += ("stage", "trips", "listed_covered", "listed_applied", "listed_sanctioned", "listed_error")


def share(sixteenths: NDArray[np.uint32]) -> Reals:
    """Share in [0, 1] that a table keeps in 16 bits."""
    return sixteenths.astype(np.float32) / np.float32(65535.0)


def chance(exposure: Any) -> Any:
    """Chance of at least one event: 1 - exp(-exposure)."""
    return -np.expm1(-np.maximum(exposure, 0.0))


class Told:
    """This step's signals: numbers as they are, those of region or stratum laid beside each person when asked for.

    `of_region` and `of_stratum` hold the latter as they were handed over.
    """

    def __init__(
        self, program: Program, signals: SignalTables, region: NDArray[np.int32], stratum: NDArray[np.int32]
    ) -> None:
        names = program.signals
        vars(self).update(zip(names.parameters, signals.parameters, strict=True))
        vars(self).update(zip(names.nation, signals.nation, strict=True))
        self.of_region = dict(zip(names.region, signals.region.T, strict=True))
        self.of_stratum = dict(zip(names.stratum, signals.stratum.T, strict=True))
        self._rows = (self.of_region, region), (self.of_stratum, stratum)

    def __getattr__(self, name: str) -> Any:
        for table, row in self._rows:
            if name in table:
                vars(self)[name] = table[name][row]
                return vars(self)[name]
        raise AttributeError(name)


class NumpyWorld:
    """Persons as arrays, moved by whole-array operations."""

    def __init__(
        self, program: Program, people: People, population: Any, signals: SignalTables, seed: int
    ) -> None:
        self.program, self.people = program, people
        self.random = np.random.default_rng(seed)
        sizes = np.diff(people.units.offsets)
        self.unit = np.repeat(np.arange(people.units.count), sizes)
        self.stratum, self.region = people.units.stratum[self.unit], people.units.region[self.unit]
        self.count = len(self.unit)
        self.everybody = np.arange(self.count)
        self.now = SimpleNamespace(**{name: np.array(population.get(name)) for name in STATE})
        for name, values in vars(self.now).items():
            if values.dtype != np.float32:
                setattr(self.now, name, values.astype(np.int32))
        self.read(signals)
        self.unit_of = {name: signals.unit[k].copy() for k, name in enumerate(program.signals.unit)}
        self.traits = SimpleNamespace()
        self.draw_traits(np.ones(self.count, bool))
        # the traits are not those of the model's persons, so opposition begins at the rest point of its own
        self.see()
        self.read_rules(0)
        self.now.opposition = self.rest_point(self.everybody).astype(np.float32)

    def read(self, signals: SignalTables) -> None:
        """Take this step's signals."""
        self.v = Told(self.program, signals, self.region, self.stratum)
        self.rows = dict(zip(self.program.signals.unit_rows, signals.unit_rows, strict=True))
        self.tables = {name: table.reshape(-1) for name, table in signals.tables.items()}

    def draw(self) -> Reals:
        """One uniform for every person."""
        return self.random.random(self.count, dtype=np.float32)

    def draw_traits(self, who: NDArray[np.bool_]) -> None:
        """Fixed traits of everybody at the start, and of recruits."""
        v, now, some = self.v, self.now, self.traits
        rank, count = now.rank[who].astype(np.float32), int(who.sum())

        def draw() -> Reals:
            return self.random.random(count, dtype=np.float32)

        u_wish, ties = draw(), draw() < v.ties_share
        raised = 1.0 + v.wish_shape_rank * rank + v.wish_shape_ties * ties
        wish = np.sqrt(np.maximum(1.0 - (1.0 - u_wish) ** (raised / v.wish_shape), 0.0))
        risk = draw() ** (1.0 / v.risk_aversion_tail)
        u = draw()
        logit = 0.5513289 * v.opposition_spread_person * (np.log(np.maximum(u, 1e-10)) - np.log1p(-u))
        leaning = self.unit_of["unit_leaning"][self.unit[who]] + v.opposition_shift
        leaning = leaning + v.of_stratum["sector_logit"][self.stratum[who]]
        u = draw()
        exposure = u / (u + (v.exposure_odds - v.exposure_odds_rank * rank) * (1.0 - u))
        mean = v.risk_aversion_tail / (v.risk_aversion_tail + 1.0)
        held_back = (
            v.withheld_base
            + v.withheld_wish_slope * (wish - 1.0 / 3.0)
            - v.withheld_risk_slope * (risk - mean)
        )
        held_back = v.second_document_share + (1.0 - v.second_document_share) / (1.0 + np.exp(-held_back))
        width = 4.4428829 * v.taste_scale * np.sqrt(v.taste_fixed_share)
        made = {
            "wish": wish,
            "is_leaver": u_wish >= 1.0 - v.leaver_ceiling,
            "risk": risk,
            "exposure": exposure,
            "baseline": 1.0 / (1.0 + np.exp(-(leaning + logit))),
            "conceals": draw() < held_back,
            "relative": draw() < v.kin_share,
            "faction": draw() < v.faction_share,
            "candour": v.candour_median
            * np.exp(v.candour_spread * self.random.standard_normal(count, np.float32)),
            "scruple": np.exp(v.scruple_spread * self.random.standard_normal(count, np.float32)),
            "taste_withdrawn": width * (draw() - 0.5),
            "taste_dissent": width * (draw() - 0.5),
        }
        for name, values in made.items():
            if not hasattr(some, name):
                setattr(some, name, np.empty(self.count, values.dtype))
            getattr(some, name)[who] = values

    def step(self, signals: SignalTables, step: int) -> None:
        """Move every person by one step: career to discipline, then the rounds of expression."""
        self.read(signals)
        if self.v.of_region["opposition_impulse"].any():
            self.shock()
        self.remember()
        self.see()
        self.believe()
        self.read_rules(step)
        self.tally_stocks()
        self.has_say = self.now.service != VACANT  # a recruit says nothing in the first step
        self.career(step)
        self.obey()
        self.wish_away()
        self.handle_documents()
        self.keep_watchlist()
        self.set_out()
        self.decide()
        self.travel()
        self.discipline()
        self.resent()
        self.tally_flows()
        self.drift(step)
        for _ in range(ROUNDS):
            self.see()
            self.speak()
            self.tally_displays()

    def shock(self) -> None:
        """An incident moves everybody at once."""
        v, held = self.v, self.now.opposition
        moved = held + v.opposition_on * v.opposition_impulse * (1.0 - held)
        self.now.opposition = np.clip(moved, 0.0, 1.0)

    def remember(self) -> None:
        """Sanctions among the members of each unit, as they fade."""
        v, unit = self.v, self.unit_of
        faded = unit["unit_sanction_memory"] * np.exp(-v.dt / v.peer_memory_years)
        lately = unit["unit_sanctioned"] / np.maximum(unit["unit_persons"], 1.0)
        unit["unit_sanction_memory"] = faded + lately

    def see(self) -> None:
        """What the members of each unit see."""
        v, unit, region = self.v, self.unit_of, self.people.units.region
        persons = np.maximum(unit["unit_persons"], 1.0)
        far = max(1.0 - v.sight_unit - v.sight_region, 0.0) * (1.0 - v.censorship)
        withdrawn = v.sight_region * v.of_region["region_withdrawn"][region] + far * v.nation_withdrawn
        withdrawn = withdrawn + v.sight_unit * unit["unit_withdrawn"] / persons
        dissent = v.sight_region * v.of_region["region_dissent"][region] + far * v.nation_dissent
        dissent = dissent + v.sight_unit * unit["unit_dissent"] / persons
        dissent = v.information_on * np.minimum(1.0, dissent + v.of_region["known_dissent"][region])
        self.seen_dissent = dissent
        self.seen_withdrawn = np.minimum(1.0 - dissent, v.information_on * withdrawn)
        self.peers = 1.0 - np.exp(-unit["unit_sanction_memory"] / v.sanction_half_share)

    def believe(self) -> None:
        """Confidence of each unit."""
        v, unit, region = self.v, self.unit_of, self.people.units.region
        doubt = v.confidence_dissent * self.seen_dissent + v.confidence_withdrawal * self.seen_withdrawn
        doubt = doubt + v.confidence_departures * v.of_region["departures_seen"][region]
        doubt = doubt + v.confidence_conflict * v.elite_conflict
        show = v.confidence_show * v.control_shown * (1.0 - 2.0 * v.show_misread)
        target = 1.0 / (1.0 + np.exp(-(v.confidence_base - doubt + show)))
        near = chance(v.confidence_on * v.confidence_adjustment * v.dt)
        unit["confidence"] = unit["confidence"] + near * (target - unit["confidence"])

    def read_rules(self, step: int) -> None:
        """The rules in force for each person, as the step begins."""
        v, now = self.v, self.now
        ago = step + EARLIEST - now.clock
        row = np.where(now.service == RETIRED, 1 + (ago >= v.office_first) + (ago >= v.office_second), 0)
        place = self.rows["policy_start"][self.unit] + self.traits.relative * 16 + row * 4 + now.rank
        self.word, self.timing = self.tables["policy_words"][place], self.tables["policy_timings"][place]
        self.restricted = ((self.word & 31) > 0) & (now.service != VACANT)

    def obey(self) -> None:
        """What these rules ask of each person."""
        word = np.where(self.now.service == VACANT, np.uint32(FREE_WORD), self.word).astype(np.int32)
        self.run, self.force = share(self.timing >> 16), share(self.timing & 65535)
        self.ban, self.custody, self.invalidate = (word & 4) > 0, (word & 8) > 0, (word & 16) > 0
        self.trips_allowed, self.custody_days = (word >> 6) & 3, (word >> 8) & 255
        self.longest, self.reporting_days = (word >> 16) & 255, (word >> 27) & 31
        self.opaque = (word & 32) > 0
        self.restricted, self.chain = (word & 31) > 0, (word >> 24) & 7

    def career(self, step: int) -> None:
        """Death, retirement, promotion, and recruits for vacant posts."""
        v, now, u = self.v, self.now, self.draw()
        serving, vacant = now.service == SERVING, now.service == VACANT
        death = np.where(serving, v.death_rate_serving, v.death_rate_retired)
        retirement = np.where(serving, v.retirement_base, 0.0)
        favour = 1.0 - v.promotion_loyalty_weight
        favour = favour + np.where(
            now.expression == LOYAL, v.promotion_loyalty_weight / v.displayed_loyalty, 0.0
        )
        base = np.select(
            [now.rank == k for k in range(3)], [v.promotion_0, v.promotion_1, v.promotion_2], 0.0
        )
        promotion = np.where(serving, base * favour, 0.0)
        total = death + retirement + promotion
        happens = np.where(vacant, 0.0, chance(v.career_on * total * v.dt))
        dies, retires = happens * death / total, happens * retirement / total
        died = u < dies
        retired = (u >= dies) & (u < dies + retires)
        promoted = (u >= dies + retires) & (u < happens) & (now.rank < 3)
        self.renewed = vacant & (u < chance(v.career_on * v.refill_rate * v.dt))
        now.service[died], now.service[retired], now.service[self.renewed] = VACANT, RETIRED, SERVING
        now.rank[promoted] += 1
        now.rank[self.renewed] = 0
        now.clock[retired] = step + EARLIEST
        if self.renewed.any():
            self.draw_traits(self.renewed)

    def wish_away(self) -> None:
        """Wishes to travel and to leave, a year."""
        v, now, traits = self.v, self.now, self.traits
        run = 1.0 + v.run_gain * self.run
        doubt = np.clip((1.0 - self.unit_of["confidence"]) / (1.0 - v.reference_confidence), 0.01, 100.0)
        doubt = (doubt**v.leave_confidence_exponent)[self.unit]
        leave = v.leave_pull * traits.wish * (1.0 + v.leave_opposition_gain * now.opposition) * doubt * run
        self.leave_wish = np.where(traits.is_leaver, leave, 0.0)
        self.trip_wish = v.trip_pull * traits.wish * run

    def handle_documents(self) -> None:
        """Documents issued, handed in, kept back, found, given back and lapsed."""
        v, now, traits, u = self.v, self.now, self.traits, self.draw()
        none, valid, surrendered = now.document == NONE, now.document == VALID, now.document == SURRENDERED
        withheld, lent, invalid = now.document == WITHHELD, now.document == LENT, now.document == INVALID
        at_home = (now.journey != ABROAD) & (now.journey != CAUGHT) & (now.service != VACANT)
        days, force = v.dt * 365.25, v.document_on * self.force
        report_in, hand_in = self.reporting_days.astype(np.float32), self.custody_days.astype(np.float32)
        within = np.where(report_in > 0, report_in, v.default_reporting_days)
        take = np.where(hand_in > 0, force * 3.0 * days / np.maximum(hand_in, 1.0), 0.0)
        take = take + np.where(self.invalidate, force * 0.1 * days, 0.0)
        release = v.dt * WEEKS / v.release_lag_weeks
        asks = v.first_document_rate * traits.wish + self.leave_wish
        exposure = none * asks * v.issuing_share * v.dt
        exposure = exposure + (valid & (self.custody | self.invalidate)) * take
        exposure = exposure + (surrendered & ~self.custody) * release + (invalid & ~self.invalidate) * release
        exposure = exposure + withheld * np.where(self.custody, v.audit_rate * v.dt, 20.0)
        exposure = exposure + lent * np.where(self.custody, days / within, 20.0)
        total = exposure + np.where(valid | surrendered | withheld, v.document_lapse * v.dt, 0.0)
        either = np.where(at_home, chance(v.document_on * total), 0.0)
        moves = either * exposure / np.maximum(total, 1e-7)
        moved, lapsed = u < moves, (u >= moves) & (u < either)
        back = (withheld | lent) & self.custody
        to_state = moved & ((none & self.custody) | (valid & ~self.invalidate & ~traits.conceals) | back)
        to_valid = moved & ((none & ~self.custody) | surrendered | ((withheld | lent) & ~self.custody))
        self.found_out = moved & withheld & self.custody
        held_before = valid | withheld | lent
        moment = np.where(moved, u / np.maximum(moves, 1e-7), 1.0)
        now.document[to_state], now.document[to_valid] = SURRENDERED, VALID
        now.document[moved & valid & traits.conceals & ~self.invalidate] = WITHHELD
        now.document[moved & valid & self.invalidate] = INVALID
        now.document[(moved & invalid) | lapsed | (now.service == VACANT) | self.renewed] = NONE
        held_after = (now.document == VALID) | (now.document == WITHHELD) | (now.document == LENT)
        self.in_hand = np.where(held_before, moment, 0.0) + np.where(held_after, 1.0 - moment, 0.0)

    def keep_watchlist(self) -> None:
        """Entries and deletions, four reasons apart."""
        v, now, u = self.v, self.now, self.draw()
        enters = u < self.force * chance(v.watchlist_on * WEEKS / v.list_lag_weeks * v.dt)
        lapses = (u < chance(v.delist_lapsed_rate * v.dt)) & ~self.restricted
        forgiven, cleared = u < chance(v.delist_sanctioned_rate * v.dt), u < chance(v.error_clear_rate * v.dt)
        mistaken = u > 1.0 - chance(v.watchlist_on * v.false_entry_rate * v.dt)
        person = (now.service != VACANT) & ~self.renewed
        now.listed_covered = ((now.listed_covered == 1) & ~lapses | (self.restricted & enters)) & person
        now.listed_applied = (now.listed_applied == 1) & ~lapses & person
        now.listed_sanctioned = (now.listed_sanctioned == 1) & ~forgiven & person
        now.listed_error = (((now.listed_error == 1) & ~cleared) | mistaken) & person

    def set_out(self) -> None:
        """Who departs, applies, slips out or flees."""
        v, now, traits = self.v, self.now, self.traits
        u = self.u_journey = self.draw()
        hopeful_visit, hopeful_leave = (
            (np.maximum(v.of_region[name], v.hope_floor) ** v.hope_exponent)[self.region]
            for name in ("hope_visit", "hope_leave")
        )
        idle, waiting = (
            (now.journey == HOME) & (now.service != VACANT),
            (now.journey == APPLYING) & (now.service != VACANT),
        )
        paper = (now.document != NONE) & (now.document != INVALID)
        room = (now.trips < self.trips_allowed) | (self.trips_allowed == 3)
        apply = np.where(idle & self.restricted & ~self.ban & paper & room, self.force, 0.0)
        courage = 1.0 - self.force + self.force * v.disobedience * (1.0 - traits.risk)
        nerve = np.where(idle, np.where(self.restricted, courage, 1.0) * self.in_hand, 0.0)
        visit, leave = self.trip_wish * nerve, self.leave_wish * nerve
        ask_visit = self.trip_wish * hopeful_visit * apply
        ask_leave = self.leave_wish * hopeful_leave * apply
        drive = np.where(waiting & (now.purpose != VISIT), v.flight_rate_pending, v.flight_rate)
        flight = np.where(
            (idle | waiting) & self.restricted, drive * v.flight_pull * now.opposition * traits.wish, 0.0
        )
        total = visit + leave + ask_visit + ask_leave + flight
        happens = chance(v.journey_on * total * v.dt)
        mark, active = u / np.maximum(happens, 1e-7) * total, u < happens
        goes, asked = active & (mark < visit + leave), visit + leave + ask_visit
        self.seeks = active & (mark >= visit + leave) & (mark < asked + ask_leave)
        self.flees = active & (mark >= asked + ask_leave)
        long_stay, tries = mark >= visit, mark < visit + leave * v.try_share
        self.sought = np.where(
            mark >= asked, np.where(mark < asked + ask_leave * v.try_share, TRY, LEAVE), VISIT
        )
        self.out_visit, self.out_try, self.out_leave = (
            goes & ~long_stay,
            goes & long_stay & tries,
            goes & long_stay & ~tries,
        )
        self.slips = goes & self.restricted

    def decide(self) -> None:
        """What becomes of pending applications."""
        v, now = self.v, self.now
        self.u_outcome = self.draw()
        who = np.flatnonzero((now.journey == APPLYING) & (now.service != VACANT) & ~self.flees)
        place = self.chain[who] * 4 + np.minimum(now.stage[who], 3)
        word = self.tables["refusal_words"][place * 4 + now.rank[who]]
        refusal = share(word & 65535)
        restricted, visits = self.restricted[who], now.purpose[who] == VISIT
        gives_up, draw = chance(v.withdraw_rate * v.dt), 1.0 - self.u_journey[who]
        let_go = ~restricted & ~visits & (draw < chance(v.queue_release_rate * v.dt))
        withdrew = (restricted & (draw < gives_up)) | (~restricted & visits)
        office = self.rows["office_start"][self.unit[who]] + place
        served_chance = self.tables["served_chances"][office] * v.journey_on
        served = restricted & (draw >= gives_up) & (draw < gives_up + served_chance)
        refused = served & ((self.u_outcome[who] < refusal) | self.ban[who])
        needed = np.where(visits, np.minimum(self.chain[who], v.visit_offices), self.chain[who])
        granted = served & ~refused & (now.stage[who] + 1 >= needed)
        self.let_go, self.withdrew, self.served = (self.among(who, x) for x in (let_go, withdrew, served))
        self.refused, self.granted = self.among(who, refused), self.among(who, granted)
        self.who_refused = who[refused]
        self.opacity = np.where(self.opaque[who], np.float32(1.0), share(word >> 16))[refused]

    def among(self, who: NDArray[np.int64], is_so: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A truth about some persons as one about all."""
        found = np.zeros(self.count, np.bool_)
        found[who] = is_so
        return found

    def travel(self) -> None:
        """The border, permits, trips and their ends."""
        v, now, traits, u = self.v, self.now, self.traits, self.u_journey
        at_border = self.out_visit | self.out_try | self.out_leave
        listed = (now.listed_covered | now.listed_applied | now.listed_sanctioned | now.listed_error).astype(
            bool
        )
        self.stopped = at_border & listed & (self.u_outcome < v.watchlist_on * v.stop_probability)
        passes = at_border & ~self.stopped
        holds = (now.journey == PERMITTED) & (now.service != VACANT)
        starts = (
            holds & ~self.ban & (u < chance(v.journey_on * WEEKS / max(v.permit_start_weeks, 0.5) * v.dt))
        )
        void = holds & ~starts & ((now.timer <= 1) | self.ban)
        leaves = (
            (passes & self.out_leave)
            | (starts & (now.purpose == LEAVE))
            | (self.let_go & (now.purpose == LEAVE))
        )
        travels = (passes | starts | self.let_go) & ~leaves
        trip = np.where(self.out_try | ((starts | self.let_go) & (now.purpose == TRY)), TRY, VISIT)
        who = np.flatnonzero((now.journey == ABROAD) & (now.service != VACANT))
        visits, longest = now.purpose[who] == VISIT, self.longest[who]
        weeks = np.full(len(who), v.short_trip_years * WEEKS)
        weeks = np.where(self.restricted[who] & (longest < NO_LIMIT), np.minimum(weeks, longest), weeks)
        returns = WEEKS / np.maximum(weeks, 0.5)
        over = u[who] < chance(np.where(visits, returns, v.settle_rate + v.try_return_rate) * v.dt)
        doubt = (1.0 - self.unit_of["confidence"][self.unit[who]]) * v.of_region["openness_leave"][
            self.region[who]
        ]
        stays = np.minimum(1.0, v.overstay_chance * traits.wish[who] * now.opposition[who] * doubt)
        settles = v.settle_rate / (v.settle_rate + v.try_return_rate)
        ends = self.among(who, over)
        overstayed = self.overstayed = self.among(
            who, over & (self.u_outcome[who] < np.where(visits, stays, settles))
        )
        caught = self.caught = self.flees & (self.u_outcome < v.detection)
        fled = self.fled = self.flees & ~caught
        held = (now.journey == CAUGHT) & (now.service != VACANT)
        self.vacates = leaves | overstayed | fled | (held & (now.timer <= 1))
        empty = self.vacates | (now.service == VACANT) | self.renewed
        passed_on = self.served & ~self.refused & ~self.granted
        now.journey = np.where(travels, ABROAD, now.journey)
        now.journey[self.seeks], now.journey[self.granted] = APPLYING, PERMITTED
        now.journey[void | (ends & ~overstayed) | self.refused | self.withdrew | empty] = HOME
        now.journey[caught] = CAUGHT
        now.purpose = np.where(travels, trip, now.purpose)
        now.purpose = np.where(self.seeks, self.sought, now.purpose)
        now.purpose[empty] = VISIT
        now.stage[passed_on] += 1
        now.stage[self.seeks | self.granted | self.refused | self.withdrew | empty] = 0
        if v.new_year > 0.5:
            now.trips[:] = 0
        now.trips[starts & (now.trips < 3)] += 1
        now.trips[empty] = 0
        now.timer[(now.timer > 0) & (holds | held)] -= 1
        now.timer[self.granted], now.timer[caught] = int(v.permit_valid_steps), int(v.caught_custody_steps)
        now.timer[empty] = 0
        now.document[starts & travels] = LENT
        now.document[empty] = NONE
        noted = self.seeks & (1.0 - self.u_outcome < v.signal_probability)
        now.listed_applied = (noted | now.listed_applied) & ~empty

    def discipline(self) -> None:
        """Investigations, reports and sanctions."""
        v, now, traits, u = self.v, self.now, self.traits, self.draw()
        reach = (now.service != VACANT) & ~self.vacates & (now.journey != ABROAD) & (now.journey != CAUGHT)
        rates = np.array([[getattr(v, f"inspected_{f}_{k}") for k in range(4)] for f in (0, 1)], np.float32)
        rate = rates[traits.faction.astype(np.int32), now.rank] * (
            1.0 + v.inspection_exposure * traits.exposure
        )
        rate, telling = np.where(reach, rate, 0.0), np.where(reach, v.report_rate * now.opposition, 0.0)
        either = chance(v.discipline_on * (rate + telling) * v.dt)
        looked_into = either * rate / np.maximum(rate + telling, 1e-7)
        told_on = either - looked_into
        investigated = u < looked_into
        followed = (u >= looked_into) & (u < looked_into + told_on * v.report_followed)
        mark = np.where(investigated, u / np.maximum(looked_into, 1e-7), 0.0)
        warned, demoted_to = v.sanction_warning, v.sanction_warning + v.sanction_demotion
        demoted = investigated & (mark >= warned) & (mark < demoted_to)
        removed = investigated & (mark >= demoted_to) & (mark < demoted_to + v.sanction_removal)
        jailed = investigated & (mark >= demoted_to) & ~removed
        self.sanctioned = investigated | followed | (self.found_out & reach & ~investigated)
        dismissed = removed & (now.service == SERVING)
        now.listed_sanctioned = (now.listed_sanctioned | self.sanctioned) & ~dismissed
        now.rank[demoted & (now.rank > 0)] -= 1
        now.service[dismissed | self.vacates] = VACANT
        now.journey[dismissed], now.journey[jailed] = HOME, CAUGHT
        now.timer[dismissed], now.timer[jailed] = 0, int(v.sanction_custody_steps)
        now.document[dismissed] = NONE
        now.stage[jailed | dismissed] = 0

    def push(self, who: NDArray[np.int64]) -> Reals:
        """What pushes the opposition of some persons up, a year."""
        v, region = self.v, self.region[who]
        bound = np.maximum(1.0 - v.of_region["hope_leave"], v.blocked_control)[region]
        blocked = np.where(self.restricted[who], bound, v.blocked_control)
        push = v.opposition_blocked * self.traits.wish[who] * blocked
        push = push + (v.opposition_peers * self.peers)[self.unit[who]]
        return push + (v.opposition_hardship * v.of_region["hardship"])[region]

    def rest_point(self, who: NDArray[np.int64]) -> Reals:
        """Opposition of some persons at which nothing moves it."""
        v, push = self.v, self.push(who)
        pull = np.maximum(v.opposition_return + push + v.of_region["persuasion"][self.region[who]], 0.01)
        return np.clip((v.opposition_return * self.traits.baseline[who] + push) / pull, 0.0, 1.0)

    def resent(self) -> None:
        """The refused are angered; recruits start at rest; who is new or gone shows loyalty."""
        v, now, who = self.v, self.now, self.who_refused
        held = now.opposition[who]
        moved = held + v.opposition_on * v.opposition_refused * self.opacity * (1.0 - held)
        now.opposition[who] = np.clip(moved, 0.0, 1.0)
        new = np.flatnonzero(self.renewed)
        now.opposition[new] = self.rest_point(new)
        now.expression[self.renewed | (now.service == VACANT)] = LOYAL

    def drift(self, step: int) -> None:
        """The slow drift of opposition, in the units whose turn it is."""
        v, now, units = self.v, self.now, self.people.units
        turn = ((units.number.astype(np.int64) + step) & (int(v.opposition_period) - 1)) == 0
        who = np.flatnonzero(turn[self.unit] & (now.service != VACANT))
        held, push = now.opposition[who], self.push(who)
        change = v.opposition_return * (self.traits.baseline[who] - held) + (1.0 - held) * push
        change = change - held * v.of_region["persuasion"][self.region[who]]
        now.opposition[who] = np.clip(held + v.opposition_on * change * v.opposition_dt, 0.0, 1.0)

    def speak(self) -> None:
        """One round of expression (Kuran) among those who reconsider."""
        v, now, traits = self.v, self.now, self.traits
        revises = self.draw() < chance(v.expression_on * v.revision_rate * v.dt / 3.0)
        who = np.flatnonzero(revises & self.has_say)
        unit, region = self.unit[who], self.region[who]
        candour, shown = traits.candour[who], now.expression[who]
        felt = now.opposition[who] * (1.0 - v.goals_met_effect * v.of_region["goals_met"])[region]
        confidence, seen_dissent = self.unit_of["confidence"][unit], self.seen_dissent[unit]
        seen_withdrawn = self.seen_withdrawn[unit]
        fear = confidence * (1.0 + v.sanction_fear * self.peers)[unit]
        loyal = v.conformity_loyal * (1.0 - seen_dissent - seen_withdrawn)
        loyal = loyal + v.promotion_reward * confidence / traits.scruple[who]
        loyal = loyal - candour * felt**2 - (1.0 - confidence) * v.loyalty_tie
        withdrawn = v.conformity_loyal * seen_withdrawn - candour * (felt - 0.5) ** 2
        withdrawn = withdrawn - v.withdrawal_price * v.monitoring * fear + traits.taste_withdrawn[who]
        dissent = v.conformity_dissent * seen_dissent - candour * (1.0 - felt) ** 2
        punished = v.dissent_price * traits.risk[who] * v.of_region["punishment"][region] * fear
        dissent = dissent - punished + traits.taste_dissent[who]
        utility = np.stack([loyal, withdrawn, dissent])
        utility[shown, np.arange(len(who))] += v.holding_bonus
        utility[DISSENT] -= np.where(shown == DISSENT, v.dissent_fatigue, 0.0)
        fresh = v.taste_scale * np.sqrt(max(1.0 - v.taste_fixed_share, 1e-4))
        # weights against that of loyalty, which is 1
        lead = np.minimum((utility[WITHDRAWN:] - utility[LOYAL]) / fresh, 87.0)
        for_withdrawn, for_dissent = np.exp(lead)
        mark = self.random.random(len(who), dtype=np.float32) * (1.0 + for_withdrawn + for_dissent)
        answer = np.where(mark < for_dissent + for_withdrawn, WITHDRAWN, LOYAL)
        now.expression[who] = np.where(mark < for_dissent, DISSENT, answer)

    def tally(self, masks: dict[str, NDArray[np.bool_]]) -> None:
        """Count by stratum and rank."""
        strata = self.people.sectors * self.people.regions
        cells = self.stratum * 4 + self.now.rank
        for name, mask in masks.items():
            self.counts[name] = np.bincount(cells[mask], minlength=strata * 4).reshape(strata, 4)

    def per_unit(self, mask: NDArray[np.bool_]) -> Reals:
        """Count by unit."""
        return np.add.reduceat(mask, self.people.units.offsets[:-1], dtype=np.int64).astype(np.float32)

    def tally_stocks(self) -> None:
        """Where people stand as the step begins."""
        now = self.now
        person = now.service != VACANT
        held = person & (now.document == SURRENDERED)
        by_word = (now.listed_sanctioned | now.listed_error) > 0
        listed = by_word | ((now.listed_covered | now.listed_applied) > 0)
        blocked = by_word | (now.journey == CAUGHT) | (now.document == INVALID)
        in_hand = (now.document == VALID) | (now.document == WITHHELD) | (now.document == LENT)
        self.counts = {}
        self.tally(
            {
                "person": person,
                "is_serving": now.service == SERVING,
                "is_retired": now.service == RETIRED,
                "is_covered": self.restricted,
                "document_held": held,
                "has_document": person & in_hand,
                "is_listed": person & listed,
                "unfree": person & (blocked | self.restricted | held),
            }
        )
        self.tally_under_way(np.flatnonzero(person & (now.journey != HOME)))

    def tally_under_way(self, who: NDArray[np.int64]) -> None:
        """Where those stand who are not at home, few of all."""
        now, strata = self.now, self.people.sectors * self.people.regions
        journey, stage = now.journey[who], now.stage[who]
        cells = self.stratum[who] * 4 + now.rank[who]
        applying = journey == APPLYING
        masks = {
            "is_permitted": journey == PERMITTED,
            "is_abroad": journey == ABROAD,
            "in_custody": journey == CAUGHT,
            **{f"queue_{place}": applying & (stage == place) for place in range(4)},
            "queue_leave": applying & (now.purpose[who] != VISIT),
        }
        for name, mask in masks.items():
            self.counts[name] = np.bincount(cells[mask], minlength=strata * 4).reshape(strata, 4)

    def tally_flows(self) -> None:
        """What happened to people in the step."""
        names = (
            "seeks",
            "granted",
            "refused",
            "withdrew",
            "sanctioned",
            "caught",
            "fled",
            "overstayed",
            "stopped",
        )
        self.tally({name: getattr(self, name) for name in names})
        self.unit_of["unit_sanctioned"] = self.per_unit(self.sanctioned)

    def tally_displays(self) -> None:
        """What is shown, by stratum and rank and by unit."""
        now = self.now
        person = now.service != VACANT
        masks = {
            "loyal": person & (now.expression == LOYAL),
            "withdrawn": person & (now.expression == WITHDRAWN),
            "dissent": person & (now.expression == DISSENT),
            "opposed": person & (now.opposition > 0.5),
        }
        self.tally(masks | {"falsifier": masks["opposed"] & masks["loyal"]})
        masks["person"] = person
        for name, mask in (
            ("unit_withdrawn", "withdrawn"),
            ("unit_dissent", "dissent"),
            ("unit_persons", "person"),
        ):
            self.unit_of[name] = self.per_unit(masks[mask])

"""Follow single synthetic persons through two worlds that share every draw.

First both worlds run in lock step while a score takes down how unlike each person's two states are. Then both
run again, and of the few chosen everything that the rules read is copied before it happens; the plain Python
rules replay it and say which draw met which chance. Observing draws nothing and changes nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np

from exitvoice.analysis.follow.divergence import Divergence, Seat
from exitvoice.analysis.follow.happenings import Happening, in_events, in_rules, in_speech
from exitvoice.analysis.follow.telling import Meeting, Telling, Week, explain
from exitvoice.analysis.follow.watching import EVENTS, SPEAK, Watch
from exitvoice.engine.single import Replay
from exitvoice.engine.targets.cpu import Threads, default_threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.models.exit_control.columns import ABROAD, APPLYING, CAUGHT, ROUNDS, SERVING, VACANT
from exitvoice.models.exit_control.persons import policy
from exitvoice.models.exit_control.world import Model, World
from exitvoice.scenario import Scenario

#: Called with (steps done, steps of both passes, persons); returns False to stop.
Progress = Callable[[int, int, int], bool]
_SHOWN = ("performs loyalty", "does the least", "dissents openly")


@dataclass(frozen=True)
class Life:
    """One synthetic person in two worlds; it has numbers and no name.

    Attributes
    ----------
    sector, region : str
    unit, member : int
        Number of the unit in its sector and region, and of the post in the unit.
    holder : int
        How many persons held the post before.
    score : float
        How unlike the two lives are (see `divergence.UNLIKE`).
    portrait : str
        Who it is, where the story begins.
    weeks : tuple of Week
        Only weeks in which something happens.
    fates : (str, str)
        How it stands at the end in world A and in world B.
    """

    sector: str
    region: str
    unit: int
    member: int
    holder: int
    score: float
    portrait: str
    weeks: tuple[Week, ...]
    fates: tuple[str, str]

    @property
    def number(self) -> str:
        """The person's number."""
        return f"{self.sector}/{self.region} {self.unit}.{self.member}.{self.holder}"


def follow(
    one: Scenario,
    other: Scenario,
    *,
    lives: int,
    seed: int = 0,
    scale: float = 0.001,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Life, ...]:
    """Tell the lives that differ most between two worlds, the most unlike first.

    Parameters
    ----------
    one, other : Scenario
        World A and world B, as `exitvoice.analysis.compare.twins` takes them.
    lives : int
        How many, at most; fewer where fewer differ.
    seed, scale, threads
        As of a run.
    progress : callable, optional
        See `Progress`.

    Returns
    -------
    tuple of Life
        Empty where nobody's life differs, or where it was stopped.
    """
    steps = min(one.grid.steps, other.grid.steps)
    with closing(Threads(threads or default_threads())) as workers:
        seats = _choose(_Pair(one, other, seed, scale, workers), steps, lives, progress)
        if not seats:
            return ()
        return _record(_Pair(one, other, seed, scale, workers), steps, seats, progress)


class _Pair:
    """Two worlds that move in lock step."""

    def __init__(self, one: Scenario, other: Scenario, seed: int, scale: float, workers: Threads) -> None:
        self._workers = workers
        self.models = [compile_model(world, scale=scale, seed=seed) for world in (one, other)]
        self.worlds: list[World] = []

    def watch(self, seats: tuple[Seat, ...]) -> list[Watch]:
        """Put a watch into both models; before they begin."""
        watches = [
            Watch(model.compiled, [(seat.units[place], seat.member) for seat in seats])
            for place, model in enumerate(self.models)
        ]
        self.models = [
            replace(model, compiled=watch) for model, watch in zip(self.models, watches, strict=True)
        ]
        return watches

    def begin(self) -> None:
        """Fill both worlds."""
        self.worlds = [begin(model, self._workers) for model in self.models]

    def step(self, now: int) -> None:
        """Move both by one step."""
        for model, world in zip(self.models, self.worlds, strict=True):
            step(model, world, now, self._workers)

    @property
    def persons(self) -> int:
        """Posts of both."""
        return sum(model.people.units.members for model in self.models)


def _choose(pair: _Pair, steps: int, lives: int, progress: Progress | None) -> tuple[Seat, ...]:
    pair.begin()
    divergence = Divergence(*(world.population for world in pair.worlds))
    for now in range(steps):
        pair.step(now)
        divergence.note(*(world.population for world in pair.worlds))
        if progress is not None and not progress(now + 1, 2 * steps, pair.persons):
            return ()
    return divergence.most_unlike(lives)


def _record(pair: _Pair, steps: int, seats: tuple[Seat, ...], progress: Progress | None) -> tuple[Life, ...]:
    watches = pair.watch(seats)
    pair.begin()
    stories = [_Story(pair, place, seat) for place, seat in enumerate(seats)]
    for now in range(steps):
        for watch in watches:
            watch.forget()
        pair.step(now)
        for story in stories:
            story.note(now, watches)
        if progress is not None and not progress(steps + now + 1, 2 * steps, pair.persons):
            return ()
    return tuple(story.life() for story in stories)


@dataclass
class _Side:
    """One life in one world, as far as it has gone."""

    generation: int
    holder: int = 0
    demands: Mapping[str, Any] | None = None
    end: str = ""


@dataclass
class _Story:
    pair: _Pair
    place: int
    seat: Seat
    portrait: str = ""
    has_begun: bool = False
    weeks: list[Week] = field(default_factory=list)
    sides: list[_Side] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sides = [_Side(self._field(which, "generation")) for which in (0, 1)]

    def note(self, now: int, watches: list[Watch]) -> None:
        """Take down one step of both worlds."""
        day = str(self.pair.models[0].timeline.starts[now].astype("datetime64[D]"))
        lives = [self._lives(which, watch) for which, watch in enumerate(watches)]
        found: list[list[tuple[Happening, tuple[Meeting, ...]]]] = [[], []]
        if all(lives) and not self.has_begun:
            self.has_begun = True
            found = self._beginnings(watches)
        for which in (0, 1):
            if lives[which]:
                found[which] += [(one, ()) for one in self._rules(which, watches[which])]
        for stage, rounds, read in ((EVENTS, 1, in_events), (SPEAK, ROUNDS, in_speech)):
            for round_ in range(rounds):
                replays = self._replays(watches, lives, stage, round_)
                for which in (0, 1):
                    here, there = replays[which], replays[1 - which]
                    if here is not None:
                        found[which] += [(one, explain(one, here, there)) for one in read(here)]
        for which in (0, 1):
            if any(one.ends for one, _ in found[which]) and not self.sides[which].end:
                last = next(one for one, _ in found[which] if one.ends)
                self.sides[which].end = f"{last.sentence} ({day})"
        tellings = _merged(found)
        if tellings:
            self.weeks.append(Week(day, tellings))

    def life(self) -> Life:
        """The whole story."""
        model = self.pair.models[0]
        units, row = model.people.units, self.seat.units[0]
        sector, region = divmod(int(units.stratum[row]), model.people.regions)
        return Life(
            sector=model.scenario.sector_names[sector],
            region=model.scenario.region_names[region],
            unit=int(units.number[row]),
            member=self.seat.member,
            holder=self.seat.holder,
            score=self.seat.score,
            portrait=self.portrait,
            weeks=tuple(self.weeks),
            fates=(self._fate(0), self._fate(1)),
        )

    def _lives(self, which: int, watch: Watch) -> bool:
        """Whether the person of this story held the post when the step's events began; counts its holders."""
        seen = watch.sights[self.place][EVENTS, 0].snapshot.population
        side = self.sides[which]
        generation = int(seen.get("generation")[0])
        if generation != side.generation:
            side.generation, side.holder = generation, side.holder + 1
        return side.holder == self.seat.holder and int(seen.get("service")[0]) != VACANT and not side.end

    def _beginnings(self, watches: list[Watch]) -> list[list[tuple[Happening, tuple[Meeting, ...]]]]:
        """What the person shows where the story begins, if that is not the same in both worlds."""
        seen = [watch.sights[self.place][EVENTS, 0].snapshot.population for watch in watches]
        shows = [int(population.get("expression")[0]) for population in seen]
        if shows[0] == shows[1]:
            return [[], []]
        return [[(Happening("begins", f"begins: {_SHOWN[one]}", lambda v: False), ())] for one in shows]

    def _replays(
        self, watches: list[Watch], lives: list[bool], stage: str, round_: int
    ) -> list[Replay | None]:
        sights = [watch.sights[self.place][stage, round_] for watch in watches]
        # where the rules look at nobody in either world, nothing happens in either
        if not any(sight.takes_part and alive for sight, alive in zip(sights, lives, strict=True)):
            return [None, None]
        replays = [
            Replay(watch.program, sight.stage, sight.snapshot) if alive else None
            for watch, sight, alive in zip(watches, sights, lives, strict=True)
        ]
        if stage == EVENTS and not self.portrait:
            first = next(replay for replay in replays if replay is not None)
            self.portrait = _portrait(first, self.pair.models[0])
        if stage == SPEAK:  # who does not reconsider in a world shows what they showed
            replays = [r if s.takes_part else None for r, s in zip(replays, sights, strict=True)]
        return replays

    def _rules(self, which: int, watch: Watch) -> tuple[Happening, ...]:
        snapshot = watch.sights[self.place][EVENTS, 0].snapshot
        demands = _demands(self.pair.models[which], snapshot.population.columns, snapshot)
        before, self.sides[which].demands = self.sides[which].demands, demands
        return () if before is None else in_rules(before, demands)

    def _field(self, which: int, name: str) -> int:
        population = self.pair.worlds[which].population
        at = int(population.units.offsets[self.seat.units[which]]) + self.seat.member
        if name in population.layout.by_name:
            item, shift = population.layout.by_name[name], population.layout.shifts[name]
            return (int(population.columns[item.column][at]) >> shift) & ((1 << item.bits) - 1)
        return cast(int, population.columns[name][at])

    def _fate(self, which: int) -> str:
        side = self.sides[which]
        if side.end:
            return side.end
        if self._field(which, "generation") != side.generation or side.holder != self.seat.holder:
            return "never held the post"
        journey = self._field(which, "journey")
        where = {ABROAD: "abroad on a trip", CAUGHT: "in custody", APPLYING: "waiting for a decision"}
        place = where.get(journey, "at home")
        service = "in service" if self._field(which, "service") == SERVING else "retired"
        shows = _SHOWN[self._field(which, "expression")]
        return f"at the end {service}, {place}; {shows}; private opposition {self._opposition(which):.2f}"

    def _opposition(self, which: int) -> float:
        """Private opposition as a share: it is kept in whole levels."""
        population = self.pair.worlds[which].population
        at = int(population.units.offsets[self.seat.units[which]]) + self.seat.member
        return float(population.get("opposition")[at])


def _demands(model: Model, columns: Mapping[str, Any], snapshot: Any) -> dict[str, Any]:
    """What the rules in force ask of the person, by the plain rules themselves."""
    population = snapshot.population
    service = int(population.get("service")[0])
    rows = dict(zip(model.compiled.program.signals.unit_rows, snapshot.signals.unit_rows[:, 0], strict=True))
    index = policy.places(
        service=service,
        clock=int(columns["clock"][0]),
        rank=int(population.get("rank")[0]),
        kin=int(population.get("kin")[0]),
        office_first=np.float32(model.values["office_first"]),
        office_second=np.float32(model.values["office_second"]),
        step=snapshot.step,
    )
    word = int(snapshot.signals.tables["policy_words"].reshape(-1)[int(rows["policy_start"]) + index])
    asked = policy.demands(policy_word=word, service=service)
    return dict(zip(policy.demands.writes, asked, strict=True))


def _portrait(replay: Replay, model: Model) -> str:
    values = replay.before | dict(replay.after)
    rank = model.scenario.ranks[int(replay.before["rank"])].title
    service = "in service" if replay.before["service"] == SERVING else "retired"
    parts = [f"{rank}, {service}", f"private opposition {float(replay.before['opposition']):.2f}"]
    for name, words in (("wish", "wish to leave"), ("risk_aversion", "risk aversion")):
        if name in values:
            parts.append(f"{words} {float(values[name]):.2f}")
    return "; ".join(parts)


def _merged(found: list[list[tuple[Happening, tuple[Meeting, ...]]]]) -> tuple[Telling, ...]:
    """What happened in both worlds alike is told once."""
    said = [[one.sentence for one, _ in side] for side in found]
    tellings = [
        Telling("both" if one.sentence in said[1] else "A", one.sentence, meetings, one.ends)
        for one, meetings in found[0]
    ]
    tellings += [
        Telling("B", one.sentence, meetings, one.ends)
        for one, meetings in found[1]
        if one.sentence not in said[0]
    ]
    return tuple(tellings)

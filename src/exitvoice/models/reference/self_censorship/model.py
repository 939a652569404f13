"""Dissent and self-censorship as a published model: options, targets, and what a run of it shows."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.targets.cpu import Threads, default_threads
from exitvoice.models.reference.base import (
    Chart,
    Cost,
    Curve,
    Option,
    Outcome,
    Picture,
    Progress,
    ReferenceModel,
    Setting,
)
from exitvoice.models.reference.self_censorship.authority import Drawn, Moment, govern
from exitvoice.models.reference.self_censorship.targets import TARGETS
from exitvoice.models.reference.self_censorship.world import (
    PROPORTIONAL,
    UNIFORM,
    Policy,
    Population,
    act_proportional,
    act_uniform,
    draw_people,
)

WINDOW = 500  # rounds over which dissent is averaged to say that it is suppressed
SUPPRESSED = 0.25  # of the dissent wanted
DRAWN = 1200  # points of a curve
GRID = 90  # cells of the picture on a side
SIZES = (30, 100, 300, 1000, 3000, 10_000)
SIZED_ROUNDS = 2000
BOLDEST = 4.0  # of the picture, in mean boldness
KINDS = ("says all, tolerated", "says all, punishable", "says nothing beyond", "says part")
OPTIONS = (
    Option("punishment", PROPORTIONAL, "how hard one is punished", words=(PROPORTIONAL, UNIFORM)),
    Option("people", 100_000, "people (the paper: 100,000)", low=10, high=2_000_000),
    Option("rounds", 2000, "rounds; in each everybody speaks", low=1, high=20_000),
    Option("boldness", 1.0, "mean of the boldness b, exponential", low=0.01, high=100.0),
    Option("desire", 0.25, "mean of the desired dissent d, exponential below 1", low=0.005, high=0.495),
    Option("tolerance", 0.25, "the authority's first tolerance t"),
    Option("severity", 0.1, "the authority's first severity s", low=1e-9, high=10_000.0),
    Option("surveillance", 0.1, "the authority's first surveillance n"),
    Option(
        "adamancy", 1.0, "weight of dissent against punishment in the authority's cost", low=0.0, high=100.0
    ),
    Option(
        "authorities",
        0,
        "authorities for each size, in a chart of what size changes (8 take a minute)",
        high=100,
    ),
    Option("window", 0.05, "largest change of one part of the policy in a round", low=0.0, high=1.0),
)


def run(setting: Setting, progress: Progress) -> Outcome:
    """Let an authority govern a population for some rounds."""
    rounds = setting.whole("rounds")
    authorities = setting.whole("authorities")
    planned = rounds + (SIZED_ROUNDS * len(SIZES) if authorities else 0)
    threads = Threads(default_threads() if setting.whole("people") >= 50_000 else 1)
    history = _history(setting, threads)
    moments = []
    for number, moment in enumerate(islice(history, rounds)):
        moments.append(moment)
        progress(number + 1, planned)
    threads.close()
    shares = []
    for size in SIZES if authorities else ():
        shares.append(_suppressed_of_size(setting, size, authorities))
        progress(rounds + SIZED_ROUNDS * len(shares), planned)
    return _outcome(moments, setting, shares)


def _suppressed_of_size(setting: Setting, size: int, authorities: int) -> float:
    """Share of authorities that suppress a population of one size."""
    near = MODEL.setting(0, **{**setting.values, "people": size, "rounds": SIZED_ROUNDS})
    found = []
    for number in range(authorities):
        moments = list(islice(_history(replace(near, seed=setting.seed + number), Threads(1)), SIZED_ROUNDS))
        said = np.array([moment.round.said for moment in moments])
        found.append(not math.isnan(suppressed_at(said, moments[0].round.wanted)))
    return float(np.mean(found))


def _history(setting: Setting, threads: Threads) -> Iterator[Moment]:
    drawn = draw_people(
        setting.whole("people"),
        desire=setting.number("desire"),
        boldness=setting.number("boldness"),
        seed=setting.seed,
    )
    people = Population(drawn, setting.word("punishment"), seed=setting.seed, threads=threads)
    return govern(
        people,
        Policy(*(setting.number(name) for name in ("tolerance", "severity", "surveillance"))),
        Drawn(setting.seed),
        adamancy=setting.number("adamancy"),
        window=setting.number("window"),
    )


def suppressed_at(said: NDArray[np.float64], wanted: float) -> float:
    """First round (from 1) at which the mean of the last rounds is below the bound; NaN if there is none."""
    if len(said) < WINDOW:
        return math.nan
    mean = np.convolve(said, np.full(WINDOW, 1.0 / WINDOW), "valid")
    found = np.flatnonzero(mean < SUPPRESSED * wanted)
    return float(found[0] + WINDOW) if len(found) else math.nan


def _outcome(moments: list[Moment], setting: Setting, by_size: list[float]) -> Outcome:
    wanted = moments[0].round.wanted
    said = np.array([moment.round.said for moment in moments])
    punished = np.array([moment.round.punished for moment in moments], float)
    at = suppressed_at(said, wanted)
    last = said[-WINDOW:].mean() / wanted
    by_kind = {
        "suppressed": float(not math.isnan(at)),
        "rounds": at,
        "said": float(said[-1] / wanted),
    }
    silenced = np.array([moment.round.silenced for moment in moments]) / setting.whole("people")
    cost = Cost(
        float(punished.sum()),
        "punishments",
        f"dealt to {setting.whole('people'):,} people in {len(moments):,} rounds. On average {silenced.mean():.0%} of "
        f"them say less than they want; of the dissent they want, {1 - said.mean() / wanted:.0%} stays unsaid.",
    )
    reading = (
        f"Suppressed in round {at:,.0f}: over {WINDOW} rounds less than a quarter of the dissent wanted is said."
        if not math.isnan(at)
        else f"Not suppressed: in the last rounds {last:.0%} of the dissent wanted is said."
    )
    charts = (
        _dissent_chart(said / wanted, punished / setting.whole("people"), reading),
        *_policy_charts(moments),
        *_sizes_chart(by_size),
    )
    return Outcome(
        {target.name: by_kind[target.name.partition("-")[0]] for target in TARGETS},
        charts,
        cost,
        (_picture(moments[-1].kept, setting),),
    )


def _dissent_chart(said: NDArray[np.float64], punished: NDArray[np.float64], reading: str) -> Chart:
    at = _points(len(said))
    rounds = (at + 1).astype(np.float64)
    return Chart(
        "dissent",
        "Dissent said, and people punished",
        reading,
        "round",
        "%",
        (
            Curve("said, of what is wanted", rounds, 100.0 * said[at]),
            Curve("punished, of the people", rounds, 100.0 * punished[at]),
        ),
    )


def _sizes_chart(by_size: list[float]) -> tuple[Chart, ...]:
    if not by_size:
        return ()
    chart = Chart(
        "sizes",
        "What size changes: authorities that suppress dissent",
        f"Of {SIZES[0]} people {by_size[0]:.0%} of the authorities suppress dissent within {SIZED_ROUNDS:,} rounds, of "
        f"{SIZES[-1]:,} people {by_size[-1]:.0%}: in a small population the costs of single rounds are mostly chance.",
        "people",
        "authorities that suppress, %",
        (Curve("suppress", np.array(SIZES, np.float64), 100.0 * np.array(by_size)),),
        is_logarithmic=True,
    )
    return (chart,)


def _policy_charts(moments: list[Moment]) -> tuple[Chart, ...]:
    at = _points(len(moments))
    rounds = (at + 1).astype(np.float64)

    def curve(name: str, value: Callable[[Policy], float]) -> Curve:
        return Curve(name, rounds, np.array([value(moments[place].kept) for place in at]))

    end = moments[-1].kept
    return (
        Chart(
            "policy",
            "What the authority tolerates and sees",
            f"It ends with a tolerance of {end.tolerance:.2f} and a surveillance of {end.surveillance:.2f}.",
            "round",
            "tolerance, surveillance",
            (curve("tolerance", lambda p: p.tolerance), curve("surveillance", lambda p: p.surveillance)),
        ),
        Chart(
            "severity",
            "How hard it punishes",
            f"It ends with a severity of {end.severity:.3g}.",
            "round",
            "severity",
            (curve("severity", lambda p: p.severity),),
        ),
    )


def _picture(policy: Policy, setting: Setting) -> Picture:
    """Draw what people of each desire and boldness do under the last policy."""
    act = act_uniform if setting.word("punishment") == UNIFORM else act_proportional
    top = BOLDEST * setting.number("boldness")
    near = [np.float32(value) for value in (policy.tolerance, policy.severity, policy.surveillance)]
    cells = np.zeros((GRID, GRID), np.uint8)
    for row in range(GRID):
        for column in range(GRID):
            desire = np.float32((column + 0.5) / GRID)
            said = act(desire, np.float32((row + 0.5) / GRID * top), *near)
            if said >= desire:
                cells[row, column] = 0 if desire <= near[0] else 1
            else:
                cells[row, column] = 2 if said <= near[0] else 3
    return Picture(
        "deeds",
        "Who says what under the last policy",
        f"Across: desired dissent, from 0 to 1. Upward: boldness, from 0 to {top:g}.",
        cells,
        KINDS,
        what="a desire and a boldness a cell",
    )


def _points(count: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, DRAWN).round().astype(np.int64))


MODEL = ReferenceModel(
    name="self-censorship",
    title="Strategic dissent and self-censorship",
    source="J. J. Daymude, R. Axelrod, S. Forrest, 'Strategic analysis of dissent and self-censorship', PNAS (2025)",
    claim=(
        "People weigh what they want to say against being punished for it, while an authority tries small changes of "
        "its policy. A population that stands punishment early on can deter it; another falls silent."
    ),
    options=OPTIONS,
    targets=TARGETS,
    run=run,
    notes=(
        "Equations and the authority's steps were read in the authors' published code, which was not copied. With "
        "their draws in their order this code gives their run: suppressed in round 791, and the same last policy.",
        "The authority holds each round against the round before, also when that was a try it took back.",
        "It is a replication: the authority does what the published one does, and there is no other.",
        "In a larger population chance matters less to the authority, which compares costs of single rounds.",
    ),
)
